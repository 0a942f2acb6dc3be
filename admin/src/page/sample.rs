//! Samples of every page of Manager, for the tests, the gallery and the documentation. The people in them are invented.

use pass_core::Time;
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::domain::audit::Act;
use pass_core::domain::client::{Client, ClientFlags, ClientMetadata};
use pass_core::domain::facility::{Ceiling, CeilingEntry, Facility, Requirement};
use pass_core::domain::words::LocalText;
use pass_core::id::{ClientId, FacilityId, OrganisationId};
use pass_web::kit::{Lang, Part, Shell, Words};
use pass_web::page::Sample;

use super::*;
use crate::access::Rank;
use crate::words;

/// 2026-11-24 15:42 in Japan.
pub(super) const NOW: Time = Time(1_795_502_520_000);
pub(super) const ISSUER: &str = "https://pass.kaga.example";
pub(super) const USERINFO: &str = r#"{
  "sub": "7mB0tq4yZk1n8w0c3QvT1a5R",
  "residence_prefecture": "石川県",
  "residence_city": "加賀市",
  "residence_city_code": "172065",
  "is_resident": true,
  "residence_verified_on": "2026-10-05",
  "age_over_18": true
}"#;

pub(super) const ID_TOKEN: &str = r#"{
  "acr": "aal2",
  "amr": ["pop", "mfa"],
  "at_hash": "Zk1n8w0c3QvT1a5R7mB0tg",
  "aud": "kaga-library",
  "exp": 1795503120,
  "iat": 1795502520,
  "iss": "https://pass.kaga.example",
  "nonce": "...",
  "sid": "n8w0c3QvT1a5R7mB0tq4yZ",
  "sub": "7mB0tq4yZk1n8w0c3QvT1a5R"
}"#;

/// Every sample of every page of Manager in every language.
pub fn gallery() -> Vec<Sample> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        add::<StaffSignIn>(&mut all, lang);
        add::<Invite>(&mut all, lang);
        add::<Home>(&mut all, lang);
        add::<FacilityPage>(&mut all, lang);
        add::<Clients>(&mut all, lang);
        add::<ClientPage>(&mut all, lang);
        add::<ClientErrors>(&mut all, lang);
        add::<ClientTry>(&mut all, lang);
        add::<SecretPage>(&mut all, lang);
        add::<Audit>(&mut all, lang);
        add::<People>(&mut all, lang);
        add::<super::Visits>(&mut all, lang);
        add::<super::Terminals>(&mut all, lang);
        add::<KeysPage>(&mut all, lang);
        add::<Refused>(&mut all, lang);
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

fn by(lang: Lang, ja: &str, easy: &str, en: &str) -> String {
    String::from(match lang {
        Lang::Ja => ja,
        Lang::Easy => easy,
        Lang::En => en,
    })
}

pub(super) fn shell(lang: Lang, here: &str) -> Shell {
    Shell {
        lang,
        city: by(lang, "加賀市", "加賀市（かがし）", "Kaga City"),
        here: here.into(),
        host: "pass.kaga.example".into(),
        demo: false,
    }
}

fn library_name(lang: Lang) -> String {
    by(lang, "加賀市立図書館", "加賀市立図書館（かがしりつ としょかん）", "Kaga City Library")
}

pub(super) fn desk(lang: Lang, rank: Rank, room: Room) -> Desk {
    let choice = |slug: &str, name: String, here| Choice { slug: slug.into(), name, here };
    let kosodate = by(lang, "子育て支援センター", "子育（こそだ）て 支援（しえん）センター", "Child-care Centre");
    let choices = match rank {
        Rank::City => vec![choice("library", library_name(lang), true), choice("kosodate", kosodate, false)],
        Rank::Facility | Rank::Reception => Vec::new(),
    };
    Desk { csrf: "token".into(), staff: "佐々木 恵".into(), rank, facility: library_name(lang), choices, room }
}

pub(super) fn clients(lang: Lang) -> Vec<ClientLine> {
    let line = |client_id: &str, name: String, scope: &str, method, disabled| ClientLine {
        client_id: client_id.into(),
        name: Words::new(lang, name),
        scope: scope.into(),
        method,
        disabled,
    };
    let reservations = by(lang, "予約システム", "本（ほん）の 予約（よやく）", "Reservations");
    let seats = by(
        lang,
        "閲覧席・自習室・会議室・録音室の利用者端末（旧館二階）",
        "席（せき）の 機械（きかい）（古（ふる）い 建物（たてもの）の ２階（かい））",
        "Seats, study rooms, meeting rooms and the recording studio, old building",
    );
    vec![
        line("kaga-library", reservations, "openid residence age", "client_secret_basic", false),
        line("library-seats-2026-old-building-second-floor", seats, "openid residence", "none", true),
    ]
}

