//! Copies of a face at facilities: off until turned on, gone at once, made anew under another key, and lost with the person's key.

use crate::faces::{enrolled, picture, template};
use crate::sharing::withdraw;
use crate::test_pass::{Asking, Browser, TestPass};
use pass_core::domain::face::FaceCopy;
use pass_core::face::{Gallery, Identified as Found};
use pass_core::id::{FacilityId, PersonId};
use pass_store::{Config, Store};
use pass_web::face::copies::{open_copy, open_master, rotate, rotation};
use pass_web::face::{Identified, identify};

pub(crate) async fn facility(pass: &TestPass, slug: &'static str) -> FacilityId {
    pass.app.store.read(move |tx| pass_store::facilities::find_by_slug(tx, slug)).await.unwrap().unwrap().id
}

/// Signs in at the library, signed in at PASS already, and agrees.
pub(crate) async fn share(pass: &TestPass, browser: &Browser) {
    let asking = Asking::library();
    let page = browser.open(&asking.path()).await;
    let answer = browser.press(&page, &[("decision", "allow")]).await;
    asking.tokens(pass, &answer).await;
}

/// Holds a photo before the camera of a reception.
async fn look(pass: &TestPass, facility: FacilityId, photo: &str) -> Identified {
    let photo = picture(photo).unwrap();
    let probe = pass.app.faces.probe(&[&photo]).unwrap();
    identify(&pass.app, facility, probe).await.unwrap()
}

/// Presses the button of the only facility on the page.
pub(crate) async fn press(browser: &Browser, what: &str) {
    let page = browser.open("/me/face").await;
    let id = page.attribute("input[name=facility]", "value").unwrap_or_else(|| panic!("{}", page.body));
    let done = browser.press(&page, &[("do", what), ("facility", &id)]).await;
    assert!(done.has("#pass-reception-done"), "{what}: {} {}", browser.at(), done.body);
}

async fn copy(pass: &TestPass, person: PersonId, facility: FacilityId) -> Option<FaceCopy> {
    pass.app.store.read(move |tx| pass_store::face_copies::find(tx, person, facility)).await.unwrap()
}

#[actix_web::test]
async fn cap_12_reception_by_face_is_off_until_turned_on_and_gone_at_once() {
    let Some((pass, hanako, browser)) = enrolled("copies: copies").await else { return };
    let (here, there) = (facility(&pass, "library").await, facility(&pass, "kosodate").await);
    assert!(browser.open("/me/face").await.has("#pass-reception-none"), "nothing is shared yet");
    share(&pass, &browser).await;
    let known = Identified::Person(hanako.person);
    assert_eq!(look(&pass, here, "a2.jpg").await, Identified::Nobody, "off until turned on");
    press(&browser, "reception-on").await;
    assert_eq!(look(&pass, here, "a2.jpg").await, known);
    assert_eq!(look(&pass, here, "b1.jpg").await, Identified::Nobody);
    assert_eq!(look(&pass, there, "a2.jpg").await, Identified::Nobody, "one facility is not another");
    press(&browser, "reception-off").await;
    assert_eq!(look(&pass, here, "a2.jpg").await, Identified::Nobody);
    // Withdrawing what is shared ends it too.
    press(&browser, "reception-on").await;
    assert_eq!(look(&pass, here, "a2.jpg").await, known);
    withdraw(&browser, "library").await;
    assert_eq!(look(&pass, here, "a2.jpg").await, Identified::Nobody);
    assert!(copy(&pass, hanako.person, here).await.is_none());
    // And so does deleting the face: the notice takes it out of memory without anybody looking.
    share(&pass, &browser).await;
    press(&browser, "reception-on").await;
    assert_eq!(look(&pass, here, "a2.jpg").await, known);
    assert_eq!(pass.app.galleries.held(here), 1);
    let page = browser.open("/me/face").await;
    browser.press(&page, &[("do", "delete")]).await;
    pass_web::face::gallery::refresh(&pass.app).await.unwrap();
    assert_eq!(pass.app.galleries.held(here), 0);
    assert_eq!(look(&pass, here, "a2.jpg").await, Identified::Nobody);
}

