//! Served by the card agent on loopback: the card cannot be used now. What happened, and what to do.
//!
//! `do=again` looks for the card once more (never where a try would be burned), `do=cancel` goes back to the issuer.

use askama::Template;

use super::Page;
use super::agent_sign::{SampleCard, sample_cards};
use super::sample::shell;
use crate::kit::{Journey, Lang, PageHeaders, Shell};

/// The page of a card that cannot be used.
#[derive(Template)]
#[template(path = "page/agent_problem.html")]
pub struct AgentProblem {
    /// The frame.
    pub shell: Shell,
    /// Token of the forms.
    pub csrf: String,
    /// The issuer's URL; forms may lead back there. Empty when there is no valid ticket.
    pub issuer: String,
    /// The stable code: one of `jpki::card::CardError`, or of the agent (`no_reader`, `no_card`, `ticket_unknown`,
    /// `issuer_unreachable`).
    pub code: String,
    /// The soft cards of the demo: another one may be put down.
    pub cards: Vec<SampleCard>,
    /// The issuer's page to begin anew from, where there is one.
    pub home: String,
}

impl AgentProblem {
    /// Keys of what happened and why, and whether trying again costs nothing.
    fn words(&self) -> (&'static str, &'static str, bool) {
        match self.code.as_str() {
            "last_try" => ("agent-last-try", "agent-last-try-do", false),
            "blocked" => ("agent-blocked", "agent-blocked-do", false),
            "last_try_pin" => ("agent-last-try", "agent-last-try-pin-do", false),
            "blocked_pin" => ("agent-blocked-pin", "agent-blocked-pin-do", false),
            "last_try_text_pin" => ("agent-last-try", "agent-last-try-text-do", false),
            "blocked_text_pin" => ("agent-blocked-text", "agent-blocked-text-do", false),
            "no_auth_certificate" => ("agent-no-auth-certificate", "agent-no-auth-certificate-do", false),
            "no_reader" => ("agent-no-reader", "agent-no-reader-do", true),
            "no_reader_service" => ("agent-no-service", "agent-no-service-do", true),
            "no_card" => ("agent-no-card", "agent-no-card-do", true),
            "card_busy" => ("agent-busy", "agent-busy-do", true),
            "card_removed" => ("agent-removed", "agent-removed-do", true),
            "not_a_my_number_card" => ("agent-not-card", "agent-not-card-do", true),
            "no_sign_certificate" => ("agent-no-certificate", "agent-no-certificate-do", false),
            "ticket_unknown" => ("agent-ticket", "agent-ticket-do", false),
            "foreign_issuer" | "foreign_statement" | "foreign_page" => ("agent-foreign", "agent-foreign-do", false),
            "other_user" => ("agent-other-user", "agent-other-user-do", false),
            "issuer_unreachable" => ("agent-offline", "agent-offline-do", true),
            _ => ("agent-failed", "agent-failed-do", true),
        }
    }

    /// What to do now, in this order.
    fn steps(&self) -> &'static [&'static str] {
        match self.code.as_str() {
            "last_try" | "last_try_pin" | "last_try_text_pin" => &["agent-step-office", "agent-step-other"],
            "blocked" => &[],
            "blocked_pin" | "blocked_text_pin" => &["agent-step-unlock", "agent-step-other"],
            "no_sign_certificate" | "no_auth_certificate" => &["agent-step-add", "agent-step-other"],
            "no_reader" => &["agent-step-plug", "agent-step-put", "agent-step-again"],
            "no_reader_service" => &["agent-step-service", "agent-step-again"],
            "no_card" | "card_removed" => &["agent-step-put", "agent-step-again", "agent-step-still"],
            "not_a_my_number_card" => &["agent-step-alone", "agent-step-again"],
            "card_busy" => &["agent-step-close", "agent-step-again"],
            "ticket_unknown" if self.home.is_empty() => &["agent-step-shut", "agent-step-anew"],
            "ticket_unknown" => &["agent-step-home", "agent-step-anew"],
            "foreign_issuer" | "foreign_statement" | "foreign_page" => &["agent-step-shut", "agent-step-anew"],
            "other_user" => &["agent-step-account", "agent-step-anew"],
            "issuer_unreachable" => &["agent-step-net", "agent-step-again"],
            _ => &["agent-step-put", "agent-step-again", "agent-step-plug"],
        }
    }

    /// Where the way is closed for this card, a soft card may still be replaced by another one.
    fn again(&self) -> bool {
        self.words().2 || !self.cards.is_empty()
    }

    fn locked(&self) -> bool {
        self.code == "blocked"
    }
}

impl Page for AgentProblem {
    const NAME: &'static str = "agent_problem";

    fn headers(&self) -> PageHeaders {
        PageHeaders::plain().form_to(&self.issuer)
    }

    fn samples(lang: Lang) -> Vec<(&'static str, AgentProblem)> {
        [
            "no_card",
            "last_try",
            "blocked",
            "last_try_pin",
            "blocked_pin",
            "last_try_text_pin",
            "blocked_text_pin",
            "no_auth_certificate",
            "no_reader",
            "card_removed",
            "not_a_my_number_card",
            "no_sign_certificate",
            "no_reader_service",
            "ticket_unknown",
            "ticket_elsewhere",
            "other_user",
            "card_busy",
            "foreign_issuer",
            "issuer_unreachable",
            "card_failed",
        ]
        .map(|code| {
            let nowhere = ["ticket_unknown", "ticket_elsewhere", "other_user", "foreign_issuer"].contains(&code);
            let issuer = if nowhere { "" } else { "https://pass.kaga.example" };
            let home = "https://pass.kaga.example/interaction/1/proof/return?ticket=1";
            let page = AgentProblem {
                shell: shell(lang, "/sign/4b1d"),
                csrf: "token".into(),
                issuer: issuer.into(),
                code: if code == "ticket_elsewhere" { "ticket_unknown".into() } else { code.into() },
                home: if code == "ticket_unknown" { home.into() } else { String::new() },
                cards: if code == "blocked" { sample_cards() } else { Vec::new() },
            };
            (if code == "no_card" { "ordinary" } else { code }, page)
        })
        .into()
    }
}
