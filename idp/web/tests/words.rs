//! The texts: every key in every language, the same placeholders, and no key that nobody knows.

#![expect(clippy::unwrap_used, reason = "a test may end here")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_templates::fluent_bundle::FluentResource;
use pass_web::kit::Lang;

/// Key to the names of its placeholders.
type Texts = BTreeMap<String, BTreeSet<String>>;

fn texts(lang: Lang) -> Texts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang.locale());
    let mut all = Texts::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let source = fs::read_to_string(&path).unwrap();
        let parsed = FluentResource::try_new(source.clone());
        assert!(parsed.is_ok(), "{} does not parse", path.display());
        let mut key = String::new();
        for line in source.lines() {
            if let Some((name, _)) =
                line.split_once(" =").filter(|(name, _)| !name.is_empty() && !name.starts_with(' '))
            {
                key = name.to_owned();
                assert!(all.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice in {}", lang.locale());
            }
            for piece in line.split('$').skip(1) {
                let name: String = piece.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                all.get_mut(&key).unwrap().insert(name);
            }
        }
    }
    all
}

/// Every quoted word after a call that looks a key up, in templates and sources.
fn used() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join("templates"), root.join("src")];
    // Manager's pages stand in a package of their own; their words are here.
    let manager = root.join("../../admin");
    folders.extend([manager.join("templates"), manager.join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let known = texts(Lang::Ja);
    let prefixes: BTreeSet<&str> = known.keys().filter_map(|key| key.split('-').next()).collect();
    let mut used = BTreeSet::new();
    for file in files {
        let source = fs::read_to_string(file).unwrap();
        for call in [".t(\"", ".t1(\"", ".plain(\"", ".plain1(\"", ".t_args(\""] {
            for piece in source.split(call).skip(1) {
                used.insert(piece.split('"').next().unwrap_or_default().to_owned());
            }
        }
        // Tables of keys: a quoted word in kebab case whose first part begins other keys.
        for word in source.split('"').skip(1).step_by(2) {
            let kebab = word.contains('-')
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
            if kebab && prefixes.contains(word.split('-').next().unwrap_or_default()) && known.contains_key(word) {
                used.insert(word.to_owned());
            }
        }
    }
    used
}

#[test]
fn cap_61_every_text_is_there_in_every_language_with_the_same_placeholders() {
    let japanese = texts(Lang::Ja);
    for lang in [Lang::Easy, Lang::En] {
        let other = texts(lang);
        for (key, placeholders) in &japanese {
            let found = other.get(key).unwrap_or_else(|| panic!("{key} is missing in {}", lang.locale()));
            assert_eq!(found, placeholders, "placeholders of {key} in {}", lang.locale());
        }
        for key in other.keys() {
            assert!(japanese.contains_key(key), "{key} of {} is missing in ja", lang.locale());
        }
    }
}

#[test]
fn cap_61_no_template_uses_an_unknown_key_and_no_text_is_idle() {
    let known = texts(Lang::Ja);
    let used = used();
    for key in &used {
        assert!(known.contains_key(key), "unknown key {key}");
        let plain = known[key].is_empty();
        assert!(!plain || Lang::ALL.iter().all(|lang| lang.knows(key)), "{key} is not loaded");
    }
    let idle: Vec<&String> = known
        .keys()
        .filter(|key| !used.contains(*key) && !key.starts_with("claim-") && !key.starts_with("act-"))
        .collect();
    assert!(idle.is_empty(), "nobody shows {idle:?}");
}

#[test]
fn cap_61_easy_japanese_has_a_reading_on_every_kanji() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(Lang::Easy.locale());
    let kanji = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut bad = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        for line in fs::read_to_string(entry.unwrap().path()).unwrap().lines() {
            let Some((key, text)) = line.split_once(" = ") else { continue };
            let mut rest: Vec<char> = text.chars().collect();
            rest.push(' ');
            for pair in rest.windows(2) {
                if kanji(pair[0]) && !kanji(pair[1]) && pair[1] != '（' {
                    bad.push(format!("{key}: {text}"));
                    break;
                }
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
