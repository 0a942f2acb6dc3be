//! Outbox: messages written in the same transaction as their cause, delivered at least once by a job.

use crate::Time;
use crate::id::OutboxId;

/// A message that waits.
#[derive(Clone)]
pub struct OutboxItem {
    /// Row.
    pub id: OutboxId,
    /// The mail as JSON, sealed under the outbox key.
    pub sealed: Vec<u8>,
    /// Not before.
    pub due_at: Time,
    /// Deliveries tried.
    pub tries: i32,
    /// When it was delivered.
    pub sent_at: Option<Time>,
}
