//! Served by the card agent on loopback, never by the issuer: the text about to be signed, and the one place where the
//! signature password is typed. Fields: `password`; or `do=cancel`.

use askama::Template;

use super::Page;
use super::sample::shell;
use super::slip;
use crate::kit::{Journey, Lang, PageHeaders, Shell, Words};

/// The page that shows the statement and takes the password.
#[derive(Template)]
#[template(path = "page/agent_sign.html")]
pub struct AgentSign {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// What the statement is for.
    pub kind: SignKind,
    /// Of a consent: for whom, and which values.
    pub consent: Option<AgentConsent>,
    /// The issuer's URL; forms may lead back there.
    pub issuer: String,
    /// The account as the statement names it; empty where the card says whose it is.
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
    /// Tries of the signature password that the card has left; one of them is never used here. None: it is not needed.
    pub left: Option<u8>,
    /// Likewise of the four digits. None: they are not needed and cannot be used.
    pub pin_left: Option<u8>,
    /// What went wrong with the last try.
    pub fault: Option<PasswordFault>,
}

/// What a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignKind {
    /// Be proofed.
    Enrolment,
    /// Sign in with the four digits.
    Login,
    /// Come back with the password.
    Recovery,
    /// Have the text of a child's card read.
    Text,
    /// Agree that a facility has some values.
    Consent,
}

/// Who may have which values.
#[derive(Clone)]
pub struct AgentConsent {
    /// The facility, by its registered name.
    pub facility: String,
    /// Claims and values.
    pub values: Vec<(String, String)>,
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
    /// The card did not accept the four digits.
    WrongPin,
    /// They cannot be four digits. The card was not asked.
    PinShape,
}

impl AgentSign {
    fn is_login(&self) -> bool {
        self.kind == SignKind::Login
    }

    fn is_text(&self) -> bool {
        self.kind == SignKind::Text
    }

    /// Whether the statement says whose account it is about; a consent is given while signed in.
    fn names_nobody(&self) -> bool {
        matches!(self.kind, SignKind::Login | SignKind::Recovery)
    }

    /// What people call a claim. The agent knows no city.
    fn label(&self, claim: &str) -> Words {
        slip::label(self.shell.lang, &self.shell.plain("agent-the-city"), claim)
    }

    /// The language of what came with the statement, which stays as it is when the page is in another one.
    fn spoken(&self) -> &'static str {
        let japanese = |c: char| ('\u{3040}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c);
        if self.purpose.chars().any(japanese) { "ja" } else { "en" }
    }

    /// Where typing begins: the field that was wrong, else the first that is needed.
    fn begins_with_pin(&self) -> bool {
        self.pin_wrong() || self.pin_needed()
    }

    /// Whether the four digits are all that is asked for.
    fn pin_needed(&self) -> bool {
        self.left.is_none()
    }

