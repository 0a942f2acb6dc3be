//! Access tokens as the issuer keeps them.

use crate::kept::changes_one;
use crate::place::{Bytes as _, Doing as _, Place, millis, one, spaced, split, time};
use crate::schema::{access_tokens, consents, grants};
use crate::tx::Tx;
use crate::{consents::Row as ConsentRow, grants::Row as GrantRow};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::consent::Consent;
use pass_core::domain::grant::{AccessToken, Grant};
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

/// A token with what it stands on. Whether it may still be used is for core to say: token AND grant AND consent.
#[derive(Clone, Debug)]
pub struct TokenContext {
    /// The token.
    pub token: AccessToken,
    /// Its grant; none for client_credentials.
    pub grant: Option<Grant>,
    /// The consent of the grant.
    pub consent: Option<Consent>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = access_tokens)]
struct Row {
    hash: Vec<u8>,
    grant_id: Option<Vec<u8>>,
    client_id: Vec<u8>,
    scopes: String,
    issued_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    front_channel: bool,
}

impl Row {
    fn write(token: &AccessToken) -> Self {
        Self {
            hash: token.hash.write(),
            grant_id: token.grant.map(|grant| grant.write()),
            client_id: token.client.write(),
            scopes: spaced(&token.scopes),
            issued_at: token.issued_at.0,
            expires_at: token.expires_at.0,
            revoked_at: millis(token.revoked_at),
            front_channel: token.front_channel,
        }
    }

    fn read(self) -> Outcome<AccessToken> {
        let at = Place::of("access_tokens", &self.hash);
        Ok(AccessToken {
            hash: at.bytes("hash", &self.hash)?,
            grant: at.maybe("grant_id", self.grant_id.as_ref())?,
            client: at.bytes("client_id", &self.client_id)?,
            scopes: split(&self.scopes),
            issued_at: Time(self.issued_at),
            expires_at: Time(self.expires_at),
            revoked_at: time(self.revoked_at),
            front_channel: self.front_channel,
        })
    }
}

type Joined = (Row, Option<GrantRow>, Option<ConsentRow>);

fn read((token, grant, consent): Joined) -> Outcome<TokenContext> {
    Ok(TokenContext {
        token: token.read()?,
        grant: grant.map(GrantRow::read).transpose()?,
        consent: consent.map(ConsentRow::read).transpose()?,
    })
}

/// By the hash, with grant and consent, in one query.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<Option<TokenContext>> {
    let query = access_tokens::table
        .left_join(grants::table)
        .left_join(consents::table.on(grants::consent_id.nullable().eq(consents::id.nullable())))
        .filter(access_tokens::hash.eq(&hash.0[..]))
        .select((access_tokens::all_columns, grants::all_columns.nullable(), consents::all_columns.nullable()));
    one(query.get_result::<Joined>(&mut tx.db), "find an access token", read)
}

/// A new one.
pub fn insert(tx: &mut Tx, token: &AccessToken) -> Outcome<()> {
    let row = Row::write(token);
    diesel::insert_into(access_tokens::table).values(row).execute(&mut tx.db).map(drop).doing("insert an access token")
}

/// Revokes one alone. `false`: it was revoked before, or is unknown.
pub fn revoke(tx: &mut Tx, hash: &Hash, now: Time) -> Outcome<bool> {
    let live = access_tokens::table.find(&hash.0[..]).filter(access_tokens::revoked_at.is_null());
    let change = diesel::update(live).set(access_tokens::revoked_at.eq(now.0));
    changes_one!(tx, change, access_tokens::hash).doing("revoke an access token")
}
