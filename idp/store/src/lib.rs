//! The only place of PASS that knows SQL: SQLite embedded, PostgreSQL when it grows.
