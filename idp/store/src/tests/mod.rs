//! Every test body runs on both databases.

mod audit;
mod commit;
mod crash;
mod isolation;
mod nouns;
mod once;
mod people;
mod retention;
mod samples;
mod shapes;

use crate::testing::{TestDatabase, databases};

/// Runs one body on each database, with the name of the database in a panic.
async fn on_both(body: impl AsyncFn(&TestDatabase)) {
    for database in databases() {
        println_name(database.name);
        body(&database).await;
    }
}

#[allow(clippy::print_stderr)]
fn println_name(name: &str) {
    eprintln!("database: {name}");
}
