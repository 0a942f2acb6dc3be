//! The soft card behind the virtual reader of vsmartcard: our own framing, because the reader writes length and body
//! apart and delayed acknowledgements would cost 44 ms for each command.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    os::linux::net::TcpStreamExt,
};

use super::SoftCard;

/// Puts the card into the virtual reader at `addr` until the reader goes away.
///
/// # Errors
/// The reader is not there, the connection broke, or a file of the never-list was touched.
pub fn serve(mut card: SoftCard, addr: &str) -> io::Result<()> {
    let mut reader = TcpStream::connect(addr)?;
    reader.set_nodelay(true)?;
    while let Some(message) = receive(&mut reader)? {
        let reply = match message[..] {
            [0x00 | 0x01] => {
                card.power_cycle();
                continue;
            }
            [0x02] => {
                card.warm_reset();
                continue;
            }
            [0x04] => card.atr().to_vec(),
            _ => card.answer(&message),
        };
        if let Some(what) = card.trips().first() {
            // A test must see it at once: the card leaves the reader.
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("never-list touched: {what}")));
        }
        send(&mut reader, &reply)?;
    }
    Ok(())
}

fn receive(reader: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 2];
    reader.set_quickack(true)?;
    match reader.read_exact(&mut length) {
        Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    // The option does not last: it is set before and after every receive.
    reader.set_quickack(true)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    reader.read_exact(&mut message)?;
    reader.set_quickack(true)?;
    Ok(Some(message))
}

fn send(reader: &mut TcpStream, reply: &[u8]) -> io::Result<()> {
    let length = u16::try_from(reply.len()).map_err(|_| io::ErrorKind::InvalidData)?;
    let mut frame = length.to_be_bytes().to_vec();
    frame.extend(reply);
    reader.write_all(&frame)
}
