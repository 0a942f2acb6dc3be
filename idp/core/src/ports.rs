//! What core asks of the outside: the only traits in the house with one implementation, wired in the package `pass`.

use crate::Time;
use crate::fault::Fault;
use std::future::Future;
use std::pin::Pin;

/// The wall clock. Handlers read it once for each request and pass the time on.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Time;
}

/// Unpredictable bytes, fit for keys and tokens.
pub trait Entropy: Send + Sync {
    /// Fills the slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// A future that a port returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A message to one person.
pub struct Mail {
    /// The address; never logged.
    pub to: String,
    /// Subject in the person's language.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Sends mail (SMTP). Called from the outbox job only, so that a message is written in the same transaction as its cause.
pub trait Mailer: Send + Sync {
    /// Hands one message to the mail server.
    fn send<'a>(&'a self, mail: &'a Mail) -> Answer<'a, Result<(), Fault>>;
}

/// What is known of revoked certificates.
pub trait Revocation: Send + Sync {
    /// The newest revocation data of signature certificates. Data that cannot be read must not pass as "not checked".
    fn of_sign_certificates(&self) -> jpki::RevocationData;
    /// Likewise of login certificates.
    fn of_login_certificates(&self) -> jpki::RevocationData;

    /// What is known of one certificate: asked of whoever knows, where the method asks one by one. Give it only what has
    /// passed every other check: the question tells a stranger who is here.
    fn about<'a>(&'a self, asked: jpki::revocation::Asked<'a>, _now: Time) -> Answer<'a, jpki::RevocationData> {
        let known = match asked.purpose {
            jpki::certificate::Purpose::Sign => self.of_sign_certificates(),
            jpki::certificate::Purpose::Auth => self.of_login_certificates(),
        };
        Box::pin(async { known })
    }

    /// Fetches newer data, where the method keeps some. What is kept stays when nothing better comes.
    fn refresh(&self, _now: Time) -> Answer<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

pub use openidconnect::{HttpRequest, HttpResponse};

/// HTTP to relying parties and to the national service (`jwks_uri`, `backchannel_logout_uri` and the like), behind the one guard against server-side request forgery.
pub trait Outgoing: Send + Sync {
    /// Fetches a JSON document.
    fn get_json<'a>(&'a self, url: &'a str) -> Answer<'a, Result<serde_json::Value, Fault>>;
    /// Fetches a short text.
    fn get_text<'a>(&'a self, url: &'a str) -> Answer<'a, Result<String, Fault>>;
    /// Sends one request and gives its answer whatever its status; for `core::upstream`.
    fn exchange(&self, request: HttpRequest) -> Answer<'_, Result<HttpResponse, Fault>>;
    /// Posts a form and gives the status of the answer, whose body is not read.
    fn post_form<'a>(&'a self, url: &'a str, fields: &'a [(&'a str, &'a str)]) -> Answer<'a, Result<u16, Fault>>;
}

/// Face comparison over the package `face`. Pictures are JPEG or PNG bytes and are not kept.
pub trait FaceMatcher: Send + Sync {
    /// Why faces cannot be compared here, if they cannot.
    fn unavailable(&self) -> Option<face::Unavailable>;
    /// Makes a template of good pictures of one person.
    fn enrol(&self, frames: &[&[u8]]) -> Result<face::Template, face::NotEnrolled>;
    /// Compares pictures with a template.
    fn verify(&self, template: &face::Template, frames: &[&[u8]]) -> face::Verification;
    /// Makes pictures of one person into what a gallery is searched for.
    fn probe(&self, frames: &[&[u8]]) -> Result<face::Probe, face::NotEnrolled>;
}
