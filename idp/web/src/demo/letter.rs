//! Reads a message as `lettre` writes it: headers (RFC 5322 2.2), encoded words (RFC 2047), one text body
//! (RFC 2045 6: base64, quoted-printable, 7bit, 8bit). Left out: attachments and other character sets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pass_core::Time;
use pass_core::time::Day;

/// A message, readable.
pub(super) struct Letter {
    /// Who received it.
    pub(super) to: String,
    /// What it is about.
    pub(super) subject: String,
    /// The text.
    pub(super) body: String,
    /// When it was written, as the header says it.
    pub(super) date: String,
    /// The same as a time.
    pub(super) at: Option<Time>,
}

/// Reads the message that one recipient got.
pub(super) fn read(to: String, message: &str) -> Letter {
    let message = message.replace("\r\n", "\n");
    let (head, body) = message.split_once("\n\n").unwrap_or((&message, ""));
    // RFC 5322 2.2.3: a line that begins with white space goes on from the one before.
    let head = head.replace("\n\t", " ").replace("\n ", " ");
    let header = |name: &str| {
        let found =
            head.lines().filter_map(|line| line.split_once(':')).find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    };
    let date = header("Date").to_string();
    Letter {
        to,
        subject: words(header("Subject")),
        body: text(header("Content-Transfer-Encoding"), body),
        at: moment(&date),
        date,
    }
}

/// RFC 2047 2; white space between two encoded words is not shown (6.2).
fn words(value: &str) -> String {
    let mut out = Vec::new();
    let mut after_encoded = false;
    for word in value.split(' ').filter(|word| !word.is_empty()) {
        let encoded = encoded_word(word);
        let joined = after_encoded && encoded.is_some();
        if !out.is_empty() && !joined {
            out.push(b' ');
        }
        after_encoded = encoded.is_some();
        out.extend(encoded.unwrap_or_else(|| word.as_bytes().to_vec()));
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded_word(word: &str) -> Option<Vec<u8>> {
    let mut parts = word.strip_prefix("=?")?.strip_suffix("?=")?.splitn(3, '?');
    let (_, encoding, data) = (parts.next()?, parts.next()?, parts.next()?);
    match encoding {
        "b" | "B" => STANDARD.decode(data).ok(),
        _ => Some(quoted(&data.replace('_', " "))),
    }
}

fn text(encoding: &str, body: &str) -> String {
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" => STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap_or_default(),
        // RFC 2045 6.7: an equals sign at the end of a line is a soft break.
        "quoted-printable" => quoted(&body.replace("=\n", "")),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim_end().to_string()
}

fn quoted(text: &str) -> Vec<u8> {
    let mut pieces = text.split('=');
    let mut out = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                out.extend_from_slice(&piece.as_bytes()[2..]);
            }
            None => out.extend_from_slice(format!("={piece}").as_bytes()),
        }
    }
    out
}

/// `Wed, 25 Nov 2026 20:00:00 +0900` (RFC 5322 3.3).
fn moment(date: &str) -> Option<Time> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let rest = date.split_once(',').map_or(date, |(_, rest)| rest);
    let parts: Vec<&str> = rest.split_whitespace().collect();
    let [day, month, year, clock, zone] = parts[..] else { return None };
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let day = Day::new(year.parse().ok()?, u8::try_from(month).ok()?, day.parse().ok()?)?;
    let mut seconds = day.epoch_days() * 86_400;
    for (part, worth) in clock.split(':').zip([3600, 60, 1]) {
        seconds += part.parse::<i64>().ok()? * worth;
    }
    let zone: i64 = zone.parse().ok()?;
    Some(Time::from_seconds(seconds - (zone / 100 * 3600 + zone % 100 * 60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_as_they_were_written() {
        let subject = "=?utf-8?b?44OR44K544Kt44O844Gu55Wq5Y+3?=\r\n =?utf-8?b?77yaMTIzNDU2?=";
        let cases = [
            ("base64", "UEFTU+OBrueVquWPt+OBpwrjgZnjgII=\r\n", "PASSの番号で\nす。"),
            ("quoted-printable", "PASS=E3=81=AE=\r\n=E7=95=AA=E5=8F=B7 =3D 1=\r\n\r\n", "PASSの番号 = 1"),
            ("7bit", "Your code\r\n\r\n123456\r\n", "Your code\n\n123456"),
        ];
        for (encoding, body, want) in cases {
            let message = format!(
                "From: PASS <pass@localhost>\r\nSubject: {subject}\r\nDate: Wed, 25 Nov 2026 20:00:01 +0900\r\n\
                 content-transfer-encoding: {encoding}\r\n\r\n{body}"
            );
            let letter = read("hanako@example.jp".into(), &message);
            assert_eq!(letter.subject, "パスキーの番号：123456");
            assert_eq!(letter.body, want, "{encoding}");
            assert_eq!(letter.at, Some(Time::from_seconds(1_795_604_401)));
        }
        assert_eq!(words("Your code: =?utf-8?q?1=202_3?= end"), "Your code: 1 2 3 end");
        assert_eq!(moment("yesterday"), None);
    }
}
