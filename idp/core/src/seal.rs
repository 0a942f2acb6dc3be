//! Keys and sealing: the installation's wrapping secret, keys derived from it, and the sealed columns of persons.
//!
//! The key provider holds one 32-byte secret outside the database. Everything else is derived from it (HKDF-SHA256, RFC 5869)
//! or sealed under a derived key with AES-256-GCM. Each person has a key of their own, kept wrapped in the second store:
//! erasing that row erases the person, backups of the main store included.

use crate::fault::Fault;
use crate::id::PersonId;
use crate::secret::Hash;
use crate::{Entropy, fault};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

const NONCE_LEN: usize = 12;

/// The installation's secret, from a file or a systemd credential.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct WrappingSecret([u8; 32]);

/// What a derived key is for. The label is part of the derivation, so that no two uses share a key.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// Seals signing keys.
    SigningKeys,
    /// Wraps the keys of persons.
    PersonKeys,
    /// Looks up mail addresses and cards without storing them.
    BlindIndex,
    /// Makes pairwise subjects (OpenID Connect Core 8.1).
    PairwiseSubject,
    /// Makes the `sid` of sessions, another one for each sector.
    SessionId,
    /// Makes form tokens against cross-site request forgery.
    Forms,
    /// Seals messages that wait in the outbox.
    Outbox,
    /// Links audit events.
    AuditChain,
    /// Makes nonces and code verifiers of visits to the national service, and seals their way back.
    Upstream,
    /// Turns the copies of faces, another way for each facility and epoch.
    FaceCopies,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::SigningKeys => b"pass v1 signing keys",
            Self::PersonKeys => b"pass v1 person keys",
            Self::BlindIndex => b"pass v1 blind index",
            Self::PairwiseSubject => b"pass v1 pairwise subject",
            Self::SessionId => b"pass v1 session id",
            Self::Forms => b"pass v1 forms",
            Self::Outbox => b"pass v1 outbox",
            Self::AuditChain => b"pass v1 audit chain",
            Self::Upstream => b"pass v1 upstream",
            Self::FaceCopies => b"pass v1 face copies",
        }
    }
}

impl WrappingSecret {
    /// Takes the 32 bytes of the key file.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key for one purpose.
    pub fn derive(&self, purpose: Purpose) -> Key {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(purpose.label(), &mut key)
            .expect("32 bytes are within what HKDF-SHA256 gives");
        Key(key)
    }
}

/// A 256-bit key, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    /// A fresh random key, for a new person.
    pub fn random(entropy: &dyn Entropy) -> Self {
        let mut key = [0; 32];
        entropy.fill(&mut key);
        Self(key)
    }

    /// Seals bytes: nonce, then ciphertext and tag. `context` says what they are and whose, and must be given again to open.
    pub fn seal(&self, context: &[u8], plain: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: context })
            .expect("AES-GCM seals any message that fits in memory");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what `seal` made under the same key and context.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> fault::Outcome<Vec<u8>> {
        let Some((nonce, body)) = sealed.split_first_chunk::<NONCE_LEN>() else {
            return Err(Fault::new("open a sealed value: shorter than its nonce"));
        };
        self.cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: context })
            .map_err(|_| Fault::new("open a sealed value: wrong key, wrong context, or changed bytes"))
    }

    /// Wraps another key under this one, bound to its owner.
    pub fn wrap(&self, owner: PersonId, key: &Self, entropy: &dyn Entropy) -> Vec<u8> {
        self.seal(&owner.0, &key.0, entropy)
    }

    /// Opens a wrapped key.
    pub fn unwrap_key(&self, owner: PersonId, wrapped: &[u8]) -> fault::Outcome<Self> {
        let mut plain = self.open(&owner.0, wrapped)?;
        let key = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| Fault::new("open a person's key: not 32 bytes"));
        plain.zeroize();
        key.map(Self)
    }

    /// A keyed hash (HMAC-SHA256): blind index, pairwise subject, form token. Parts are length-prefixed, so that no two lists collide.
    pub fn mac(&self, parts: &[&[u8]]) -> Hash {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Hash(mac.finalize().into_bytes().into())
    }

    /// 32 bytes for one use of this key (HKDF-Expand, RFC 5869 2.3).
    pub fn expand(&self, info: &[u8]) -> [u8; 32] {
        let mut bytes = [0; 32];
        Hkdf::<Sha256>::from_prk(&self.0)
            .expect("a key of 32 bytes is as long as a SHA-256")
            .expand(info, &mut bytes)
            .expect("32 bytes are within what HKDF-SHA256 gives");
        bytes
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }
}

/// The context of a person's sealed column.
pub fn context(person: PersonId, column: &str) -> Vec<u8> {
    [person.0.as_slice(), column.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.iter_mut().enumerate().for_each(|(i, b)| *b = i as u8);
        }
    }

    #[test]
    fn a_sealed_value_opens_only_for_its_person_and_column() {
        let key = Key::random(&Counting);
        let (hanako, ken) = (PersonId([1; 16]), PersonId([2; 16]));
        let sealed = key.seal(&context(hanako, "sealed_record"), b"value", &Counting);
        assert_eq!(key.open(&context(hanako, "sealed_record"), &sealed).unwrap(), b"value");
        assert!(key.open(&context(ken, "sealed_record"), &sealed).is_err());
        assert!(key.open(&context(hanako, "declared_record"), &sealed).is_err());
        assert!(key.open(&context(hanako, "sealed_record"), &sealed[..5]).is_err());
    }

    #[test]
    fn purposes_never_share_a_key() {
        let secret = WrappingSecret::new([7; 32]);
        let a = secret.derive(Purpose::BlindIndex).mac(&[b"x"]);
        let b = secret.derive(Purpose::PairwiseSubject).mac(&[b"x"]);
        assert_ne!(a, b);
        assert_ne!(
            secret.derive(Purpose::Forms).mac(&[b"ab", b"c"]),
            secret.derive(Purpose::Forms).mac(&[b"a", b"bc"])
        );
    }
}
