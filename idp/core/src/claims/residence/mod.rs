//! Which municipality an address lies in. It answers `Ambiguous` or `Unknown` rather than guess.
//!
//! The table is our own, with dates (`municipalities.csv`, `docs/decisions/municipalities.md`). Left out: former municipalities
//! (an address that was never updated after a merger is `Unknown`), and spellings that no source shows.

mod fold;
mod table;

use crate::time::Day;
use fold::Folded;
use std::fmt;
use table::{Row, Table};

/// What an address says about the municipality.
#[derive(Clone, PartialEq, Eq)]
pub enum Residence {
    /// One municipality.
    Resolved(Resolved),
    /// Several could be meant.
    Ambiguous(Vec<Resolved>),
    /// None was found.
    Unknown,
}

/// A municipality of the table, and where it ends in the address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// Six digits with check digit, of the city (not of its ward).
    pub code: &'static str,
    /// For example 石川県.
    pub prefecture: &'static str,
    /// For example 加賀市.
    pub city: &'static str,
    /// The ward of a designated city: code and name.
    pub ward: Option<(&'static str, &'static str)>,
    locality: (usize, usize),
}

impl Resolved {
    /// City, ward and district as the address writes them (`加賀郡吉備中央町`).
    pub fn locality(self, address: &str) -> &str {
        address[self.locality.0..self.locality.1].trim()
    }

    /// What follows the municipality in the address it was read from.
    pub fn street(self, address: &str) -> &str {
        address[self.locality.1..].trim()
    }

    /// Whether this is the municipality (or ward) with a code.
    pub fn is(self, code: &str) -> bool {
        self.code == code || self.ward.is_some_and(|(ward, _)| ward == code)
    }
}

impl fmt::Debug for Residence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Residence(redacted)")
    }
}

impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolved(redacted)")
    }
}

/// Villages that share prefecture and name; only the district tells them apart.
const DISTRICTS: [(&str, &str); 2] = [("古宇郡", "014036"), ("国後郡", "016969")];

/// The longest district, island or subprefecture that may stand between prefecture and municipality.
const SKIP_AT_MOST: usize = 7;

/// What the municipality of a code is called, for example 加賀市.
pub fn city_name(code: &str) -> Option<&'static str> {
    Table::get().rows().iter().find(|row| row.code == code).map(|row| row.city)
}

/// Reads the municipality out of an address as it stood on a day.
pub fn resolve(address: &str, on: Day) -> Residence {
    let text = Folded::new(address);
    let table = Table::get();
    let (prefecture, start) = table.prefecture(&text.chars).unzip();
    let start = start.unwrap_or(0);
    let search = Search { table, prefecture, on, text: &text, start };
    let mut found = search.at(start);
    // 東村山郡山辺町 without its prefecture also begins with 東村: both readings count.
    if found.is_empty() || prefecture.is_none() {
        found.extend(search.behind_district());
    }
    if found.len() > 1 {
        search.keep_named_district(&mut found);
    }
    let mut found: Vec<Resolved> = found.into_iter().map(|hit| search.resolved(hit)).collect();
    match found.len() {
        0 => Residence::Unknown,
        1 => Residence::Resolved(found.remove(0)),
        _ => Residence::Ambiguous(found),
    }
}

struct Search<'a> {
    table: &'static Table,
    prefecture: Option<&'static str>,
    on: Day,
    text: &'a Folded,
    start: usize,
}

/// A row, and the character behind its name.
type Hit = (&'static Row, usize);

impl Search<'_> {
    /// The longest municipality names that stand at a position.
    fn at(&self, position: usize) -> Vec<Hit> {
        let rest = &self.text.chars[position..];
        let mut best: Vec<Hit> = Vec::new();
        for row in self.table.starting_like(rest) {
            if self.prefecture.is_some_and(|name| name != row.pref) || !row.stands_in(rest) || !row.valid(self.on) {
                continue;
            }
            let end = position + row.folded.len();
            if best.first().is_some_and(|(_, other)| *other > end) {
                continue;
            }
            best.retain(|(_, other)| *other == end);
            best.push((row, end));
        }
        self.add_bare_wards(rest, &mut best);
        best
    }

    /// 港区 without its prefecture is a special ward of Tokyo or a ward of Nagoya or Osaka.
    fn add_bare_wards(&self, rest: &[char], best: &mut Vec<Hit>) {
        if let (None, [(row, end)]) = (self.prefecture, best.as_slice())
            && row.city.ends_with('区')
        {
            let end = *end;
            let wards = self.table.wards().filter(|ward| ward.stands_in(rest));
            best.extend(wards.filter_map(|ward| self.table.city_of(ward)).map(|city| (city, end)));
        }
    }

    /// Skips 加賀郡, 八丈島, 小笠原支庁 and looks again. Without a prefecture only 郡 is trusted.
    fn behind_district(&self) -> Vec<Hit> {
        let end = self.text.chars.len().min(self.start + SKIP_AT_MOST);
        for position in self.start..end {
            let before = position.checked_sub(1).map(|before| self.text.chars[before]);
            let skips = match self.text.chars[position] {
                '郡' => true,
                '島' => self.prefecture.is_some(),
                '庁' => before == Some('支') && self.prefecture.is_some(),
                _ => false,
            };
            let found = if skips { self.at(position + 1) } else { Vec::new() };
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn keep_named_district(&self, found: &mut Vec<Hit>) {
        let Some(position) = found.first().and_then(|(row, end)| end.checked_sub(row.folded.len())) else { return };
        let before: String = self.text.chars[self.start..position].iter().collect();
        if let Some((_, code)) = DISTRICTS.iter().find(|(district, _)| *district == before) {
            found.retain(|(row, _)| row.code == *code);
        }
    }

    fn resolved(&self, (row, end): Hit) -> Resolved {
        let ward = self.ward(row, end);
        let locality_end = end + ward.map_or(0, |ward| ward.folded.len());
        Resolved {
            code: row.code,
            prefecture: row.pref,
            city: row.city,
            ward: ward.map(|ward| (ward.code, ward.ward)),
            locality: (self.text.end_of(self.start), self.text.end_of(locality_end)),
        }
    }

    /// A ward that has ended still names the place on an older card; one that exists on the day comes first.
    fn ward(&self, city: &Row, end: usize) -> Option<&'static Row> {
        let rest = &self.text.chars[end..];
        let wards = self.table.wards().filter(|ward| ward.city == city.city && ward.pref == city.pref);
        let standing: Vec<&Row> = wards.filter(|ward| ward.stands_in(rest)).collect();
        standing.iter().find(|ward| ward.valid(self.on)).or(standing.first()).copied()
    }
}

#[cfg(test)]
mod tests;
