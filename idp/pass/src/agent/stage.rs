//! What a page is drawn for: its language, its own address, and the way out of it that needs no visit.

use super::Desk;
use super::sign::Fields;
use actix_web::HttpRequest;
use pass_web::kit::Lang;

/// Read from the query, which a form that names no address of its own keeps.
pub(super) struct Stage {
    /// The language of the pages.
    pub(super) lang: Lang,
    /// Path and query of this page, for its links to other languages; empty where there is no ticket to open again.
    pub(super) here: String,
    /// The issuer's page that sent the browser here; empty where the query names none that may be gone back to.
    pub(super) home: String,
}

impl Stage {
    pub(super) fn of(desk: &Desk, request: &HttpRequest) -> Self {
        let asked = Fields::parse(request.query_string().as_bytes());
        let ticket = asked.get("ticket");
        let issuer = desk.issuers.iter().find(|issuer| issuer.is(asked.get("issuer")));
        let home = issuer.and_then(|issuer| issuer.way_back(asked.get("back"))).filter(|_| !ticket.is_empty());
        let home = home.map_or_else(String::new, |mut back| {
            back.query_pairs_mut().append_pair("ticket", ticket);
            back.into()
        });
        let again = request.path() == "/sign" && !ticket.is_empty();
        Self {
            lang: Lang::from_tag(asked.get("lang")).unwrap_or_default(),
            here: if again { format!("/sign?{}", request.query_string()) } else { String::new() },
            home,
        }
    }
}
