//! Whom we believe: the roots a certificate must chain to.
//!
//! The published roots are pinned by SHA-256; their files are installed by the operator. All generations share one
//! subject name, so the issuer is chosen by key identifier and signature ([`Anchors::issuer_of`]), never by name.

use std::{fmt, fs, path::Path, sync::Arc};

use openssl::x509::X509;
use sha2::{Digest, Sha256};

use crate::{
    Refusal,
    certificate::{Certificate, Purpose},
};

/// A root could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The folder or a file in it could not be read.
    #[error("cannot read {0}")]
    Unreadable(String),
    /// A file holds no certificate.
    #[error("{0} holds no certificate")]
    Malformed(String),
    /// The certificate is none of the published roots.
    #[error("{0} is none of the published JPKI roots")]
    NotPinned(String),
}

/// The roots of the certificates on cards.
#[derive(Clone)]
pub struct Anchors {
    roots: Vec<Arc<Root>>,
    test: bool,
}

impl fmt::Debug for Anchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Anchors({} roots{})", self.roots.len(), if self.test { ", test" } else { "" })
    }
}

/// One root, for lists and for `pass doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootInfo {
    /// Which of the published roots, or `test`.
    pub label: &'static str,
    /// What it issues.
    pub purpose: Purpose,
    /// When it ends, epoch seconds.
    pub not_after: i64,
}

/// A root, prepared: what every verification asks of it was read when it was taken.
pub(crate) struct Root {
    pub(crate) certificate: Certificate,
    info: RootInfo,
    subject: Vec<u8>,
    key_id: Option<Vec<u8>>,
    /// Allowed to sign certificates, and to sign lists (RFC 5280 4.2.1.9, 4.2.1.3).
    ca: bool,
    lists: bool,
    fingerprint: [u8; 32],
}

struct Published {
    label: &'static str,
    purpose: Purpose,
    sha256: &'static str,
}

/// Computed from copies in circulation; an operator compares them with J-LIS before the first proofing (docs/lawyers.md).
const PINS: [Published; 6] = [
    Published {
        label: "sign-1",
        purpose: Purpose::Sign,
        sha256: "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355",
    },
    Published {
        label: "sign-2",
        purpose: Purpose::Sign,
        sha256: "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB",
    },
    Published {
        label: "sign-3",
        purpose: Purpose::Sign,
        sha256: "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F",
    },
    Published {
        label: "auth-1",
        purpose: Purpose::Auth,
        sha256: "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D",
    },
    Published {
        label: "auth-2",
        purpose: Purpose::Auth,
        sha256: "0D98DE47FC11B7F67126874B7028B6026A803D2638D6EDFE53176953961FADE6",
    },
    Published {
        label: "auth-3",
        purpose: Purpose::Auth,
        sha256: "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5",
    },
];

impl Anchors {
    /// Production, still without a root: everything is foreign until [`Anchors::load_dir`] has brought the files.
    #[must_use]
    pub fn production() -> Self {
        Self { roots: Vec::new(), test: false }
    }

    /// Takes every `.cer`, `.der` or `.pem` file of the folder.
    ///
    /// # Errors
    /// An unreadable file, or a root whose fingerprint is not pinned.
    pub fn load_dir(mut self, dir: &Path) -> Result<Self, AnchorError> {
        let unreadable = |path: &Path| AnchorError::Unreadable(path.display().to_string());
        let mut paths = Vec::new();
        for entry in fs::read_dir(dir).map_err(|_| unreadable(dir))? {
            let path = entry.map_err(|_| unreadable(dir))?.path();
            if path.extension().is_some_and(|e| e == "cer" || e == "der" || e == "pem") {
                paths.push(path);
            }
        }
        paths.sort();
        for path in paths {
            let bytes = fs::read(&path).map_err(|_| unreadable(&path))?;
            self.roots.push(Arc::new(pinned(&bytes, &path)?));
        }
        Ok(self)
    }

