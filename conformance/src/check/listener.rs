//! A small server with TLS that the issuer fetches documents from and posts notices to. Its certificate comes from a CA of
//! this run, which the issuer must trust.

use std::{
    collections::HashMap,
    io::{BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use openssl::ssl::{SslAcceptor, SslFiletype, SslMethod};

use super::{ca::Files, run::unlocked};
use crate::heard::Heard;

/// The server.
pub struct Listener {
    at: SocketAddr,
    documents: Arc<Mutex<HashMap<String, String>>>,
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

const PATIENCE: Duration = Duration::from_secs(20);

impl Listener {
    /// Listens at an address such as `127.0.0.1:9500`, with the certificate for `localhost` of a folder.
    ///
    /// # Errors
    /// The port is taken, or the folder cannot be used; or its CA was made just now, and no issuer can trust it yet.
    pub fn start(address: &str, folder: &Path) -> Result<Self, String> {
        let files = Files::at(folder);
        if files.make().map_err(|why| format!("{}: {why}", folder.display()))? {
            return Err(format!("made {}: let the issuer trust it, then run this again", files.ca.display()));
        }
        let listener = TcpListener::bind(address).map_err(|why| format!("{address}: {why}"))?;
        let at = listener.local_addr().map_err(|why| format!("{address}: {why}"))?;
        let acceptor = acceptor(&files)?;
        let (documents, heard) = (Arc::new(Mutex::new(HashMap::new())), Arc::new(Mutex::new(Vec::new())));
        let (shelf, ears) = (Arc::clone(&documents), Arc::clone(&heard));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (acceptor, shelf, ears) = (Arc::clone(&acceptor), Arc::clone(&shelf), Arc::clone(&ears));
                thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(PATIENCE));
                    if let Ok(stream) = acceptor.accept(stream) {
                        serve(stream, &shelf, &ears);
                    }
                });
            }
        });
        Ok(Self { at, documents, heard })
    }

    /// The address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}/{path}", self.at.port())
    }

    /// Puts a document at a path.
    pub fn put(&self, path: &str, document: String) {
        unlocked(&self.documents).insert(format!("/{path}"), document);
    }

    /// What was posted to a path; waits for it.
    #[must_use]
    pub fn posted(&self, path: &str) -> Option<String> {
        let (began, path) = (Instant::now(), format!("/{path}"));
        while began.elapsed() < PATIENCE {
            let mut heard = unlocked(&self.heard);
            if let Some(at) = heard.iter().position(|(to, _)| *to == path) {
                return Some(heard.remove(at).1);
            }
            drop(heard);
            thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

fn acceptor(files: &Files) -> Result<Arc<SslAcceptor>, String> {
    let build = || {
        let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
        builder.set_private_key_file(&files.key, SslFiletype::PEM)?;
        builder.set_certificate_chain_file(&files.chain)?;
        Ok::<_, openssl::error::ErrorStack>(builder.build())
    };
    build().map(Arc::new).map_err(|why| format!("TLS: {why}"))
}

/// One request: a document, or a notice that is kept.
fn serve(
    stream: impl Read + Write,
    shelf: &Mutex<HashMap<String, String>>,
    ears: &Mutex<Vec<(String, String)>>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let Heard { method, path, body } = Heard::read(&mut reader)?;
    let document = unlocked(shelf).get(&path).cloned();
    let (status, document) = match (method.as_str(), document) {
        ("GET", Some(document)) => ("200 OK", document),
        ("POST", _) => {
            unlocked(ears).push((path, body));
            ("200 OK", String::new())
        }
        _ => ("404 Not Found", String::new()),
    };
    let kind = if document.starts_with('{') || document.starts_with('[') {
        "application/json"
    } else {
        "application/oauth-authz-req+jwt"
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        document.len()
    );
    reader.get_mut().write_all(format!("{head}{document}").as_bytes()).ok()
}
