//! How each table grows and what ends its rows: the one list that `docs/privacy.md` is tested against and the purge obeys.

use crate::audit;
use crate::place::Doing as _;
use crate::tx::{Tx, on_backend};
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use pass_core::Time;
use pass_core::fault::Outcome;
use std::time::Duration;

/// How long rows are kept after what ends them. The operator sets the long ones, by law, in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// Codes, ceremonies, interactions: long enough to say "expired" instead of "unknown".
    pub moment: Duration,
    /// Tokens, tickets, sign-in sessions, after their end.
    pub day: Duration,
    /// Delivered messages.
    pub delivered: Duration,
    /// Refusals that programs were told.
    pub refused: Duration,
    /// Invites, after their end.
    pub invite: Duration,
    /// Consents and superseded proofings, after their end.
    pub consent: Duration,
    /// Visits at a reception.
    pub reception: Duration,
    /// Audit events.
    pub audit: Duration,
}

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const YEAR: Duration = Duration::from_hours(24 * 365);

impl Default for Periods {
    fn default() -> Self {
        Self {
            moment: HOUR,
            day: DAY,
            delivered: DAY.saturating_mul(7),
            refused: DAY.saturating_mul(7),
            invite: DAY.saturating_mul(30),
            consent: YEAR.saturating_mul(5),
            reception: YEAR.saturating_mul(5),
            audit: YEAR.saturating_mul(7),
        }
    }
}

/// The rule of a table.
#[derive(Clone, Copy)]
pub struct Rule {
    /// The table.
    pub table: &'static str,
    /// What adds rows.
    pub growth: &'static str,
    /// What ends them.
    pub end: End,
}

