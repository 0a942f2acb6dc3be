//! What is allowed of each application.

/// An application that a session of ours selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum App {
    /// Issuer security domain, the power-on state.
    Isd,
    /// 公的個人認証.
    Jpki,
    /// 券面事項入力補助.
    Text,
    /// 券面事項確認.
    Surface,
    /// 共通カード.
    Common,
}

impl App {
    const ALL: [App; 5] = [App::Isd, App::Jpki, App::Text, App::Surface, App::Common];

    pub(crate) fn aid(self) -> &'static [u8] {
        match self {
            App::Isd => b"\xA0\x00\x00\x01\x51\x00\x00",
            App::Jpki => b"\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01",
            App::Text => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08",
            App::Surface => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02",
            App::Common => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x01\x00",
        }
    }

    pub(super) fn by_full_aid(aid: &[u8]) -> Option<App> {
        App::ALL.into_iter().find(|app| app.aid() == aid)
    }

    /// Files with bytes to read.
    pub(super) fn to_read(self) -> &'static [u16] {
        match self {
            App::Isd | App::Common => &[],
            App::Jpki => &[0x0001, 0x0002, 0x0006, 0x0008, 0x000A, 0x000B],
            App::Text => &[0x0002, 0x0003, 0x0004, 0x0007],
            App::Surface => &[0x0001, 0x0002, 0x0004],
        }
    }

    /// Files with records to read.
    pub(super) fn records(self) -> &'static [u16] {
        if self == App::Common { &[0x0001] } else { &[] }
    }

    /// References of secrets.
    pub(super) fn secrets(self) -> &'static [u16] {
        match self {
            App::Isd | App::Common => &[],
            App::Jpki => &[0x0018, 0x001B],
            App::Text => &[0x0011, 0x0015],
            App::Surface => &[0x0011, 0x0012],
        }
    }

    /// References of secrets that their owner may change.
    pub(super) fn changeable(self) -> &'static [u16] {
        match self {
            App::Jpki => &[0x0018, 0x001B],
            App::Text => &[0x0011],
            App::Isd | App::Surface | App::Common => &[],
        }
    }

    /// Keys that sign.
    pub(super) fn keys(self) -> &'static [u16] {
        if self == App::Jpki { &[0x0017, 0x001A] } else { &[] }
    }

    /// Whether it has a key of its own that signs without a secret.
    pub(super) fn has_own_key(self) -> bool {
        matches!(self, App::Text | App::Surface)
    }

    pub(super) fn holds(self, id: u16) -> bool {
        [self.to_read(), self.records(), self.secrets(), self.keys()].iter().any(|files| files.contains(&id))
    }
}

/// A DigestInfo that names SHA-256.
pub(super) fn is_digest_info(data: &[u8]) -> bool {
    data.len() == 51 && data.starts_with(&crate::apdu::SHA256_DIGEST_INFO)
}

/// That, or the bare hash for an elliptic key.
pub(super) fn is_digest(data: &[u8]) -> bool {
    is_digest_info(data) || data.len() == 48
}
