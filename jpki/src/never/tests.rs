//! The never-list, tried in every way we could think of.

use super::*;
use crate::{apdu::Command, soft::kit, transport::Exchange};

const JPKI: &[u8] = &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

const TEXT: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];
const SURFACE: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];
const COMMON: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00];
const RESIDENT: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01];

/// Every entry of the never-list as a sequence of commands that would reach it.
fn never_list() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let app = |aid: &[u8]| Command::select_application(aid).bytes().to_vec();
    let file = |id: u16| Command::select_file(id).bytes().to_vec();
    vec![
        ("the number", vec![app(TEXT), file(0x0001)]),
        ("the number by short identifier", vec![app(TEXT), vec![0x00, 0xB0, 0x81, 0x00, 0x00]]),
        ("its picture", vec![app(SURFACE), file(0x0005)]),
        ("number A, text", vec![app(TEXT), file(0x0014)]),
        ("number A, text, by short identifier", vec![app(TEXT), vec![0x00, 0x20, 0x00, 0x94]]),
        ("number A, surface", vec![app(SURFACE), file(0x0013)]),
        ("resident PIN, common", vec![app(COMMON), file(0x001C)]),
        ("resident PIN", vec![app(RESIDENT), file(0x001C)]),
        ("terminal key", vec![app(JPKI), file(0x0016)]),
        ("terminal certificate", vec![app(JPKI), vec![0x80, 0xA2, 0x00, 0x00]]),
        ("secure messaging key", vec![app(TEXT), file(0x0006)]),
    ]
}

#[test]
fn cap_09_the_never_list_does_not_reach_the_card() {
    let family = kit::family();
    for (what, commands) in never_list() {
        let card = family.card("hanako").unwrap();

        let mut guarded = Firewall::new(card.insert());
        let answers: Vec<_> = commands.iter().map(|c| guarded.transmit(c)).collect();
        assert!(answers.iter().any(|a| matches!(a, Err(TransportError::Forbidden(_)))), "{what}");
        assert!(card.insert().trips().is_empty(), "{what}");
    }
}

#[test]
fn cap_09_without_the_firewall_the_wire_trips() {
    for (what, commands) in never_list() {
        let family = kit::family();
        let mut card = family.card("hanako").unwrap().insert();
        for command in &commands {
            card.answer(command);
        }
        assert!(!card.trips().is_empty(), "{what}");
    }
}

#[test]
fn a_prefix_of_an_application_is_refused() {
    let family = kit::family();
    let mut guarded = Firewall::new(family.card("hanako").unwrap().insert());
    for aid in [&JPKI[..5], &JPKI[..9], &[]] {
        let answer = guarded.transmit(Command::select_application(aid).bytes());
        assert_eq!(answer, Err(TransportError::Forbidden(Forbidden::Application)));
    }
}

/// Other ways to the same places: longer lengths, other classes and parameters, several at once.
#[test]
fn cap_09_no_other_spelling_reaches_the_never_list() {
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    let app = |aid: &[u8]| Command::select_application(aid).bytes().to_vec();
    let after = |aid: &[u8], command: &[u8]| {
        let mut guarded = Firewall::new(card.insert());
        guarded.transmit(&app(aid)).unwrap();
        guarded.transmit(command)
    };
    let other_spellings: &[&[u8]] = &[
        b"\x00\xA4\x02\x0C\x00\x00\x02\x00\x01",     // extended length
        b"\x00\xA4\x02\x00\x02\x00\x01",             // wants an answer
        b"\x00\xA4\x02\x0C\x02\x00\x01\x00",         // with Le
        b"\x00\xA4\x00\x0C\x02\x00\x01",             // by identifier alone
        b"\x00\xA4\x08\x0C\x02\x00\x01",             // by path
        b"\x01\xA4\x02\x0C\x02\x00\x01",             // logical channel
        b"\x04\xA4\x02\x0C\x02\x00\x01",             // secure messaging
        b"\x80\xA4\x02\x0C\x02\x00\x01",             // proprietary
        b"\x10\xA4\x02\x0C\x02\x00\x01",             // chained
        b"\x00\xB0\x81\x00\x00",                     // short identifier
        b"\x00\xB0\x81\x00\x00\x00\x00",             // and extended
        b"\x00\xB1\x00\x01\x04\x54\x02\x00\x00\x00", // READ BINARY with a file identifier
        b"\x00\xB2\x01\x0C\x00",                     // record by short identifier
        b"\x00\x20\x00\x94\x0C000000000000",         // number A
        b"\x00\x20\x00\x80\x0C000000000000",         // with no file selected
        b"\x80\xA2\x00\xC1\x00",                     // terminal certificate
        b"\x80\xAE\x00\x00\x01\x00",                 // session key
        b"\x00\xCA\x00\x45\x00",                     // card id
        b"\x00\xC0\x00\x00",                         // GET RESPONSE without Le
        b"\x00\xA4",
        b"",
    ];
    for spelling in other_spellings {
        for aid in [TEXT, SURFACE, COMMON] {
            assert!(matches!(after(aid, spelling), Err(TransportError::Forbidden(_))), "{spelling:02X?}");
        }
    }
    assert!(card.insert().trips().is_empty());
}