/// What ends the rows of a table.
#[derive(Clone, Copy)]
pub enum End {
    /// The purge removes them.
    Purged {
        /// Its key.
        key: &'static str,
        /// SQL that is true for a row to remove; `{}` stands for now minus the period.
        when: &'static str,
        /// How long after.
        period: fn(&Periods) -> Duration,
        /// The same in words.
        words: &'static str,
    },
    /// The purge of the audit chain, up to a checkpoint.
    AuditChain,
    /// They go with the row they belong to.
    With(&'static str),
    /// They stay until somebody's act ends them; the table is bounded by what it counts.
    Kept(&'static str),
}

macro_rules! purged {
    ($table:literal, $growth:literal, $key:literal, $when:literal, $period:ident, $words:literal) => {
        Rule {
            table: $table,
            growth: $growth,
            end: End::Purged { key: $key, when: $when, period: |periods| periods.$period, words: $words },
        }
    };
}

const fn kept(table: &'static str, growth: &'static str, until: &'static str) -> Rule {
    Rule { table, growth, end: End::Kept(until) }
}

/// Every table, children before their parents.
pub const RETENTION: &[Rule] = &[
    kept("organisations", "one for each legal body", "the operator removes it"),
    kept("facilities", "one for each facility", "the operator removes it"),
    kept("ceilings", "one for each change of a facility's ceiling", "consents name their versions"),
    kept("clients", "one for each program", "disabled, and kept for its consents"),
    purged!(
        "client_errors",
        "each refusal of a program, the newest 200 of each",
        "id",
        "at < {}",
        refused,
        "a week later"
    ),
    purged!(
        "initial_access_tokens",
        "each token to register clients with",
        "hash",
        "expires_at < {}",
        invite,
        "thirty days after its end"
    ),
    kept(
        "persons",
        "one for each resident",
        "erasing removes the key; the empty row keeps the history of others whole",
    ),
    kept("accounts", "one for each account", "closed, and kept without personal values"),
    kept("relations", "one for each person somebody acts for", "ended, and kept: who acted for whom, and when"),
    kept("credentials", "a few for each account", "its owner removes it"),
    kept("sealed_records", "one for each proofed person", "erased with the person's key"),
    kept("declared_records", "one for each person", "erased with the person's key"),
    kept("person_keys", "one for each person, in the second store", "erased on request; a job removes orphans"),
    purged!("mail_codes", "each code mailed", "hash", "expires_at < {}", day, "a day after its end"),
    purged!("ceremonies", "each passkey ceremony", "hash", "expires_at < {}", moment, "an hour after its end"),
    Rule { table: "authentication_events", growth: "each sign-in and step-up", end: End::With("sessions") },
    purged!("sessions", "each sign-in", "id", "expires_at < {}", day, "a day after its end"),
    purged!("card_tickets", "each attempt with a card", "hash", "expires_at < {}", moment, "an hour after its end"),
    purged!(
        "upstream_visits",
        "each visit to the national service",
        "hash",
        "expires_at < {}",
        moment,
        "an hour after its end"
    ),
    purged!(
        "interactions",
        "each request that shows a page",
        "hash",
        "expires_at < {}",
        moment,
        "an hour after its end"
    ),
    purged!("codes", "each sign-in at a client", "hash", "expires_at < {}", moment, "an hour after its end"),
    purged!("access_tokens", "each token issued", "hash", "expires_at < {}", day, "a day after its end"),
    purged!("refresh_tokens", "each token issued", "hash", "expires_at < {}", day, "a day after its end"),
    // Access tokens live an hour and refresh tokens stay a day after their end, so what hangs on such a grant is dead.
    purged!(
        "grants",
        "each sign-in at a client",
        "id",
        "created_at < {} - 86400000 AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE grant_id = grants.id)",
        day,
        "a day after its last token"
    ),
    purged!(
        "replays",
        "each client assertion, each picture sent",
        "hash",
        "expires_at < {}",
        moment,
        "an hour after its window"
    ),
    purged!(
        "consents",
        "each consent",
        "id",
        "given_at < {} AND (withdrawn_at IS NULL OR withdrawn_at < {}) \
         AND (remembered_until IS NULL OR remembered_until < {}) \
         AND NOT EXISTS (SELECT 1 FROM grants WHERE consent_id = consents.id)",
        consent,
        "five years after its end, unless the operator says otherwise"
    ),
    purged!(
        "proofings",
        "each proofing",
        "id",
        "status = 'superseded' AND verified_at < {}",
        consent,
        "five years after a newer one took its place"
    ),
    kept("signing_keys", "each rotation", "the rotation job removes retired ones"),
    kept("face_epochs", "one for each facility with copies of faces", "never: it is one row for each facility"),
    Rule { table: "face_copies", growth: "each facility that a person turned on", end: End::With("face_templates") },
    purged!(
        "face_templates",
        "one for each enrolled person",
        "person_id",
        "expires_at < {}",
        moment,
        "an hour after its end"
    ),
    kept("face_attempts", "one for each person with a failed comparison", "a match resets it"),
    purged!(
        "reception_events",
        "each visit at a reception",
        "id",
        "at < {}",
        reception,
        "five years later, unless the operator says otherwise"
    ),
    purged!("staff_calls", "each call for staff", "id", "raised_at < {}", invite, "thirty days later"),
    purged!("pairing_codes", "each code to pair a device", "hash", "expires_at < {}", day, "a day after its end"),
    kept("terminals", "one for each device at a reception", "out of service, and kept for its visits"),
    kept("staff", "one for each staff member", "closed, and kept for the audit log"),
    kept("staff_passkeys", "a few for each staff member", "removed by its owner or an administrator"),
    purged!("staff_sessions", "each staff sign-in", "hash", "expires_at < {}", moment, "an hour after its end"),
    purged!("staff_invites", "each invite", "hash", "expires_at < {}", invite, "thirty days after its end"),
    Rule { table: "audit_events", growth: "each act", end: End::AuditChain },
    purged!(
        "audit_checkpoints",
        "each checkpoint of the chain",
        "sequence",
        "made_at < {} AND sequence < (SELECT MIN(sequence) - 1 FROM audit_events WHERE sequence IS NOT NULL)",
        audit,
        "with the events before it"
    ),
    purged!(
        "outbox",
        "each message",
        "id",
        "(sent_at IS NOT NULL AND sent_at < {}) OR (sent_at IS NULL AND tries >= 20 AND due_at < {})",
        delivered,
        "a week after delivery, or after twenty tries"
    ),
    kept("changes", "one for each topic", "never: it is one row for each topic"),
    kept("card_turns", "256 rows, made with the table", "never: they hold nothing but a count"),
    kept("leases", "one for each job", "never: it is one row for each job"),
];

/// Removes at most `batch` rows of each table and says how many; run again while one of them reaches `batch`.
pub fn purge(tx: &mut Tx, now: Time, periods: &Periods, batch: i64) -> Outcome<Vec<(&'static str, usize)>> {
    let mut counts = Vec::new();
    for rule in RETENTION {
        let count = match rule.end {
            End::Purged { key, when, period, .. } => {
                let when = when.replace("{}", &(now - period(periods)).0.to_string());
                let table = rule.table;
                let sql = format!(
                    "DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {when} LIMIT {batch})"
                );
                on_backend!(tx, |conn| sql_query(sql).execute(conn)).doing("purge a table")?
            }
            End::AuditChain => audit::purge(tx, now - periods.audit, batch)?,
            End::With(_) | End::Kept(_) => continue,
        };
        counts.push((rule.table, count));
    }
    Ok(counts)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// Rows of every table, for `pass doctor`.
pub fn totals(tx: &mut Tx) -> Outcome<Vec<(&'static str, i64)>> {
    RETENTION
        .iter()
        .map(|rule| {
            let schema = if rule.table == "person_keys" { "pass_keys." } else { "" };
            let sql = format!("SELECT COUNT(*) AS rows FROM {schema}{}", rule.table);
            let count: diesel::QueryResult<Count> = on_backend!(tx, |conn| sql_query(sql).get_result(conn));
            count.map(|count| (rule.table, count.rows)).doing("count the rows of a table")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the retention table in the document: table, what adds rows, what ends them.
    fn documented() -> Vec<[String; 3]> {
        let text = include_str!("../../../docs/privacy.md");
        let (_, table) = text.split_once("| table | grows with | ends |").expect("the document has the table");
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        rows.map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            [cells[0].trim_matches('`'), cells[1], cells[2]].map(str::to_owned)
        })
        .collect()
    }

    fn ends(rule: &Rule) -> String {
        match rule.end {
            End::Purged { words, .. } | End::Kept(words) => words.into(),
            End::With(table) => format!("with `{table}`"),
            End::AuditChain => "seven years, up to a checkpoint of the chain".into(),
        }
    }

    #[test]
    fn the_document_says_of_every_table_what_the_program_does() {
        let mut obeyed: Vec<_> =
            RETENTION.iter().map(|rule| [rule.table.into(), rule.growth.into(), ends(rule)]).collect();
        let mut told = documented();
        obeyed.sort();
        told.sort();
        assert_eq!(told, obeyed);
    }
}
