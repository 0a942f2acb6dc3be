//! What authorizations gave. Revoking a grant kills its code and tokens: they are worth nothing without it.

use crate::kept::changes_one;
use crate::place::{Bytes as _, Doing as _, Place, json, many, millis, one, spaced, split, time};
use crate::schema::grants;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::authn::acr::Acr;
use pass_core::domain::grant::Grant;
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, ClientId, ConsentId, GrantId, SessionId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = grants)]
pub(crate) struct Row {
    id: Vec<u8>,
    person_id: Vec<u8>,
    account_id: Vec<u8>,
    client_id: Vec<u8>,
    consent_id: Vec<u8>,
    session_id: Vec<u8>,
    scopes: String,
    claims: String,
    acr: String,
    amr: String,
    auth_time: i64,
    auth_time_asked: bool,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl Row {
    fn write(grant: &Grant) -> Self {
        Self {
            id: grant.id.write(),
            person_id: grant.person.write(),
            account_id: grant.account.write(),
            client_id: grant.client.write(),
            consent_id: grant.consent.write(),
            session_id: grant.session.write(),
            scopes: spaced(&grant.scopes),
            claims: json(&grant.claims),
            acr: grant.acr.as_str().into(),
            amr: spaced(&grant.amr),
            auth_time: grant.auth_time.0,
            auth_time_asked: grant.auth_time_asked,
            created_at: grant.created_at.0,
            revoked_at: millis(grant.revoked_at),
        }
    }

    pub(crate) fn read(self) -> Outcome<Grant> {
        let at = Place::of("grants", &self.id);
        Ok(Grant {
            id: at.bytes("id", &self.id)?,
            person: at.bytes("person_id", &self.person_id)?,
            account: at.bytes("account_id", &self.account_id)?,
            client: at.bytes("client_id", &self.client_id)?,
            consent: at.bytes("consent_id", &self.consent_id)?,
            session: at.bytes("session_id", &self.session_id)?,
            scopes: split(&self.scopes),
            claims: at.json("claims", &self.claims)?,
            acr: at.word("acr", &self.acr, Acr::parse)?,
            amr: split(&self.amr),
            auth_time: Time(self.auth_time),
            auth_time_asked: self.auth_time_asked,
            created_at: Time(self.created_at),
            revoked_at: time(self.revoked_at),
        })
    }
}

/// By row.
pub fn find(tx: &mut Tx, id: GrantId) -> Outcome<Option<Grant>> {
    one(grants::table.find(&id.0[..]).get_result(&mut tx.db), "find a grant", Row::read)
}

/// The unrevoked ones of an account, newest first, for `/me`.
pub fn find_all_live_of(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Grant>> {
    let query = grants::table
        .filter(grants::account_id.eq(&account.0[..]))
        .filter(grants::revoked_at.is_null())
        .order(grants::id.desc());
    many(query.load(&mut tx.db), "find the grants of an account", Row::read)
}

/// The unrevoked ones that were made in a session.
pub fn find_all_live_in(tx: &mut Tx, session: SessionId) -> Outcome<Vec<Grant>> {
    let query = grants::table
        .filter(grants::session_id.eq(&session.0[..]))
        .filter(grants::revoked_at.is_null())
        .order(grants::id);
    many(query.load(&mut tx.db), "find the grants of a session", Row::read)
}

/// The unrevoked ones that stand on a consent.
pub fn find_all_live_on(tx: &mut Tx, consent: ConsentId) -> Outcome<Vec<Grant>> {
    let query = grants::table
        .filter(grants::consent_id.eq(&consent.0[..]))
        .filter(grants::revoked_at.is_null())
        .order(grants::id);
    many(query.load(&mut tx.db), "find the grants on a consent", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, grant: &Grant) -> Outcome<()> {
    diesel::insert_into(grants::table).values(Row::write(grant)).execute(&mut tx.db).map(drop).doing("insert a grant")
}

/// Revokes one. `false`: it was revoked before, or is unknown.
pub fn revoke(tx: &mut Tx, id: GrantId, now: Time) -> Outcome<bool> {
    let live = grants::table.find(&id.0[..]).filter(grants::revoked_at.is_null());
    let change = diesel::update(live).set(grants::revoked_at.eq(now.0));
    changes_one!(tx, change, grants::id).doing("revoke a grant")
}

/// Revokes all that stand on a consent.
pub fn revoke_by_consent(tx: &mut Tx, consent: ConsentId, now: Time) -> Outcome<usize> {
    let live = grants::table.filter(grants::consent_id.eq(&consent.0[..])).filter(grants::revoked_at.is_null());
    diesel::update(live).set(grants::revoked_at.eq(now.0)).execute(&mut tx.db).doing("revoke grants by consent")
}

/// Revokes all that an account gave to a client.
pub fn revoke_by_account(tx: &mut Tx, account: AccountId, client: ClientId, now: Time) -> Outcome<usize> {
    let live = grants::table
        .filter(grants::account_id.eq(&account.0[..]))
        .filter(grants::client_id.eq(&client.0[..]))
        .filter(grants::revoked_at.is_null());
    diesel::update(live).set(grants::revoked_at.eq(now.0)).execute(&mut tx.db).doing("revoke grants by account")
}

/// Revokes all that were made in a session.
pub fn revoke_by_session(tx: &mut Tx, session: SessionId, now: Time) -> Outcome<usize> {
    let live = grants::table.filter(grants::session_id.eq(&session.0[..])).filter(grants::revoked_at.is_null());
    diesel::update(live).set(grants::revoked_at.eq(now.0)).execute(&mut tx.db).doing("revoke grants by session")
}
