//! Relation: an account acts for a person that is not its own. It is stated, dated, and ends by itself at majority.

use super::person::Birthdate;
use crate::Time;
use crate::id::{AccountId, PersonId, RelationId};
use crate::time::Day;
use serde::{Deserialize, Serialize};

/// That an account acts for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Row.
    pub id: RelationId,
    /// Who acts.
    pub account: AccountId,
    /// For whom.
    pub person: PersonId,
    /// As what.
    pub kind: RelationKind,
    /// When it began.
    pub from: Time,
    /// When it ends by itself: the day the person is of age.
    pub until: Time,
    /// When it was ended by hand.
    pub ended_at: Option<Time>,
}

impl Relation {
    /// Whether the account may act for the person now.
    pub fn holds(&self, now: Time) -> bool {
        self.ended_at.is_none() && self.from <= now && now < self.until
    }
}

/// As what somebody acts for a child. What the account holder stated; PASS has seen no register of families.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// 親権者: father, mother, who has custody.
    Parent,
    /// 未成年後見人: appointed by a court.
    Guardian,
}

impl RelationKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Parent, Self::Guardian];

    /// The word in the table and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Guardian => "guardian",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How somebody of that age is proofed by a card (CAP-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardPath {
    /// By the signature certificate and its password.
    Signature,
    /// By the text application and its four digits, vouched for by a guardian: there is no signature certificate yet.
    Text,
}

/// From this birthday on people sign for themselves. The law gives the certificate from 15; PASS draws the line where the
/// product it is modelled on does.
const SIGNS_FROM: i32 = 16;
/// Civil Code art. 4: majority.
const MAJORITY: i32 = 18;

/// The path for somebody born then, if the day is known.
pub fn card_path(born: Birthdate, now: Time) -> Option<CardPath> {
    let age = crate::claims::age::age(born, now)?;
    Some(if age >= SIGNS_FROM { CardPath::Signature } else { CardPath::Text })
}

/// The first moment of the day on which somebody is of age, in Japan. Who was born on 29 February is on 1 March.
pub fn majority(born: Birthdate) -> Option<Time> {
    let born = born.day()?;
    let year = born.year + MAJORITY;
    let day = Day::new(year, born.month, born.day).or_else(|| Day::new(year, 3, 1))?;
    Some(day.jst_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born(year: i32, month: u8, day: u8) -> Birthdate {
        Birthdate { year: Some(year), month_day: Some((month, day)) }
    }

    fn at(year: i32, month: u8, day: u8) -> Time {
        Day { year, month, day }.jst_start()
    }

    #[test]
    fn cap_08_sixteen_is_reached_on_the_birthday_in_japan() {
        for (born, now, path) in [
            // 15 years and 364 days, to the last millisecond in Japan; then 16 years and 0 days.
            (born(2010, 10, 5), Time(at(2026, 10, 5).0 - 1), CardPath::Text),
            (born(2010, 10, 5), at(2026, 10, 5), CardPath::Signature),
            (born(2008, 2, 29), at(2024, 2, 29), CardPath::Signature),
            (born(2012, 2, 29), Time(at(2028, 2, 29).0 - 1), CardPath::Text),
            (born(2012, 2, 29), at(2028, 2, 29), CardPath::Signature),
            (born(2013, 3, 1), at(2029, 3, 1), CardPath::Signature),
            (born(2026, 10, 5), at(2026, 10, 5), CardPath::Text),
            (born(1940, 1, 1), at(2026, 10, 5), CardPath::Signature),
        ] {
            assert_eq!(card_path(born, now), Some(path));
        }
        assert_eq!(card_path(born(2027, 1, 1), at(2026, 10, 5)), None, "not born yet");
        let year_only = Birthdate { year: Some(2015), month_day: None };
        assert_eq!(card_path(year_only, at(2026, 10, 5)), None);
    }

    #[test]
    fn cap_14_a_relation_ends_by_itself_at_majority() {
        assert_eq!(majority(born(2010, 10, 5)), Some(at(2028, 10, 5)));
        assert_eq!(majority(born(2012, 2, 29)), Some(at(2030, 3, 1)));
        let relation = Relation {
            id: RelationId([1; 16]),
            account: AccountId([2; 16]),
            person: PersonId([3; 16]),
            kind: RelationKind::Parent,
            from: at(2026, 1, 1),
            until: at(2028, 10, 5),
            ended_at: None,
        };
        assert!(relation.holds(Time(at(2028, 10, 5).0 - 1)) && !relation.holds(at(2028, 10, 5)));
        assert!(!Relation { ended_at: Some(at(2027, 1, 1)), ..relation }.holds(at(2027, 1, 2)));
    }
}
