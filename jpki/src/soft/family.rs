//! The named soft cards of the demo and of the tests, and the PKI that issued them, kept in one file.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};

use super::{
    SoftCard, Trouble, assets,
    card::Plastic,
    cv::{self, Issuers, SURFACE_ROOT, TEXT_ROOT},
    files::{Contents, Printed},
    issue::{Authority, Holder, IssueError},
    kept::{Kept, KeptCard, VERSION},
    people::{self, Body, Login, Person, Signing},
    reference::{Guard, Reference, References},
};
use crate::{Anchors, RevocationData, TextAnchors};

/// The family could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum FamilyError {
    /// The folder cannot be read or written.
    #[error("soft cards: {0}")]
    Io(#[from] std::io::Error),
    /// The PKI could not be made.
    #[error("soft cards: {0}")]
    Issue(#[from] IssueError),
    /// The kept file was written by another version of this program.
    #[error(
        "soft cards: soft-cards.json is of another version; start the demo with --reset, or remove the file to make new cards"
    )]
    OtherVersion,
    /// The kept file is not what this version writes.
    #[error(
        "soft cards: soft-cards.json is damaged; start the demo with --reset, or remove the file to make new cards"
    )]
    Damaged,
}

/// The soft cards of one folder, with the PKI that issued them. The same folder gives the same keys.
pub struct Family {
    cards: Vec<NamedCard>,
    sign_ca: Authority,
    auth_ca: Authority,
    issuers: Arc<Issuers>,
    now: i64,
}

/// One card of the family.
pub struct NamedCard {
    /// Its name for `pass card`.
    pub name: String,
    /// 利用者証明用 PIN.
    pub pin: String,
    /// 券面事項入力補助 PIN; empty on a phone.
    pub text_pin: String,
    /// 署名用 password.
    pub signature_password: String,
    /// 照合番号B, as printed on the card: birth date, year in which the card ends, security code.
    pub number_b: String,
    /// One line about it, for lists.
    pub what: String,
    /// Name, address, birth date (`YYYYMMDD`) and sex, as its text application holds them.
    pub basic_four: [String; 4],
    serial: u32,
    signing: Signing,
    login: Login,
    plastic: Arc<Plastic>,
    trouble: Trouble,
}

impl NamedCard {
    /// Puts the card into a reader: powered, nothing verified. Counters are those the card had when it was removed.
    #[must_use]
    pub fn insert(&self) -> SoftCard {
        SoftCard::new(self.plastic.clone(), self.trouble.clone())
    }

    /// What lets somebody outside make trouble between this card and its reader.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }
}

