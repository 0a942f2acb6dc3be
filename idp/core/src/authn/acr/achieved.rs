//! What the events of a session are worth (`docs/acr.md`).

use super::Acr;
use crate::Time;
use crate::domain::session::{AuthenticationEvent, Method};
use std::time::Duration;

/// What a session's events are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Achieved {
    /// The strongest class they reach.
    pub acr: Acr,
    /// Methods that count for it (RFC 8176), sorted.
    pub amr: Vec<&'static str>,
    /// Time of the newest event that counts for it.
    pub auth_time: Time,
    /// Every value of `acr_values` that is satisfied, weakest first, then `phr`, `phrh`.
    pub holds: Vec<&'static str>,
}

/// What an account has to sign in with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountFacts {
    /// A mail address.
    pub mail: bool,
    /// A passkey, or the demo's test authenticator.
    pub passkey: bool,
    /// A card whose 4-digit PIN signs in here.
    pub card_pin: bool,
    /// A card whose signature signs in here.
    pub card_signature: bool,
    /// A subject at the national service that a proofing bound.
    pub app: bool,
    /// A face template that has not ended, and a matcher that works.
    pub face: bool,
}

/// What the events of a session are worth now, at their strongest. Events older than `max_age` seconds do not count.
/// None: no event counts, nobody is signed in.
///
/// Events made for the present request answer `max_age` whatever it is (even 0): the caller hands those over with `max_age` None.
pub fn achieved(events: &[AuthenticationEvent], now: Time, max_age: Option<u32>) -> Option<Achieved> {
    let counted = Counted::new(events, now, max_age);
    counted.strongest().map(|acr| counted.as_class(acr))
}

/// Like `achieved`, but reported as the first listed class that is held (architecture 7.4), so that a client that asks for `aal2`
/// reads `aal2` though the session could say more.
pub fn answering(
    events: &[AuthenticationEvent],
    now: Time,
    max_age: Option<u32>,
    acr_values: &[String],
) -> Option<Achieved> {
    let counted = Counted::new(events, now, max_age);
    let strongest = counted.strongest()?;
    let listed = acr_values.iter().filter_map(|value| Acr::parse(value)).find(|acr| counted.holds(*acr));
    Some(counted.as_class(listed.unwrap_or(strongest)))
}

impl Achieved {
    /// Whether a value of `acr_values` is satisfied; unknown words never are.
    pub fn satisfies(&self, acr_value: &str) -> bool {
        self.holds.contains(&acr_value)
    }

    /// A face alone tells who somebody may be and signs nobody in (OpenID Connect Core 2).
    pub fn is_face_alone(&self) -> bool {
        self.amr == ["face"]
    }
}

/// What one method is worth alone.
struct Worth {
    acr: Acr,
    amr: &'static [&'static str],
    /// Something the person holds: with a face match it makes `aal2-face`.
    held: bool,
    /// OpenID EAP ACR Values 1.0: `phr`, `phrh`.
    resistant: &'static [&'static str],
}

/// `docs/acr.md` is tested against this table. A passkey without attestation cannot claim hardware: `swk`, not `hwk`.
const fn worth(method: Method) -> Worth {
    const PHR: &[&str] = &["phr"];
    const PHRH: &[&str] = &["phr", "phrh"];
    match method {
        Method::MailCode => Worth { acr: Acr::Zero, amr: &["otp"], held: false, resistant: &[] },
        Method::Face => Worth { acr: Acr::Zero, amr: &["face"], held: false, resistant: &[] },
        Method::PasskeyPresence => Worth { acr: Acr::Aal1, amr: &["swk"], held: true, resistant: PHR },
        Method::Passkey | Method::Test => Worth { acr: Acr::Aal2, amr: &["swk", "user"], held: true, resistant: PHR },
        Method::CardPin => Worth { acr: Acr::Aal2, amr: &["mfa", "pin", "sc"], held: true, resistant: PHRH },
        // The service saw card and PIN; PASS saw its word alone, and cannot tell what led the person there.
        Method::DigitalAuthApp => Worth { acr: Acr::Aal2, amr: &["mfa", "pin", "sc"], held: true, resistant: &[] },
        Method::CardSignature => {
            Worth { acr: Acr::Aal3, amr: &["hwk", "mfa", "pin", "sc"], held: true, resistant: PHRH }
        }
    }
}

/// The events that count now.
struct Counted(Vec<(Method, Time)>);

impl Counted {
    fn new(events: &[AuthenticationEvent], now: Time, max_age: Option<u32>) -> Self {
        let counts = |event: &&AuthenticationEvent| {
            max_age.is_none_or(|age| now.since(event.at) <= Duration::from_secs(age.into()))
        };
        Self(events.iter().filter(counts).map(|event| (event.method, event.at)).collect())
    }

    fn holds(&self, acr: Acr) -> bool {
        let face = self.0.iter().any(|(method, _)| *method == Method::Face);
        let held = self.0.iter().any(|(method, _)| worth(*method).held);
        match acr {
            Acr::Aal2Face => face && held,
            // Something held and a face, both now, are two factors.
            Acr::Aal2 if face && held => true,
            _ => self.0.iter().any(|(method, _)| worth(*method).acr.satisfies(acr)),
        }
    }

    fn strongest(&self) -> Option<Acr> {
        Acr::ALL.into_iter().rev().find(|acr| self.holds(*acr))
    }

    /// Whether an event counts for a class: what alone is strong enough; for a face step-up what is held and the face.
    fn counts_for(&self, method: Method, acr: Acr) -> bool {
        let alone = |acr: Acr| self.0.iter().any(|(method, _)| worth(*method).acr.satisfies(acr));
        match acr {
            Acr::Aal2Face => worth(method).held || method == Method::Face,
            Acr::Aal2 if !alone(Acr::Aal2) => worth(method).held || method == Method::Face,
            _ => worth(method).acr.satisfies(acr),
        }
    }

    fn as_class(&self, acr: Acr) -> Achieved {
        let events: Vec<(Method, Time)> =
            self.0.iter().copied().filter(|(method, _)| self.counts_for(*method, acr)).collect();
        let mut amr: Vec<&'static str> = events.iter().flat_map(|(method, _)| worth(*method).amr).copied().collect();
        amr.sort_unstable();
        amr.dedup();
        let auth_time = events.iter().map(|(_, at)| *at).max().expect("a class that is held has an event");
        Achieved { acr, amr, auth_time, holds: self.all_held() }
    }

    fn all_held(&self) -> Vec<&'static str> {
        let classes = Acr::ALL.into_iter().filter(|acr| self.holds(*acr)).map(Acr::as_str);
        let resistant = |word: &&'static str| self.0.iter().any(|(method, _)| worth(*method).resistant.contains(word));
        classes.chain(["phr", "phrh"].into_iter().filter(resistant)).collect()
    }
}

/// The classes an account can reach, weakest first.
pub fn reachable(facts: AccountFacts) -> Vec<Acr> {
    let held = facts.passkey || facts.card_pin || facts.card_signature || facts.app;
    let can = |acr: &Acr| match acr {
        Acr::Zero => facts.mail || held,
        Acr::Aal1 | Acr::Aal2 => held,
        Acr::Aal2Face => held && facts.face,
        Acr::Aal3 => facts.card_signature,
    };
    Acr::ALL.into_iter().filter(can).collect()
}
