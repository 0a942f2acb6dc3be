//! Look-ups find their rows by an index: what they cost does not grow with the city.

use super::samples::{NOW, hash};
use crate::audit::{self, Filter};
use crate::db::Db;
use crate::retention::{Periods, purge};
use crate::{
    Config, Tx, access_tokens, accounts, card_tickets, ceilings, ceremonies, clients, codes, consents, credentials,
    face_copies, face_epochs, face_templates, facilities, grants, interactions, mail_codes, outbox, pairing_codes,
    person_keys, proofings, reception_events, refresh_tokens, replays, sessions, staff_calls, staff_invites,
    staff_passkeys, staff_sessions, terminals, upstream_visits,
};
use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use pass_core::domain::account::CredentialKind;
use pass_core::domain::audit::Act;
use pass_core::domain::interaction::Progress;
use pass_core::fault::Outcome;
use pass_core::id::{
    AccountId, AuditId, ClientId, ConsentId, FacilityId, GrantId, PersonId, SessionId, StaffCallId, StaffId, TerminalId,
};
use pass_core::seal::{Purpose, WrappingSecret};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

type Statements = Arc<Mutex<Vec<String>>>;

struct Recorder {
    asked: Statements,
    kept: Statements,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => self.asked.lock().unwrap().push(query.to_string()),
            InstrumentationEvent::CacheQuery { sql, .. } => self.kept.lock().unwrap().push(sql.to_owned()),
            _ => {}
        }
    }
}

/// Everything that a request or a job asks, on an empty database.
fn ask_everything(tx: &mut Tx) -> Outcome<()> {
    let (account, client, person) = (AccountId([1; 16]), ClientId([2; 16]), PersonId([3; 16]));
    let (facility, session, staff) = (FacilityId([4; 16]), SessionId([5; 16]), StaffId([6; 16]));
    access_tokens::find(tx, &hash(1))?;
    access_tokens::revoke(tx, &hash(1), NOW)?;
    accounts::find_by_person(tx, person)?;
    accounts::find_by_user_handle(tx, &[1; 16])?;
    card_tickets::take(tx, &hash(1), NOW)?;
    ceilings::find_latest(tx, facility)?;
    ceremonies::take(tx, &hash(1), NOW)?;
    clients::find_by_client_id(tx, "a")?;
    clients::find_all_of(tx, facility)?;
    codes::take(tx, &hash(1), NOW)?;
    consents::find_live(tx, person, client)?;
    consents::find_live_at(tx, facility, &[person])?;
    consents::find_answering(tx, person, client, session, NOW)?;
    consents::find_all_of(tx, person)?;
    consents::count_live_persons(tx, facility)?;
    consents::withdraw_all(tx, person, client, NOW)?;
    credentials::find_by_lookup(tx, CredentialKind::Mail, &hash(1))?;
    credentials::find_all_of(tx, account)?;
    face_templates::find(tx, person)?;
    face_templates::find_ending(tx, NOW, NOW, 10)?;
    face_epochs::find(tx, facility)?;
    face_copies::find(tx, person, facility)?;
    face_copies::find_all_of(tx, person)?;
    face_copies::of_facility(tx, facility, 1, 0, 10)?;
    face_copies::persons_of(tx, facility, 1)?;
    face_copies::find_old(tx, facility, 2, 10)?;
    face_copies::remove(tx, person, facility)?;
    facilities::find_by_slug(tx, "a")?;
    grants::find_all_live_of(tx, account)?;
    grants::find_all_live_in(tx, session)?;
    grants::find_all_live_on(tx, ConsentId([1; 16]))?;
    grants::revoke(tx, GrantId([1; 16]), NOW)?;
    grants::revoke_by_consent(tx, ConsentId([1; 16]), NOW)?;
    grants::revoke_by_account(tx, account, client, NOW)?;
    grants::revoke_by_session(tx, session, NOW)?;
    interactions::find(tx, &hash(1))?;
    mail_codes::take(tx, &hash(1), &hash(1), 5, NOW)?;
    mail_codes::count_since(tx, &hash(1), NOW)?;
    mail_codes::find_last(tx, &hash(1))?;
    outbox::is_due(tx, NOW)?;
    outbox::claim_due(tx, NOW, Duration::ZERO, 10)?;
    pairing_codes::take(tx, &hash(1), FacilityId([1; 16]), NOW)?;
    person_keys::find(tx, person)?;
    proofings::find_current(tx, person)?;
    proofings::find_by_serial(tx, &hash(1))?;
    proofings::find_by_applicant(tx, &hash(1))?;
    proofings::find_standing(tx, &[hash(1), hash(2)])?;
    proofings::find_lapsed(tx, NOW, 10)?;
    reception_events::last(tx, facility, person)?;
    reception_events::newest(tx, facility)?;
    reception_events::between(tx, facility, NOW, NOW)?;
    refresh_tokens::take(tx, &hash(1), NOW)?;
    replays::find(tx, &hash(1))?;
    sessions::find_live(tx, &hash(1), NOW)?;
    sessions::find_all_live_of(tx, account, NOW)?;
    sessions::end_all_of(tx, account, NOW)?;
    staff_calls::find_open(tx, facility)?;
    staff_calls::close(tx, facility, StaffCallId([1; 16]), NOW, staff)?;
    upstream_visits::take(tx, &hash(1), NOW)?;
    staff_invites::take(tx, &hash(1), NOW)?;
    staff_passkeys::find_all_of(tx, staff)?;
    staff_sessions::end_all_of(tx, staff)?;
    terminals::find_by_cookie(tx, &hash(1))?;
    terminals::find_all(tx, facility)?;
    terminals::rename(tx, FacilityId([1; 16]), TerminalId([1; 16]), "a")?;
    terminals::revoke(tx, FacilityId([1; 16]), TerminalId([1; 16]), NOW)?;
    terminals::seen_lazy(tx, TerminalId([1; 16]), NOW)?;
    let key = WrappingSecret::new([3; 32]).derive(Purpose::AuditChain);
    audit::chain(tx, &key, 10)?;
    audit::verify(tx, &key)?;
    audit::count(tx, facility, Act::SignIn, NOW)?;
    audit::find_linked(tx, 0, 10)?;
    audit::page(tx, &Filter { person: Some(person), before: Some(AuditId([1; 16])), ..Filter::default() }, 10)?;
    audit::page(tx, &Filter { facility: Some(facility), ..Filter::default() }, 10)?;
    purge(tx, NOW, &Periods::default(), 10)?;
    Ok(())
}

