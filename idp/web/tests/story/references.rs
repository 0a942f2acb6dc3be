//! Request objects by reference: nobody uses PASS as a hammer, and a proven object is answered where it says.

use crate::request_objects::{OBJECT, keys, publish, register, signed};
use crate::test_pass::{Asking, Reply, TestPass};
use actix_web::test::TestRequest;
use pass_core::domain::client::SigningAlg;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;

async fn asked(pass: &TestPass, uri: &str, from: [u8; 4]) -> Reply {
    let path = Asking::library().with("request_uri", uri).path();
    let request = TestRequest::get().uri(&path).peer_addr(SocketAddr::from((from, 1)));
    pass.browser().send(request).await
}

#[actix_web::test]
async fn cap_49_strangers_cause_few_fetches_of_a_clients_object() {
    let pass = TestPass::new().await;
    register(&pass).await;
    pass.elsewhere.put(OBJECT, "no object".into());
    // A burst is one fetch; another fragment says that the content is another (OpenID Connect Core 6.2.1).
    for uri in [OBJECT.to_string(), format!("{OBJECT}#a"), format!("{OBJECT}#b")] {
        for _ in 0..4 {
            let refused = asked(&pass, &uri, [203, 0, 113, 1]).await;
            assert_eq!(refused.parameter("error").as_deref(), Some("invalid_request_object"));
        }
    }
    assert_eq!(pass.elsewhere.fetched(OBJECT), 3);

    // One address: thirty a minute, and a page in place of the next.
    for _ in 3..30 {
        pass.wait(Duration::from_secs(6));
        assert_eq!(asked(&pass, OBJECT, [203, 0, 113, 1]).await.status.as_u16(), 303);
    }
    pass.wait(Duration::from_secs(6));
    let many = asked(&pass, OBJECT, [203, 0, 113, 1]).await;
    assert_eq!((many.status.as_u16(), pass.elsewhere.fetched(OBJECT)), (429, 30));
    assert!(many.has("#pass-error-code"), "{}", many.body);

    // Many addresses: a hundred and twenty a minute for one client.
    for n in 0..100 {
        pass.wait(Duration::from_secs(6));
        asked(&pass, OBJECT, [198, 51, 100, n]).await;
    }
    assert!((120..=124).contains(&pass.elsewhere.fetched(OBJECT)), "{}", pass.elsewhere.fetched(OBJECT));
    assert_eq!(asked(&pass, OBJECT, [192, 0, 2, 1]).await.status.as_u16(), 429);
}

#[actix_web::test]
async fn cap_49_a_server_that_does_not_answer_is_not_asked_at_each_request() {
    let pass = TestPass::new().await;
    register(&pass).await;
    let missing = asked(&pass, OBJECT, [203, 0, 113, 1]).await;
    assert_eq!(missing.parameter("error").as_deref(), Some("invalid_request_uri"));
    let ring = keys(&pass);
    publish(&pass, &ring);
    pass.elsewhere.put(OBJECT, signed(&ring, "found"));
    let early = asked(&pass, OBJECT, [203, 0, 113, 1]).await;
    assert_eq!(early.parameter("error").as_deref(), Some("invalid_request_uri"));
    pass.wait(Duration::from_secs(6));
    assert_eq!(asked(&pass, OBJECT, [203, 0, 113, 1]).await.parameter("error"), None);
}

#[actix_web::test]
async fn cap_49_a_proven_object_that_fails_later_is_answered_where_it_says() {
    let pass = TestPass::new().await;
    register(&pass).await;
    pass.change("library", |client| client.metadata.redirect_uris.push("https://library.example/inner".into())).await;
    let ring = keys(&pass);
    publish(&pass, &ring);
    let browser = pass.browser();
    for (wrong, error) in [
        (json!({ "exp": 1 }), "invalid_request_object"),
        (json!({ "aud": "https://other.example" }), "invalid_request_object"),
        (json!({ "response_type": "token" }), "invalid_request_object"),
        (json!({ "prompt": "none login" }), "invalid_request"),
        (json!({ "max_age": "soon" }), "invalid_request"),
    ] {
        let mut claims = json!({ "iss": "library", "state": "inner", "redirect_uri": "https://library.example/inner" });
        claims.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let object = ring.sign(SigningAlg::ES256, "oauth-authz-req+jwt", claims.as_object().unwrap()).unwrap();
        let told = browser.get(&Asking::library().with("request", &object).path()).await;
        assert!(told.location.starts_with("https://library.example/inner?"), "{wrong}: {}", told.location);
        assert_eq!(
            (told.parameter("error").as_deref(), told.parameter("state").as_deref()),
            (Some(error), Some("inner")),
            "{wrong}"
        );
    }
}
