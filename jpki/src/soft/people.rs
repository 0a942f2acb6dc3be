//! The people on the soft cards. All invented.

mod all;

pub(super) use all::ALL;

use super::issue::Holder;

/// What kind of token a soft card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// A My Number Card of today.
    Card,
    /// JPKI on an Android phone: no other application, and the certificate for login behind its PIN.
    Phone,
    /// The next card, as far as it is announced: ECDSA on P-384 with SHA-384.
    Next,
}

/// How the certificate for digital signature of a card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signing {
    Good,
    /// None was issued (under 15, or not asked for).
    None,
    Expired,
    /// On the revocation list.
    Revoked,
    Foreign,
    /// Ends with the holder's next birthday.
    Birthday,
    /// Good, but its password is blocked.
    Blocked,
}

/// How the certificate for login of a card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Login {
    Good,
    /// On the revocation list.
    Revoked,
    /// Of an authority that has the name of ours and another key.
    Foreign,
}

pub(super) struct Person {
    pub(super) card: &'static str,
    pub(super) pin: &'static str,
    pub(super) text_pin: &'static str,
    pub(super) password: &'static str,
    pub(super) what: &'static str,
    pub(super) body: Body,
    pub(super) signing: Signing,
    pub(super) login: Login,
    /// Printed on the card and part of number B.
    pub(super) security_code: &'static str,
    /// Year in which the card itself ends.
    pub(super) card_until: &'static str,
    /// Which of the drawn faces.
    pub(super) face: usize,
    /// Characters of the name that were replaced, one digit for each; empty means none was.
    pub(super) name_substitutes: &'static str,
    pub(super) name: &'static str,
    pub(super) birth_date: &'static str,
    pub(super) sex: u8,
    town: Town,
    street: &'static str,
    /// Where the holder lives now, when the certificate still names the old place.
    moved_to: &'static str,
}

#[derive(Clone, Copy)]
enum Town {
    Kaga,
    Komatsu,
    Abroad,
}

impl Person {
    pub(super) fn holder(&self) -> Holder {
        let (address, city, code) = match self.town {
            Town::Kaga => ("石川県加賀市", "Kaga-shi", "17206"),
            Town::Komatsu => ("石川県小松市", "Komatsu-shi", "17203"),
            // The municipality of the family register issues it; how the address is written is our guess.
            Town::Abroad => ("国外転出", "Kaga-shi", "17206"),
        };
        Holder {
            name: self.name.into(),
            birth_date: self.birth_date.into(),
            sex: self.sex,
            address: format!("{address}{}", self.street),
            prefecture: "Ishikawa-ken".into(),
            city: city.into(),
            city_code: code.into(),
        }
    }

    /// The address printed on the card and in the text application.
    pub(super) fn printed_address(&self) -> String {
        if self.moved_to.is_empty() { self.holder().address } else { self.moved_to.into() }
    }

    /// When the card itself ends, YYYYMMDD: on a birthday.
    pub(super) fn card_expiry(&self) -> String {
        let day = match &self.birth_date[5..] {
            "0229" => "0228",
            "0000" => "0401",
            day => day,
        };
        format!("{}{day}", self.card_until)
    }

    /// The first six digits of number B: the birthday with its year in the Japanese era.
    pub(super) fn birth_key(&self) -> String {
        let first = match self.birth_date.as_bytes()[0] {
            b'2' => 1912,
            b'3' => 1926,
            b'4' => 1989,
            _ => 2019,
        };
        let year: u16 = self.birth_date[1..5].parse().unwrap_or_default();
        let in_era = if year < first { 0 } else { year - first + 1 };
        format!("{in_era:02}{}", &self.birth_date[5..])
    }

    /// 照合番号B: birth date with the era's year, year in which the card ends, security code.
    pub(super) fn code_b(&self) -> String {
        format!("{}{}{}", self.birth_key(), self.card_until, self.security_code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_b_is_birth_date_in_the_era_end_of_the_card_and_security_code() {
        let of = |card: &str| ALL.iter().find(|person| person.card == card).unwrap().code_b();
        assert_eq!(of("hanako"), "63022920354821");
        assert_eq!(of("aoi"), "07051220357730");
        assert_eq!(of("child"), "02061820292096");
        assert_eq!(of("elder"), "14041020357415");
        assert_eq!(of("partial"), "00000020354450");
    }

    #[test]
    fn every_flag_of_a_substitute_stands_for_a_character() {
        for person in &ALL {
            let flags = person.name_substitutes;
            assert!(flags.is_empty() || flags.len() == person.name.chars().count(), "{}", person.card);
        }
    }
}
