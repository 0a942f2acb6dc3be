//! A compact JWE for one reader with an RSA key (RFC 7516; RSA-OAEP-256 and A256GCM): how a certificate travels to a platform
//! operator, and nobody else on the way reads it.

use crate::fault::{Fault, Outcome};
use josekit::jwe::{self, JweHeader, RSA_OAEP_256};

/// Whether this is a public key (PEM) that something can be sealed for.
pub fn check_key(public: &[u8]) -> Outcome<()> {
    RSA_OAEP_256.encrypter_from_pem(public).map(drop).map_err(|error| Fault::because("read an RSA public key", error))
}

/// For whoever holds the private half of this public key (PEM).
pub fn seal(public: &[u8], plain: &[u8]) -> Outcome<String> {
    let mut header = JweHeader::new();
    header.set_content_encryption("A256GCM");
    let sealed = RSA_OAEP_256
        .encrypter_from_pem(public)
        .and_then(|encrypter| jwe::serialize_compact(plain, &header, &encrypter));
    sealed.map_err(|error| Fault::because("encrypt for an RSA key", error))
}

/// What was sealed for this private key (PEM).
pub fn open(private: &[u8], sealed: &str) -> Outcome<Vec<u8>> {
    let opened =
        RSA_OAEP_256.decrypter_from_pem(private).and_then(|decrypter| jwe::deserialize_compact(sealed, &decrypter));
    // The cause could quote what it read.
    opened.map(|(plain, _)| plain).map_err(|_| Fault::new("decrypt with an RSA key: it is not for us"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::rsa::Rsa;

    #[test]
    fn only_the_reader_opens_it() {
        let [ours, other] = [0; 2].map(|_| Rsa::generate(2048).unwrap());
        let public = ours.public_key_to_pem().unwrap();
        let sealed = seal(&public, b"a certificate").unwrap();
        assert_eq!(open(&ours.private_key_to_pem().unwrap(), &sealed).unwrap(), b"a certificate");
        assert!(open(&other.private_key_to_pem().unwrap(), &sealed).is_err());
        assert!(!sealed.contains("certificate"));
        assert!(check_key(&public).is_ok() && check_key(b"-----BEGIN NOTHING-----").is_err());
    }
}
