//! An HTTP proxy that changes answers on their way.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use reqwest::{Method, blocking::Client, redirect::Policy};

/// An answer on its way.
pub struct Message {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Message {
    pub fn drop_header(&mut self, name: &str) {
        self.headers.retain(|(header, _)| header != name);
    }

    pub fn in_header(&mut self, name: &str, from: &str, to: &str) {
        for (_, value) in self.headers.iter_mut().filter(|(header, _)| header == name) {
            *value = value.replace(from, to);
        }
    }

    /// A page with this mark becomes a fault of the server.
    pub fn broken_where(&mut self, mark: &str) {
        if self.body.contains(mark) {
            self.status = 500;
        }
    }

    pub fn in_body(&mut self, from: &str, to: &str) {
        self.body = self.body.replace(from, to);
    }
}

pub struct Proxy(SocketAddr);

impl Proxy {
    pub fn start(spoil: fn(&mut Message)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || pass_on(stream, spoil));
            }
        });
        Self(address)
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.0)
    }
}

/// One request of one connection.
fn pass_on(stream: TcpStream, spoil: fn(&mut Message)) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut headers) = (String::new(), Vec::new());
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, url) = (words.next()?.parse::<Method>().ok()?, words.next()?.to_owned());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let http = Client::builder().redirect(Policy::none()).no_proxy().build().ok()?;
    let mut request = http.request(method, url).body(body);
    for (name, value) in
        headers.iter().filter(|(name, _)| !["host", "content-length", "connection"].contains(&name.as_str()))
    {
        request = request.header(name, value);
    }
    let answer = request.send().ok()?;
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let mut message = Message { status, headers: headers.collect(), body: String::new() };
    message.body = answer.text().ok()?;
    spoil(&mut message);
    for gone in ["content-length", "transfer-encoding", "connection"] {
        message.drop_header(gone);
    }
    let head: String = message.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = message.body.len();
    let text = format!(
        "HTTP/1.1 {} x\r\n{head}content-length: {length}\r\nconnection: close\r\n\r\n{}",
        message.status, message.body
    );
    reader.get_mut().write_all(text.as_bytes()).ok()
}
