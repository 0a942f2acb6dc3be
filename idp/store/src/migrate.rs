//! Migrations, embedded from `migrations/`: the same names and versions for both databases and for the second store of each.

use crate::config::Config;
use crate::sqlite::open_plain;
use crate::tx::{Tx, on_backend};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use pass_core::Fault;
use pass_core::fault::Outcome;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const SQLITE_KEYS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite-keys");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
const POSTGRES_KEYS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres-keys");

/// Any number that no other program locks: "PASS" in ASCII.
const ADVISORY_LOCK: i64 = 0x5041_5353;

/// Brings both stores to the newest version.
pub(crate) fn migrate(config: &Config) -> Outcome<()> {
    match config {
        Config::Sqlite { path, keys_path } => {
            run("migrate the key file", &mut open_plain(keys_path)?, SQLITE_KEYS)?;
            run("migrate the database file", &mut open_plain(path)?, SQLITE)
        }
        Config::Postgres { url, .. } => {
            let doing = |error: &dyn std::fmt::Display| Fault::because("migrate PostgreSQL", error.to_string());
            let mut conn = PgConnection::establish(url).map_err(|error| doing(&error))?;
            // Two nodes may start at once; the lock ends with the connection.
            let prepare = format!("SELECT pg_advisory_lock({ADVISORY_LOCK}); CREATE SCHEMA IF NOT EXISTS pass_keys;");
            conn.batch_execute(&prepare).map_err(|error| doing(&error))?;
            run("migrate the main schema", &mut conn, POSTGRES)?;
            conn.batch_execute("SET search_path = pass_keys").map_err(|error| doing(&error))?;
            run("migrate the schema of keys", &mut conn, POSTGRES_KEYS)
        }
    }
}

fn run<C, B>(doing: &'static str, conn: &mut C, migrations: EmbeddedMigrations) -> Outcome<()>
where
    B: diesel::backend::Backend,
    C: MigrationHarness<B>,
{
    conn.run_pending_migrations(migrations).map(drop).map_err(|error| Fault::because(doing, error))
}

#[derive(QueryableByName)]
struct Versions {
    #[diesel(sql_type = Nullable<Text>)]
    main: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    keys: Option<String>,
}

/// Whether both stores are at the newest version: one query.
pub(crate) fn migrated(tx: &mut Tx) -> Outcome<bool> {
    const QUERY: &str = "SELECT (SELECT max(version) FROM __diesel_schema_migrations) AS main, \
                         (SELECT max(version) FROM pass_keys.__diesel_schema_migrations) AS keys";
    let found: diesel::QueryResult<Versions> = on_backend!(tx, |conn| sql_query(QUERY).get_result(conn));
    match found {
        Ok(versions) => Ok(versions.main == newest(&SQLITE) && versions.keys == newest(&SQLITE_KEYS)),
        // No table of versions: nothing was ever migrated.
        Err(diesel::result::Error::DatabaseError(_, info)) if info.message().contains("__diesel_schema_migrations") => {
            Ok(false)
        }
        Err(error) => Err(Fault::because("read the version of the database", error)),
    }
}

fn newest(migrations: &EmbeddedMigrations) -> Option<String> {
    use diesel::migration::{Migration, MigrationSource};
    let all: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = migrations.migrations().ok()?;
    all.iter().map(|migration| migration.name().version().to_string()).max()
}
