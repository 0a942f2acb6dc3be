//! Pictures of a kiosk count only with a nonce of ours that was not used before and a signature of the device's own key over both:
//! a stream from elsewhere, a replay and an altered picture are refused (face.md 8).

use crate::domain::reception::Terminal;
use crate::id::TerminalId;
use crate::seal::Key;
use crate::secret::{Hash, base64url, token};
use crate::{Entropy, Time};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use sha2::{Digest, Sha256};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// From the nonce to the pictures: the time of three frames, and a slow network.
pub const LIFE: Duration = Duration::from_secs(60);

/// A nonce for this device, good once within a minute.
pub fn nonce(key: &Key, terminal: TerminalId, now: Time, entropy: &dyn Entropy) -> String {
    signed(key, terminal, &token(entropy), now)
}

/// What to remember so that a nonce serves once, if it is one of this device and of this minute.
pub fn fresh(key: &Key, terminal: TerminalId, nonce: &str, now: Time) -> Option<(Hash, Time)> {
    let (random, time) = nonce.split_once('.')?;
    let at = Time(time.split('.').next()?.parse().ok()?);
    let ours: bool = signed(key, terminal, random, at).as_bytes().ct_eq(nonce.as_bytes()).into();
    (ours && at <= now && now.since(at) < LIFE).then(|| (Hash::of(nonce), at + LIFE))
}

fn signed(key: &Key, terminal: TerminalId, random: &str, at: Time) -> String {
    let time = at.0.to_string();
    let mac = key.mac(&[b"kiosk capture", &terminal.0, random.as_bytes(), time.as_bytes()]);
    format!("{random}.{time}.{}", base64url(&mac.0))
}

/// What the device signs: a line for itself, the nonce, and the hash of each picture.
pub fn message(nonce: &str, frames: &[&[u8]]) -> Vec<u8> {
    let mut message = format!("pass-kiosk-1\n{nonce}\n");
    for frame in frames {
        message.push_str(&base64url(&Sha256::digest(frame)));
        message.push('\n');
    }
    message.into_bytes()
}

/// Whether the device's key made this signature (ECDSA P-256 with SHA-256, r and s one after the other as browsers give them).
pub fn is_of(terminal: &Terminal, message: &[u8], signature: &[u8]) -> bool {
    verified(&terminal.public_key, message, signature).unwrap_or(false)
}

/// Whether these bytes are a point of P-256.
pub fn is_key(public_key: &[u8]) -> bool {
    public_key.len() == 65 && key_of(public_key).is_ok()
}

fn key_of(public_key: &[u8]) -> Result<EcKey<openssl::pkey::Public>, ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let mut context = BigNumContext::new()?;
    let point = EcPoint::from_bytes(&group, public_key, &mut context)?;
    let key = EcKey::from_public_key(&group, &point)?;
    key.check_key()?;
    Ok(key)
}

fn verified(public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
    let (Some(r), Some(s), 64) = (signature.get(..32), signature.get(32..64), signature.len()) else {
        return Ok(false);
    };
    let signature = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
    signature.verify(&Sha256::digest(message), &*key_of(public_key)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::FacilityId;
    use crate::reception::Counting;
    use crate::seal::{Purpose, WrappingSecret};
    use openssl::ec::PointConversionForm;

    const NOW: Time = Time(1_795_000_000_000);

    fn device() -> (EcKey<openssl::pkey::Private>, Terminal) {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let form = PointConversionForm::UNCOMPRESSED;
        let terminal = Terminal {
            id: TerminalId([1; 16]),
            facility: FacilityId([2; 16]),
            name: "正面".into(),
            public_key: key.public_key().to_bytes(&group, form, &mut context).unwrap(),
            cookie: Hash([0; 32]),
            paired_at: NOW,
            last_seen_at: None,
            revoked_at: None,
        };
        (key, terminal)
    }

    fn sign(key: &EcKey<openssl::pkey::Private>, message: &[u8]) -> Vec<u8> {
        let made = EcdsaSig::sign(&Sha256::digest(message), key).unwrap();
        [made.r().to_vec_padded(32).unwrap(), made.s().to_vec_padded(32).unwrap()].concat()
    }

    #[test]
    fn cap_38_only_the_device_that_was_paired_signs_and_only_what_was_signed_counts() {
        let ((key, terminal), (other, _)) = (device(), device());
        let frames: [&[u8]; 2] = [b"one", b"two"];
        let said = message("n", &frames);
        let good = sign(&key, &said);
        assert!(is_key(&terminal.public_key) && is_of(&terminal, &said, &good));
        let swapped = message("n", &[b"two", b"one"]);
        let fewer = message("n", &[b"one"]);
        for (what, message, signature) in [
            ("another nonce", message("m", &frames), good.clone()),
            ("other pictures", swapped, good.clone()),
            ("fewer pictures", fewer, good.clone()),
            ("another key", said.clone(), sign(&other, &said)),
            ("nothing", said.clone(), Vec::new()),
            ("zeros", said.clone(), vec![0; 64]),
            ("too long", said.clone(), [good.clone(), vec![0]].concat()),
        ] {
            assert!(!is_of(&terminal, &message, &signature), "{what}");
        }
        let broken = Terminal { public_key: vec![4; 65], ..terminal };
        assert!(!is_key(&broken.public_key) && !is_of(&broken, &said, &good));
    }

    #[test]
    fn cap_38_a_nonce_is_of_one_device_and_of_one_minute() {
        let key = WrappingSecret::new([1; 32]).derive(Purpose::Forms);
        let (here, there) = (TerminalId([1; 16]), TerminalId([2; 16]));
        let nonce = nonce(&key, here, NOW, &Counting::default());
        assert!(fresh(&key, here, &nonce, NOW).is_some());
        assert!(fresh(&key, here, &nonce, NOW + Duration::from_secs(59)).is_some());
        for (what, found) in [
            ("late", fresh(&key, here, &nonce, NOW + LIFE)),
            ("early", fresh(&key, here, &nonce, NOW - Duration::from_secs(1))),
            ("elsewhere", fresh(&key, there, &nonce, NOW)),
            ("longer", fresh(&key, here, &format!("{nonce}A"), NOW)),
            ("empty", fresh(&key, here, "", NOW)),
            ("dots", fresh(&key, here, "..", NOW)),
        ] {
            assert_eq!(found, None, "{what}");
        }
    }
}
