//! Where both facilities are told of a sign-out (OpenID Connect Back-Channel Logout 1.0 2.5).

use std::{
    io::{BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::heard::Heard;

/// A listener on loopback.
pub struct Listener {
    at: SocketAddr,
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

/// A notice is sent by a job that looks every few seconds.
const PATIENCE: Duration = Duration::from_secs(15);

impl Listener {
    /// Listens on a free port.
    ///
    /// # Errors
    /// There is none.
    pub fn start() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|why| format!("no port: {why}"))?;
        let at = listener.local_addr().map_err(|why| format!("no port: {why}"))?;
        let heard = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Some(one) = hear(stream) {
                    keep.lock().unwrap_or_else(PoisonError::into_inner).push(one);
                }
            }
        });
        Ok(Self { at, heard })
    }

    /// Host and port.
    #[must_use]
    pub fn host(&self) -> String {
        self.at.to_string()
    }

    /// Where a facility of this name is told.
    #[must_use]
    pub fn address(&self, name: &str) -> String {
        format!("http://{}/{name}", self.at)
    }

    /// What this facility was told next; waits for it.
    #[must_use]
    pub fn told(&self, name: &str) -> Option<String> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(at) = heard.iter().position(|(path, _)| path == &format!("/{name}")) {
                return Some(heard.remove(at).1);
            }
            drop(heard);
            thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

/// Path and body of one request, which is answered with 200.
fn hear(stream: TcpStream) -> Option<(String, String)> {
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut reader = BufReader::new(stream);
    let Heard { path, body, .. } = Heard::read(&mut reader)?;
    reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()?;
    Some((path, body))
}
