//! Signing a consent: in words, with the password, and nothing but what was shown.

use super::browser;
use super::start;

#[actix_web::test]
async fn cap_05_a_consent_is_shown_in_words_and_signed() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "consent-1").await;
    assert_eq!(page.status, 200);
    for shown in [
        "この同意に署名しますか",
        "加賀市立図書館",
        "市内にお住まいの方の利用登録",
        "<dt>市区町村</dt>",
        "その市の住民か",
        "x_later",
        "PASS-JPKI-CONSENT-v1",
        "values-sha256=",
        "name=\"password\"",
    ] {
        assert!(page.body.contains(shown), "{shown} is not shown");
    }
    // A value is text; the login key has nothing to sign; the card's other data are not said to be kept back.
    assert!(!page.body.contains("<b>1</b>") && page.body.contains("&#60;b&#62;1"));
    assert!(!page.body.contains("name=\"pin\"") && !page.body.contains("氏名・住所・生年月日・性別"));
    let answer = browser.sign(&page, "ABC123").await;
    let back = browser::consent_back_of(&issuer);
    assert_eq!(
        (answer.status, answer.location),
        (303, format!("{back}?ticket=consent-1&completion=secret-of-consent-1"))
    );
    assert_eq!(issuer.outcomes(), ["verified"]);
    let received = issuer.received().join("\n");
    assert!(received.contains("claims=residence_city is_resident x_later") && !received.contains("ABC123"));
}

#[actix_web::test]
async fn cap_05_a_consent_goes_back_where_consents_are_taken() {
    let (issuer, browser) = start().await;
    for (ticket, back) in [
        ("consent-1", browser::back_of(&issuer)),
        ("consent-1", browser::login_back_of(&issuer)),
        ("t1", browser::consent_back_of(&issuer)),
        ("login-1", browser::consent_back_of(&issuer)),
    ] {
        let page = browser.get(&browser::query(&issuer.url, ticket, &back), &[]).await;
        assert_eq!((page.status, page.code().as_str()), (403, "foreign_issuer"), "{ticket} {back}");
    }
}
