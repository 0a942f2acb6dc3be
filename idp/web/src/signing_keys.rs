//! Signing keys: made at the first start, rotated while serving.

use pass_core::domain::audit::AuditEvent;
use pass_core::domain::client::SigningAlg;
use pass_core::domain::key::{KeyState, StoredKey};
use pass_core::oidc::keys::{Move, NewKey, fill as missing, generate, rotate as plan};
use pass_core::seal::Key;
use pass_core::{Entropy, Fault, Time};
use pass_store::changes::Topic;
use pass_store::{Store, Tx};

/// A step that is ready to be written: keys are made before the transaction.
enum Ready {
    Insert(StoredKey),
    Set(pass_core::id::KeyId, KeyState),
}

/// Makes what is missing: a current and a next key for each algorithm.
pub async fn fill(store: &Store, wrapping: &Key, now: Time, entropy: &dyn Entropy) -> Result<(), Fault> {
    let rows = store.read(pass_store::signing_keys::find_all).await?;
    let moves = missing(&rows);
    if moves.is_empty() {
        return Ok(());
    }
    let ready = prepare(moves, wrapping, now, entropy)?;
    store.write(move |tx| carry_out(tx, &ready, now)).await
}

/// Rotates one algorithm at the time of `audit`; serving nodes see it by the change notice.
pub async fn rotate(
    store: &Store,
    wrapping: &Key,
    alg: SigningAlg,
    entropy: &dyn Entropy,
    audit: AuditEvent,
) -> Result<(), Fault> {
    let now = audit.at;
    let rows = store.read(pass_store::signing_keys::find_all).await?;
    let ready = prepare(plan(&rows, alg), wrapping, now, entropy)?;
    store
        .write(move |tx| {
            carry_out(tx, &ready, now)?;
            pass_store::audit::insert(tx, &audit)
        })
        .await
}

fn prepare(moves: Vec<Move>, wrapping: &Key, now: Time, entropy: &dyn Entropy) -> Result<Vec<Ready>, Fault> {
    moves
        .into_iter()
        .filter_map(|step| match step {
            Move::Generate(alg, state) => {
                Some(generate(NewKey { alg, state, now }, wrapping, entropy).map(Ready::Insert))
            }
            Move::Promote(id) => Some(Ok(Ready::Set(id, KeyState::Current))),
            Move::Retire(id) => Some(Ok(Ready::Set(id, KeyState::Retired))),
            // Removing is the purge job's.
            Move::Remove(_) => None,
        })
        .collect()
}

fn carry_out(tx: &mut Tx, ready: &[Ready], now: Time) -> Result<(), Fault> {
    for step in ready {
        match step {
            Ready::Insert(key) => pass_store::signing_keys::insert(tx, key)?,
            Ready::Set(id, state) => pass_store::signing_keys::set_state(tx, *id, *state, now)?,
        }
    }
    pass_store::changes::bump(tx, Topic::Keys)
}
