use super::*;
use actix_web::test::TestRequest;
use futures_util::stream;

const LINE: &str = "multipart/form-data; boundary=line";

fn part(name: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
    [head.as_bytes(), body, b"\r\n"].concat()
}

/// Reads a body that comes in pieces and says how many of its bytes were asked for.
async fn sent(kind: &str, body: &[u8]) -> (Result<Posted, Stop>, usize) {
    let asked = std::rc::Rc::new(std::cell::Cell::new(0));
    let (pieces, count) = (body.chunks(64 * 1024).map(Bytes::copy_from_slice).collect::<Vec<_>>(), asked.clone());
    let pieces = stream::iter(pieces).map(move |piece| {
        count.set(count.get() + piece.len());
        Ok::<_, PayloadError>(piece)
    });
    let request = TestRequest::post().insert_header((CONTENT_TYPE, kind)).to_http_request();
    let payload = counted(pieces);
    let posted = match kind {
        LINE => upload(Multipart::new(request.headers(), payload)).await,
        _ => frames(payload).await,
    };
    (posted, asked.get())
}

#[actix_web::test]
async fn the_page_s_own_forms_are_read() {
    let end = b"--line--\r\n".to_vec();
    let body = [part("csrf", "", b"token"), part("photo", "; filename=\"a.jpg\"", b"\xff\xd8"), end].concat();
    let posted = sent(LINE, &body).await.0.ok().unwrap();
    assert_eq!(posted.form.get("csrf"), Some("token"));
    assert_eq!(posted.pictures, [b"\xff\xd8"]);
    let posted = sent("", b"csrf=token&do=frames&frame1=AAAA&frame2=&frame3=AAAA").await.0.ok().unwrap();
    assert_eq!((posted.form.text("do"), posted.pictures.len()), ("frames", 2));
}

#[actix_web::test]
async fn many_fields_unknown_fields_and_long_words_are_refused() {
    let end = b"--line--\r\n".to_vec();
    let many = [part("do", "", b"x").repeat(PARTS + 1), end.clone()].concat();
    let long = [part("csrf", "", &[b'x'; SHORT + 1]), end.clone()].concat();
    let unknown = [part("other", "", b"x"), end].concat();
    let long_form = format!("csrf={}", "x".repeat(SHORT + 1));
    for (name, kind, body) in [
        ("many parts", LINE, many.as_slice()),
        ("a long word", LINE, &long),
        ("an unknown part", LINE, &unknown),
        ("many fields", "", "do=x&".repeat(PARTS + 1).as_bytes()),
        ("a long field", "", long_form.as_bytes()),
        ("an unknown field", "", b"other=x"),
    ] {
        assert!(sent(kind, body).await.0.is_err(), "{name}");
    }
}

#[actix_web::test]
async fn headers_names_and_boundaries_are_counted_and_reading_stops_at_the_limit() {
    // Headers of parts whose bodies are empty, and a preamble that belongs to no part.
    let head = part("do", &format!("\r\nX-Filler: {}", "x".repeat(30_000)), b"").repeat(1_000);
    let preamble = [vec![b'x'; 2 * LIMIT], part("do", "", b"")].concat();
    for (name, kind, body) in [("headers", LINE, &head), ("preamble", LINE, &preamble), ("form", "", &preamble)] {
        let (posted, asked) = sent(kind, body).await;
        assert!(posted.is_err(), "{name}");
        assert!(asked <= LIMIT + 64 * 1024, "{name}: {asked} of {} bytes", body.len());
    }
    let photo = [part("photo", "", &vec![0; LIMIT + 1]), b"--line--\r\n".to_vec()].concat();
    assert!(sent(LINE, &photo).await.0.is_err());
}
