//! What PASS knows of the person behind a session, opened for one request.

use crate::app::App;
use pass_core::authn::acr::{AccountFacts, Acr};
use pass_core::claims::verified::EvidenceRelease;
use pass_core::domain::account::{Account, Credential, CredentialKind};
use pass_core::domain::consent::Consent;
use pass_core::domain::face::StoredTemplate;
use pass_core::domain::grant::{AccessToken, Grant};
use pass_core::domain::person::{DeclaredRecord, ProvenRecord};
use pass_core::domain::proofing::{Proofing, ProofingMethod, ProofingStatus};
use pass_core::id::{AccountId, ClientId, PersonId, SessionId};
use pass_core::seal::{Key, context};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};

/// The column name in the context of the sealed basic four.
pub const PROVEN: &str = "sealed_record";
/// Likewise of what the person typed.
pub const DECLARED: &str = "declared_record";
/// Likewise of a mail address.
pub const MAIL: &str = "credential.mail";

/// One person with the account that acts.
pub struct Resident {
    /// Who signed in.
    pub account: Account,
    /// What was proven, with the proofing it comes from.
    pub proven: Option<(ProvenRecord, Proofing)>,
    /// What was typed.
    pub declared: DeclaredRecord,
    /// Ways to sign in.
    pub credentials: Vec<Credential>,
    /// The face template, if one is stored.
    pub face: Option<StoredTemplate>,
    /// The face was switched off by failed comparisons.
    pub face_off: bool,
    /// The live consent towards the client in question.
    pub consent: Option<Consent>,
    /// The person's own key.
    pub key: Key,
}

impl Resident {
    /// The subject of claims.
    pub const fn person(&self) -> PersonId {
        self.account.person
    }

    /// Account and person, for the audit log.
    pub const fn ids(&self) -> (AccountId, PersonId) {
        (self.account.id, self.account.person)
    }

    /// What the account can sign in with here and now.
    pub fn facts(&self, app: &App, now: Time) -> AccountFacts {
        let has = |kind| self.credentials.iter().any(|credential| credential.kind == kind);
        AccountFacts {
            mail: has(CredentialKind::Mail),
            // Somebody about whom nothing is proven yet can make a passkey at once.
            passkey: has(CredentialKind::Passkey) || has(CredentialKind::Test) || self.has_only_mail(),
            card_pin: has(CredentialKind::Card),
            card_signature: app.settings.agent_url.is_some() && self.signs_with_card(now),
            app: app.upstream.is_some()
                && self.proven().is_some_and(|(_, proofing)| proofing.method == ProofingMethod::DigitalAuthApp),
            face: self.face.as_ref().is_some_and(|face| face.expires_at > now)
                && !self.face_off
                && app.faces.unavailable().is_none(),
        }
    }

    /// Whether the card that proofed this person still signs: its certificate is known here and has neither ended nor been revoked.
    fn signs_with_card(&self, now: Time) -> bool {
        self.proven().is_some_and(|(_, proofing)| {
            proofing.method == ProofingMethod::SignCertificate
                && proofing.status == ProofingStatus::Valid
                && proofing.valid_until > now
        })
    }

    /// Nothing but mail to sign in with, and nothing proven: a passkey may be made.
    pub fn has_only_mail(&self) -> bool {
        let strong = |credential: &Credential| credential.kind != CredentialKind::Mail;
        self.proven.is_none() && !self.credentials.iter().any(strong)
    }

    /// What `release` takes as proven.
    pub fn proven(&self) -> Option<(&ProvenRecord, &Proofing)> {
        self.proven.as_ref().map(|(record, proofing)| (record, proofing))
    }

    /// Since when the person is proofed, if the proofing holds.
    pub fn proofed_at(&self) -> Option<Time> {
        let (_, proofing) = self.proven()?;
        (proofing.status == ProofingStatus::Valid).then_some(proofing.verified_at)
    }

    /// Since when a sealed record is to be protected: also when its certificate has ended or was revoked since.
    pub fn protected_since(&self) -> Option<Time> {
        self.proven().map(|(_, proofing)| proofing.verified_at)
    }

