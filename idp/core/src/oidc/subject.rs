//! Pairwise subjects (OpenID Connect Core 8.1): another `sub` for each sector, always. Two facilities cannot compare notes.
//! The `sid` of a session (Back-Channel Logout 2.1) would let them: it too is another one for each sector.

use crate::id::{PersonId, SessionId};
use crate::seal::Key;
use crate::secret::base64url;

/// The `sub` of a person in a sector. `key` is the one for `Purpose::PairwiseSubject`.
pub fn pairwise(key: &Key, sector: &str, person: PersonId) -> String {
    base64url(&key.mac(&[sector.as_bytes(), &person.0]).0)
}

/// The `sid` of a session in a sector. `key` is the one for `Purpose::SessionId`.
pub fn sid(key: &Key, sector: &str, session: SessionId) -> String {
    base64url(&key.mac(&[sector.as_bytes(), &session.0]).0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::{Purpose, WrappingSecret};

    #[test]
    fn cap_49_one_person_has_one_sub_for_each_sector() {
        let key = WrappingSecret::new([1; 32]).derive(Purpose::PairwiseSubject);
        let other_city = WrappingSecret::new([2; 32]).derive(Purpose::PairwiseSubject);
        let (hanako, ken) = (PersonId([1; 16]), PersonId([2; 16]));
        let library = pairwise(&key, "library.kaga.example", hanako);
        assert_eq!(library, pairwise(&key, "library.kaga.example", hanako));
        assert_eq!(library.len(), 43);
        for other in [
            pairwise(&key, "kosodate.kaga.example", hanako),
            pairwise(&key, "library.kaga.example", ken),
            pairwise(&other_city, "library.kaga.example", hanako),
        ] {
            assert_ne!(library, other);
        }
    }

    #[test]
    fn cap_22_one_session_has_one_sid_for_each_sector() {
        let key = WrappingSecret::new([1; 32]).derive(Purpose::SessionId);
        let (here, there) = (SessionId([1; 16]), SessionId([2; 16]));
        let library = sid(&key, "library.kaga.example", here);
        assert_eq!(library, sid(&key, "library.kaga.example", here));
        assert_ne!(library, sid(&key, "kosodate.kaga.example", here));
        assert_ne!(library, sid(&key, "library.kaga.example", there));
    }
}
