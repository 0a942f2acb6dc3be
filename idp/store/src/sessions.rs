//! Sign-in sessions and the proofs they hold.

use crate::place::{Bytes as _, Doing as _, Place, millis, time};
use crate::schema::{authentication_events, sessions};
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::session::{AuthenticationEvent, Method, Session};
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, SessionId};
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = sessions)]
struct Row {
    id: Vec<u8>,
    cookie: Vec<u8>,
    account_id: Vec<u8>,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = authentication_events)]
struct EventRow {
    id: Vec<u8>,
    session_id: Vec<u8>,
    method: String,
    at: i64,
}

impl Row {
    fn write(session: &Session) -> Self {
        Self {
            id: session.id.write(),
            cookie: session.cookie.write(),
            account_id: session.account.write(),
            created_at: session.created_at.0,
            expires_at: session.expires_at.0,
            ended_at: millis(session.ended_at),
        }
    }

    fn read(self) -> Outcome<Session> {
        let at = Place::of("sessions", &self.id);
        Ok(Session {
            id: at.bytes("id", &self.id)?,
            cookie: at.bytes("cookie", &self.cookie)?,
            account: at.bytes("account_id", &self.account_id)?,
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
            ended_at: time(self.ended_at),
            events: Vec::new(),
        })
    }
}

impl EventRow {
    fn write(event: &AuthenticationEvent) -> Self {
        Self {
            id: event.id.write(),
            session_id: event.session.write(),
            method: event.method.as_str().into(),
            at: event.at.0,
        }
    }

    fn read(self) -> Outcome<AuthenticationEvent> {
        let place = Place::of("authentication_events", &self.id);
        Ok(AuthenticationEvent {
            id: place.bytes("id", &self.id)?,
            session: place.bytes("session_id", &self.session_id)?,
            method: place.word("method", &self.method, Method::parse)?,
            at: Time(self.at),
        })
    }
}

/// The session of a cookie with its events, while it lives.
pub fn find_live(tx: &mut Tx, cookie: &Hash, now: Time) -> Outcome<Option<Session>> {
    let rows = sessions::table
        .left_join(authentication_events::table)
        .filter(sessions::cookie.eq(&cookie.0[..]))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.0))
        .order(authentication_events::id)
        .load::<(Row, Option<EventRow>)>(&mut tx.db)
        .doing("find a session by its cookie")?;
    Ok(gather(rows)?.pop())
}

/// By row, ended or not.
pub fn find(tx: &mut Tx, id: SessionId) -> Outcome<Option<Session>> {
    let rows = sessions::table
        .left_join(authentication_events::table)
        .filter(sessions::id.eq(&id.0[..]))
        .order(authentication_events::id)
        .load::<(Row, Option<EventRow>)>(&mut tx.db)
        .doing("find a session")?;
    Ok(gather(rows)?.pop())
}

/// The living sessions of an account, oldest first.
pub fn find_all_live_of(tx: &mut Tx, account: AccountId, now: Time) -> Outcome<Vec<Session>> {
    let rows = sessions::table
        .left_join(authentication_events::table)
        .filter(sessions::account_id.eq(&account.0[..]))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.0))
        .order((sessions::id, authentication_events::id))
        .load::<(Row, Option<EventRow>)>(&mut tx.db)
        .doing("find the sessions of an account")?;
    gather(rows)
}

/// Rows of one session follow each other.
fn gather(rows: Vec<(Row, Option<EventRow>)>) -> Outcome<Vec<Session>> {
    let mut found: Vec<Session> = Vec::new();
    for (row, event) in rows {
        if found.last().is_none_or(|last| last.id.0 != row.id[..]) {
            found.push(row.read()?);
        }
        if let (Some(session), Some(event)) = (found.last_mut(), event) {
            session.events.push(event.read()?);
        }
    }
    Ok(found)
}

/// A new one with its events.
pub fn insert(tx: &mut Tx, session: &Session) -> Outcome<()> {
    let row = Row::write(session);
    diesel::insert_into(sessions::table).values(row).execute(&mut tx.db).doing("insert a session")?;
    session.events.iter().try_for_each(|event| add_event(tx, event))
}

/// One more proof.
pub fn add_event(tx: &mut Tx, event: &AuthenticationEvent) -> Outcome<()> {
    diesel::insert_into(authentication_events::table)
        .values(EventRow::write(event))
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert an authentication event")
}

/// A new secret for a living one; the old secret is dead with this commit. `false`: it has another secret by now, or has ended.
pub fn replace_cookie(tx: &mut Tx, id: SessionId, old: &Hash, new: &Hash, now: Time) -> Outcome<bool> {
    let held = sessions::table
        .find(&id.0[..])
        .filter(sessions::cookie.eq(&old.0[..]))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.0));
    let change = diesel::update(held).set(sessions::cookie.eq(&new.0[..]));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("replace the secret of a session")
}

/// Moves the end of one that lives and was used. Lost, it only ends earlier.
pub fn extend_lazy(tx: &mut Tx, id: SessionId, now: Time, end: Time) -> Outcome<()> {
    let living = sessions::table
        .find(&id.0[..])
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.0))
        .filter(sessions::expires_at.lt(end.0));
    diesel::update(living).set(sessions::expires_at.eq(end.0)).execute(&mut tx.db).map(drop).doing("extend a session")
}

/// Ends it. `false`: it had ended, or is unknown.
pub fn end(tx: &mut Tx, id: SessionId, now: Time) -> Outcome<bool> {
    let open = sessions::table.find(&id.0[..]).filter(sessions::ended_at.is_null());
    let change = diesel::update(open).set(sessions::ended_at.eq(now.0));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("end a session")
}

/// Ends every one of an account and says how many.
pub fn end_all_of(tx: &mut Tx, account: AccountId, now: Time) -> Outcome<usize> {
    let open = sessions::table.filter(sessions::account_id.eq(account.write())).filter(sessions::ended_at.is_null());
    diesel::update(open).set(sessions::ended_at.eq(now.0)).execute(&mut tx.db).doing("end the sessions of an account")
}
