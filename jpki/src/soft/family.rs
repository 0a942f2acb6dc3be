//! The named soft cards of the demo and of the tests, and the PKI that issued them, kept in one file.

use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use openssl::{
    pkey::{PKey, Private},
    x509::X509,
};
use serde::{Deserialize, Serialize};

use super::{
    SoftCard,
    card::{Plastic, Tries},
    files::{self, Contents},
    issue::{Authority, Holder, IssueError, Order, new_key},
    people::{self, Person},
};
use crate::{Anchors, RevocationData, certificate::Purpose};

/// The family could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum FamilyError {
    /// The folder cannot be read or written.
    #[error("soft cards: {0}")]
    Io(#[from] std::io::Error),
    /// The PKI could not be made.
    #[error("soft cards: {0}")]
    Issue(#[from] IssueError),
    /// The kept file is not what this version writes.
    #[error("soft cards: the kept file is damaged or of another version; remove it to make new cards")]
    Damaged,
}

/// The soft cards of one folder, with the PKI that issued them. The same folder gives the same keys.
pub struct Family {
    cards: Vec<NamedCard>,
    sign_ca: Authority,
    auth_ca: Authority,
    now: i64,
}

/// One card of the family.
pub struct NamedCard {
    /// Its name for `pass card`.
    pub name: String,
    /// 利用者証明用 PIN.
    pub pin: String,
    /// 署名用 password.
    pub signature_password: String,
    /// One line about it, for lists.
    pub what: String,
    serial: u32,
    plastic: Arc<Plastic>,
}

impl NamedCard {
    /// Puts the card into a reader: powered, nothing verified. Counters are those the card had when it was removed.
    #[must_use]
    pub fn insert(&self) -> SoftCard {
        SoftCard::new(self.plastic.clone())
    }
}

const FILE: &str = "soft-cards.json";
const DAY: i64 = 86400;
const YEAR: i64 = 365 * DAY;

impl Family {
    /// Opens the family kept in `dir`, or makes it as of `now` (epoch seconds).
    ///
    /// # Errors
    /// The folder cannot be read or written, or holds a file of another version.
    pub fn open_or_create(dir: &Path, now: i64) -> Result<Self, FamilyError> {
        let path = dir.join(FILE);
        if !path.exists() {
            let kept = Kept::make(now)?;
            fs::create_dir_all(dir)?;
            write_once(&path, &serde_json::to_vec(&kept).map_err(|_| FamilyError::Damaged)?)?;
        }
        // What lies there counts, also when another process made it at the same moment.
        let kept = serde_json::from_slice(&fs::read(&path)?).map_err(|_| FamilyError::Damaged)?;
        Self::build(&kept, now)
    }

    fn build(kept: &Kept, now: i64) -> Result<Self, FamilyError> {
        let sign_ca = kept.sign_ca.authority()?;
        let auth_ca = kept.auth_ca.authority()?;
        let mut cards = Vec::new();
        for (person, card) in people::ALL.iter().zip(&kept.cards) {
            if card.name != person.card {
                return Err(FamilyError::Damaged);
            }
            cards.push(card.named(person, kept)?);
        }
        if cards.len() != people::ALL.len() {
            return Err(FamilyError::Damaged);
        }
        Ok(Self { cards, sign_ca, auth_ca, now })
    }

    /// All cards, in a fixed order.
    #[must_use]
    pub fn cards(&self) -> &[NamedCard] {
        &self.cards
    }

    /// The card of that name: `hanako`, `ken`, `aoi`, `user0`, `expired`, `revoked`, `foreign-ca`, `blocked`.
    #[must_use]
    pub fn card(&self, name: &str) -> Option<&NamedCard> {
        self.cards.iter().find(|card| card.name == name)
    }

    /// The roots this family's certificates chain to (the foreign one is not among them).
    ///
    /// # Panics
    /// Never: the roots were made or read by this type.
    #[must_use]
    pub fn anchors(&self) -> Anchors {
        let roots = [&self.sign_ca, &self.auth_ca].map(|ca| ca.der().expect("a root encodes"));
        Anchors::test(&roots).expect("our own roots are certificates")
    }

    /// A list made an hour before the family was opened, good for 30 days, that names the card `revoked`.
    ///
    /// # Panics
    /// Never: the list is made by this type.
    #[must_use]
    pub fn revocation(&self) -> RevocationData {
        let list = self.revocation_list(&["revoked"]).expect("our own authority signs");
        RevocationData::from_der(&[list]).expect("our own list is one")
    }

    /// The list of the login authority, likewise. It names nobody: login certificates survive what ends the others.
    ///
    /// # Panics
    /// Never: the list is made by this type.
    #[must_use]
    pub fn login_revocation(&self) -> RevocationData {
        let list = self.auth_ca.revocation_list(&[], self.now - 3600, self.now + 30 * DAY, None);
        RevocationData::from_der(&[list.expect("our own authority signs")]).expect("our own list is one")
    }

    /// The same list in DER, naming these cards instead.
    ///
    /// # Errors
    /// The list could not be signed.
    pub fn revocation_list(&self, revoked: &[&str]) -> Result<Vec<u8>, FamilyError> {
        let serials: Vec<u32> =
            self.cards.iter().filter(|card| revoked.contains(&card.name.as_str())).map(|card| card.serial).collect();
        Ok(self.sign_ca.revocation_list(&serials, self.now - 3600, self.now + 30 * DAY, None)?)
    }
}

/// What the file holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    sign_ca: KeptPair,
    auth_ca: KeptPair,
    cards: Vec<KeptCard>,
}

