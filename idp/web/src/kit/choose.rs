//! Which language a page speaks.

use super::words::Lang;

impl Lang {
    /// The first wish we can fulfil: what the person chose here (`?lang=` or its cookie), what the facility asked for
    /// (`ui_locales`), what the account prefers, what the browser says; Japanese otherwise.
    pub fn choose(
        chosen: Option<&str>,
        ui_locales: Option<&str>,
        account: Option<&str>,
        accept_language: Option<&str>,
    ) -> Lang {
        let ordered = accept_language.map(by_quality).unwrap_or_default();
        chosen
            .and_then(Lang::from_tag)
            // OpenID Connect Core 3.1.2.1: space-separated, in order of preference
            .or_else(|| ui_locales.and_then(|all| all.split(' ').find_map(Lang::from_tag)))
            .or_else(|| account.and_then(Lang::from_tag))
            .or_else(|| ordered.into_iter().find_map(Lang::from_tag))
            .unwrap_or_default()
    }

    /// The language of a BCP 47 tag or of our own word for it.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let tag = tag.trim().to_ascii_lowercase();
        match tag.as_str() {
            "easy" | "ja-easyjp" => Some(Lang::Easy),
            "ja" => Some(Lang::Ja),
            "en" => Some(Lang::En),
            _ if tag.starts_with("ja-") => Some(Lang::Ja),
            _ if tag.starts_with("en-") => Some(Lang::En),
            _ => None,
        }
    }
}

/// RFC 9110 12.5.4: the tags of the header, best first; equal weights keep their order.
fn by_quality(header: &str) -> Vec<&str> {
    let mut tags: Vec<(i32, &str)> = header
        .split(',')
        .take(20)
        .map(|entry| {
            let (tag, rest) = entry.split_once(';').unwrap_or((entry, ""));
            let quality = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
            ((quality * 1000.0) as i32, tag.trim())
        })
        .filter(|(quality, _)| *quality > 0)
        .collect();
    tags.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    tags.into_iter().map(|(_, tag)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_61_the_first_wish_we_can_fulfil_wins() {
        let cases = [
            ((None, None, None, None), Lang::Ja),
            ((None, None, None, Some("en-US,en;q=0.9")), Lang::En),
            ((None, None, None, Some("fr,en;q=0.4,ja;q=0.8")), Lang::Ja),
            ((None, None, None, Some("en;q=0, ja")), Lang::Ja),
            ((None, None, Some("easy"), Some("en")), Lang::Easy),
            ((None, Some("fr en ja"), Some("easy"), None), Lang::En),
            ((None, Some("fr"), None, Some("en")), Lang::En),
            ((Some("ja"), Some("en"), Some("easy"), Some("en")), Lang::Ja),
            ((Some("<x>"), Some("ja-JP"), None, Some("en")), Lang::Ja),
        ];
        for ((chosen, ui, account, accept), want) in cases {
            assert_eq!(Lang::choose(chosen, ui, account, accept), want, "{chosen:?} {ui:?} {account:?} {accept:?}");
        }
        for lang in Lang::ALL {
            assert_eq!(Lang::from_tag(lang.code()), Some(lang));
            assert_eq!(Lang::from_tag(lang.locale()), Some(lang));
        }
    }
}
