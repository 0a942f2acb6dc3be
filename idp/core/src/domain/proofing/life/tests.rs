//! Both tables, every cell.

use super::*;

const BEFORE: [Before; 4] = [Before::Nobody, Before::Valid, Before::Lapsed, Before::Revoked];
const LINKS: [Link; 4] = [Link::Same, Link::Linked, Link::Apart, Link::Unsaid];
const DETAILS: [Details; 4] = [Details::Equal, Details::Moved, Details::Renamed, Details::OtherBirth];

/// How many cells of the first table come out so, and for which of the rest.
fn cells(wanted: Result<Passage, Turned>) -> Vec<(Before, Link, Details)> {
    let mut found = Vec::new();
    for before in BEFORE {
        for link in LINKS {
            for details in DETAILS {
                if passage(before, link, details) == wanted {
                    found.push((before, link, details));
                }
            }
        }
    }
    found
}

#[test]
fn cap_05_a_first_card_proofs_whoever_brings_it() {
    let first = cells(Ok(Passage::First));
    assert_eq!(first.len(), 16);
    assert!(first.iter().all(|(before, _, _)| *before == Before::Nobody));
}

#[test]
fn cap_05_the_same_card_is_taken_again_unless_it_was_revoked() {
    for details in DETAILS {
        assert_eq!(passage(Before::Valid, Link::Same, details), Ok(Passage::Again));
        assert_eq!(passage(Before::Lapsed, Link::Same, details), Ok(Passage::Again));
        assert_eq!(passage(Before::Revoked, Link::Same, details), Err(Turned::Revoked));
    }
}

#[test]
fn cap_05_a_renewed_card_is_known_by_the_person_or_by_the_platform() {
    for before in [Before::Valid, Before::Lapsed, Before::Revoked] {
        for link in [Link::Linked, Link::Unsaid] {
            assert_eq!(passage(before, link, Details::Equal), Ok(Passage::Renewed));
            assert_eq!(passage(before, link, Details::Moved), Ok(Passage::Moved));
            assert_eq!(passage(before, link, Details::Renamed), Ok(Passage::Changed));
        }
        assert_eq!(passage(before, Link::Linked, Details::OtherBirth), Ok(Passage::Changed));
    }
}

#[test]
fn cap_05_a_card_of_somebody_else_is_turned_away() {
    for before in [Before::Valid, Before::Lapsed, Before::Revoked] {
        assert_eq!(passage(before, Link::Unsaid, Details::OtherBirth), Err(Turned::OtherPerson));
        for details in DETAILS {
            assert_eq!(passage(before, Link::Apart, details), Err(Turned::OtherPerson));
        }
    }
}

#[test]
fn cap_05_every_cell_of_the_table_is_one_of_these() {
    let outcomes = [Passage::First, Passage::Again, Passage::Renewed, Passage::Moved, Passage::Changed];
    let turned = [Turned::OtherAccount, Turned::OtherPerson, Turned::Revoked];
    let counted: Vec<usize> =
        outcomes.map(|one| cells(Ok(one)).len()).into_iter().chain(turned.map(|one| cells(Err(one)).len())).collect();
    assert_eq!(counted, [16, 8, 6, 6, 9, 0, 15, 4]);
    assert_eq!(counted.iter().sum::<usize>(), 64);
}

#[test]
fn cap_05_a_proofing_only_ever_gets_weaker() {
    use ProofingStatus::{Revoked, Stale, Superseded, Valid};
    for (from, [lapsed, revoked, replaced]) in [
        (Valid, [Some(Stale), Some(Revoked), Some(Superseded)]),
        (Stale, [None, Some(Revoked), Some(Superseded)]),
        (Revoked, [None; 3]),
        (Superseded, [None; 3]),
    ] {
        assert_eq!(from.after(Event::Lapse), lapsed);
        assert_eq!(from.after(Event::Revoke), revoked);
        assert_eq!(from.after(Event::Replace), replaced);
    }
}

#[test]
fn cap_05_the_last_second_of_the_certificate_still_counts() {
    // 2030-02-17T14:59:59Z, midnight in Japan is a second later.
    let proofing =
        Proofing { valid_until: Time::from_seconds(1_897_570_799), ..crate::claims::release::tests::proofing() };
    assert!(!proofing.lapsed(Time(1_897_570_799_999)));
    assert!(proofing.lapsed(Time(1_897_570_800_000)));
    assert_eq!(proofing.before(Time(1_897_570_800_000)), Before::Lapsed);
}
