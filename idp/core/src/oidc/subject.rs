//! Pairwise subjects (OpenID Connect Core 8.1): another `sub` for each sector, always. Two facilities cannot compare notes.

use crate::id::PersonId;
use crate::seal::Key;
use crate::secret::base64url;

/// The `sub` of a person in a sector. `key` is the one for `Purpose::PairwiseSubject`.
pub fn pairwise(key: &Key, sector: &str, person: PersonId) -> String {
    base64url(&key.mac(&[sector.as_bytes(), &person.0]).0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::{Purpose, WrappingSecret};

    #[test]
    fn cap_49_one_person_has_one_sub_for_each_sector() {
        let key = WrappingSecret::new([1; 32]).derive(Purpose::PairwiseSubject);
        let other_city = WrappingSecret::new([2; 32]).derive(Purpose::PairwiseSubject);
        let (hanako, ken) = (PersonId([1; 16]), PersonId([2; 16]));
        let library = pairwise(&key, "library.kaga.example", hanako);
        assert_eq!(library, pairwise(&key, "library.kaga.example", hanako));
        assert_eq!(library.len(), 43);
        for other in [
            pairwise(&key, "kosodate.kaga.example", hanako),
            pairwise(&key, "library.kaga.example", ken),
            pairwise(&other_city, "library.kaga.example", hanako),
        ] {
            assert_ne!(library, other);
        }
    }
}
