//! Names on screens that others see.

use crate::people::Records;

/// Whom the device greets: the proven name, else the typed one.
pub(super) fn greeted(records: &Records) -> String {
    let name = records.proven().map(|(record, _)| record.name.as_str()).or(records.declared.name.as_deref());
    masked(name.unwrap_or_default())
}

/// A name for a room full of people: the family name, and the first letter of the given name.
pub fn masked(name: &str) -> String {
    let mut parts = name.split_whitespace();
    let (family, given) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match given.chars().next() {
        Some(first) => format!("{family} {first}○"),
        // Without a space nobody knows where the family name ends.
        None => family.chars().next().map_or_else(String::new, |first| format!("{first}○")),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn cap_24_a_name_on_the_screen_is_masked() {
        for (name, shown) in [
            ("山田　花子", "山田 花○"),
            ("山田 はな子", "山田 は○"),
            ("ＳＭＩＴＨ　ＪＯＨＮ", "ＳＭＩＴＨ Ｊ○"),
            ("山田花子", "山○"),
            ("", ""),
        ] {
            assert_eq!(masked(name), shown, "{name}");
        }
    }
}