#[test]
fn no_look_up_and_no_purge_reads_a_whole_table() {
    let database = crate::testing::sqlite();
    let Config::Sqlite { path, keys_path } = &database.config else { panic!("a SQLite database") };
    let mut tx = crate::sqlite::open_writer(path, keys_path).unwrap();
    let asked = Statements::default();
    let Db::Sqlite(conn) = &mut tx.db else { panic!("a SQLite connection") };
    conn.set_instrumentation(Recorder { asked: Arc::clone(&asked), kept: Statements::default() });
    ask_everything(&mut tx).unwrap();
    let asked = std::mem::take(&mut *asked.lock().unwrap());
    assert!(asked.len() > 60, "{} queries were seen", asked.len());
    let Db::Sqlite(conn) = &mut tx.db else { panic!("a SQLite connection") };
    for query in asked {
        let plan = sql_query(format!("EXPLAIN QUERY PLAN {query}")).load::<Step>(conn).unwrap();
        let plan: Vec<_> = plan.into_iter().map(|step| step.detail).collect();
        let whole = |step: &&String| {
            step.starts_with("SCAN") && !step.contains("USING") && !step.contains("CONSTANT ROW")
                || step.contains("MATERIALIZE")
        };
        assert!(!plan.iter().any(|step| whole(&step)), "{query}\n{plan:#?}");
    }
}

/// What a request asks on its way to a token or an answer.
fn ask_on_the_hot_path(tx: &mut Tx) -> Outcome<()> {
    access_tokens::find(tx, &hash(1))?;
    access_tokens::revoke(tx, &hash(1), NOW)?;
    codes::take(tx, &hash(1), NOW)?;
    consents::find_answering(tx, PersonId([1; 16]), ClientId([1; 16]), SessionId([1; 16]), NOW)?;
    grants::find(tx, GrantId([1; 16]))?;
    grants::revoke(tx, GrantId([1; 16]), NOW)?;
    interactions::find(tx, &hash(1))?;
    interactions::save_progress(tx, &hash(1), &Progress::default())?;
    proofings::find_current(tx, PersonId([1; 16]))?;
    refresh_tokens::take(tx, &hash(1), NOW)?;
    replays::find(tx, &hash(1))?;
    sessions::find_live(tx, &hash(1), NOW)?;
    person_keys::find(tx, PersonId([1; 16]))?;
    Ok(())
}

#[test]
fn statements_of_the_hot_path_are_prepared_once() {
    let database = crate::testing::sqlite();
    let Config::Sqlite { path, keys_path } = &database.config else { panic!("a SQLite database") };
    let mut tx = crate::sqlite::open_writer(path, keys_path).unwrap();
    let (asked, kept) = (Arc::default(), Arc::default());
    let Db::Sqlite(conn) = &mut tx.db else { panic!("a SQLite connection") };
    conn.set_instrumentation(Recorder { asked: Arc::clone(&asked), kept: Arc::clone(&kept) });
    ask_on_the_hot_path(&mut tx).unwrap();
    let (asked, kept) = (asked.lock().unwrap(), kept.lock().unwrap());
    assert!(asked.len() >= 13);
    for query in &*asked {
        let sql = query.split(" -- binds").next().unwrap();
        assert!(kept.iter().any(|kept| kept == sql), "not kept: {sql}");
        assert!(!sql.contains("LIMIT"), "planned again at each use: {sql}");
    }
}