    fn pin_label(&self) -> &'static str {
        match self.kind {
            SignKind::Login => "agent-pin",
            SignKind::Text => "agent-text-pin",
            SignKind::Enrolment | SignKind::Recovery | SignKind::Consent => "agent-pin-optional",
        }
    }

    /// Keys of title, question and lead.
    fn words(&self) -> [&'static str; 3] {
        match self.kind {
            SignKind::Enrolment => ["agent-sign-title", "agent-sign-ask", "agent-sign-lead"],
            SignKind::Login => ["agent-login-title", "agent-login-ask", "agent-login-lead"],
            SignKind::Recovery => ["agent-recovery-title", "agent-recovery-ask", "agent-sign-lead"],
            SignKind::Text => ["agent-text-title", "agent-text-ask", "agent-text-lead"],
            SignKind::Consent => ["agent-sign-title", "agent-consent-ask", "agent-consent-lead"],
        }
    }

    fn password_wrong(&self) -> bool {
        matches!(self.fault, Some(PasswordFault::Wrong | PasswordFault::Shape))
    }

    fn pin_wrong(&self) -> bool {
        matches!(self.fault, Some(PasswordFault::WrongPin | PasswordFault::PinShape))
    }

    /// How often a secret may be tried here, in words.
    fn tries(&self, left: &u8) -> Words {
        let usable = left.saturating_sub(1);
        self.shell.lang.t_args("agent-left", &[("left", (*left).into()), ("usable", usable.into())])
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
            kind: SignKind::Enrolment,
            consent: None,
            issuer: "https://pass.kaga.example".into(),
            account: "ha****@example.jp".into(),
            purpose: "PASSの本人確認のため、カードの電子証明書にある氏名、住所、生年月日、性別を使うことに同意します。".into(),
            issued: crate::kit::date::moment(lang, 1_795_502_520_000).plain(),
            statement: "PASS-JPKI-ENROLMENT-v1\nissuer=https://pass.kaga.example\naccount=ha****@example.jp\npurpose=PASSの本人確認のため、カードの電子証明書にある氏名、住所、生年月日、性別を使うことに同意します。\nnonce=Zk1n8w0c3QvT7mB0tq4yZk1n8w0c3QvT7mB0tq4y000\nticket=t_7mB0tq4yZk1n8w0c3QvT1a5R\nissued-at=1795502520".into(),
            reader: "PC/SC リーダー 1".into(),
            cards: Vec::new(),
            left: Some(left),
            pin_left: Some(3),
            fault,
        }
        };
        let login = |pin_left, fault| {
            AgentSign {
            kind: SignKind::Login,
            account: String::new(),
            purpose: "加賀市立図書館を使うため、マイナンバーカードでPASSにログインします".into(),
            statement: "PASS-JPKI-LOGIN-v1\nissuer=https://pass.kaga.example\npurpose=加賀市立図書館を使うため、マイナンバーカードでPASSにログインします\nnonce=Zk1n8w0c3QvT7mB0tq4yZk1n8w0c3QvT7mB0tq4y000\nticket=t_7mB0tq4yZk1n8w0c3QvT1a5R\nissued-at=1795502520".into(),
            left: None,
            pin_left: Some(pin_left),
            ..of(5, fault)
        }
        };
        vec![
            ("ordinary", of(5, None)),
            ("wrong", of(3, Some(PasswordFault::Wrong))),
            ("last-usable", of(2, Some(PasswordFault::Wrong))),
            ("shape", of(5, Some(PasswordFault::Shape))),
            ("login", login(3, None)),
            ("login-wrong", login(2, Some(PasswordFault::WrongPin))),
            ("login-shape", login(3, Some(PasswordFault::PinShape))),
            (
                "text",
                AgentSign {
                    kind: SignKind::Text,
                    account: "ha****@example.jp".into(),
                    purpose: "お子さんを家族として加えるため、カードの氏名、住所、生年月日、性別を読み取ります".into(),
                    ..login(3, None)
                },
            ),
            ("consent", consent_sample(of(5, None))),
            ("recovery", AgentSign { kind: SignKind::Recovery, left: Some(5), ..login(3, None) }),
            ("no-pin", AgentSign { pin_left: None, ..of(5, None) }),
            ("demo", AgentSign { cards: sample_cards(), reader: "hanako".into(), ..of(5, None) }),
        ]
    }
}

fn consent_sample(page: AgentSign) -> AgentSign {
    let value = |claim: &str, value: &str| (claim.to_owned(), value.to_owned());
    AgentSign {
        kind: SignKind::Consent,
        consent: Some(AgentConsent {
            facility: "加賀市立図書館".into(),
            values: vec![
                value("residence_city", "加賀市"),
                value("is_resident", "はい"),
                value("age_over_18", "はい"),
            ],
        }),
        account: String::new(),
        purpose: "市内にお住まいの方の利用登録".into(),
        statement: "PASS-JPKI-CONSENT-v1\nissuer=https://pass.kaga.example\nfacility=加賀市立図書館\npurpose=市内にお住まいの方の利用登録\nclaims=residence_city is_resident age_over_18\nvalues-sha256=0c3a…\nnonce=Zk1n8w0c3QvT7mB0tq4yZk1n8w0c3QvT7mB0tq4y000\nticket=t_7mB0tq4yZk1n8w0c3QvT1a5R\nissued-at=1795502520".into(),
        pin_left: None,
        ..page
    }
}
