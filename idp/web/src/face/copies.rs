//! One master for a person, a copy for each facility where she turned reception by face on.
//!
//! A copy is the master turned by the rotation of the facility and its epoch (`FaceCopy::seed`), sealed under the person's own key
//! for that person, facility, epoch and model. A new epoch makes all copies anew out of the masters: nobody enrols again.

use crate::app::{App, Keys};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::face::{FaceCopy, StoredTemplate, master_context};
use pass_core::face::{Rotation, Template};
use pass_core::id::{AuditId, FacilityId, PersonId};
use pass_core::seal::Key;
use pass_core::{Entropy, Fault, Time};
use pass_store::face_epochs::FaceEpoch;
use pass_store::{Store, face_copies, face_epochs, face_templates, person_keys};
use zeroize::Zeroizing;

/// How often a copy is made again because an epoch ended meanwhile.
const TRIES: usize = 3;
/// Copies made anew in one transaction.
const BATCH: i64 = 50;

/// Opens a master under its person's key.
pub fn open_master(key: &Key, stored: &StoredTemplate) -> Result<Template, Fault> {
    let plain = Zeroizing::new(key.open(&master_context(stored.person, &stored.model), &stored.sealed)?);
    Template::from_bytes(&plain).map_err(|error| Fault::because("read a face template", error))
}

/// Seals a master.
pub fn seal_master(key: &Key, person: PersonId, template: &Template, entropy: &dyn Entropy) -> Vec<u8> {
    key.seal(&master_context(person, template.model()), &template.to_bytes(), entropy)
}

/// Opens a copy under its person's key.
pub fn open_copy(key: &Key, copy: &FaceCopy) -> Result<Template, Fault> {
    let context = FaceCopy::context(copy.person, copy.facility, &copy.model, copy.epoch);
    let plain = Zeroizing::new(key.open(&context, &copy.sealed)?);
    Template::from_bytes(&plain).map_err(|error| Fault::because("read a copy of a face", error))
}

/// The rotation of a facility in an epoch.
pub fn rotation(keys: &Keys, facility: FacilityId, epoch: i32, dimension: usize) -> Rotation {
    Rotation::from_seed(FaceCopy::seed(&keys.face, facility, epoch), dimension)
}

/// Where a copy goes, and since when it is there.
#[derive(Clone, Copy)]
pub struct At {
    /// The facility.
    pub facility: FacilityId,
    /// Its epoch.
    pub epoch: i32,
    /// When the person turned it on.
    pub since: Time,
}

/// Makes a copy of a master. `expires_at` is the master's.
pub fn copy(
    key: &Key,
    master: (&Template, PersonId, Time),
    at: At,
    rotation: &Rotation,
    entropy: &dyn Entropy,
) -> Result<FaceCopy, Fault> {
    let (template, person, expires_at) = master;
    let turned =
        template.rotated(rotation).ok_or_else(|| Fault::new("copy a face: it has not the dimension of its model"))?;
    let context = FaceCopy::context(person, at.facility, turned.model(), at.epoch);
    Ok(FaceCopy {
        person,
        facility: at.facility,
        epoch: at.epoch,
        model: turned.model().to_string(),
        sealed: key.seal(&context, &turned.to_bytes(), entropy),
        created_at: at.since,
        expires_at,
    })
}

/// Turns reception by face on at a facility. `false`: the face is over, or `stands` says in the same transaction that it may not be.
pub async fn turn_on(
    app: &App,
    key: &Key,
    stored: &StoredTemplate,
    facility: FacilityId,
    (audit, now): (AuditEvent, Time),
    stands: impl Fn(&mut pass_store::Tx) -> Result<bool, Fault> + Clone + Send + Sync + 'static,
) -> Result<bool, Fault> {
    if stored.expires_at <= now {
        return Ok(false);
    }
    let template = open_master(key, stored)?;
    let mut epoch = app.store.read_now(move |tx| face_epochs::find(tx, facility)).await?.epoch;
    for _ in 0..TRIES {
        let turn = rotation(&app.keys, facility, epoch, template.dimension());
        let at = At { facility, epoch, since: now };
        let made = copy(key, (&template, stored.person, stored.expires_at), at, &turn, &*app.entropy)?;
        let (audit, stands) = (audit.clone(), stands.clone());
        let (written, there) = app
            .store
            .write(move |tx| {
                let written = stands(tx)? && face_copies::insert(tx, &made)?;
                if written {
                    pass_store::audit::insert(tx, &audit)?;
                }
                Ok((written, face_epochs::find(tx, facility)?))
            })
            .await?;
        if written || there.epoch == epoch {
            return Ok(written);
        }
        epoch = there.epoch;
    }
    Err(Fault::new("turn reception by face on: the epoch changed again and again"))
}

