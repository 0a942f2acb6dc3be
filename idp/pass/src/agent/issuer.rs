//! The issuers on the allow list, and the two questions the agent asks them. The agent opens no other connection.

use jpki::agent::Signed;
use jpki::{AnyFields, AnyStatement};
use pass_core::Fault;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use url::{Host, Url};

/// Where an enrolment goes back to.
const PROOF_RETURN: &str = "/proof/return";
/// Where somebody who signs in with a card goes back to.
const CARD_RETURN: &str = "/card/return";

/// Where a signed consent goes back to.
const CONSENT_RETURN: &str = "/consent/return";
/// Where a reading of a child's card goes back to.
const FAMILY_RETURN: &str = "/me/family/return";

/// Whether this way back is that of such a statement.
pub(super) fn leads_back(back: &Url, statement: &AnyStatement) -> bool {
    let page = match statement {
        AnyStatement::Enrolment(_) => PROOF_RETURN,
        AnyStatement::Login(_) | AnyStatement::Recovery(_) => CARD_RETURN,
        AnyStatement::Consent(_) => CONSENT_RETURN,
        AnyStatement::Text(_) => FAMILY_RETURN,
    };
    back.path().ends_with(page)
}

/// A statement is about 1 kB.
const LIMIT: usize = 16 * 1024;

/// An issuer on the allow list.
pub(super) struct Issuer {
    url: String,
    http: Client,
}

/// Why the issuer gave no statement, or took no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// The ticket is used, too old, or nobody's.
    Ticket,
    /// No answer, or none that makes sense.
    Unreachable,
    /// A statement that names somebody else, or that no card of ours may sign.
    Statement,
}

impl Issuer {
    /// Takes the URL of an issuer: https, or http on this machine.
    pub(super) fn new(url: &str, extra_ca_pem: Option<&[u8]>) -> Result<Self, Fault> {
        let parsed = Url::parse(url).map_err(|error| Fault::because(format!("read the issuer {url}"), error))?;
        let here = on_this_machine(&parsed);
        if parsed.scheme() != "https" && !(parsed.scheme() == "http" && here) {
            return Err(Fault::new(format!("the issuer {url} must be https")));
        }
        let mut http = Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(10));
        if here {
            http = http.no_proxy();
        }
        if let Some(pem) = extra_ca_pem {
            let ca = reqwest::Certificate::from_pem(pem)
                .map_err(|error| Fault::because("read the extra CA of the card agent", error))?;
            http = http.add_root_certificate(ca);
        }
        let http = http.build().map_err(|error| Fault::because("prepare the card agent's HTTP", error))?;
        Ok(Self { url: url.trim_end_matches('/').into(), http })
    }

    /// Whether this is the issuer called so.
    pub(super) fn is(&self, url: &str) -> bool {
        self.url == url
    }

    /// Its name, as it stands in its statements.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// A page of this issuer that takes a proof, to go back to. No other: the way back carries the completion secret, and another
    /// page might hand its query on.
    pub(super) fn way_back(&self, address: &str) -> Option<Url> {
        let way = address.strip_prefix(&self.url)?;
        if way == FAMILY_RETURN {
            return Url::parse(address).ok();
        }
        let way = way.strip_prefix("/interaction/")?;
        let handle = [PROOF_RETURN, CARD_RETURN, CONSENT_RETURN].into_iter().find_map(|page| way.strip_suffix(page))?;
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (!handle.is_empty() && handle.bytes().all(word)).then(|| Url::parse(address).ok())?
    }

    /// The statement of a ticket, built here from its fields: what somebody else wrote cannot be signed.
    pub(super) async fn statement(&self, ticket: &str) -> Result<AnyStatement, Unanswered> {
        let answer = self.ask("/card/statement", &json!({ "ticket": ticket })).await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::UNPROCESSABLE_ENTITY => {
                let answer: Value = serde_json::from_slice(&body(answer).await?).unwrap_or_default();
                // Other outcomes pass, like too many requests.
                let gone = answer["outcome"] == "ticket_expired";
                return Err(if gone { Unanswered::Ticket } else { Unanswered::Unreachable });
            }
            _ => return Err(Unanswered::Unreachable),
        }
        let fields: AnyFields = serde_json::from_slice(&body(answer).await?).map_err(|_| Unanswered::Statement)?;
        let statement = fields.check().map_err(|_| Unanswered::Statement)?;
        if statement.issuer() == self.url { Ok(statement) } else { Err(Unanswered::Statement) }
    }

    /// Hands the proof over, and gives the completion secret for the way back. What the issuer thinks of the proof, it tells on
    /// its own page; a ticket that was used before has no secret.
    pub(super) async fn result(&self, ticket: &str, signed: &Signed) -> Result<String, Unanswered> {
        let posted = json!({ "ticket": ticket, "proof": signed.proof, "login": signed.login, "text": signed.text });
        let answer = self.ask("/card/result", &posted).await?;
        if !matches!(answer.status(), StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY) {
            return Err(Unanswered::Unreachable);
        }
        let answer: Value = serde_json::from_slice(&body(answer).await?).unwrap_or_default();
        Ok(answer["completion"].as_str().unwrap_or_default().to_string())
    }

    async fn ask(&self, path: &str, question: &Value) -> Result<Response, Unanswered> {
        self.http.post(format!("{}{path}", self.url)).json(question).send().await.map_err(|error| {
            // The question holds ticket and proof; the reason holds neither.
            tracing::warn!(issuer = self.url, error = %reason(&error), "the issuer does not answer");
            Unanswered::Unreachable
        })
    }
}

