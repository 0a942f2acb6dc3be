//! What lies in the data folder after a day of work: no name, no address, no token, no secret, no 12-digit number in clear.

use std::{fs, path::Path};

use pass_conformance::{Demo, Options, flow::Party, mynumber};
use serde_json::Value;
use tempfile::TempDir;

/// How a write-ahead log begins, in its two byte orders but for the last bit.
const WAL: &[u8] = &[0x37, 0x7f, 0x06];

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the data folder").map_while(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).expect("a file of ours")));
        }
    }
    found
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn cap_09_the_data_folder_holds_no_person_in_clear() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let demo = Demo::start(&Options { data: Some(data.clone()), ..Options::default() });
    let party = Party::new(&demo.line, "kosodate");
    let tokens = party.tokens(&mut party.browser(), demo.line.hanako());
    let claims = party.userinfo(&tokens.must("access_token")).body;
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let values = [
        ("name", text(&claims["name"])),
        ("address", text(&claims["address"]["formatted"])),
        ("street", text(&claims["address"]["street_address"])),
        ("birthdate", text(&claims["birthdate"])),
        ("mail", demo.line.hanako().email.clone().expect("an address")),
        ("access token", tokens.must("access_token")),
        ("refresh token", tokens.must("refresh_token")),
        ("signature password", demo.line.hanako().signature_password.clone().expect("a password")),
    ];
    assert!(demo.stop().success());
    let databases: Vec<_> = files(&data)
        .into_iter()
        .filter(|(_, bytes)| bytes.starts_with(b"SQLite format 3") || bytes.starts_with(WAL))
        .collect();
    assert!(databases.len() >= 2, "the persons' keys lie in a second store");
    for (path, bytes) in &databases {
        for (what, value) in &values {
            assert!(!holds(bytes, value), "the {what} lies in clear in {path}");
        }
        let numbers = mynumber::find(&String::from_utf8_lossy(bytes)).len();
        assert_eq!(numbers, 0, "{path} holds twelve digits with a valid check digit");
    }
}
