//! The demo's mail server: takes every message over real SMTP (RFC 5321) and keeps the last ones in memory for the outbox page.
//!
//! Implemented: EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP, QUIT. Left out: everything a server on the open net needs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// How many messages are kept.
const KEPT: usize = 50;
/// Longest message that is taken.
const LIMIT: usize = 256 * 1024;

/// A message that was taken.
#[derive(Clone)]
pub struct Taken {
    /// Recipient.
    pub to: String,
    /// The message as it came: headers and body.
    pub message: String,
}

/// The messages, newest first.
#[derive(Clone, Default)]
pub struct Outbox(Arc<Mutex<VecDeque<Taken>>>);

impl Outbox {
    /// A copy of what is kept, newest first.
    pub fn list(&self) -> Vec<Taken> {
        self.0.lock().map(|kept| kept.iter().cloned().collect()).unwrap_or_default()
    }

    fn keep(&self, taken: Taken) {
        if let Ok(mut kept) = self.0.lock() {
            kept.push_front(taken);
            kept.truncate(KEPT);
        }
    }
}

/// Takes connections until the task is dropped.
pub async fn serve(listener: TcpListener, outbox: Outbox) {
    while let Ok((socket, _)) = listener.accept().await {
        let outbox = outbox.clone();
        tokio::spawn(async move {
            let (reader, writer) = socket.into_split();
            // A broken connection is the sender's to repeat.
            let _ = talk(BufReader::new(reader), writer, &outbox).await;
        });
    }
}

async fn talk<R, W>(mut reader: BufReader<R>, mut writer: W, outbox: &Outbox) -> std::io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    writer.write_all(b"220 localhost PASS demo outbox\r\n").await?;
    let mut to = String::new();
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_ascii_uppercase();
        let answer: &[u8] = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => b"250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "HELO" | "MAIL" | "RSET" | "NOOP" => b"250 OK\r\n",
            "RCPT" => {
                to = address(line.trim_end());
                b"250 OK\r\n"
            }
            "DATA" => {
                writer.write_all(b"354 end with a single dot\r\n").await?;
                let message = data(&mut reader).await?;
                outbox.keep(Taken { to: std::mem::take(&mut to), message });
                b"250 OK\r\n"
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => b"502 not here\r\n",
        };
        writer.write_all(answer).await?;
    }
}

async fn data<R: AsyncRead + Unpin>(reader: &mut BufReader<R>) -> std::io::Result<String> {
    let mut message = String::new();
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line).await? == 0 || line.trim_end() == "." {
            return Ok(message);
        }
        // RFC 5321 4.5.2: a dot at the start of a line was doubled by the sender.
        let text = line.strip_prefix('.').unwrap_or(&line);
        if message.len() + text.len() <= LIMIT {
            message.push_str(text);
        }
    }
}

fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or_else(String::new, |(to, _)| to.to_string())
}
