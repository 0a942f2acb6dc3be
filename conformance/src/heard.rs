//! One HTTP/1.1 request, as the small servers of this package read it.

use std::io::BufRead;

/// A request.
pub(crate) struct Heard {
    /// Method.
    pub method: String,
    /// Path without a query.
    pub path: String,
    /// Body.
    pub body: String,
}

impl Heard {
    /// Reads one; nothing where it is none.
    pub fn read(reader: &mut impl BufRead) -> Option<Self> {
        let (mut line, mut length) = (String::new(), 0);
        reader.read_line(&mut line).ok()?;
        let mut words = line.split(' ');
        let (method, path) = (words.next()?.to_owned(), words.next()?.split('?').next()?.to_owned());
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            let header = header.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        Some(Self { method, path, body: String::from_utf8(body).ok()? })
    }
}
