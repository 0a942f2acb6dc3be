//! Watches the migrations: they are embedded, and cargo would not notice a new one.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
