//! The demo's residents. 山田花子, 佐藤健 and user0 are proofed at start by their soft cards through the real path:
//! the card signs, the whole checklist verifies, and only then is anything recorded as proven.

use super::city::KAGA;
use super::manifest::{Manifest, ResidentEntry};
use jpki::soft::{Family, NamedCard};
use jpki::{Enrolment, EnrolmentFields, Pin};
use pass_core::authn::mail_code::Address;
use pass_core::domain::account::{Credential, CredentialKind};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::person::DeclaredRecord;
use pass_core::domain::proofing::{CardTerms, NewProofing};
use pass_core::domain::words::Language;
use pass_core::id::{AccountId, AuditId, PersonId, ProofingId};
use pass_core::secret::{Hash, token};
use pass_core::{Fault, Time};
use pass_web::account::{New, create};
use pass_web::people::{PROVEN, person_key, sealed};
use pass_web::{App, demo};

/// Bench users beside the named residents.
const BENCH_USERS: usize = 64;
/// 小松市
const KOMATSU: &str = "172031";

/// Opens all accounts and proofs those whose card says so.
pub async fn move_in(app: &App, family: &Family, manifest: &mut Manifest) -> Result<(), Fault> {
    let named = [
        ("hanako", "山田　花子", Some((KAGA, "hanako")), true),
        ("ken", "佐藤　健", Some((KOMATSU, "ken")), true),
        ("aoi", "鈴木　あおい", Some((KAGA, "aoi")), false),
    ];
    for (login, name, card, proofed) in named {
        let card = card.and_then(|(city, card)| family.card(card).map(|card| (city, card)));
        resident(app, login, name, card, proofed, manifest).await?;
    }
    for number in 0..BENCH_USERS {
        let login = format!("user{number}");
        let card = (number == 0).then(|| family.card("user0").map(|card| (KAGA, card))).flatten();
        resident(app, &login, &format!("見本 {number}"), card, card.is_some(), manifest).await?;
    }
    Ok(())
}

async fn resident(
    app: &App,
    login: &str,
    name: &str,
    card: Option<(&str, &NamedCard)>,
    proofed: bool,
    manifest: &mut Manifest,
) -> Result<(), Fault> {
    let now = app.now();
    let secret = if login.starts_with("user") { "bench-password".to_string() } else { token(&*app.entropy) };
    let email = format!("{login}@example.jp");
    let address = Address::parse(&email).map_err(|_| Fault::new("a demo address is not valid"))?;
    let new = New {
        now,
        language: Language::Ja,
        declared: if login.starts_with("user") {
            filled(login, name, &email, now)
        } else {
            declared(name, &email, now)
        },
        address: Some(&address),
        extra: vec![test_credential(app, login, &secret, now)],
    };
    let (account, person) = create(app, new).await?;
    if let Some((_, card)) = card.filter(|_| proofed) {
        proof(app, account, person, card, &email).await?;
    }
    manifest.residents.push(ResidentEntry {
        login_id: login.into(),
        login_secret: secret,
        email,
        name: name.into(),
        city_code: card.map(|(city, _)| city.to_string()),
        card: card.map(|(_, card)| card.name.to_string()),
        pin: card.map(|(_, card)| card.pin.to_string()),
        signature_password: card.map(|(_, card)| card.signature_password.to_string()),
    });
    Ok(())
}

fn declared(name: &str, email: &str, now: Time) -> DeclaredRecord {
    DeclaredRecord {
        name: Some(name.into()),
        email: Some(email.into()),
        email_verified: true,
        updated_at: Some(now),
        ..DeclaredRecord::default()
    }
}

/// Every standard claim, for the conformance suite and the benches.
fn filled(login: &str, name: &str, email: &str, now: Time) -> DeclaredRecord {
    let page = |what: &str| Some(format!("https://people.example.test/{login}{what}"));
    DeclaredRecord {
        family_name: Some("見本".into()),
        given_name: name.rsplit(' ').next().map(str::to_string),
        middle_name: Some("ベンチ".into()),
        name_kana: Some("ミホン".into()),
        nickname: Some(login.into()),
        preferred_username: Some(login.into()),
        profile: page(""),
        picture: page("/picture.png"),
        website: page("/home"),
        gender: Some("other".into()),
        birthdate: Some("1980-01-01".into()),
        zoneinfo: Some("Asia/Tokyo".into()),
        locale: Some("ja-JP".into()),
        phone_number: Some("+81300000000".into()),
        phone_number_verified: false,
        address: Some("石川県加賀市見本町１番地".into()),
        ..declared(name, email, now)
    }
}

type MakeCredential<'a> = Box<dyn FnOnce(AccountId, pass_core::id::CredentialId) -> Credential + Send + 'a>;

fn test_credential<'a>(app: &'a App, login: &'a str, secret: &'a str, now: Time) -> MakeCredential<'a> {
    Box::new(move |account, id| Credential {
        id,
        account,
        kind: CredentialKind::Test,
        lookup: demo::lookup(app, login),
        public: Hash::of(secret).0.to_vec(),
        label: String::new(),
        created_at: now,
        last_used_at_lazy: None,
    })
}

/// The real path without the pages: statement, card session, checklist, proofing.
async fn proof(app: &App, account: AccountId, person: PersonId, card: &NamedCard, email: &str) -> Result<(), Fault> {
    let now = app.now();
    let statement = statement(app, email, now)?;
    let password =
        Pin::signature(&card.signature_password).map_err(|error| Fault::because("read a demo password", error))?;
    let signed = jpki::agent::read_and_sign(&mut card.insert(), &statement, &password)
        .map_err(|error| Fault::because("sign with a demo card", error))?;
    let revocation = app.revocation.of_sign_certificates();
    let verified = jpki::verify(&signed, &app.anchors, &revocation, &statement, now.seconds())
        .map_err(|error| Fault::because("verify a demo card", error))?;
    let key = person_key(app, person).await?;
    let key_of_cards = pass_web::card::settle::card_key(app);
    let card_terms = CardTerms { key: &key_of_cards, evidence: app.settings.evidence };
    let new = NewProofing::from_card(ProofingId::new(now, &*app.entropy), person, &verified, &card_terms, now);
    let record = sealed(app, &key, person, PROVEN, new.record());
    let audit = AuditEvent {
        id: AuditId::new(now, &*app.entropy),
        at: now,
        actor: Actor::Account(account),
        act: Act::ProofingSucceed,
        person: Some(person),
        facility: None,
        client: None,
        detail: "sign_certificate, demo card".into(),
    };
    app.store
        .write(move |tx| {
            pass_store::proofings::insert(tx, &new)?;
            pass_store::sealed_records::put(tx, person, &record, now)?;
            pass_store::audit::insert(tx, &audit)
        })
        .await
}

fn statement(app: &App, email: &str, now: Time) -> Result<Enrolment, Fault> {
    let mut nonce = [0; 32];
    app.entropy.fill(&mut nonce);
    Enrolment::new(EnrolmentFields {
        issuer: app.settings.issuer.clone(),
        account: pass_web::people::masked(email),
        purpose: "デモの住民の本人確認".into(),
        nonce,
        ticket: "demo".into(),
        issued_at: now.seconds(),
    })
    .map_err(|error| Fault::because("write a demo statement", error))
}
