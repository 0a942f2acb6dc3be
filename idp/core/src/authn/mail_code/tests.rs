use super::*;
use std::sync::atomic::{AtomicU8, Ordering};

const NOW: Time = Time(1_790_000_000_000);

/// Bytes that differ from call to call.
#[derive(Default)]
struct Steps(AtomicU8);

impl Entropy for Steps {
    fn fill(&self, bytes: &mut [u8]) {
        let step = self.0.fetch_add(1, Ordering::Relaxed);
        bytes.iter_mut().enumerate().for_each(|(at, byte)| *byte = (at as u8).wrapping_mul(31) ^ step);
    }
}

struct Desk {
    index: Key,
    outbox: Key,
    entropy: Steps,
}

impl Desk {
    fn new() -> Self {
        let entropy = Steps::default();
        Self { index: Key::random(&entropy), outbox: Key::random(&entropy), entropy }
    }

    fn issue(&self, address: &str) -> Issued {
        let keys = Keys { index: &self.index, outbox: &self.outbox };
        issue(&Address::parse(address).unwrap(), None, keys, NOW, &self.entropy)
    }

    fn check(&self, row: &MailCode, typed: &str, seconds: u64) -> Verdict {
        check(row, typed, &self.index, NOW + Duration::from_secs(seconds))
    }
}

fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[test]
fn cap_02_a_code_works_once_in_ten_minutes_and_five_tries() {
    let desk = Desk::new();
    let Issued { secret, code, row } = desk.issue("hanako@example.jp");
    assert_eq!((code.len(), row.hash), (6, Hash::of(&secret)));
    let spaced = format!(" {}-{} ", &code[..3], &code[3..]);
    let full_width: String = code.chars().filter_map(|ch| char::from_u32(ch as u32 + 0xFEE0)).collect();
    for (typed, seconds, tries, expected) in [
        (code.as_str(), 599, 0, Verdict::Right),
        (spaced.as_str(), 0, 0, Verdict::Right),
        (full_width.as_str(), 0, 4, Verdict::Right),
        (code.as_str(), 600, 0, Verdict::Expired),
        (wrong(&code), 0, 0, Verdict::Wrong { left: 4 }),
        (wrong(&code), 0, 3, Verdict::Wrong { left: 1 }),
        (wrong(&code), 0, 4, Verdict::Exhausted),
        (code.as_str(), 0, 5, Verdict::Exhausted),
        ("", 0, 0, Verdict::Wrong { left: 4 }),
    ] {
        let row = MailCode { tries, ..row.clone() };
        assert_eq!(desk.check(&row, typed, seconds), expected, "{seconds} {tries}");
    }
    let used = MailCode { used_at: Some(NOW), ..row };
    assert_eq!(desk.check(&used, &code, 1), Verdict::Used);
}

#[test]
fn cap_02_a_code_belongs_to_the_browser_that_asked() {
    let desk = Desk::new();
    let (mine, other) = (desk.issue("hanako@example.jp"), desk.issue("hanako@example.jp"));
    let mixed = MailCode { code: mine.row.code, ..other.row.clone() };
    assert_ne!(desk.check(&mixed, &mine.code, 0), Verdict::Right);
    assert_eq!(address(&mine.row, &desk.outbox).unwrap().as_str(), "hanako@example.jp");
    assert!(address(&MailCode { hash: other.row.hash, ..mine.row }, &desk.outbox).is_err());
}

#[test]
fn cap_02_sending_is_limited() {
    let ago = |seconds| Some(NOW - Duration::from_secs(seconds));
    for (sent, expected) in [
        (Sent::default(), Ok(())),
        (Sent { last: ago(60), address_hour: 4, address_day: 9, network_hour: 29 }, Ok(())),
        (Sent { last: ago(20), ..Sent::default() }, Err(Wait { seconds: 40 })),
        (Sent { last: ago(600), address_hour: 5, ..Sent::default() }, Err(Wait { seconds: 3600 })),
        (Sent { last: ago(7200), address_day: 10, ..Sent::default() }, Err(Wait { seconds: 86_400 })),
        (Sent { network_hour: 30, ..Sent::default() }, Err(Wait { seconds: 3600 })),
    ] {
        assert_eq!(may_send(&sent, NOW), expected, "{sent:?}");
    }
}

#[test]
fn addresses_have_one_form() {
    for (typed, expected) in [
        (" Hanako@Example.JP ", Some("hanako@example.jp")),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", Some("hanako@example.jp")),
        ("hanako+library@example.jp", Some("hanako+library@example.jp")),
        ("hana..ko.@docomo.example", Some("hana..ko.@docomo.example")),
        ("花子@example.jp", None),
        ("hanako@example", None),
        ("hanako@-example.jp", None),
        ("hanako@exa mple.jp", None),
        ("hanako", None),
        ("@example.jp", None),
        ("a@b@example.jp", None),
        ("hanako@example.jp\r\nBcc: x@example.jp", None),
        ("", None),
    ] {
        assert_eq!(Address::parse(typed).ok().map(|address| address.0).as_deref(), expected, "{typed}");
    }
    let key = Key::random(&Steps::default());
    let index = |typed| Address::parse(typed).unwrap().index(&key);
    assert_eq!(index("HANAKO@example.jp"), index("hanako@EXAMPLE.jp"));
    assert_ne!(index("hanako@example.jp"), index("hanako2@example.jp"));
}