/// The innermost cause: it names the machine's trouble.
fn reason(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), reason)
}

async fn body(mut answer: Response) -> Result<Vec<u8>, Unanswered> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| Unanswered::Unreachable)? {
        if body.len() + chunk.len() > LIMIT {
            return Err(Unanswered::Statement);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_05_an_issuer_is_reached_over_tls_or_on_this_machine() {
        for (url, good) in [
            ("https://pass.example", true),
            ("http://localhost:7000", true),
            ("http://127.0.0.1:7000", true),
            ("http://[::1]:7000", true),
            ("http://pass.example", false),
            ("http://localhost.example", false),
            ("ftp://localhost", false),
            ("pass.example", false),
        ] {
            assert_eq!(Issuer::new(url, None).is_ok(), good, "{url}");
        }
        assert!(
            Issuer::new("https://pass.example", Some(b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"))
                .is_err()
        );
    }

    #[test]
    fn cap_05_the_browser_goes_back_to_the_issuer_alone() {
        let issuer = Issuer::new("http://localhost:7000", None).unwrap();
        for (back, good) in [
            ("http://localhost:7000/interaction/1/proof/return", true),
            ("http://localhost:7000/interaction/1/consent", false),
            ("http://localhost:7000/interaction/a-B_1/card/return", true),
            ("http://localhost:7000/interaction/1/consent/return", true),
            ("http://localhost:7000/interaction/1/card/return?to=x", false),
            ("http://localhost:7000/interaction/1/card/return#x", false),
            ("http://localhost:7000/interaction/1/2/card/return", false),
            ("http://localhost:7000/interaction/%2e%2e/card/return", false),
            ("http://localhost:7000/interaction/../card/return", false),
            ("http://localhost:7000/interaction//card/return", false),
            ("http://localhost:7000/authorize?state=/interaction/1/proof/return", false),
            ("http://localhost:7000/me?x=1", false),
            ("http://localhost:7001/interaction/1/proof/return", false),
            ("https://localhost:7000/interaction/1/proof/return", false),
            ("http://localhost:7000@evil.example/interaction/1/proof/return", false),
            ("http://user@localhost:7000/interaction/1/proof/return", false),
            ("http://localhost:7000.evil.example/interaction/1/proof/return", false),
            ("javascript:alert(1)", false),
            ("/interaction/1/proof/return", false),
        ] {
            assert_eq!(issuer.way_back(back).is_some(), good, "{back}");
        }
        let login = AnyStatement::Login(
            jpki::LoginChallenge::new(jpki::LoginFields {
                issuer: "http://localhost:7000".into(),
                purpose: "login".into(),
                nonce: [0; 32],
                ticket: "t".into(),
                issued_at: 0,
            })
            .unwrap(),
        );
        for (page, good) in [("card", true), ("proof", false)] {
            let back = issuer.way_back(&format!("http://localhost:7000/interaction/1/{page}/return")).unwrap();
            assert_eq!(leads_back(&back, &login), good, "{page}");
        }
    }
}
