//! Blocks of free ports for demos that run side by side.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicU16, Ordering},
};

/// Ports a demo listens on, from its first: issuer, mTLS, library, child-care centre, agent, mail, and the stand-in for
/// the national service.
const BLOCK: u16 = 7;
const BLOCKS: u16 = 16;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// The first port of a block that nobody listens on. `PASS_TEST_PORT` moves the whole range.
///
/// # Panics
/// Every block of the range is taken.
pub(crate) fn block() -> u16 {
    let base = std::env::var("PASS_TEST_PORT").ok().and_then(|text| text.parse().ok()).unwrap_or(18400);
    // Test programs run as processes of their own: start at different places.
    let offset = (std::process::id() % u32::from(BLOCKS)) as u16;
    for _ in 0..BLOCKS {
        let number = (NEXT.fetch_add(1, Ordering::Relaxed) + offset) % BLOCKS;
        let first = base + number * BLOCK;
        if (first..first + BLOCK).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok()) {
            return first;
        }
    }
    panic!("no free block of {BLOCK} ports from {base}; set PASS_TEST_PORT");
}
