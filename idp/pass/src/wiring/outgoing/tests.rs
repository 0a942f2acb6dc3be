use super::*;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn only_public_addresses_are_reached() {
    for private in [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "64:ff9b::10.0.0.1",
        "2002:a00:1::1",
        "::10.0.0.1",
    ] {
        assert!(!allowed(private.parse().unwrap(), false), "{private}");
    }
    assert!(allowed("127.0.0.1".parse().unwrap(), true));
    assert!(allowed("203.0.113.7".parse().unwrap(), false));
    assert!(!allowed("10.0.0.1".parse().unwrap(), true));
}

#[test]
fn a_host_that_the_operator_opened_goes_around_the_guard_on_its_port_only() {
    let allow = ["intra.kaga.example:8443", "10.0.0.7", "Op.Example"].map(|words| words.parse().unwrap());
    let http = GuardedHttp::new(OutgoingRules { allow: allow.into(), ..OutgoingRules::default() }).unwrap();
    let open = |address: &str| http.way(address).ok().map(|(client, _)| std::ptr::eq(client, &http.open));
    for (address, expected) in [
        ("https://intra.kaga.example:8443/out", Some(true)),
        ("https://intra.kaga.example/out", Some(false)),
        ("https://10.0.0.7:9000/out", Some(true)),
        ("https://op.example/", Some(true)),
        ("https://10.0.0.8/", None),
        ("http://op.example/", None),
        ("https://127.0.0.1/", None),
        ("https://rp.example/", Some(false)),
    ] {
        assert_eq!(open(address), expected, "{address}");
    }
    for bad in ["", "https://a.example", "a.example/path", "user@a.example", "a.example:x"] {
        assert!(bad.parse::<OpenHost>().is_err(), "{bad}");
    }
}

#[test]
fn trust_that_cannot_be_read_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    for file in [empty, folder.path().join("missing.pem")] {
        let rules = OutgoingRules { trust: vec![file], ..OutgoingRules::default() };
        assert!(GuardedHttp::new(rules).is_err());
    }
}

/// A server of this machine that gives every caller the same answer; counts callers by path.
fn server(answer: impl Fn(u16) -> Vec<u8> + Send + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, callers) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let count = callers.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&answer(port));
        }
    });
    (port, callers)
}

fn page(status: &str, more: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).into_bytes()
}

fn guarded(danger_allow_loopback: bool) -> GuardedHttp {
    GuardedHttp::new(OutgoingRules { danger_allow_loopback, ..OutgoingRules::default() }).unwrap()
}

#[tokio::test]
async fn cap_49_a_request_object_is_never_fetched_through_a_redirect() {
    let (secret, asked) = server(|_| page("200 OK", "", "{\"secret\":1}"));
    let http = guarded(true);
    assert_eq!(http.get_text(&format!("http://127.0.0.1:{secret}/")).await.unwrap(), "{\"secret\":1}");
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let to = [
            format!("http://127.0.0.1:{secret}/"),
            "http://169.254.169.254/latest".into(),
            "file:///etc/passwd".into(),
        ];
        for to in to {
            let (port, _) = server(move |_| page(status, &format!("Location: {to}\r\n"), ""));
            let address = format!("http://127.0.0.1:{port}/object");
            // Not followed: what came is an empty document, which is neither a JWT nor a JWK set.
            assert_eq!(http.get_text(&address).await.unwrap_or_default(), "", "{status}");
            assert!(http.get_json(&address).await.is_err());
        }
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1, "asked once, directly");
}

#[tokio::test]
async fn cap_49_a_name_that_means_a_private_address_is_not_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let http = guarded(false);
    for host in [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ] {
        let address = format!("https://{host}:{port}/object");
        assert!(http.get_text(&address).await.is_err(), "{host}");
        assert!(http.get_json(&address).await.is_err(), "{host}");
        assert!(http.post_form(&address, &[]).await.is_err(), "{host}");
    }
    assert_eq!(listener.accept().map(drop).unwrap_err().kind(), ErrorKind::WouldBlock, "nobody came");
    for scheme in ["http", "ftp", "file", "gopher"] {
        assert!(http.get_text(&format!("{scheme}://rp.example/object")).await.is_err(), "{scheme}");
    }
}

#[tokio::test]
async fn cap_49_a_document_of_more_than_64_kb_is_not_read() {
    for (size, read) in [(LIMIT, true), (LIMIT + 1, false), (10 * 1024 * 1024, false)] {
        let (port, _) = server(move |_| page("200 OK", "", &"x".repeat(size)));
        let got = guarded(true).get_text(&format!("http://127.0.0.1:{port}/")).await;
        assert_eq!(got.is_ok(), read, "{size}");
    }
    let docs = include_str!("../../../../../docs/integrate/signed-and-encrypted.md");
    assert!(LIMIT == 65_536 && docs.contains("64 kB at most"), "what the docs say");
}
