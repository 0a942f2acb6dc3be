//! Every test body runs on both databases.

mod audit;
mod cards;
mod client_errors;
mod commit;
mod crash;
mod faces;
mod isolation;
mod nouns;
mod once;
mod people;
mod plans;
mod reception;
mod retention;
mod samples;
mod shapes;
mod watch;

use crate::testing::{TestDatabase, databases};

/// Runs one body on each database, with the name of the database in a panic.
async fn on_both(body: impl AsyncFn(&TestDatabase)) {
    for database in databases() {
        name_database(database.name);
        body(&database).await;
    }
}

#[expect(clippy::print_stderr)]
fn name_database(name: &str) {
    eprintln!("database: {name}");
}
