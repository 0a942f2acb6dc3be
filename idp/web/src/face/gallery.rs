//! Who stands before the camera of a reception: the copies of one facility, opened, in memory.
//!
//! [`identify`] is what a reception calls. It answers a person, a tie, or nobody; it signs nobody in, and what follows from it is
//! the caller's. Each call reads the version of the facility first and takes in what changed, and before a person is named the row
//! is looked at once more: whoever deleted her face, turned the reception off or was erased is gone at the next look on every node,
//! with or without a change notice. Notices (`refresh`) take what is gone out of memory within a second; a gallery that nobody
//! looked into for a while is wiped.

use super::copies::{open_copy, rotation};
use crate::app::App;
use actix_web::web;
use pass_core::face::{Gallery, Identified as Found, Probe, Rotation};
use pass_core::id::{FacilityId, PersonId};
use pass_core::{Fault, Time};
use pass_store::face_copies::{self, Keyed};
use pass_store::{face_attempts, face_epochs, person_keys};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

/// Copies read at once.
const PAGE: i64 = 500;
/// A gallery that was not looked into for so long leaves memory.
const IDLE: Duration = Duration::from_secs(15 * 60);

/// Who was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identified {
    /// This person.
    Person(PersonId),
    /// Two who come near to each other: ask for something else.
    Close,
    /// Nobody who turned reception by face on here.
    Nobody,
}

/// Looks for a face among those who turned reception by face on at a facility.
pub async fn identify(app: &App, facility: FacilityId, probe: Probe) -> Result<Identified, Fault> {
    let now = app.now();
    let place = app.galleries.place(facility);
    let turn = place.turn.lock().await;
    take_in(app, facility, &place, (probe.model(), probe.dimension())).await?;
    drop(turn);
    let searched = place.clone();
    // A scan is CPU work: it leaves the web worker.
    let found = web::block(move || searched.search(&probe, now))
        .await
        .map_err(|error| Fault::because("look for a face", error))?;
    match found {
        Found::One(person) => {
            let person = PersonId(person);
            let there = app.store.read_now(move |tx| stands(tx, person, facility, now)).await?;
            Ok(if there { Identified::Person(person) } else { Identified::Nobody })
        }
        Found::Close => Ok(Identified::Close),
        Found::Nobody => Ok(Identified::Nobody),
    }
}

/// Whether the copy is there, of this epoch, not over, its person not erased and the face not off after failed comparisons.
fn stands(tx: &mut pass_store::Tx, person: PersonId, facility: FacilityId, now: Time) -> Result<bool, Fault> {
    let epoch = face_epochs::find(tx, facility)?.epoch;
    let copy = face_copies::find(tx, person, facility)?;
    Ok(copy.is_some_and(|copy| copy.epoch == epoch && copy.expires_at > now)
        && person_keys::find(tx, person)?.is_some()
        && !face_attempts::find(tx, person)?.off())
}

/// The galleries of this process, one for each facility that is looked into.
#[derive(Default)]
pub struct Galleries(Mutex<HashMap<FacilityId, Arc<Place>>>);

#[derive(Default)]
struct Place {
    /// One at a time brings a gallery up to date.
    turn: tokio::sync::Mutex<()>,
    held: RwLock<Option<Held>>,
}

struct Held {
    epoch: i32,
    version: i64,
    model: String,
    rotation: Rotation,
    gallery: Gallery,
    /// All whose copies were read, with the end of each; also those that could not be opened.
    ends: HashMap<PersonId, Time>,
    used_at: Time,
}

impl Galleries {
    fn place(&self, facility: FacilityId) -> Arc<Place> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(facility).or_default().clone()
    }

    fn all(&self) -> Vec<(FacilityId, Arc<Place>)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|(facility, place)| (*facility, place.clone())).collect()
    }

    /// How many faces of a facility are in memory.
    pub fn held(&self, facility: FacilityId) -> usize {
        self.place(facility).read(|held| held.map_or(0, |held| held.gallery.len()))
    }

    /// Wipes what nobody looked into for a while, and whose term is over.
    pub fn forget_idle(&self, now: Time) {
        for (_, place) in self.all() {
            if place.read(|held| held.is_some_and(|held| held.ends.values().any(|ends| *ends <= now))) {
                place.change(|held| held.iter_mut().for_each(|held| held.end(now)));
            }
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, place| place.read(|held| held.is_some_and(|held| now.since(held.used_at) < IDLE)));
    }
}

