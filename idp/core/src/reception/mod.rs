//! Reception at a kiosk, pure: how a device is paired, when a picture of it counts, what a visit is.
//!
//! What follows a failure is one function for every way of being recognised (`session`): a face today, a QR code or a card later. A
//! face at a kiosk identifies and signs nobody in.

pub mod capture;
pub mod pairing;
pub mod session;
pub mod visit;

/// Other bytes at each call, for tests.
#[cfg(test)]
#[derive(Default)]
struct Counting(std::sync::atomic::AtomicU8);

#[cfg(test)]
impl crate::Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }
}
