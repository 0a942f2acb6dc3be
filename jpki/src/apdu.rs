//! Command and response APDUs, as far as the session needs them (ISO 7816-4, short form).

use zeroize::Zeroizing;

use crate::transport::{Exchange, Transport, TransportError};

/// DER of DigestInfo for SHA-256 up to the digest (RFC 8017 9.2 note 1).
pub(crate) const SHA256_DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// A command; its bytes are wiped, because one of them carries a PIN.
pub(crate) struct Command(Zeroizing<Vec<u8>>);

impl Command {
    fn new(header: [u8; 4], data: &[u8], le: Option<u8>) -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(6 + data.len()));
        bytes.extend(header);
        if !data.is_empty() {
            bytes.push(u8::try_from(data.len()).expect("commands of ours carry at most 255 bytes"));
            bytes.extend(data);
        }
        bytes.extend(le);
        Self(bytes)
    }

    pub(crate) fn select_application(aid: &[u8]) -> Self {
        Self::new([0x00, 0xA4, 0x04, 0x0C], aid, None)
    }

    pub(crate) fn select_file(id: u16) -> Self {
        Self::new([0x00, 0xA4, 0x02, 0x0C], &id.to_be_bytes(), None)
    }

    /// Up to 256 bytes from `offset` of the current file; `le` 0 means 256.
    pub(crate) fn read(offset: u16, le: u8) -> Self {
        let [high, low] = offset.to_be_bytes();
        Self::new([0x00, 0xB0, high & 0x7F, low], &[], Some(le))
    }

    /// Asks for the tries left of the current PIN file; costs none.
    pub(crate) fn tries_left() -> Self {
        Self::new([0x00, 0x20, 0x00, 0x80], &[], None)
    }

    pub(crate) fn verify(secret: &[u8]) -> Self {
        Self::new([0x00, 0x20, 0x00, 0x80], secret, None)
    }

    /// Gives the current PIN file, which was verified, another value.
    pub(crate) fn change(secret: &[u8]) -> Self {
        Self::new([0x00, 0x24, 0x01, 0x80], secret, None)
    }

    /// The first record of the current file.
    pub(crate) fn read_first_record() -> Self {
        Self::new([0x00, 0xB2, 0x01, 0x04], &[], Some(0))
    }

    /// Signs a DigestInfo (or the bare hash, where the key is elliptic) with the current key file; the card pads.
    pub(crate) fn sign(digest: &[u8]) -> Self {
        Self::new([0x80, 0x2A, 0x00, 0x80], digest, Some(0))
    }

    /// Signs a DigestInfo with the application's own key, which wants no secret: internal authentication.
    pub(crate) fn authenticate(digest_info: &[u8]) -> Self {
        Self::new([0x80, 0x2A, 0x00, 0x00], digest_info, Some(0))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Data and status word of an answer. The data are wiped: some of them may not outlive the session.
pub(crate) struct Response {
    pub(crate) data: Zeroizing<Vec<u8>>,
    pub(crate) status: u16,
}

/// Exchanges with the transport-level answers already dealt with: 61xx, 6Cxx, a first 6F00.
pub(crate) struct Link<T> {
    transport: T,
    fresh: bool,
}

/// More than any file of a card in pieces of one byte would need.
const MAX_PIECES: usize = 256;
/// No command of ours asks for more than 256 bytes; some readers gather more.
const MOST_DATA: usize = 64 * 1024;

impl<T: Transport> Link<T> {
    pub(crate) fn new(transport: T) -> Self {
        Self { transport, fresh: true }
    }

    pub(crate) fn exchange(&mut self, command: &Command) -> Result<Response, TransportError> {
        let bytes = command.bytes();
        let first = std::mem::take(&mut self.fresh);
        let mut response = self.raw(bytes)?;
        // The first command after power-up may be lost. Only a SELECT is sent twice: a VERIFY would burn a try.
        if first && response.status == 0x6F00 && bytes[1] == 0xA4 {
            response = self.raw(bytes)?;
        }
        // 6Cxx: the command was not executed, the right Le is xx. Only commands that end in Le.
        if response.status >> 8 == 0x6C && matches!(bytes[1], 0xB0 | 0x2A) {
            let mut again = Zeroizing::new(bytes.to_vec());
            if let Some(le) = again.last_mut() {
                *le = response.status as u8;
            }
            response = self.raw(&again)?;
        }
        let mut data = std::mem::take(&mut response.data);
        // 61xx: more data wait, xx of them.
        for _ in 0..MAX_PIECES {
            if response.status >> 8 != 0x61 {
                break;
            }
            response = self.raw(&[0x00, 0xC0, 0x00, 0x00, response.status as u8])?;
            let mut longer = Zeroizing::new(Vec::with_capacity(data.len() + response.data.len()));
            longer.extend_from_slice(&data);
            longer.extend_from_slice(&response.data);
            data = longer;
            if data.len() > MOST_DATA {
                return Err(TransportError::Reader("an answer without end".into()));
            }
        }
        Ok(Response { data, status: response.status })
    }

    fn raw(&mut self, bytes: &[u8]) -> Result<Response, TransportError> {
        let mut data = self.transport.transmit(bytes)?;
        let (Some(sw2), Some(sw1)) = (data.pop(), data.pop()) else {
            return Err(TransportError::Reader("an answer without status word".into()));
        };
        Ok(Response { data: Zeroizing::new(data), status: u16::from_be_bytes([sw1, sw2]) })
    }
}
