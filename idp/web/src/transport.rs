//! `Strict-Transport-Security` on every answer (RFC 6797 6.1): a browser that was here once comes back by https only.
//!
//! Left out: `includeSubDomains`, because names below the issuer's are not PASS's to speak for, and `preload`. The demo never
//! says it, under https neither: its host is `localhost`, which belongs to every program of that machine.

use crate::app::Settings;
use actix_web::http::header::STRICT_TRANSPORT_SECURITY;
use actix_web::middleware::DefaultHeaders;

/// A year.
const POLICY: &str = "max-age=31536000";

/// The header, where the issuer is https.
pub fn headers(settings: &Settings) -> DefaultHeaders {
    // RFC 6797 7.2: never over plain http.
    let strict = settings.https && !settings.demo;
    if strict { DefaultHeaders::new().add((STRICT_TRANSPORT_SECURITY, POLICY)) } else { DefaultHeaders::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};
    use pass_core::authn::session::Lifetimes;
    use std::time::Duration;

    fn settings(https: bool, demo: bool) -> Settings {
        Settings {
            face_terms: Default::default(),
            issuer: "https://pass.kaga.example".into(),
            city: "加賀市".into(),
            https,
            demo,
            agent_url: None,
            trusted_proxies: Vec::new(),
            session: Lifetimes::default(),
            interaction: Duration::from_secs(1800),
            interactions_per_network: None,
            evidence: pass_core::claims::verified::EvidenceRelease::None,
            attested: false,
        }
    }

    #[actix_web::test]
    async fn every_answer_of_an_https_issuer_asks_for_https_and_no_other_does() {
        for (https, demo, expected) in
            [(true, false, Some(POLICY)), (false, false, None), (true, true, None), (false, true, None)]
        {
            let app = App::new()
                .wrap(headers(&settings(https, demo)))
                .route("/form", web::post().to(|_: web::Json<u8>| async { HttpResponse::Ok().finish() }));
            let service = init_service(app).await;
            for request in [TestRequest::get().uri("/nowhere"), TestRequest::post().uri("/form").set_payload("{")] {
                let answer = call_service(&service, request.to_request()).await;
                let said = answer.headers().get(STRICT_TRANSPORT_SECURITY).map(|value| value.to_str().unwrap());
                assert_eq!(said, expected, "https {https}, demo {demo}, {}", answer.status());
            }
        }
    }
}