    /// Roots of a test PKI, in DER. Never in a release build.
    ///
    /// # Errors
    /// A root that is no certificate.
    #[cfg(feature = "soft-card")]
    pub fn test(roots: &[Vec<u8>]) -> Result<Self, AnchorError> {
        let mut taken = Vec::new();
        for der in roots {
            let certificate = Certificate::parse(der).map_err(|_| AnchorError::Malformed("a test root".into()))?;
            let purpose =
                if certificate.subject_has_unit(crate::certificate::SIGN_UNIT) { Purpose::Sign } else { Purpose::Auth };
            let info = RootInfo { label: "test", purpose, not_after: certificate.validity().1 };
            taken.push(Arc::new(Root::new(certificate, info)));
        }
        Ok(Self { roots: taken, test: true })
    }

    /// Whether these are roots of a test PKI.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.test
    }

    /// The roots at hand.
    pub fn roots(&self) -> impl Iterator<Item = &RootInfo> {
        self.roots.iter().map(|root| &root.info)
    }

    pub(crate) fn trusted_roots(&self) -> impl Iterator<Item = &Root> {
        self.roots.iter().map(|root| &**root)
    }

    /// The root of that purpose whose key signed the certificate.
    pub(crate) fn issuer_of(&self, leaf: &Certificate, purpose: Purpose) -> Result<&Root, Refusal> {
        let wanted = leaf.authority_key_id()?;
        let named = leaf.issuer_der();
        self.roots
            .iter()
            .filter(|root| root.info.purpose == purpose && root.subject == named)
            .filter(|root| match (&wanted, &root.key_id) {
                (Some(wanted), Some(id)) => wanted == id,
                // Without identifiers the signature decides alone.
                _ => true,
            })
            .find(|root| root.made(leaf))
            .map(AsRef::as_ref)
            .ok_or(Refusal::ForeignCa)
    }
}

impl Root {
    fn new(certificate: Certificate, info: RootInfo) -> Self {
        let usage = certificate.key_usage().ok().flatten();
        Self {
            subject: certificate.subject_der(),
            key_id: certificate.subject_key_id(),
            ca: certificate.is_ca().unwrap_or(false) && usage.as_ref().is_some_and(|usage| usage.key_cert_sign()),
            lists: usage.is_some_and(|usage| usage.crl_sign()),
            fingerprint: Sha256::digest(certificate.der()).into(),
            certificate,
            info,
        }
    }

    /// What tells it from any other.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// Its DER name.
    pub(crate) fn subject(&self) -> &[u8] {
        &self.subject
    }

    /// Whether it may sign revocation lists.
    pub(crate) fn signs_lists(&self) -> bool {
        self.lists
    }

    pub(crate) fn label(&self) -> &'static str {
        self.info.label
    }

    /// Whether this root itself made the certificate: name and signature.
    pub(crate) fn issued(&self, leaf: &Certificate) -> bool {
        leaf.issuer_der() == self.subject && self.made(leaf)
    }

    fn made(&self, leaf: &Certificate) -> bool {
        self.certificate.sound_key().is_ok_and(|key| leaf.signed_with(key))
    }

    /// RFC 5280 6.1.4: a CA by its basic constraints, allowed to sign certificates, within its own time.
    pub(crate) fn fit(&self, at: i64) -> Result<(), Refusal> {
        let (from, until) = self.certificate.validity();
        if self.ca && (from..=until).contains(&at) { Ok(()) } else { Err(Refusal::IssuerUnfit) }
    }
}

fn pinned(bytes: &[u8], path: &Path) -> Result<Root, AnchorError> {
    let malformed = || AnchorError::Malformed(path.display().to_string());
    let der = if bytes.starts_with(b"-----") {
        X509::from_pem(bytes).and_then(|x| x.to_der()).map_err(|_| malformed())?
    } else {
        bytes.to_vec()
    };
    let certificate = Certificate::parse(&der).map_err(|_| malformed())?;
    let fingerprint: String = Sha256::digest(&der).iter().map(|b| format!("{b:02X}")).collect();
    let pin = PINS
        .iter()
        .find(|pin| pin.sha256 == fingerprint)
        .ok_or_else(|| AnchorError::NotPinned(path.display().to_string()))?;
    let info = RootInfo { label: pin.label, purpose: pin.purpose, not_after: certificate.validity().1 };
    Ok(Root::new(certificate, info))
}
