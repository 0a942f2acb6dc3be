//! An account is opened: the person's key first, in the second store, then everything else in one transaction.

use crate::app::App;
use crate::people::{DECLARED, MAIL};
use crate::visit::Visit;
use pass_core::authn::mail_code::Address;
use pass_core::domain::account::{Account, Credential, CredentialKind};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::person::{DeclaredRecord, Person};
use pass_core::id::{AccountId, AuditId, CredentialId, PersonId};
use pass_core::seal::{Key, context};
use pass_core::{Fault, Time};

/// Opens an account for a mail address that answered its code.
pub async fn open(app: &App, visit: &Visit, address: &Address) -> Result<(AccountId, PersonId), Fault> {
    let declared = DeclaredRecord {
        email: Some(address.as_str().to_string()),
        email_verified: true,
        updated_at: Some(visit.now),
        ..DeclaredRecord::default()
    };
    let new = New { now: visit.now, language: visit.language(), declared, address: Some(address), extra: Vec::new() };
    create(app, new).await
}

/// What a new account begins with.
pub struct New<'a> {
    /// When.
    pub now: Time,
    /// Language of its pages.
    pub language: pass_core::domain::words::Language,
    /// What is known from the person's own word.
    pub declared: DeclaredRecord,
    /// The mail address that receives codes.
    pub address: Option<&'a Address>,
    /// Further credentials, made for the new account.
    pub extra: Vec<Box<dyn FnOnce(AccountId, CredentialId) -> Credential + Send + 'a>>,
}

/// Writes the account, its person, its key and its credentials.
pub async fn create(app: &App, new: New<'_>) -> Result<(AccountId, PersonId), Fault> {
    let now = new.now;
    let person = Person { id: PersonId::new(now, &*app.entropy), created_at: now, erased_at: None };
    let key = insert_key(app, person.id, now).await?;
    let account = Account {
        id: AccountId::new(now, &*app.entropy),
        person: person.id,
        user_handle: random16(app),
        language: new.language,
        created_at: now,
        closed_at: None,
    };
    let mut credentials: Vec<Credential> =
        new.address.map(|address| mail_credential(app, &key, &account, address)).into_iter().collect();
    for make in new.extra {
        credentials.push(make(account.id, CredentialId::new(now, &*app.entropy)));
    }
    let declared = crate::people::sealed(app, &key, person.id, DECLARED, &new.declared);
    let audit = AuditEvent {
        id: AuditId::new(now, &*app.entropy),
        at: now,
        actor: Actor::Account(account.id),
        act: Act::AccountOpen,
        person: Some(person.id),
        facility: None,
        client: None,
        detail: String::new(),
    };
    let ids = (account.id, person.id);
    app.store
        .write(move |tx| {
            pass_store::persons::insert(tx, &person)?;
            pass_store::accounts::insert(tx, &account)?;
            for credential in &credentials {
                pass_store::credentials::insert(tx, credential)?;
            }
            pass_store::declared_records::put(tx, person.id, &declared, now)?;
            pass_store::audit::insert(tx, &audit)
        })
        .await?;
    Ok(ids)
}

/// The own person of an account.
pub async fn person_of(app: &App, account: AccountId) -> Result<PersonId, Fault> {
    let found = app.store.read_now(move |tx| pass_store::accounts::find(tx, account)).await?;
    found
        .map(|account| account.person)
        .ok_or_else(|| Fault::new(format!("{account:?} is named by a credential but not in accounts")))
}

pub(crate) async fn insert_key(app: &App, person: PersonId, now: Time) -> Result<Key, Fault> {
    let key = Key::random(&*app.entropy);
    let wrapped = app.keys.persons.wrap(person, &key, &*app.entropy);
    app.store.write_keys(move |tx| pass_store::person_keys::insert(tx, person, &wrapped, now)).await?;
    Ok(key)
}

fn mail_credential(app: &App, key: &Key, account: &Account, address: &Address) -> Credential {
    Credential {
        id: CredentialId::new(account.created_at, &*app.entropy),
        account: account.id,
        kind: CredentialKind::Mail,
        lookup: address.index(&app.keys.index),
        public: key.seal(&context(account.person, MAIL), address.as_str().as_bytes(), &*app.entropy),
        label: String::new(),
        created_at: account.created_at,
        last_used_at_lazy: None,
    }
}

fn random16(app: &App) -> [u8; 16] {
    let mut handle = [0; 16];
    app.entropy.fill(&mut handle);
    handle
}