#[derive(Serialize, Deserialize)]
struct KeptPair {
    key: String,
    certificate: String,
}

#[derive(Serialize, Deserialize)]
struct KeptCard {
    name: String,
    serial: u32,
    sign: KeptPair,
    auth: KeptPair,
}

impl Kept {
    fn make(now: i64) -> Result<Self, FamilyError> {
        let sign_ca = Authority::new(Purpose::Sign, 0x00C1_39F0, now)?;
        let auth_ca = Authority::new(Purpose::Auth, 0x0000_BFCD, now)?;
        // Same name, another key: what a certificate of a foreign CA looks like when it wants to deceive.
        let foreign_ca = Authority::new(Purpose::Sign, 0x00C1_39F0, now)?;
        let mut keys = new_keys(2 * people::ALL.len())?.into_iter();
        let mut cards = Vec::new();
        for (serial, person) in (0x0001_0001..).zip(people::ALL) {
            let signer = if person.card == "foreign-ca" { &foreign_ca } else { &sign_ca };
            let (from, until) =
                if person.card == "expired" { (now - 6 * YEAR, now - DAY) } else { (now - 30 * DAY, now + 4 * YEAR) };
            let holder = person.holder();
            let mut issue = |ca: &Authority, purpose| {
                let key = keys.next().ok_or(FamilyError::Damaged)?;
                let certificate = ca.issue(&Order::new(purpose, serial, from, until), &holder, &key)?;
                KeptPair::new(&key, &certificate)
            };
            cards.push(KeptCard {
                name: person.card.into(),
                serial,
                sign: issue(signer, Purpose::Sign)?,
                auth: issue(&auth_ca, Purpose::Auth)?,
            });
        }
        Ok(Self {
            sign_ca: KeptPair::new(&sign_ca.key, &sign_ca.der()?)?,
            auth_ca: KeptPair::new(&auth_ca.key, &auth_ca.der()?)?,
            cards,
        })
    }
}

/// RSA keys take a third of a second each: every processor makes some.
fn new_keys(count: usize) -> Result<Vec<PKey<Private>>, IssueError> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(count);
    thread::scope(|scope| {
        let work = |worker: usize| move || (worker..count).step_by(workers).map(|_| new_key(2048)).collect::<Vec<_>>();
        let running: Vec<_> = (0..workers).map(|worker| scope.spawn(work(worker))).collect();
        running.into_iter().flat_map(|made| made.join().expect("making a key does not panic")).collect()
    })
}

