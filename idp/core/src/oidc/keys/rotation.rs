//! Rotation: next -> current -> retired, planned as a pure function. The caller makes keys and writes rows.

use crate::Time;
use crate::domain::client::SigningAlg;
use crate::domain::key::{KeyState, StoredKey};
use crate::id::KeyId;
use std::time::Duration;

/// How long a retired key is published: what it signed may come back as a hint or an access token.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// One step of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Make a key.
    Generate(SigningAlg, KeyState),
    /// A published key begins to sign.
    Promote(KeyId),
    /// A signing key stops signing and is still published.
    Retire(KeyId),
    /// A retired key goes.
    Remove(KeyId),
}

/// What is missing: every algorithm has a current and a next key. For the first start and after a migration.
pub fn fill(rows: &[StoredKey]) -> Vec<Move> {
    let missing = |alg, state| !rows.iter().any(|row| row.alg == alg && row.state == state);
    let wanted = SigningAlg::ALL.into_iter().flat_map(|alg| [(alg, KeyState::Current), (alg, KeyState::Next)]);
    wanted.filter(|&(alg, state)| missing(alg, state)).map(|(alg, state)| Move::Generate(alg, state)).collect()
}

/// Rotates one algorithm: its next key signs, its current one retires, a new next one is published.
pub fn rotate(rows: &[StoredKey], alg: SigningAlg) -> Vec<Move> {
    let of = |state| rows.iter().filter(move |row| row.alg == alg && row.state == state).map(|row| row.id);
    let mut plan: Vec<Move> = of(KeyState::Current).map(Move::Retire).collect();
    match of(KeyState::Next).min() {
        Some(next) => plan.push(Move::Promote(next)),
        None => plan.push(Move::Generate(alg, KeyState::Current)),
    }
    plan.push(Move::Generate(alg, KeyState::Next));
    plan
}

/// Retired keys whose time is over.
pub fn purge(rows: &[StoredKey], now: Time) -> Vec<Move> {
    let over =
        |row: &&StoredKey| row.state == KeyState::Retired && row.retired_at.is_some_and(|at| now.since(at) > KEPT);
    rows.iter().filter(over).map(|row| Move::Remove(row.id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::fixture::NOW;

    fn key(id: u8, alg: SigningAlg, state: KeyState) -> StoredKey {
        StoredKey {
            id: KeyId([id; 16]),
            kid: id.to_string(),
            alg,
            state,
            public_jwk: String::new(),
            sealed_private: Vec::new(),
            created_at: NOW,
            retired_at: (state == KeyState::Retired).then_some(NOW),
        }
    }

    #[test]
    fn an_empty_table_gets_a_current_and_a_next_key_of_each_algorithm() {
        assert_eq!(fill(&[]).len(), 6);
        let rows = [key(1, SigningAlg::ES256, KeyState::Current)];
        assert!(!fill(&rows).contains(&Move::Generate(SigningAlg::ES256, KeyState::Current)));
        assert!(fill(&rows).contains(&Move::Generate(SigningAlg::ES256, KeyState::Next)));
    }

    #[test]
    fn cap_49_rotation_moves_next_to_current_to_retired() {
        let rows = [
            key(1, SigningAlg::ES256, KeyState::Current),
            key(2, SigningAlg::ES256, KeyState::Next),
            key(3, SigningAlg::RS256, KeyState::Current),
        ];
        let plan = rotate(&rows, SigningAlg::ES256);
        let expected = [
            Move::Retire(KeyId([1; 16])),
            Move::Promote(KeyId([2; 16])),
            Move::Generate(SigningAlg::ES256, KeyState::Next),
        ];
        assert_eq!(plan, expected);
        let without_next = rotate(&rows, SigningAlg::RS256);
        assert_eq!(without_next[1], Move::Generate(SigningAlg::RS256, KeyState::Current));
    }

    #[test]
    fn a_retired_key_stays_for_thirty_days() {
        let rows = [key(1, SigningAlg::ES256, KeyState::Retired), key(2, SigningAlg::ES256, KeyState::Current)];
        assert!(purge(&rows, NOW + KEPT).is_empty());
        assert_eq!(purge(&rows, NOW + KEPT + Duration::from_secs(1)), [Move::Remove(KeyId([1; 16]))]);
    }
}
