//! The stand-in for the national service in this process, and somebody with a phone.

use super::{Browser, ISSUER, Reply, TestPass};
use jpki::soft::Family;
use pass_core::oidc::es256::SigningKey;
use pass_core::seal::{Purpose, WrappingSecret};
use pass_core::upstream::Registration;
use pass_store::testing::Seeded;
use pass_web::demo::counterpart::{Answered, Card, Client, Counterpart};
use pass_web::upstream::{CALLBACK, Upstream};
use std::sync::OnceLock;

const ORIGIN: &str = "http://127.0.0.1:8086";
const CLIENT: &str = "passdemo";

fn pem() -> &'static str {
    static PEM: OnceLock<String> = OnceLock::new();
    PEM.get_or_init(|| SigningKey::generate().unwrap())
}

fn key() -> SigningKey {
    SigningKey::from_pem(pem().as_bytes(), None).unwrap()
}

pub(super) fn upstream() -> Upstream {
    Upstream::new(Registration {
        issuer: Counterpart::issuer_at(ORIGIN),
        client_id: CLIENT.into(),
        redirect_uri: format!("{ISSUER}{CALLBACK}"),
        scopes: ["openid", "name", "address", "birthdate", "gender"].map(str::to_owned).to_vec(),
        acr_values: "aal3 crl".into(),
        key: key(),
    })
}

pub(super) fn service(family: &Family) -> Counterpart {
    let client = Client {
        client_id: CLIENT.into(),
        redirect_uri: format!("{ISSUER}{CALLBACK}"),
        key: key().public_jwk().clone(),
    };
    let card = |card: &jpki::soft::NamedCard| Card {
        name: card.name.clone(),
        what: card.what.clone(),
        pin: card.pin.clone(),
        four: card.basic_four.clone(),
    };
    let subjects = WrappingSecret::new([9; 32]).derive(Purpose::PairwiseSubject);
    Counterpart::new(ORIGIN, client, family.cards().iter().map(card).collect(), subjects).unwrap()
}

impl Browser {
    /// Leaves for the app from the page at hand and gives the address there.
    pub(crate) async fn leave_for_app(&self, page: &Reply) -> Reply {
        let start = page.attribute(".ways a[href^='/federation/']", "href").expect("a way to the app");
        let page = self.open(&start).await;
        assert!(page.has("#pass-app-go"), "{}", page.body);
        let left = self.submit(&page, &[("do", "go")]).await;
        assert!(left.location.starts_with(ORIGIN), "{} {}", left.location, left.body);
        left
    }
}

impl TestPass {
    /// At the service: the sample card and its PIN; gives the way back, as a path of PASS.
    pub(crate) fn answer_of_app(&self, left: &Reply, card: &str) -> String {
        let service = &self.elsewhere.national;
        let query = left.location.split_once('?').unwrap().1;
        let authorized = service.authorize(query).expect("the request is as the service wants it");
        let now = self.app.now();
        let entropy = Seeded::new(now.0.unsigned_abs());
        let (answered, back) = service.tell(&authorized, (card, &self.card(card).pin), now, &entropy);
        assert_eq!(answered, Answered::Back);
        back.strip_prefix(ISSUER).unwrap().to_owned()
    }
}
