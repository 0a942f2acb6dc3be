//! What the card, or the app of the national service, said, to be looked at: the basic four just read. `decision` is `keep` or
//! `drop`.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::date::Day;
use crate::kit::{Asker, Journey, Lang, Shell};

/// The page after the card.
#[derive(Template)]
#[template(path = "page/card_confirm.html")]
pub struct CardConfirm {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// Name as the card says it.
    pub name: String,
    /// Address as the card says it.
    pub address: String,
    /// Date of birth (`1988-02-29`), empty when the card does not say it whole.
    pub birthdate: String,
    /// `male`, `female`, or empty.
    pub gender: String,
    /// Whether the card says that a letter of the name is replaced.
    pub replaced: bool,
    /// Whether this is part of the first registration.
    pub sign_up: bool,
    /// Who said it.
    pub source: Source,
}

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The certificate on the card.
    Card,
    /// The app of the national service.
    App {
        /// A stronger check holds: nothing of this is kept but that the person may sign in so.
        beside: bool,
    },
}

impl CardConfirm {
    fn born(&self) -> crate::kit::Words {
        let lang = self.shell.lang;
        Day::parse(&self.birthdate).map_or_else(|| lang.t(self.words()[3]), |day| day.birth(lang))
    }

    /// Keys: title, who was checked, how, a value that is not there, the head of the slip.
    fn words(&self) -> [&'static str; 5] {
        match self.source {
            Source::Card => ["confirm-title", "confirm-ok", "confirm-ok-what", "confirm-empty", "confirm-read"],
            Source::App { .. } => {
                let title = "app-confirm-title";
                [title, "app-confirm-ok", "app-confirm-ok-what", "app-confirm-empty", title]
            }
        }
    }

    fn sex(&self) -> &'static str {
        match self.gender.as_str() {
            "male" => "slip-male",
            "female" => "slip-female",
            _ => self.words()[3],
        }
    }
}

impl Page for CardConfirm {
    const NAME: &'static str = "card_confirm";

    fn samples(lang: Lang) -> Vec<(&'static str, CardConfirm)> {
        let of = |name: &str, address: &str| CardConfirm {
            shell: shell(lang, "/interaction/4b1d/proof/confirm"),
            csrf: "token".into(),
            asker: Some(library(lang)),
            name: name.into(),
            address: address.into(),
            birthdate: "1988-02-29".into(),
            gender: "female".into(),
            replaced: false,
            sign_up: true,
            source: Source::Card,
        };
        let long = "石川県加賀市大聖寺東町四丁目１７番地５ブエナビスタ大聖寺東町パークサイドレジデンス弐番館１２０４号";
        vec![
            ("ordinary", of("山田　花子", "石川県加賀市見本町１２番地３")),
            (
                "app",
                CardConfirm {
                    source: Source::App { beside: false },
                    ..of("山田　花子", "石川県加賀市見本町１２番地３")
                },
            ),
            (
                "beside",
                CardConfirm {
                    source: Source::App { beside: true },
                    asker: None,
                    sign_up: false,
                    ..of("山田　花子", "石川県加賀市見本町１２番地３")
                },
            ),
            (
                "longest",
                CardConfirm {
                    replaced: true,
                    birthdate: String::new(),
                    gender: String::new(),
                    asker: None,
                    sign_up: false,
                    ..of("長曽我部　エリザベスアレクサンドラ花子", long)
                },
            ),
        ]
    }
}