/// File 0001 is a certificate in one application and the number in the other: while it is not certain which one is
/// selected, no file is.
#[test]
fn cap_09_an_uncertain_selection_opens_nothing() {
    use crate::soft::Fault;
    let family = kit::family();
    let card = family.card("hanako").unwrap();
    for fault in [Fault::Garbage, Fault::Short, Fault::Cut] {
        card.trouble().after(1, fault);
        let mut guarded = Firewall::new(card.insert());
        guarded.transmit(Command::select_application(JPKI).bytes()).unwrap();
        // The card selects the text application; its answer is lost.
        let lost = guarded.transmit(Command::select_application(TEXT).bytes()).unwrap();
        let number = guarded.transmit(Command::select_file(0x0001).bytes());
        let accepted = lost == [0x90, 0x00];
        assert!(accepted || number == Err(TransportError::Forbidden(Forbidden::File(0x0001))), "{fault:?}");
        assert!(matches!(number, Err(TransportError::Forbidden(_))), "{fault:?}");
        assert!(card.insert().trips().is_empty());
    }
}

mod random {
    //! Sequences of commands that nobody would think of.

    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::soft::Fault;

    fn application() -> impl Strategy<Value = Vec<u8>> {
        let aids = [&b"\xA0\x00\x00\x01\x51\x00\x00"[..], JPKI, TEXT, SURFACE, COMMON, RESIDENT];
        let spelled = (select(aids.to_vec()), 0usize..=10, any::<bool>()).prop_map(|(aid, cut, whole)| {
            let aid = if whole { aid } else { &aid[..cut.min(aid.len())] };
            Command::select_application(aid).bytes().to_vec()
        });
        prop_oneof![4 => select(aids.to_vec()).prop_map(|aid| Command::select_application(aid).bytes().to_vec()), 1 => spelled]
    }

    /// Places of the never-list more often than others.
    fn file() -> impl Strategy<Value = Vec<u8>> {
        let worst = select(vec![0x0001u16, 0x0005, 0x0006, 0x0013, 0x0014, 0x0016, 0x001C]);
        prop_oneof![worst, 0u16..0x20].prop_map(|id| Command::select_file(id).bytes().to_vec())
    }

    /// A few things in a row, most often in an application that was just asked for.
    fn visit() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let inside = vec(prop_oneof![4 => file(), 3 => usual(), 2 => anything()], 0..4);
        (application(), inside).prop_map(|(application, inside)| [vec![application], inside].concat())
    }

    fn anything() -> impl Strategy<Value = Vec<u8>> {
        let class = select(vec![0x00u8, 0x00, 0x80, 0x01, 0x0C, 0x84]);
        let instruction = select(vec![0xA4u8, 0xB0, 0xB2, 0x20, 0x24, 0x2A, 0xC0, 0xCA, 0xA2, 0xAE, 0x88, 0xD6]);
        let parameter = select(vec![0x00u8, 0x01, 0x02, 0x04, 0x0C, 0x80, 0x81, 0x85, 0x91, 0x94, 0x93, 0xFF]);
        let body = prop_oneof![
            Just(Vec::new()),
            Just(vec![0x00]),
            Just(vec![0x02, 0x00, 0x01]),
            Just(vec![0x00, 0x00, 0x02, 0x00, 0x01]),
            vec(any::<u8>(), 0..20),
            Just(b"\x04".iter().chain(b"1234").copied().collect()),
        ];
        (class, instruction, parameter.clone(), parameter, body)
            .prop_map(|(class, instruction, p1, p2, body)| [&[class, instruction, p1, p2][..], &body].concat())
    }

    fn usual() -> impl Strategy<Value = Vec<u8>> {
        select(vec![
            Command::read(0, 0).bytes().to_vec(),
            Command::tries_left().bytes().to_vec(),
            Command::verify(b"1234").bytes().to_vec(),
            Command::change(b"1234").bytes().to_vec(),
            Command::read_first_record().bytes().to_vec(),
            vec![0x00, 0xC0, 0x00, 0x00, 0x00],
        ])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]
        #[test]
        fn cap_09_random_commands_never_trip_the_wire(
            visits in vec(visit(), 1..8),
            trouble in proptest::option::of((0usize..12, select(Fault::ALL.to_vec()))),
        ) {
            use std::sync::OnceLock;
            let commands = visits.concat();
            static FAMILY: OnceLock<crate::soft::Family> = OnceLock::new();
            let family = FAMILY.get_or_init(kit::family);
            for name in ["hanako", "phone"] {
                let card = family.card(name).unwrap();
                if let Some((at, fault)) = trouble {
                    card.trouble().after(at, fault);
                }
                let before = card.insert().trips().len();
                let mut guarded = Firewall::new(card.insert());
                for command in &commands {
                    let _ = guarded.transmit(command);
                }
                prop_assert_eq!(card.insert().trips().len(), before, "{:02X?}", commands);
            }
        }
    }
}