const FILE: &str = "soft-cards.json";
const DAY: i64 = 86400;

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
        let kept: serde_json::Value = serde_json::from_slice(&fs::read(&path)?).map_err(|_| FamilyError::Damaged)?;
        if kept.get("version") != Some(&VERSION.into()) {
            return Err(FamilyError::OtherVersion);
        }
        Self::build(&serde_json::from_value(kept).map_err(|_| FamilyError::Damaged)?, now)
    }

    fn build(kept: &Kept, now: i64) -> Result<Self, FamilyError> {
        let issuers = Arc::new(kept.issuers.open()?);
        let foreign = Arc::new(kept.issuers.open_foreign()?);
        let mut cards = Vec::new();
        for (person, card) in people::ALL.iter().zip(&kept.cards) {
            if card.name != person.card {
                return Err(FamilyError::Damaged);
            }
            let issuers = if person.signing == Signing::Foreign { &foreign } else { &issuers };
            cards.push(named(person, card, kept, issuers)?);
        }
        if cards.len() != people::ALL.len() {
            return Err(FamilyError::Damaged);
        }
        Ok(Self { cards, sign_ca: kept.sign_ca.authority()?, auth_ca: kept.auth_ca.authority()?, issuers, now })
    }

    /// All cards, in a fixed order.
    #[must_use]
    pub fn cards(&self) -> &[NamedCard] {
        &self.cards
    }

    /// The card of that name: `hanako`, `ken`, `aoi`, `user0`, `expired`, `revoked`, `foreign-ca`, `blocked`, `child`,
    /// `child-renewed`, `elder`, `moved`, `renewed`, `expiring`, `partial`, `ivs`, `overseas`, `phone`, `next`,
    /// `login-revoked`, `login-foreign`.
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

    /// The roots of this family's text and surface applications (the foreign one is not among them).
    ///
    /// # Panics
    /// Never: the roots were made or read by this type.
    #[must_use]
    pub fn text_anchors(&self) -> TextAnchors {
        let key = |key| cv::public_key(key).expect("a root encodes");
        let roots = [(TEXT_ROOT, key(&self.issuers.text_root)), (SURFACE_ROOT, key(&self.issuers.surface_root))];
        TextAnchors::test(&roots).expect("our own roots are keys")
    }

    /// A list made an hour before the family was opened, good for 30 days, that names the cards `revoked` and `moved`.
    ///
    /// # Panics
    /// Never: the list is made by this type.
    #[must_use]
    pub fn revocation(&self) -> RevocationData {
        let revoked: Vec<&str> =
            self.cards.iter().filter(|card| card.signing == Signing::Revoked).map(|card| card.name.as_str()).collect();
        let list = self.revocation_list(&revoked).expect("our own authority signs");
        RevocationData::from_der(&[list]).expect("our own list is one")
    }

    /// Signs whatever it is given with the key of signature certificates ([`Authority::seal`]).
    ///
    /// # Errors
    /// It could not be signed.
    pub fn seal(&self, tbs: &[u8]) -> Result<Vec<u8>, FamilyError> {
        Ok(self.sign_ca.seal(tbs)?)
    }

    /// An answer of the responder for signature certificates.
    ///
    /// # Errors
    /// The request is none, or the answer could not be signed.
    pub fn ocsp_answer(&self, request: &[u8], order: &super::ocsp::AnswerOrder) -> Result<Vec<u8>, FamilyError> {
        Ok(self.sign_ca.answer(request, order)?)
    }

    /// The list of the login authority, likewise. It names the card `login-revoked` alone: login certificates survive what ends
    /// the others.
    ///
    /// # Panics
    /// Never: the list is made by this type.
    #[must_use]
    pub fn login_revocation(&self) -> RevocationData {
        let revoked = self.cards.iter().filter(|card| card.login == Login::Revoked);
        let serials: Vec<u32> = revoked.map(|card| card.serial).collect();
        let list = self.auth_ca.revocation_list(&serials, self.now - 3600, self.now + 30 * DAY, None);
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

fn named(person: &Person, card: &KeptCard, kept: &Kept, issuers: &Arc<Issuers>) -> Result<NamedCard, FamilyError> {
    let contents = Contents {
        body: person.body,
        auth_certificate: card.auth.certificate()?,
        auth_ca: kept.auth_ca.certificate()?,
        sign_certificate: card.sign.as_ref().map(|pair| pair.certificate()).transpose()?,
        sign_ca: kept.sign_ca.certificate()?,
        printed: printed(person, card.serial)?,
        card_key: card.card_key.open()?,
        issuers: issuers.clone(),
    };
    let plastic = Plastic {
        contents,
        auth_key: card.auth.key()?,
        sign_key: card.sign.as_ref().map(|pair| pair.key()).transpose()?,
        references: Mutex::new(references(person)),
        trips: Mutex::default(),
        files: OnceLock::new(),
    };
    let Holder { name, birth_date, sex, .. } = person.holder();
    let basic_four = [name, person.printed_address(), birth_date[1..].to_owned(), sex.to_string()];
    Ok(NamedCard {
        basic_four,
        name: person.card.into(),
        pin: person.pin.into(),
        text_pin: person.text_pin.into(),
        signature_password: person.password.into(),
        number_b: if person.body == Body::Phone { String::new() } else { person.code_b() },
        what: person.what.into(),
        serial: card.serial,
        signing: person.signing,
        login: person.login,
        plastic: Arc::new(plastic),
        trouble: Trouble::default(),
    })
}

fn printed(person: &Person, serial: u32) -> Result<Printed, FamilyError> {
    let Holder { name, birth_date, sex, city_code, .. } = person.holder();
    Ok(Printed {
        name,
        address: person.printed_address(),
        birth_date: birth_date[1..].to_owned(),
        sex,
        city_code,
        expiry: person.card_expiry(),
        serial,
        images: assets::images(person.card, person.face).ok_or(FamilyError::Damaged)?,
    })
}

fn references(person: &Person) -> References {
    let password = Reference::new(person.password, 5);
    let password =
        if matches!(person.signing, Signing::Blocked | Signing::None) { password.blocked() } else { password };
    BTreeMap::from([
        (Guard::Auth, Reference::new(person.pin, 3)),
        (Guard::Sign, password),
        (Guard::TextPin, Reference::new(person.text_pin, 3)),
        (Guard::TextB, Reference::new(person.code_b(), 10)),
        (Guard::TextUnused, Reference::new("", 3).blocked()),
        (Guard::Birth, Reference::new(person.birth_key(), 10)),
        (Guard::SurfaceB, Reference::new(person.code_b(), 10)),
    ])
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
                family.cards.iter().map(|card| card.plastic.auth_key.public_key_to_der().unwrap()).collect();
            (family.sign_ca.der().unwrap(), keys)
        };
        let first = serials(NOW);
        assert_eq!(serials(NOW + DAY), first);
        assert_eq!(first.1.len(), 21);
        for (old, what) in [
            ("{}", "another version"),
            (r#"{"version":3}"#, "another version"),
            (r#"{"version":4}"#, "damaged"),
            ("", "damaged"),
        ] {
            fs::write(dir.path().join(FILE), old).unwrap();
            let refused = Family::open_or_create(dir.path(), NOW).err().unwrap().to_string();
            assert!(refused.contains(what) && refused.contains("--reset"), "{refused}");
        }
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