#[actix_web::test]
async fn a_new_epoch_makes_copies_anew_and_nobody_enrols_again() {
    let Some((pass, hanako, browser)) = enrolled("copies: epochs").await else { return };
    let here = facility(&pass, "library").await;
    share(&pass, &browser).await;
    press(&browser, "reception-on").await;
    assert_eq!(look(&pass, here, "a2.jpg").await, Identified::Person(hanako.person));
    let (old, master) =
        (copy(&pass, hanako.person, here).await.unwrap(), template(&pass, hanako.person).await.unwrap());
    let app = &pass.app;
    let done = rotate(&app.store, &app.keys, &*app.entropy, here, app.now()).await.unwrap();
    assert_eq!((done.epoch, done.made, done.removed), (2, 1, 0));
    let new = copy(&pass, hanako.person, here).await.unwrap();
    assert!(new.sealed != old.sealed && new.epoch == 2 && new.created_at == old.created_at);
    assert!(template(&pass, hanako.person).await.unwrap() == master, "the master is as it was");
    assert_eq!(look(&pass, here, "a2.jpg").await, Identified::Person(hanako.person), "nobody enrols again");
    // The old copy matches nothing of the new epoch, and does not open as the new one.
    let person = hanako.person;
    let wrapped = app.store.read(move |tx| pass_store::person_keys::find(tx, person)).await.unwrap().unwrap();
    let key = app.keys.persons.unwrap_key(person, &wrapped).unwrap();
    let stale = open_copy(&key, &old).unwrap();
    let search = |epoch: i32| {
        let probe = app.faces.probe(&[&picture("a2.jpg").unwrap()]).unwrap();
        let mut gallery = Gallery::new(probe.model());
        assert!(gallery.insert(person.0, &stale));
        gallery.search(&probe.rotated(&rotation(&app.keys, here, epoch, probe.dimension())).unwrap())
    };
    assert_eq!((search(1), search(2)), (Found::One(person.0), Found::Nobody));
    assert!(open_copy(&key, &FaceCopy { epoch: 1, ..new.clone() }).is_err());
    let elsewhere = facility(&pass, "kosodate").await;
    assert!(open_copy(&key, &FaceCopy { facility: elsewhere, ..new }).is_err());
}

#[actix_web::test]
async fn cap_12_an_erased_face_opens_from_no_backup() {
    let Some((pass, hanako, browser)) = enrolled("cap_12 backup").await else { return };
    let here = facility(&pass, "library").await;
    share(&pass, &browser).await;
    press(&browser, "reception-on").await;
    let person = hanako.person;
    // A backup of the main store, made while the face was there.
    let Config::Sqlite { path, keys_path } = pass.database() else { panic!("a SQLite database") };
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.db");
    for end in ["", "-wal"] {
        let from = format!("{}{end}", path.display());
        if std::path::Path::new(&from).exists() {
            std::fs::copy(from, format!("{}{end}", backup.display())).unwrap();
        }
    }
    let wrapped = pass.app.store.read(move |tx| pass_store::person_keys::find(tx, person)).await.unwrap().unwrap();
    let restored = Store::open(&Config::Sqlite { path: backup, keys_path: keys_path.clone() }).unwrap();
    let rows = move |tx: &mut pass_store::Tx| {
        let key = pass_store::person_keys::find(tx, person)?;
        Ok((key, pass_store::face_templates::find(tx, person)?, pass_store::face_copies::find(tx, person, here)?))
    };
    let (key, master, copy) = restored.read(rows).await.unwrap();
    let key = pass.app.keys.persons.unwrap_key(person, &key.unwrap()).unwrap();
    assert!(open_master(&key, &master.unwrap()).is_ok() && open_copy(&key, &copy.unwrap()).is_ok());

    let page = browser.open("/me/close").await;
    let closed = browser.submit(&page, &[("confirm", "やめる")]).await;
    assert!(closed.has("#pass-closed"), "{} {}", browser.at(), closed.body);
    // The rows are in the backup still; the key is nowhere, so that nothing opens them: not the key of somebody else either.
    let (key, master, copy) = restored.read(rows).await.unwrap();
    assert!(key.is_none() && master.is_some() && copy.is_some());
    let other = pass.proofed("ken").await.person;
    let theirs = pass.app.store.read(move |tx| pass_store::person_keys::find(tx, other)).await.unwrap().unwrap();
    let theirs = pass.app.keys.persons.unwrap_key(other, &theirs).unwrap();
    for key in [&theirs, &pass.app.keys.persons, &pass.app.keys.face] {
        assert!(open_master(key, master.as_ref().unwrap()).is_err() && open_copy(key, copy.as_ref().unwrap()).is_err());
    }
    // Nor does the file of the second store, or its log, hold the wrapped key any more.
    for end in ["", "-wal"] {
        let bytes = std::fs::read(format!("{}{end}", keys_path.display())).unwrap_or_default();
        assert!(!bytes.windows(wrapped.len()).any(|part| part == wrapped), "keys{end}");
    }
}
