//! Served by the card agent on loopback, never by the issuer: the text about to be signed, and the one place where the
//! signature password is typed. Fields: `password`; or `do=cancel`.

use askama::Template;

use super::Page;
use super::sample::shell;
use crate::kit::{Journey, Lang, PageHeaders, Shell};

/// The page that shows the statement and takes the password.
#[derive(Template)]
#[template(path = "page/agent_sign.html")]
pub struct AgentSign {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// The issuer's URL; forms may lead back there.
    pub issuer: String,
    /// The account as the statement names it.
    pub account: String,
    /// What is agreed to, as the statement says it.
    pub purpose: String,
    /// When the statement was made, in words.
    pub issued: String,
    /// The bytes to be signed, as text.
    pub statement: String,
    /// The reader that holds the card.
    pub reader: String,
    /// The soft cards of the demo, which lie in no reader.
    pub cards: Vec<SampleCard>,
    /// Tries the card has left; one of them is never used here.
    pub left: u8,
    /// What went wrong with the last try.
    pub fault: Option<PasswordFault>,
}

/// A soft card that may be put down (demo).
#[derive(Clone)]
pub struct SampleCard {
    /// Its name.
    pub name: String,
    /// A line about it, in Japanese as on the card.
    pub what: String,
    /// Whether it lies there now.
    pub chosen: bool,
}

/// Two of them, for samples.
pub(super) fn sample_cards() -> Vec<SampleCard> {
    let card = |name: &str, what: &str, chosen| SampleCard { name: name.into(), what: what.into(), chosen };
    vec![card("hanako", "山田花子、加賀市、成人", true), card("expired", "有効期限が切れたカード", false)]
}

/// What went wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// The card did not accept it.
    Wrong,
    /// It cannot be a signature password: 6 to 16 letters and digits. The card was not asked.
    Shape,
}

impl AgentSign {
    fn usable(&self) -> u8 {
        self.left.saturating_sub(1)
    }
}

impl Page for AgentSign {
    const NAME: &'static str = "agent_sign";

    fn headers(&self) -> PageHeaders {
        PageHeaders::plain().form_to(&self.issuer)
    }

    fn samples(lang: Lang) -> Vec<(&'static str, AgentSign)> {
        let of = |left, fault| {
            AgentSign {
            shell: shell(lang, "/sign/4b1d"),
            csrf: "token".into(),
            issuer: "https://pass.kaga.example".into(),
            account: "ha****@example.jp".into(),
            purpose: "PASSの本人確認のため、カードの電子証明書にある氏名、住所、生年月日、性別を使うことに同意します。".into(),
            issued: crate::kit::date::moment(lang, 1_795_502_520_000).plain(),
            statement: "PASS-JPKI-ENROLMENT-v1\nissuer=https://pass.kaga.example\naccount=ha****@example.jp\npurpose=PASSの本人確認のため、カードの電子証明書にある氏名、住所、生年月日、性別を使うことに同意します。\nnonce=Zk1n8w0c3QvT7mB0tq4yZk1n8w0c3QvT7mB0tq4y000\nticket=t_7mB0tq4yZk1n8w0c3QvT1a5R\nissued-at=1795502520".into(),
            reader: "PC/SC リーダー 1".into(),
            cards: Vec::new(),
            left,
            fault,
        }
        };
        vec![
            ("ordinary", of(5, None)),
            ("wrong", of(3, Some(PasswordFault::Wrong))),
            ("last-usable", of(2, Some(PasswordFault::Wrong))),
            ("shape", of(5, Some(PasswordFault::Shape))),
            ("demo", AgentSign { cards: sample_cards(), reader: "hanako".into(), ..of(5, None) }),
        ]
    }
}
