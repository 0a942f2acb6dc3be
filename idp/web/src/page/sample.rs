//! Samples of every page, for the tests, the gallery and the documentation. The people in them are invented.

use super::*;
use crate::kit::{Asker, Shell};

/// A page as people may meet it.
pub struct Sample {
    /// The page.
    pub page: &'static str,
    /// Which case of it.
    pub case: &'static str,
    /// In which language.
    pub lang: Lang,
    /// The page itself.
    pub html: String,
    /// The headers it asks for.
    pub headers: PageHeaders,
    /// Ids that must be there exactly once.
    pub frozen_ids: Vec<&'static str>,
}

/// Every sample of every page in every language.
pub fn gallery() -> Vec<Sample> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        add::<SignIn>(&mut all, lang);
        add::<Code>(&mut all, lang);
        add::<SignUp>(&mut all, lang);
        add::<MakePasskey>(&mut all, lang);
        add::<CardStart>(&mut all, lang);
        add::<CardSignIn>(&mut all, lang);
        add::<CardConfirm>(&mut all, lang);
        add::<CardRefused>(&mut all, lang);
        add::<AppStart>(&mut all, lang);
        add::<AppRefused>(&mut all, lang);
        add::<AgentSign>(&mut all, lang);
        add::<AgentProblem>(&mut all, lang);
        add::<StepUp>(&mut all, lang);
        add::<FaceCapture>(&mut all, lang);
        add::<Consent>(&mut all, lang);
        add::<ErrorPage>(&mut all, lang);
        add::<Notice>(&mut all, lang);
        add::<Logout>(&mut all, lang);
        add::<SignedOut>(&mut all, lang);
        add::<SigningOut>(&mut all, lang);
        add::<Kiosk>(&mut all, lang);
        add::<KioskPair>(&mut all, lang);
        add::<KioskStopped>(&mut all, lang);
        add::<FormPost>(&mut all, lang);
        add::<MeHome>(&mut all, lang);
        add::<MeFacilities>(&mut all, lang);
        add::<MeFacility>(&mut all, lang);
        add::<MeWithdraw>(&mut all, lang);
        add::<MeClose>(&mut all, lang);
        add::<Closed>(&mut all, lang);
        add::<MeFace>(&mut all, lang);
        add::<FaceConsent>(&mut all, lang);
        add::<MeFamily>(&mut all, lang);
        add::<FamilyConfirm>(&mut all, lang);
        add::<MePasskeys>(&mut all, lang);
        add::<MeActivity>(&mut all, lang);
        #[cfg(feature = "demo")]
        {
            add::<Outbox>(&mut all, lang);
            add::<Counterpart>(&mut all, lang);
            add::<CounterpartRefused>(&mut all, lang);
        }
    }
    all
}

fn add<P: Page>(all: &mut Vec<Sample>, lang: Lang) {
    all.extend(P::samples(lang).into_iter().map(|(case, page)| Sample {
        page: P::NAME,
        case,
        lang,
        html: page.html(),
        headers: page.headers(),
        frozen_ids: page.frozen_ids(),
    }));
}

/// One of three texts.
pub(super) fn by(lang: Lang, ja: &str, easy: &str, en: &str) -> String {
    String::from(match lang {
        Lang::Ja => ja,
        Lang::Easy => easy,
        Lang::En => en,
    })
}

/// The frame of the sample pages.
pub(super) fn shell(lang: Lang, here: &str) -> Shell {
    Shell {
        lang,
        city: by(lang, "加賀市", "加賀市（かがし）", "Kaga City"),
        here: here.into(),
        host: "pass.kaga.example".into(),
        demo: false,
    }
}

/// The library.
pub(super) fn library(lang: Lang) -> Asker {
    Asker {
        name: by(lang, "加賀市立図書館", "加賀市立図書館（かがしりつ としょかん）", "Kaga City Library"),
        logo: Some(crate::kit::assets::url("library.svg")),
        operator: by(lang, "加賀市", "加賀市（かがし）", "Kaga City"),
        purpose: by(
            lang,
            "市内にお住まいの方の利用登録",
            "市（し）に 住（す）んでいる 人（ひと）が 本（ほん）を 借（か）りるため",
            "Registering residents of the city as library users",
        ),
        policy: Some("https://library.example/privacy".into()),
        tos: Some("https://library.example/terms".into()),
    }
}

/// A facility whose name is as long as they come, without logo or papers.
pub(super) fn longest(lang: Lang) -> Asker {
    let name = by(
        lang,
        "加賀市山中温泉地区子育て世代包括支援センター附属病児・病後児保育室すこやかルーム山中",
        "加賀市（かがし）山中温泉（やまなかおんせん）地区（ちく） 子育（こそだ）て 世代（せだい） 包括（ほうかつ） 支援（しえん）センター すこやかルーム",
        "Kaga City Yamanaka Onsen District Comprehensive Support Centre for Families with Small Children, Sick-Child Care Room",
    );
    Asker { operator: name.clone(), purpose: name.clone(), name, logo: None, policy: None, tos: None }
}
