//! The key provider: it holds the wrapping secret only. A file or a systemd credential today.

use pass_core::seal::WrappingSecret;
use pass_core::{Entropy, Fault};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroize;

/// Reads the wrapping secret: 64 hexadecimal digits.
pub fn load_wrapping_secret(path: &Path) -> Result<WrappingSecret, Fault> {
    let path = credential_path(path)?;
    let mut text = std::fs::read_to_string(&path)
        .map_err(|error| Fault::because(format!("read the wrapping secret {}", path.display()), error))?;
    let secret = decode(text.trim());
    text.zeroize();
    secret
        .map(WrappingSecret::new)
        .ok_or_else(|| Fault::new(format!("{} must hold 64 hexadecimal digits (openssl rand -hex 32)", path.display())))
}

/// Writes a new wrapping secret, readable by its owner only. Used by the demo; operators make theirs by hand.
pub fn make_wrapping_secret(path: &Path, entropy: &dyn Entropy) -> Result<(), Fault> {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| writeln!(file, "{}", pass_core::id::hex(&bytes)));
    bytes.zeroize();
    written.map_err(|error| Fault::because(format!("write the wrapping secret {}", path.display()), error))
}

/// `%d/name` stands for the folder of systemd credentials (`LoadCredential=`).
pub fn credential_path(path: &Path) -> Result<PathBuf, Fault> {
    let Ok(name) = path.strip_prefix("%d") else {
        return Ok(path.to_path_buf());
    };
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY").ok_or_else(|| {
        Fault::new("keys.wrapping_secret_file begins with %d, but systemd gave no credentials folder")
    })?;
    Ok(Path::new(&folder).join(name))
}

fn decode(text: &str) -> Option<[u8; 32]> {
    let mut secret = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in secret.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wiring::SystemEntropy;

    #[test]
    fn a_made_secret_is_read_back_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrapping.key");
        make_wrapping_secret(&path, &SystemEntropy).unwrap();
        assert!(load_wrapping_secret(&path).is_ok());
        assert!(make_wrapping_secret(&path, &SystemEntropy).is_err());
        std::fs::write(&path, "short").unwrap();
        assert!(load_wrapping_secret(&path).is_err());
    }
}
