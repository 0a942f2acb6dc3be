//! What the chip signs when its text is read.

use crate::statement::{EnrolmentFields, StatementError, lines};

/// The first line of a text reading.
pub const TEXT_TAG: &str = "PASS-JPKI-TEXT-v1";

/// A checked text reading. The bytes that are signed name the digest of what was read as well: the statement is no
/// [`crate::statement::Statement`], and no key of JPKI signs it. Its fields are those of an enrolment under another first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextReading(EnrolmentFields);

const NAMES: [&str; 7] = ["issuer", "account", "purpose", "nonce", "ticket", "issued-at", "basic-four-sha256"];

impl TextReading {
    /// Checks the fields.
    ///
    /// # Errors
    /// A field is empty, too long, or holds a control or direction character.
    pub fn new(fields: EnrolmentFields) -> Result<Self, StatementError> {
        fields.check()?;
        Ok(Self(fields))
    }

    /// The fields, for the page that shows them.
    #[must_use]
    pub fn fields(&self) -> &EnrolmentFields {
        &self.0
    }

    /// The statement as a person reads it before the card is read: without the digest of what is still to be read.
    #[must_use]
    pub fn shown(&self) -> String {
        let bytes = self.to_bytes(&[0; 32]);
        let text = String::from_utf8_lossy(&bytes);
        text.split_inclusive('\n').take(NAMES.len()).collect()
    }

    /// The bytes that the chip signs over a reading with that digest.
    pub(crate) fn to_bytes(&self, basic_four: &[u8; 32]) -> Vec<u8> {
        let f = &self.0;
        let values = [
            f.issuer.as_str(),
            &f.account,
            &f.purpose,
            &lines::hex(&f.nonce),
            &f.ticket,
            &f.issued_at.to_string(),
            &lines::hex(basic_four),
        ];
        let fields: Vec<_> = NAMES.into_iter().zip(values).collect();
        lines::write(TEXT_TAG, &fields)
    }

    /// Reads the canonical bytes back, with the digest of what was read.
    ///
    /// # Errors
    /// Anything but the exact canonical form.
    pub fn parse(bytes: &[u8]) -> Result<(Self, [u8; 32]), StatementError> {
        let [issuer, account, purpose, nonce, ticket, issued_at, basic_four] = lines::read(bytes, TEXT_TAG, NAMES)?;
        let basic_four = lines::nonce(basic_four)?;
        let parsed = Self::new(EnrolmentFields {
            issuer: issuer.into(),
            account: account.into(),
            purpose: purpose.into(),
            nonce: lines::nonce(nonce)?,
            ticket: ticket.into(),
            issued_at: issued_at.parse().map_err(|_| StatementError::Form)?,
        })?;
        // `+7`, `007` and upper-case hex read alike: only the canonical spelling is a statement.
        if parsed.to_bytes(&basic_four) == bytes { Ok((parsed, basic_four)) } else { Err(StatementError::Form) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> TextReading {
        TextReading::new(EnrolmentFields {
            issuer: "https://pass.example".into(),
            account: "h***@mail.example".into(),
            purpose: "氏名・住所を読み取ります。".into(),
            nonce: [0xAB; 32],
            ticket: "t-1".into(),
            issued_at: 1_775_001_600,
        })
        .unwrap()
    }

    #[test]
    fn cap_06_a_text_reading_reads_as_a_document_and_back() {
        let bytes = reading().to_bytes(&[0xCD; 32]);
        let text = format!(
            "PASS-JPKI-TEXT-v1\nissuer=https://pass.example\naccount=h***@mail.example\n\
             purpose=氏名・住所を読み取ります。\nnonce={}\nticket=t-1\nissued-at=1775001600\nbasic-four-sha256={}\n",
            "ab".repeat(32),
            "cd".repeat(32)
        );
        assert_eq!(bytes, text.as_bytes());
        assert_eq!(TextReading::parse(&bytes), Ok((reading(), [0xCD; 32])));
    }

    #[test]
    fn cap_06_only_the_canonical_bytes_are_a_text_reading() {
        let good = String::from_utf8(reading().to_bytes(&[0xCD; 32])).unwrap();
        for spoilt in [
            good.replace("TEXT", "ENROLMENT"),
            good.replace("ab", "AB"),
            good.replace("cd", "CD"),
            good.replace("issued-at=", "issued-at=0"),
            good.replace("\nbasic-four-sha256=", "\nsha256="),
            good.replace('\n', "\r\n"),
            good.trim_end().to_owned(),
            format!("{good}more=1\n"),
        ] {
            assert_eq!(TextReading::parse(spoilt.as_bytes()).err(), Some(StatementError::Form), "{spoilt}");
        }
        let fields = EnrolmentFields { account: "a\nticket=x".into(), ..reading().fields().clone() };
        assert_eq!(TextReading::new(fields).err(), Some(StatementError::Field("account")));
    }
}
