//! The checks of `pass-conformance check` on PASS: green as it is, and red where something in between changes an answer.

mod proxy;

use std::net::TcpListener;

use pass_conformance::{
    Demo, Options,
    check::{Files, Outcome, Request, Verdict, check},
    program,
};
use proxy::{Message, Proxy};

/// What does not apply to PASS, and why it need not.
const SKIPPED: [&str; 5] = [
    "oidcc-idtoken-unsigned",
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
    "oidcc-ensure-request-object-with-redirect-uri",
    "oidcc-request-uri-unsigned",
];

fn request(demo: &Demo) -> Request {
    let user = demo.line.user(1);
    Request {
        issuer: demo.line.issuer.clone(),
        registration_token: demo.line.registration_token.clone(),
        user: user.login_id.clone(),
        secret: user.login_secret.clone(),
        ..Request::default()
    }
}

#[test]
fn cap_49_every_check_of_ours_passes_on_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files::at(folder.path());
    files.make().expect("certificates");
    // A free port: the demo must be told of it before anybody listens there.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let more = ["--tls", "--trust", &files.ca.display().to_string(), "--allow-outgoing", &format!("localhost:{port}")];
    let demo = Demo::start(&Options { more: more.map(str::to_owned).to_vec(), ..Options::default() });
    let rotate =
        format!("'{}' keys rotate --config '{}'", program().display(), demo.data().join("pass.toml").display());
    let outcomes = check(&Request {
        ca: Some(demo.data().join("tls-ca.crt")),
        listen: Some((format!("127.0.0.1:{port}"), folder.path().to_owned())),
        rotate: Some(rotate),
        ..request(&demo)
    })
    .expect("the run");
    let bad: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.verdict >= Verdict::Warning).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    let skipped = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Skipped).map(|outcome| outcome.module);
    let mut skipped: Vec<&str> = skipped.collect();
    skipped.sort_unstable();
    let mut expected = SKIPPED.to_vec();
    expected.sort_unstable();
    assert_eq!(skipped, expected);
    assert!(outcomes.len() > 70, "{} modules", outcomes.len());
}

type Spoil = fn(&mut Message);

/// Runs one module through something that changes answers.
fn spoilt(demo: &Demo, module: &str, spoil: Spoil) -> Outcome {
    let proxy = Proxy::start(spoil);
    let request = Request { proxy: Some(proxy.address()), only: vec![module.to_owned()], ..request(demo) };
    check(&request).expect("the run").pop().expect("the module")
}

#[test]
fn a_fault_in_an_answer_is_found_and_named_by_its_clause() {
    let demo = Demo::start(&Options::default());
    let faults: [(&str, &str, Spoil); 10] = [
        ("oidcc-server", "RFC 6749 5.1", |answer| answer.drop_header("cache-control")),
        ("oidcc-prompt-none-not-logged-in", "RFC 6749 4.1.2", |answer| {
            answer.in_header("location", "state=", "state=x")
        }),
        ("oidcc-server", "RFC 9207 2.4", |answer| answer.in_header("location", "iss=http", "iss=https")),
        ("oidcc-userinfo-get", "OpenID Connect Core 5.3.2", |answer| answer.in_body("\"sub\":\"", "\"sub\":\"x")),
        ("oidcc-discovery-endpoint-verification", "RFC 7517 9.2", |answer| {
            answer.in_body("\"kty\":\"RSA\"", "\"kty\":\"RSA\",\"d\":\"x\"")
        }),
        ("oidcc-scope-email", "OpenID Connect Core 5.4", |answer| answer.in_body("\"email_verified\"", "\"x\"")),
        ("oidcc-server", "RFC 7591 3.2.1", |answer| answer.in_body("\"redirect_uris\":", "\"redirect_urls\":")),
        ("oidcc-rp-initiated-logout-bad-id-token-hint", "OpenID Connect RP-Initiated Logout 3", |answer| {
            answer.broken_where("pass-error-page");
        }),
        ("oidcc-server", "OpenID Connect Core 10.1", |answer| answer.in_body("\"kid\":\"", "\"kid\":\"x")),
        ("oidcc-redirect-uri-query-OK", "RFC 6749 3.1.2", |answer| answer.in_header("location", "foo=bar", "foo=baz")),
    ];
    for (module, clause, spoil) in faults {
        assert_eq!(spoilt(&demo, module, |_| ()).verdict, Verdict::Passed, "{module}");
        let outcome = spoilt(&demo, module, spoil);
        assert!(outcome.verdict >= Verdict::Warning, "{module} did not see it");
        assert!(outcome.notes.iter().any(|note| note.clause == clause), "{module}: {:?}", outcome.notes);
        assert!(!outcome.exchange.is_empty(), "{module} tells what went over the wire");
        let told = outcome.exchange.join("\n");
        assert!(!told.contains(&demo.line.user(1).login_secret), "{module} tells the secret of whoever signs in");
    }
}
