//! `/dev/mail`: the mails PASS has sent, in demo mode only.

use askama::Template;

use super::Page;
use super::sample::{by, shell};
use crate::kit::{Lang, Shell, date};

/// The outbox.
#[derive(Template)]
#[template(path = "page/outbox.html")]
pub struct Outbox {
    /// The frame.
    pub shell: Shell,
    /// The mails, the newest first.
    pub mails: Vec<MailLine>,
}

/// A mail as it was sent.
#[derive(Clone)]
pub struct MailLine {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// When, in words.
    pub at: String,
}

impl Page for Outbox {
    const NAME: &'static str = "outbox";

    fn samples(lang: Lang) -> Vec<(&'static str, Outbox)> {
        let of = |mails| Outbox { shell: Shell { demo: true, ..shell(lang, "/dev/mail") }, mails };
        let mail = MailLine {
            to: "hanako@example.jp".into(),
            subject: by(lang, "PASSの番号：482910", "PASSの 数字（すうじ）：482910", "Your PASS code: 482910"),
            body: by(
                lang,
                "PASSの番号は 482910 です。\n10分間使えます。\n\n心当たりがないときは、何もしないでください。",
                "482910",
                "482910\n\nValid for ten minutes.",
            ),
            at: date::moment(lang, 1_795_502_520_000).plain(),
        };
        vec![("ordinary", of(vec![mail.clone(), mail])), ("none", of(Vec::new()))]
    }
}