    /// The mail address of the account.
    pub fn mail(&self) -> Result<Option<String>, Fault> {
        let Some(mail) = self.credentials.iter().find(|credential| credential.kind == CredentialKind::Mail) else {
            return Ok(None);
        };
        let plain = self.key.open(&context(self.person(), MAIL), &mail.public)?;
        String::from_utf8(plain).map(Some).map_err(|error| Fault::because("read a mail address", error))
    }

    /// What the person may be called on pages: the proven name where the sign-in may see it (docs/acr.md), the typed one where
    /// nothing is proven, else a masked mail address.
    pub fn called(&self, acr: Acr) -> Result<String, Fault> {
        let name = match self.proven() {
            Some((record, _)) if acr.satisfies(Acr::Aal1) => Some(&record.name),
            // Whoever has a mailbox alone learns no name of somebody proofed, not the typed one either.
            Some(_) => None,
            None => self.declared.name.as_ref(),
        };
        match name {
            Some(name) => Ok(name.clone()),
            None => Ok(self.mail()?.map(|mail| masked(&mail)).unwrap_or_default()),
        }
    }
}

/// `h•••@example.jp`: enough to know one's own address.
pub fn masked(mail: &str) -> String {
    let (local, domain) = mail.split_once('@').unwrap_or((mail, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

/// Sealed rows of a person, as the main store has them.
pub(crate) struct Rows {
    account: Account,
    records: SealedRecords,
    credentials: Vec<Credential>,
    face: Option<StoredTemplate>,
    face_off: bool,
    consent: Option<Consent>,
}

/// The client whose consent matters, the session it may have been given in, and now.
pub type Towards = (ClientId, SessionId, Time);

/// Loads the resident of an account; `towards` names the client whose consent matters.
pub async fn load(app: &App, account: AccountId, towards: Option<Towards>) -> Result<Resident, Fault> {
    let rows = app.store.read_now(move |tx| rows(tx, account, towards)).await?;
    open(app, rows)
}

fn rows(tx: &mut pass_store::Tx, account: AccountId, towards: Option<Towards>) -> Result<Rows, Fault> {
    let account = pass_store::accounts::find(tx, account)?
        .ok_or_else(|| Fault::new(format!("{account:?} is named by a session but not in accounts")))?;
    let person = account.person;
    let face = pass_store::face_templates::find(tx, person)?;
    Ok(Rows {
        face_off: face.is_some() && pass_store::face_attempts::find(tx, person)?.off(),
        records: sealed_records(tx, person)?,
        credentials: pass_store::credentials::find_all_of(tx, account.id)?,
        face,
        consent: match towards {
            Some((client, session, now)) => pass_store::consents::find_answering(tx, person, client, session, now)?,
            None => None,
        },
        account,
    })
}

fn open(app: &App, rows: Rows) -> Result<Resident, Fault> {
    let person = rows.account.person;
    let records = open_records(app, person, rows.records)?;
    Ok(Resident {
        account: rows.account,
        proven: records.proven,
        declared: records.declared,
        credentials: rows.credentials,
        face: rows.face,
        face_off: rows.face_off,
        consent: rows.consent,
        key: records.key,
    })
}

/// A person's records as the stores have them.
pub struct SealedRecords {
    key: Vec<u8>,
    proven: Option<Vec<u8>>,
    declared: Option<Vec<u8>>,
    proofing: Option<Proofing>,
}

/// A person's records, opened.
pub struct Records {
    /// What was proven, with the proofing it comes from.
    proven: Option<(ProvenRecord, Proofing)>,
    /// What was typed.
    pub declared: DeclaredRecord,
    key: Key,
}

impl Records {
    /// What `release` takes as proven.
    pub fn proven(&self) -> Option<(&ProvenRecord, &Proofing)> {
        self.proven.as_ref().map(|(record, proofing)| (record, proofing))
    }
}

/// Reads a person's sealed records and wrapped key.
pub fn sealed_records(tx: &mut pass_store::Tx, person: PersonId) -> Result<SealedRecords, Fault> {
    let key = wrapped_key(tx, person)?;
    sealed_under(tx, person, key)
}

fn sealed_under(tx: &mut pass_store::Tx, person: PersonId, key: Vec<u8>) -> Result<SealedRecords, Fault> {
    Ok(SealedRecords {
        key,
        proven: pass_store::sealed_records::find(tx, person)?,
        declared: pass_store::declared_records::find(tx, person)?,
        proofing: pass_store::proofings::find_current(tx, person)?,
    })
}

/// Opens them under the person's own key.
pub fn open_records(app: &App, person: PersonId, rows: SealedRecords) -> Result<Records, Fault> {
    let mut records = open_records_with(&app.keys.persons, person, rows)?;
    // A serial number that was kept under `raw` is given under no other setting.
    if let Some((record, _)) = records.proven.as_mut().filter(|_| app.settings.evidence != EvidenceRelease::Raw) {
        record.certificate_serial = None;
    }
    Ok(records)
}

/// The same with the key that wraps persons' keys at hand.
pub fn open_records_with(persons: &Key, person: PersonId, rows: SealedRecords) -> Result<Records, Fault> {
    let key = persons.unwrap_key(person, &rows.key)?;
    let proven = match (rows.proven, rows.proofing) {
        (Some(sealed), Some(proofing)) => Some((unsealed(&key, person, PROVEN, &sealed)?, proofing)),
        _ => None,
    };
    let declared = match rows.declared {
        Some(sealed) => unsealed(&key, person, DECLARED, &sealed)?,
        None => DeclaredRecord::default(),
    };
    Ok(Records { proven, declared, key })
}

/// The sealed records of a person; nothing of somebody who was erased.
pub fn sealed_of(tx: &mut pass_store::Tx, person: PersonId) -> Result<Option<SealedRecords>, Fault> {
    let key = pass_store::person_keys::find(tx, person)?;
    key.map(|key| sealed_under(tx, person, key)).transpose()
}

/// The rows behind a presented access token.
pub struct TokenRows {
    /// The token.
    pub token: AccessToken,
    /// Its grant.
    pub grant: Grant,
    /// The consent of the grant.
    pub consent: Consent,
}

/// Finds what is behind a token of a person's grant, with the person's records, in one read.
pub fn behind(tx: &mut pass_store::Tx, hash: &Hash) -> Result<Option<(TokenRows, SealedRecords)>, Fault> {
    let Some(found) = pass_store::access_tokens::find(tx, hash)? else { return Ok(None) };
    let Some((grant, consent)) = found.grant.zip(found.consent) else { return Ok(None) };
    // Whoever gave PASS up since is nobody to tell about.
    let Some(key) = pass_store::person_keys::find(tx, grant.person)? else { return Ok(None) };
    let records = sealed_under(tx, grant.person, key)?;
    Ok(Some((TokenRows { token: found.token, grant, consent }, records)))
}

/// A person's own key, unwrapped.
pub async fn person_key(app: &App, person: PersonId) -> Result<Key, Fault> {
    let wrapped = app.store.read_now(move |tx| wrapped_key(tx, person)).await?;
    app.keys.persons.unwrap_key(person, &wrapped)
}

fn wrapped_key(tx: &mut pass_store::Tx, person: PersonId) -> Result<Vec<u8>, Fault> {
    pass_store::person_keys::find(tx, person)?
        .ok_or_else(|| Fault::new(format!("{person:?} has no key: it was erased")))
}

/// Opens a sealed JSON column.
pub fn unsealed<T: serde::de::DeserializeOwned>(
    key: &Key,
    person: PersonId,
    column: &str,
    sealed: &[u8],
) -> Result<T, Fault> {
    let plain = key.open(&context(person, column), sealed)?;
    serde_json::from_slice(&plain).map_err(|error| Fault::because(format!("read {column} of {person:?}"), error))
}

/// Seals a JSON column.
pub fn sealed<T: serde::Serialize>(app: &App, key: &Key, person: PersonId, column: &str, value: &T) -> Vec<u8> {
    let plain = serde_json::to_vec(value).expect("records are plain data");
    key.seal(&context(person, column), &plain, &*app.entropy)
}