/// The copies of a person made anew of a new master, for the facilities where there were some.
pub async fn again(app: &App, key: &Key, master: (&Template, PersonId, Time)) -> Result<Vec<FaceCopy>, Fault> {
    let (template, person, _) = master;
    let old: Vec<(FaceCopy, FaceEpoch)> = app
        .store
        .read_now(move |tx| {
            let copies = face_copies::find_all_of(tx, person)?;
            copies.into_iter().map(|copy| Ok((face_epochs::find(tx, copy.facility)?, copy))).map(swapped).collect()
        })
        .await?;
    let made = |(copy_before, there): (FaceCopy, FaceEpoch)| {
        let at = At { facility: copy_before.facility, epoch: there.epoch, since: copy_before.created_at };
        copy(key, master, at, &rotation(&app.keys, at.facility, at.epoch, template.dimension()), &*app.entropy)
    };
    old.into_iter().map(made).collect()
}

fn swapped<A, B>(pair: Result<(A, B), Fault>) -> Result<(B, A), Fault> {
    pair.map(|(a, b)| (b, a))
}

/// What rotating a facility did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The epoch that began.
    pub epoch: i32,
    /// Copies made anew.
    pub made: usize,
    /// Copies of whom nothing could be opened any more, removed.
    pub removed: usize,
}

/// Begins a new epoch at a facility and makes its copies anew out of the masters, in small batches. From the first moment on the
/// old copies match nothing: while it runs, whoever is not done yet is not known by face.
pub async fn rotate(
    store: &Store,
    keys: &Keys,
    entropy: &dyn Entropy,
    facility: FacilityId,
    now: Time,
) -> Result<Rotated, Fault> {
    let audit = AuditEvent {
        id: AuditId::new(now, entropy),
        at: now,
        actor: Actor::Operator,
        act: Act::FaceRotate,
        person: None,
        facility: Some(facility),
        client: None,
        detail: String::new(),
    };
    let epoch = store
        .write(move |tx| {
            let began = face_epochs::renew(tx, facility)?.epoch;
            pass_store::audit::insert(tx, &AuditEvent { detail: format!("epoch {began}"), ..audit.clone() })?;
            pass_store::changes::bump(tx, pass_store::changes::Topic::Faces)?;
            Ok(began)
        })
        .await?;
    finish(store, keys, entropy, facility, epoch).await
}

/// Makes copies anew that are of an old epoch; also after a rotation that was broken off.
pub async fn finish(
    store: &Store,
    keys: &Keys,
    entropy: &dyn Entropy,
    facility: FacilityId,
    epoch: i32,
) -> Result<Rotated, Fault> {
    let mut done = Rotated { epoch, made: 0, removed: 0 };
    let mut turn: Option<Rotation> = None;
    loop {
        let olds = store.read(move |tx| olds(tx, facility, epoch)).await?;
        if olds.is_empty() {
            return Ok(done);
        }
        let (mut made, mut gone) = (Vec::new(), Vec::new());
        for old in olds {
            let person = old.copy.person;
            match anew(keys, entropy, &old, epoch, &mut turn) {
                Ok(copy) => made.push(copy),
                Err(fault) => {
                    tracing::warn!(%fault, "a copy of a face cannot be made anew and is removed");
                    gone.push(person);
                }
            }
        }
        let (written, removed) = (made.len(), gone.len());
        let whole = store
            .write(move |tx| {
                for person in &gone {
                    face_copies::remove(tx, *person, facility)?;
                }
                face_copies::replace_all(tx, &made)
            })
            .await?;
        done.made += written;
        done.removed += removed;
        if !whole {
            // Another rotation began: it does the rest. A master that was changed is done in the next round.
            let there = store.read_now(move |tx| face_epochs::find(tx, facility)).await?;
            if there.epoch != epoch {
                return Ok(done);
            }
        }
    }
}

/// A copy of an old epoch, with what a new one is made of.
struct Old {
    copy: FaceCopy,
    master: Option<StoredTemplate>,
    key: Option<Vec<u8>>,
}

fn olds(tx: &mut pass_store::Tx, facility: FacilityId, epoch: i32) -> Result<Vec<Old>, Fault> {
    let mut olds = Vec::new();
    for person in face_copies::find_old(tx, facility, epoch, BATCH)? {
        let Some(copy) = face_copies::find(tx, person, facility)? else { continue };
        let (master, key) = (face_templates::find(tx, person)?, person_keys::find(tx, person)?);
        olds.push(Old { copy, master, key });
    }
    Ok(olds)
}

fn anew(
    keys: &Keys,
    entropy: &dyn Entropy,
    old: &Old,
    epoch: i32,
    turn: &mut Option<Rotation>,
) -> Result<FaceCopy, Fault> {
    let (Some(master), Some(wrapped)) = (&old.master, &old.key) else {
        return Err(Fault::new("copy a face: the person was erased"));
    };
    let key = keys.persons.unwrap_key(master.person, wrapped)?;
    let template = open_master(&key, master)?;
    let wide = template.dimension();
    if turn.as_ref().is_none_or(|turn| turn.dimension() != wide) {
        *turn = Some(rotation(keys, old.copy.facility, epoch, wide));
    }
    let turn = turn.as_ref().ok_or_else(|| Fault::new("copy a face: no rotation"))?;
    let at = At { facility: old.copy.facility, epoch, since: old.copy.created_at };
    copy(&key, (&template, master.person, master.expires_at), at, turn, entropy)
}
