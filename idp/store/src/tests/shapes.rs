//! Both dialects have the same tables and columns, and a fresh database is recognised as such.

use crate::testing::{TestDatabase, databases, postgres, sqlite};
use crate::tx::on_backend;
use crate::{Store, retention};
use diesel::sql_types::{Integer, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::collections::BTreeSet;

#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    not_null: i32,
}

const SQLITE: &str = "SELECT m.name AS table_name, c.name AS column_name, c.type AS kind, c.\"notnull\" AS not_null \
    FROM (SELECT name, 'main' AS place, type FROM main.sqlite_master \
          UNION ALL SELECT name, 'pass_keys', type FROM pass_keys.sqlite_master) AS m, \
         pragma_table_info(m.name, m.place) AS c WHERE m.type = 'table'";
const POSTGRES: &str = "SELECT table_name::text, column_name::text, data_type::text AS kind, \
    (is_nullable = 'NO')::int AS not_null FROM information_schema.columns WHERE table_schema IN ('public', 'pass_keys')";

async fn columns(database: &TestDatabase) -> BTreeSet<Column> {
    let query = if database.name == "sqlite" { SQLITE } else { POSTGRES };
    let rows =
        database.store.read(move |tx| Ok(on_backend!(tx, |conn| sql_query(query).load::<Column>(conn)).unwrap()));
    rows.await.unwrap().into_iter().filter(|column| !column.table_name.starts_with("__")).map(same_words).collect()
}

fn same_words(mut column: Column) -> Column {
    column.kind = match column.kind.to_lowercase().as_str() {
        "bytea" => "blob".into(),
        other => other.into(),
    };
    column
}

#[tokio::test]
async fn both_dialects_have_the_same_tables_and_columns() {
    let (Some(postgres), sqlite) = (postgres(), sqlite()) else { return };
    let (here, there) = (columns(&sqlite).await, columns(&postgres).await);
    assert!(here.len() > 150);
    assert_eq!(here, there);
    let kinds: BTreeSet<_> = here.iter().map(|column| column.kind.as_str()).collect();
    assert_eq!(kinds, ["bigint", "blob", "boolean", "integer", "text"].into());
}

#[tokio::test]
async fn every_table_has_a_rule_of_retention() {
    let ruled: BTreeSet<_> = retention::RETENTION.iter().map(|rule| rule.table.to_owned()).collect();
    for database in databases() {
        let tables: BTreeSet<_> = columns(&database).await.into_iter().map(|column| column.table_name).collect();
        assert_eq!(tables, ruled, "{}", database.name);
    }
}

#[test]
fn a_database_knows_whether_it_is_migrated() {
    for database in databases() {
        assert!(database.store.migrated().unwrap(), "{}", database.name);
        database.store.migrate().unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let config = crate::Config::Sqlite { path: dir.path().join("a.db"), keys_path: dir.path().join("b.db") };
    assert!(!Store::open(&config).unwrap().migrated().unwrap());
    if let Some(server) = crate::testing::Postgres::start() {
        let name = server.create_database();
        let config = crate::Config::Postgres { url: server.url(&name), pool: 1 };
        assert!(!Store::open(&config).unwrap().migrated().unwrap());
        server.drop_database(&name);
    }
}

#[test]
fn database_files_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let database = sqlite();
    let crate::Config::Sqlite { path, keys_path } = &database.config else { panic!("a SQLite database") };
    for path in [path, keys_path] {
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn migrations_of_both_dialects_have_the_same_names_and_go_down() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let names = |folder: &str| -> BTreeSet<_> {
        std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert_eq!(names("sqlite-keys"), names("postgres-keys"));
    use diesel::Connection;
    use diesel_migrations::{FileBasedMigrations, MigrationHarness};
    for folder in ["sqlite", "sqlite-keys"] {
        let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
        let source = FileBasedMigrations::from_path(root.join(folder)).unwrap();
        conn.run_pending_migrations(source.clone()).unwrap();
        conn.revert_all_migrations(source).unwrap();
    }
}
