//! The never-list, tried in every way we could think of.

use super::*;
use crate::{apdu::Command, soft::kit};

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
