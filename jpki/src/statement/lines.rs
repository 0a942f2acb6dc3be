//! The canonical form shared by all statements.

use super::StatementError;

pub(crate) fn acceptable(name: &'static str, value: &str, limit: usize) -> Result<(), StatementError> {
    let deceives = |c: char| {
        c.is_control()
            // Line separators, direction marks and overrides, invisible joiners: what is shown must be what is signed.
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{061C}')
    };
    if value.trim().is_empty() || value.len() > limit || value.chars().any(deceives) {
        return Err(StatementError::Field(name));
    }
    Ok(())
}

pub(crate) fn write(tag: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("{tag}\n");
    for (name, value) in fields {
        text.push_str(name);
        text.push('=');
        text.push_str(value);
        text.push('\n');
    }
    text.into_bytes()
}

pub(crate) fn read<'a, const N: usize>(
    bytes: &'a [u8],
    tag: &str,
    names: [&str; N],
) -> Result<[&'a str; N], StatementError> {
    let text = std::str::from_utf8(bytes).map_err(|_| StatementError::Form)?;
    let mut lines = text.split('\n');
    if lines.next() != Some(tag) {
        return Err(StatementError::Form);
    }
    let mut values = [""; N];
    for (value, name) in values.iter_mut().zip(names) {
        let line = lines.next().ok_or(StatementError::Form)?;
        *value = line.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).ok_or(StatementError::Form)?;
    }
    match (lines.next(), lines.next()) {
        (Some(""), None) => Ok(values),
        _ => Err(StatementError::Form),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn nonce(text: &str) -> Result<[u8; 32], StatementError> {
    if text.len() != 64 || !text.is_ascii() {
        return Err(StatementError::Form);
    }
    let mut nonce = [0; 32];
    for (byte, pair) in nonce.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| StatementError::Form)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| StatementError::Form)?;
    }
    Ok(nonce)
}

pub(crate) mod hex_nonce {
    //! A nonce in JSON.

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(nonce: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::hex(nonce))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        super::nonce(&text).map_err(|_| D::Error::custom("not 32 bytes in hex"))
    }
}
