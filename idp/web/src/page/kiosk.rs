//! `/kiosk/{facility}`: the one screen of a paired device. Its parts are shown and hidden by `kiosk.js`; there is one heading, which says
//! what happens. Never a full name, an address, a birth date or a score.

use askama::Template;

use super::Page;
use super::face_capture::HINTS;
use super::sample::shell;
use crate::kit::{Lang, PageHeaders, Shell, Words, assets};

/// The screen.
#[derive(Template)]
#[template(path = "page/kiosk.html")]
pub struct Kiosk {
    /// The frame.
    pub shell: Shell,
    /// The facility.
    pub name: String,
    /// Its drawing.
    pub logo: String,
    /// Who operates the camera.
    pub operator: String,
    /// Whether faces can be compared here.
    pub faces: bool,
}

/// What the script says, by the name of its data attribute.
const WORDS: &[(&str, &str)] = &[
    ("welcome", "kiosk-welcome"),
    ("leave", "kiosk-welcome-leave"),
    ("look", "kiosk-look"),
    ("hold", "kiosk-hold"),
    ("sending", "kiosk-sending"),
    ("no-camera", "kiosk-no-camera"),
    ("in", "kiosk-in"),
    ("out", "kiosk-out"),
    ("resident", "kiosk-resident"),
    ("non-resident", "kiosk-non-resident"),
    ("unknown", "kiosk-unknown"),
    ("resident-what", "kiosk-resident-what"),
    ("non-resident-what", "kiosk-non-resident-what"),
    ("unknown-what", "kiosk-unknown-what"),
    ("called", "kiosk-called"),
    ("called-what", "kiosk-called-what"),
    ("calling", "kiosk-calling"),
    ("wait", "kiosk-wait"),
    ("coming", "kiosk-coming"),
    ("coming-what", "kiosk-coming-what"),
    ("uncalled", "kiosk-uncalled"),
    ("uncalled-what", "kiosk-uncalled-what"),
    ("failed", "kiosk-failed"),
    ("unavailable", "kiosk-unavailable"),
    ("left", "kiosk-left"),
    ("still", "kiosk-still"),
    ("count", "kiosk-count"),
    ("broken", "kiosk-broken"),
    ("unreachable", "kiosk-unreachable"),
    ("retry", "kiosk-retry"),
    ("san", "kiosk-san"),
    ("hint-kiosk-close", "kiosk-close"),
    ("hint-kiosk-busy", "kiosk-busy"),
    ("hint-face-no-match", "kiosk-no-match"),
];

impl Kiosk {
    fn picture(&self) -> &'static str {
        picture(&self.logo)
    }

    /// Placeholders stay in the words: `{n}` and `{name}` are the script's to fill.
    fn words(&self) -> Vec<(String, Words)> {
        let own = WORDS.iter().map(|(name, key)| ((*name).to_string(), filled(&self.shell, key)));
        let hints = HINTS.iter().filter(|(key, _)| *key != "face.no-match");
        own.chain(hints.map(|(key, words)| (format!("hint-{}", key.replace('.', "-")), self.shell.t(words)))).collect()
    }

    /// Where a device left in another language goes back to.
    fn home(&self) -> Option<String> {
        let plain = |(lang, _): &(Lang, String)| *lang == Lang::Ja;
        self.shell.languages().into_iter().filter(|_| self.shell.lang != Lang::Ja).find(plain).map(|(_, href)| href)
    }
}

fn filled(shell: &Shell, key: &str) -> Words {
    match key {
        "kiosk-left" | "kiosk-count" => shell.t1(key, "n", "{n}"),
        "kiosk-san" => shell.t1(key, "name", "{name}"),
        _ => shell.t(key),
    }
}

/// The drawing of a facility.
pub(super) fn picture(logo: &str) -> &'static str {
    assets::find(&format!("{logo}.svg")).map_or("facility.svg", |asset| asset.name)
}

impl Page for Kiosk {
    const NAME: &'static str = "kiosk";

    fn headers(&self) -> PageHeaders {
        PageHeaders::camera()
    }

    fn frozen_ids(&self) -> Vec<&'static str> {
        let always = ["pass-kiosk-say", "pass-kiosk-call", "pass-kiosk-name", "pass-kiosk-class"];
        always.into_iter().chain(self.faces.then_some("pass-kiosk-face")).collect()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Kiosk)> {
        let of = |faces| Kiosk {
            shell: shell(lang, "/kiosk/kosodate"),
            name: "子育て支援センター".into(),
            logo: "kosodate".into(),
            operator: "加賀市（子育て支援課）".into(),
            faces,
        };
        vec![("ordinary", of(true)), ("no-faces", of(false))]
    }
}
