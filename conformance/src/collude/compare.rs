//! What two facilities can find out together: the values that both saw, and the pieces of values that both saw.
//!
//! A value that each of them sees for somebody else as well says nothing about the person. What is left must stand on
//! the list of [`super::allowed`], or it is a link.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    allowed::{Allowed, reason},
    seen::{Seen, View},
};

/// A shorter piece can be the same by chance.
const PIECE: usize = 12;

/// What the two facilities have in common.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Common {
    /// Equal, and on the list: name of the member and reason.
    pub allowed: BTreeMap<String, &'static str>,
    /// Equal for everybody: names of members.
    pub everybody: BTreeSet<String>,
    /// Equal, and not on the list. One line each, without the value.
    pub links: BTreeSet<String>,
}

/// Compares what two facilities saw of one person. `others`: what they saw of somebody else.
#[must_use]
pub fn compare(one: &View, two: &View, others: &[&View], list: &[Allowed]) -> Common {
    let mut common = Common::default();
    let usual: BTreeSet<&str> = others.iter().flat_map(|view| view.values()).collect();
    let mut at: HashMap<&str, Vec<&str>> = HashMap::new();
    for seen in two.all() {
        at.entry(&seen.value).or_default().push(&seen.place);
    }
    for seen in one.all() {
        for place in at.get(&*seen.value).into_iter().flatten() {
            common.equal(seen, place, usual.contains(&*seen.value), list);
        }
    }
    let known: Vec<&str> = usual.iter().copied().chain(allowed_values(one, list)).collect();
    common.links.extend(pieces(one, two, &known));
    common
}

impl Common {
    fn equal(&mut self, seen: &Seen, place: &str, usual: bool, list: &[Allowed]) {
        let why = reason(list, &seen.place).filter(|_| reason(list, place).is_some());
        if let Some(why) = why {
            self.allowed.insert(member(&seen.place).to_owned(), why);
        } else if usual && !is_moment(&seen.value) {
            self.everybody.insert(member(&seen.place).to_owned());
        } else {
            let pair = if seen.place == place { place.to_owned() } else { format!("{} = {place}", seen.place) };
            self.links.insert(format!("the same value: {pair}"));
        }
    }
}

/// The last name of a place, with the object it stands in where that is needed to know it.
fn member(place: &str) -> &str {
    let name = place.rsplit('.').next().unwrap_or(place);
    match place.rsplit_once(".address.") {
        Some((_, part)) if part == name => &place[place.len() - "address.".len() - name.len()..],
        _ => name,
    }
}

/// Seconds since 1970: somebody else may have got the same one only because all of this runs in a moment.
fn is_moment(value: &str) -> bool {
    value.len() == 10 && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn allowed_values<'a>(view: &'a View, list: &'a [Allowed]) -> impl Iterator<Item = &'a str> {
    view.all().iter().filter(|seen| reason(list, &seen.place).is_some()).map(|seen| seen.value.as_str())
}

/// Values that differ and still hold the same piece: a number inside a token, a prefix, a serial.
fn pieces(one: &View, two: &View, known: &[&str]) -> BTreeSet<String> {
    let known: BTreeSet<Vec<char>> = known.iter().flat_map(|text| windows(text)).collect();
    let mut first: HashMap<Vec<char>, &Seen> = HashMap::new();
    for seen in one.all() {
        first
            .extend(windows(&seen.value).into_iter().filter(|piece| !known.contains(piece)).map(|piece| (piece, seen)));
    }
    let mut found = BTreeSet::new();
    for seen in two.all() {
        let twin = windows(&seen.value).into_iter().find_map(|piece| first.get(&piece));
        if let Some(twin) = twin.filter(|twin| twin.value != seen.value) {
            found.insert(format!("{PIECE} characters alike: {} and {}", twin.place, seen.place));
        }
    }
    found
}

fn windows(text: &str) -> Vec<Vec<char>> {
    let text: Vec<char> = text.chars().collect();
    text.windows(PIECE).map(<[char]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const LIST: &[Allowed] = &[Allowed { places: "*.residence_city_code", reason: "the city" }];

    fn view(value: &Value) -> View {
        let mut view = View::default();
        view.json("userinfo", value);
        view
    }

    fn links(one: &Value, two: &Value, other: &Value) -> Vec<String> {
        compare(&view(one), &view(two), &[&view(other)], LIST).links.into_iter().collect()
    }

    #[test]
    fn what_everybody_has_and_what_is_listed_is_no_link() {
        let of =
            |sub: &str, city: &str| json!({"sub": sub, "iss": "https://pass.example", "residence_city_code": city});
        let common = compare(&view(&of("a", "172065")), &view(&of("b", "172065")), &[&view(&of("c", "172031"))], LIST);
        assert_eq!(common.links, BTreeSet::new());
        assert_eq!(common.everybody, BTreeSet::from(["iss".to_owned()]));
        assert_eq!(common.allowed, BTreeMap::from([("residence_city_code".to_owned(), "the city")]));
    }

    #[test]
    fn an_equal_value_at_any_two_places_is_a_link() {
        assert_eq!(links(&json!({"sub": "x"}), &json!({"sub": "x"}), &json!({"sub": "y"})).len(), 1);
        assert_eq!(links(&json!({"sub": "x"}), &json!({"jti": "x"}), &json!({"sub": "y"})).len(), 1);
        assert_eq!(links(&json!({"sub": "17"}), &json!({"residence_city_code": "17"}), &json!({})).len(), 1);
        assert_eq!(links(&json!({"sub": "x"}), &json!({"sub": "z"}), &json!({"sub": "y"})).len(), 0);
    }

    #[test]
    fn a_moment_is_not_excused_by_somebody_who_had_it_too() {
        let at = json!({"proofed_at": 1_790_000_000});
        assert_eq!(links(&at, &at, &at), ["the same value: userinfo.proofed_at"]);
    }

    #[test]
    fn an_equal_piece_of_two_values_is_a_link() {
        let id = "0f9d7c52-58b1-4c0e";
        let one = json!({"t": format!("AAAA{id}")});
        assert_eq!(links(&one, &json!({"u": format!("{id}BBBB")}), &json!({})).len(), 1);
        assert_eq!(links(&one, &json!({"u": format!("{id}BBBB")}), &json!({"v": id})).len(), 0, "everybody's piece");
        assert_eq!(links(&one, &json!({"u": "0f9d7c52-XX"}), &json!({})).len(), 0, "short enough for chance");
    }
}