impl KeptPair {
    fn new(key: &PKey<Private>, certificate: &[u8]) -> Result<Self, FamilyError> {
        let key = key.private_key_to_der().map_err(IssueError::from)?;
        Ok(Self { key: STANDARD.encode(key), certificate: STANDARD.encode(certificate) })
    }

    fn key(&self) -> Result<PKey<Private>, FamilyError> {
        let der = STANDARD.decode(&self.key).map_err(|_| FamilyError::Damaged)?;
        PKey::private_key_from_der(&der).map_err(|_| FamilyError::Damaged)
    }

    fn certificate(&self) -> Result<Vec<u8>, FamilyError> {
        STANDARD.decode(&self.certificate).map_err(|_| FamilyError::Damaged)
    }

    fn authority(&self) -> Result<Authority, FamilyError> {
        let certificate = X509::from_der(&self.certificate()?).map_err(|_| FamilyError::Damaged)?;
        Ok(Authority { key: self.key()?, certificate })
    }
}

impl KeptCard {
    fn named(&self, person: &Person, kept: &Kept) -> Result<NamedCard, FamilyError> {
        let Holder { name, birth_date, sex, address, city_code, .. } = person.holder();
        let contents = Contents {
            auth_certificate: self.auth.certificate()?,
            auth_ca: kept.auth_ca.certificate()?,
            sign_certificate: self.sign.certificate()?,
            sign_ca: kept.sign_ca.certificate()?,
            basic_four: [name, address, birth_date[1..].to_owned(), sex.to_string()],
            city_code,
        };
        let mut tries = Tries::FULL;
        if person.card == "blocked" {
            tries.sign = 0;
        }
        let plastic = Plastic {
            files: files::files(&contents),
            auth_key: self.auth.key()?,
            sign_key: self.sign.key()?,
            pin: person.pin.into(),
            password: person.password.into(),
            tries: Mutex::new(tries),
            trips: Mutex::default(),
        };
        Ok(NamedCard {
            name: person.card.into(),
            pin: person.pin.into(),
            signature_password: person.password.into(),
            what: person.what.into(),
            serial: self.serial,
            plastic: Arc::new(plastic),
        })
    }
}

/// All or nothing, readable by the owner alone, and never over what is there.
fn write_once(path: &Path, bytes: &[u8]) -> Result<(), FamilyError> {
    let partial = path.with_extension(format!("{}.part", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let placed = fs::hard_link(&partial, path);
    fs::remove_file(&partial)?;
    match placed {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soft::kit::NOW;

    #[test]
    fn the_same_folder_gives_the_same_keys() {
        let dir = tempfile::tempdir().unwrap();
        let serials = |now| {
            let family = Family::open_or_create(dir.path(), now).unwrap();
            let keys: Vec<_> =
                family.cards.iter().map(|card| card.plastic.sign_key.public_key_to_der().unwrap()).collect();
            (family.sign_ca.der().unwrap(), keys)
        };
        let first = serials(NOW);
        assert_eq!(serials(NOW + DAY), first);
        assert_eq!(first.1.len(), 8);
        fs::write(dir.path().join(FILE), "{}").unwrap();
        assert!(matches!(Family::open_or_create(dir.path(), NOW), Err(FamilyError::Damaged)));
    }

    #[test]
    fn counters_stay_with_the_card_when_it_is_removed() {
        let family = crate::soft::kit::family();
        let card = family.card("ken").unwrap();
        let wrong = |left: u8| {
            let mut soft = card.insert();
            for command in
                [&b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01"[..], b"\x00\xA4\x02\x0C\x02\x00\x18"]
            {
                assert_eq!(soft.answer(command), [0x90, 0x00]);
            }
            assert_eq!(soft.answer(b"\x00\x20\x00\x80\x040000"), [0x63, 0xC0 | left]);
        };
        wrong(2);
        wrong(1);
        wrong(0);
    }
}
