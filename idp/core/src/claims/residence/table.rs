//! The table of municipalities, read once.

use super::fold::fold;
use crate::time::Day;
use std::collections::HashMap;
use std::sync::LazyLock;

const CSV: &str = include_str!("../municipalities.csv");

/// A municipality, or a ward of a designated city.
pub(super) struct Row {
    pub(super) code: &'static str,
    pub(super) pref: &'static str,
    pub(super) city: &'static str,
    pub(super) ward: &'static str,
    pub(super) folded: Box<[char]>,
    from: Option<Day>,
    to: Option<Day>,
}

impl Row {
    /// Whether the name is a prefix of the folded text.
    pub(super) fn stands_in(&self, text: &[char]) -> bool {
        text.starts_with(&self.folded)
    }

    pub(super) fn valid(&self, on: Day) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }
}

/// All rows, with the indexes that make a look-up short.
pub(super) struct Table {
    rows: Vec<Row>,
    wards: Vec<Row>,
    by_first: HashMap<char, Vec<usize>>,
    prefectures: Vec<(&'static str, Box<[char]>)>,
}

impl Table {
    pub(super) fn get() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(Table::read);
        &TABLE
    }

    /// The prefecture that the text begins with, and how many characters it takes.
    pub(super) fn prefecture(&self, text: &[char]) -> Option<(&'static str, usize)> {
        let (name, folded) = self.prefectures.iter().find(|(_, folded)| text.starts_with(folded))?;
        Some((name, folded.len()))
    }

    /// Municipalities whose name begins with the text's first character.
    pub(super) fn starting_like(&self, text: &[char]) -> impl Iterator<Item = &Row> {
        let places = text.first().and_then(|first| self.by_first.get(first));
        places.into_iter().flatten().map(|place| &self.rows[*place])
    }

    pub(super) fn wards(&self) -> impl Iterator<Item = &Row> {
        self.wards.iter()
    }

    /// The city of a ward.
    pub(super) fn city_of(&self, ward: &Row) -> Option<&Row> {
        self.rows.iter().find(|row| row.city == ward.city && row.pref == ward.pref)
    }

    fn read() -> Self {
        let (rows, wards): (Vec<Row>, Vec<Row>) = CSV.lines().skip(1).map(row).partition(|row| row.ward.is_empty());
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        let mut prefectures: Vec<(&'static str, Box<[char]>)> = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            by_first.entry(row.folded[0]).or_default().push(place);
            if prefectures.last().is_none_or(|(name, _)| *name != row.pref) {
                prefectures.push((row.pref, fold(row.pref)));
            }
        }
        Self { rows, wards, by_first, prefectures }
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }
}

fn row(line: &'static str) -> Row {
    let fields: Vec<&'static str> = line.split(',').collect();
    let [code, pref, city, ward, _kana, from, to] = fields[..] else {
        panic!("municipalities.csv is committed with seven columns in each line");
    };
    let name = if ward.is_empty() { city } else { ward };
    Row { code, pref, city, ward, folded: fold(name), from: day(from), to: day(to) }
}

/// `2023-12-31`, or nothing.
fn day(text: &str) -> Option<Day> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    Day::new(year.into(), month as u8, day as u8)
}