/// The library's program as a row.
pub(super) fn client() -> Client {
    Client {
        id: ClientId([3; 16]),
        client_id: "kaga-library".into(),
        facility: FacilityId([1; 16]),
        secret: None,
        metadata: ClientMetadata::default(),
        flags: ClientFlags::default(),
        registration: None,
        created_at: NOW,
        disabled_at: None,
    }
}

pub(super) fn keys() -> Vec<JwkLine> {
    let line = |kid: &str, kty: &str, alg: &str, purpose: &str| JwkLine {
        kid: kid.into(),
        kty: kty.into(),
        alg: alg.into(),
        purpose: purpose.into(),
    };
    vec![
        line("Vx3kQ9mB0tq4yZk1n8w0c3QvT1a5R7mB0tq4yZk1n8w", "EC", "ES256", "sig"),
        line("2026-enc", "EC", "ECDH-ES", "enc"),
        line("-", "RSA", "-", "-"),
    ]
}

pub(super) fn events(lang: Lang) -> Vec<EventLine> {
    let resident = || lang.t("mgr-actor-resident");
    let line = |back: i64, who: Words, act: Act, client: Option<&str>, detail: &str, waiting: bool| EventLine {
        sequence: (!waiting).then_some(48_213 - back),
        at: words::stamp(Time(NOW.0 - back * 1_111_000)),
        who,
        act: words::act(lang, act),
        client: client.map(String::from),
        detail: detail.into(),
        hash: (!waiting).then(|| format!("{:04x}…{:04x}", 0x9f2c - back * 977, 0xe41b - back * 1_201)),
    };
    let staff = || Words::new(lang, "佐々木 恵");
    vec![
        line(0, resident(), Act::SignIn, Some("kaga-library"), "acr=aal2", true),
        line(1, resident(), Act::ConsentGive, Some("kaga-library"), "claims=6", false),
        line(2, staff(), Act::ClientRotateSecret, Some("library-seats-2026-old-building-second-floor"), "", false),
        line(3, staff(), Act::CeilingChange, None, "version=4 added=email", false),
        line(4, lang.t("mgr-actor-operator"), Act::StaffInvite, None, "role=facility_admin", false),
        line(5, lang.t("mgr-actor-system"), Act::KeysRotate, None, "kid=2026-11", false),
    ]
}

pub(super) fn facility() -> Facility {
    Facility {
        id: FacilityId([1; 16]),
        organisation: OrganisationId([2; 16]),
        slug: "library".into(),
        name: LocalText::same("加賀市立図書館"),
        department: LocalText::same("図書館 利用登録"),
        logo: "library".into(),
        municipality: "172065".into(),
        sector: "library".into(),
    }
}

pub(super) fn ceiling(_lang: Lang) -> Ceiling {
    let required = |claim| CeilingEntry { claim, requirement: Requirement::Required, least: Acr::Aal1 };
    Ceiling {
        facility: FacilityId([1; 16]),
        version: 3,
        purpose: LocalText::new(
            "市内にお住まいの方の利用登録",
            "市（し）に 住（す）んでいる 人（ひと）が 本（ほん）を 借（か）りるため",
            "Registering residents of the city as library users",
        ),
        entries: [
            Claim::ResidencePrefecture,
            Claim::ResidenceCity,
            Claim::ResidenceCityCode,
            Claim::IsResident,
            Claim::ResidenceVerifiedOn,
            Claim::AgeOver18,
        ]
        .map(required)
        .to_vec(),
        created_at: Time(1_791_158_400_000),
    }
}

/// Claims that the draft of the samples adds.
pub(super) fn more() -> [CeilingEntry; 2] {
    [
        CeilingEntry { claim: Claim::Name, requirement: Requirement::Required, least: Acr::Aal2 },
        CeilingEntry { claim: Claim::Email, requirement: Requirement::Optional, least: Acr::Zero },
    ]
}

#[cfg(feature = "demo")]
pub(super) fn demo_staff(lang: Lang) -> Option<Part> {
    let button = |name: &str, rank: Rank, facility: Option<String>| StaffButton {
        name: name.into(),
        role: rank.key(),
        facility,
    };
    Some(Part::of(&DemoStaff {
        shell: shell(lang, "/manager/sign-in"),
        csrf: "token".into(),
        staff: vec![
            button("北川 修", Rank::City, None),
            button("佐々木 恵", Rank::Facility, Some(library_name(lang))),
            button("高橋 亮", Rank::Reception, Some(library_name(lang))),
        ],
    }))
}

#[cfg(not(feature = "demo"))]
pub(super) fn demo_staff(_: Lang) -> Option<Part> {
    None
}
