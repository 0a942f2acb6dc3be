//! The card's way: the browser leaves with a ticket, the agent reads and signs, the browser comes back.

use super::{AGENT, Browser, ISSUER, Reply, START};
use actix_web::test::TestRequest;
use jpki::agent::Typed;
use jpki::soft::{Family, NamedCard};
use jpki::{AnyFields, AnyStatement, Pin, SignedProof};
use serde_json::json;
use std::cell::RefCell;
use std::sync::OnceLock;

/// The soft cards of this test run: their keys take seconds to make.
pub(super) fn family() -> &'static Family {
    static FAMILY: OnceLock<(Family, tempfile::TempDir)> = OnceLock::new();
    let made = FAMILY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        (Family::open_or_create(folder.path(), START.seconds()).unwrap(), folder)
    });
    &made.0
}

/// The agent with the ticket it was sent.
pub(crate) struct Agent {
    /// The ticket.
    pub(crate) ticket: String,
    /// Where the browser goes afterwards.
    pub(crate) back: String,
    /// What the issuer answered to the proof, for the way back.
    pub(crate) completion: RefCell<String>,
}

impl Agent {
    /// From the address that the issuer sent the browser to.
    pub(crate) fn of(left: &Reply) -> Self {
        assert!(left.location.starts_with(AGENT), "not at the agent but at {}", left.location);
        assert_eq!(left.parameter("issuer").as_deref(), Some(ISSUER));
        Self {
            ticket: left.parameter("ticket").unwrap(),
            back: left.parameter("back").unwrap(),
            completion: RefCell::default(),
        }
    }

    /// Fetches the statement and lets the card sign it.
    pub(crate) async fn sign(&self, wire: &Browser, card: &NamedCard) -> SignedProof {
        let statement = self.statement(wire).await;
        let typed = Typed { password: Some(Pin::signature(&card.signature_password).unwrap()), pin: None, text: None };
        jpki::agent::sign(&mut card.insert(), &statement, &typed).unwrap().proof.unwrap()
    }

    /// Fetches the statement.
    pub(crate) async fn statement(&self, wire: &Browser) -> AnyStatement {
        let asked = TestRequest::post().uri("/card/statement").set_json(json!({ "ticket": self.ticket }));
        serde_json::from_str::<AnyFields>(&wire.send(asked).await.body).unwrap().check().unwrap()
    }

    /// Lets the card sign with both keys, or the one that the statement wants, and hands it over.
    pub(crate) async fn sign_and_post(&self, wire: &Browser, card: &NamedCard) -> String {
        let statement = self.statement(wire).await;
        let typed = Typed {
            password: Some(Pin::signature(&card.signature_password).unwrap()),
            pin: Some(Pin::auth(&card.pin).unwrap()),
            text: None,
        };
        let signed = jpki::agent::sign(&mut card.insert(), &statement, &typed).unwrap();
        self.post_json(wire, json!({ "ticket": self.ticket, "proof": signed.proof, "login": signed.login })).await
    }

    /// Hands a proof over and gives the outcome.
    pub(crate) async fn post(&self, wire: &Browser, proof: &SignedProof) -> String {
        self.post_json(wire, json!({ "ticket": self.ticket, "proof": proof })).await
    }

    /// Hands anything over and gives the outcome.
    pub(crate) async fn post_json(&self, wire: &Browser, posted: serde_json::Value) -> String {
        let reply = wire.send(TestRequest::post().uri("/card/result").set_json(posted)).await;
        if let Some(completion) = reply.json()["completion"].as_str() {
            *self.completion.borrow_mut() = completion.to_string();
        }
        reply.json()["outcome"].as_str().unwrap().to_string()
    }

    /// The address of the way back.
    pub(crate) fn home(&self) -> String {
        format!("{}?ticket={}&completion={}", self.back, self.ticket, self.completion.borrow())
    }

    /// The same for somebody who knows the ticket only.
    pub(crate) fn home_without_secret(&self) -> String {
        format!("{}?ticket={}", self.back, self.ticket)
    }
}

impl Browser {
    /// Leaves for the agent from `/me/card`.
    pub(crate) async fn leave_for_agent(&self) -> Agent {
        let page = self.open("/me/card").await;
        Agent::of(&self.submit(&page, &[("do", "card")]).await)
    }

    /// Is proofed with a card and comes back to the page that shows what was read.
    pub(crate) async fn proof(&self, card: &NamedCard) -> Reply {
        let agent = self.leave_for_agent().await;
        // The agent is another program: it has none of the browser's cookies.
        let wire = Browser::new(self.wire());
        let proof = agent.sign(&wire, card).await;
        assert_eq!(agent.post(&wire, &proof).await, "verified");
        self.open(&agent.home()).await
    }
}