impl Place {
    fn read<T>(&self, look: impl FnOnce(Option<&Held>) -> T) -> T {
        look(self.held.read().unwrap_or_else(PoisonError::into_inner).as_ref())
    }

    fn change(&self, change: impl FnOnce(&mut Option<Held>)) {
        change(&mut self.held.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn search(&self, probe: &Probe, now: Time) -> Found {
        self.change(|held| {
            if let Some(held) = held {
                held.used_at = now;
            }
        });
        self.read(|held| {
            let turned = held.and_then(|held| Some((held, probe.rotated(&held.rotation)?)));
            turned.map_or(Found::Nobody, |(held, turned)| held.gallery.search(&turned))
        })
    }
}

/// A change notice came: brings every gallery in memory up to date.
pub async fn refresh(app: &App) -> Result<(), Fault> {
    app.galleries.forget_idle(app.now());
    for (facility, place) in app.galleries.all() {
        let _turn = place.turn.lock().await;
        let shape = place.read(|held| held.map(|held| (held.model.clone(), held.rotation.dimension())));
        if let Some((model, dimension)) = shape {
            take_in(app, facility, &place, (&model, dimension)).await?;
        }
    }
    Ok(())
}

/// Reads what changed since the gallery was last up to date; everything where it is of another model or epoch, or new.
async fn take_in(app: &App, facility: FacilityId, place: &Place, shape: (&str, usize)) -> Result<(), Fault> {
    let (model, dimension) = shape;
    let there = app.store.read_now(move |tx| face_epochs::find(tx, facility)).await?;
    let known = place.read(|held| {
        let same =
            |held: &&Held| held.epoch == there.epoch && held.model == model && held.rotation.dimension() == dimension;
        held.filter(same).map(|held| held.version)
    });
    if known == Some(there.version) {
        return Ok(());
    }
    if known.is_none() {
        let fresh = Held {
            epoch: there.epoch,
            version: 0,
            model: model.to_string(),
            rotation: rotation(&app.keys, facility, there.epoch, dimension),
            gallery: Gallery::new(model),
            ends: HashMap::new(),
            used_at: app.now(),
        };
        place.change(|held| *held = Some(fresh));
    }
    let mut after = known.unwrap_or_default();
    loop {
        let (epoch, from) = (there.epoch, after);
        let rows = app.store.read_now(move |tx| face_copies::of_facility(tx, facility, epoch, from, PAGE)).await?;
        let Some(last) = rows.last() else { break };
        after = last.version;
        let opened: Vec<_> = rows.iter().map(|row| (row, open(app, row))).collect();
        place.change(|held| held.iter_mut().for_each(|held| held.take(&opened)));
    }
    let epoch = there.epoch;
    let left = app.store.read_now(move |tx| face_copies::persons_of(tx, facility, epoch)).await?;
    let (left, now): (HashSet<_>, _) = (left.into_iter().collect(), app.now());
    place.change(|held| held.iter_mut().for_each(|held| held.leave(&left, there.version, now)));
    Ok(())
}

fn open(app: &App, row: &Keyed) -> Option<pass_core::face::Template> {
    let key = app.keys.persons.unwrap_key(row.copy.person, &row.key);
    match key.and_then(|key| open_copy(&key, &row.copy)) {
        Ok(template) => Some(template),
        Err(fault) => {
            tracing::error!(%fault, "a copy of a face does not open");
            None
        }
    }
}

impl Held {
    fn take(&mut self, opened: &[(&Keyed, Option<pass_core::face::Template>)]) {
        for (row, template) in opened {
            let person = row.copy.person;
            self.gallery.remove(person.0);
            if let Some(template) = template {
                self.gallery.insert(person.0, template);
            }
            self.ends.insert(person, row.copy.expires_at);
        }
    }

    fn leave(&mut self, left: &HashSet<PersonId>, version: i64, now: Time) {
        self.remove(|who, _| !left.contains(&who));
        self.end(now);
        self.version = version;
    }

    fn end(&mut self, now: Time) {
        self.remove(|_, ends| ends <= now);
    }

    fn remove(&mut self, goes: impl Fn(PersonId, Time) -> bool) {
        let gone: Vec<PersonId> =
            self.ends.iter().filter(|(who, ends)| goes(**who, **ends)).map(|(who, _)| *who).collect();
        for person in gone {
            self.gallery.remove(person.0);
            self.ends.remove(&person);
        }
    }
}
