//! The common card application, and the data objects of the power-on state.

use std::collections::BTreeMap;

use openssl::error::ErrorStack;

use super::{Contents, File, Printed};
use crate::soft::cv::{self, CARD_ROOT, issuer_id};

pub(super) fn files(printed: &Printed) -> Vec<(u16, File)> {
    vec![(0x0001, File::Record(record(printed))), (0x001C, File::Never("resident register PIN"))]
}

fn card_id(printed: &Printed) -> String {
    format!("{:015}", printed.serial)
}

/// Simple-TLV 01 1C: serial, issuing municipality, end of the card.
fn record(printed: &Printed) -> Vec<u8> {
    let mut record = vec![0x01, 0x1C];
    record.extend(format!("{}{}{}", card_id(printed), printed.city_code, printed.expiry).into_bytes());
    record
}

pub(super) fn objects(c: &Contents) -> Result<BTreeMap<u16, Vec<u8>>, ErrorStack> {
    /// Names what a certificate below consists of.
    const PARTS: &[u8] = b"\x4D\x0A\x42\x10\x5F\x20\x10\x5F\x49\x82\x01\x09";
    let issuer = issuer_id(&c.printed.city_code, "30");
    let upper = cv::certificate(&c.issuers.surface_root, CARD_ROOT, issuer, &c.issuers.surface)?;
    let lower = cv::certificate(&c.issuers.surface, issuer, issuer_id("00000", "99"), &c.card_key)?;
    Ok(BTreeMap::from([
        (0x0045, card_id(&c.printed).into_bytes()),
        (0x00F0, c.printed.city_code.clone().into_bytes()),
        (0x00F2, c.printed.expiry.clone().into_bytes()),
        (0x00F8, [PARTS, &upper].concat()),
        (0x5F51, b"\xE0\x00\xFF\x81\x31\xFE\x45\x14".to_vec()),
        (0x7F21, [PARTS, &lower].concat()),
    ]))
}
