//! How a card behaves, as one table. Every row runs against the soft card in process (`tests/behaviour.rs`) and through
//! pcscd (`soft_card behave`), and would run against a real card of a tester who knows its secrets.
//!
//! Rows run in their order on one card: counters and secrets go on from row to row. No row touches the never-list.

use Step::{Leave, Reset, Send, Unpower};

/// One step of a row.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A command, and what it must answer: a status word, with `+` how many bytes before it (`+*`: some).
    Send(&'static str, &'static str),
    /// Warm reset.
    Reset,
    /// Power off and on.
    Unpower,
    /// Disconnect and leave the card as it is, connect again.
    Leave,
}

/// A card in a reader, without any firewall.
pub trait Reader {
    /// Sends one command.
    fn send(&mut self, command: &[u8]) -> Vec<u8>;
    /// Warm reset.
    fn reset(&mut self);
    /// Power off and on.
    fn unpower(&mut self);
    /// Disconnect and connect.
    fn leave(&mut self);
}

/// Runs every row; what was not as the table says.
pub fn run(reader: &mut dyn Reader) -> Vec<String> {
    let mut wrong = Vec::new();
    for (row, steps) in ROWS {
        for (n, step) in steps.iter().enumerate() {
            match *step {
                Send(command, expected) => {
                    let answer = reader.send(&bytes(command));
                    let got = said(&answer);
                    let fits =
                        expected == got || expected.strip_suffix('*').is_some_and(|start| got.starts_with(start));
                    if !fits {
                        wrong.push(format!("{row}, step {}: {command} answered {got}, not {expected}", n + 1));
                    }
                }
                Reset => reader.reset(),
                Unpower => reader.unpower(),
                Leave => reader.leave(),
            }
        }
    }
    wrong
}

fn said(answer: &[u8]) -> String {
    match answer {
        [sw1, sw2] => format!("{sw1:02X}{sw2:02X}"),
        [data @ .., sw1, sw2] => format!("{sw1:02X}{sw2:02X}+{}", data.len()),
        _ => "nothing".into(),
    }
}

/// Hexadecimal, in which names stand for longer things and blanks for nothing.
fn bytes(command: &str) -> Vec<u8> {
    let hex = command
        .replace("JPKI", "00A4040C0AD392F000260100000001")
        .replace("TEXT", "00A4040C0AD3921000310001010408")
        .replace("SURFACE", "00A4040C0AD3921000310001010402")
        .replace("COMMON", "00A4040C0AD3921000310001010100")
        .replace("ISD", "00A4040C07A0000001510000")
        .replace("FILE", "00A4020C02")
        .replace("ASK", "00200080")
        .replace("PIN", "0020008004 31323334")
        .replace("WRONG", "0020008004 30303030")
        .replace("NUMBER", "002000800E 3633303232393230333534383231")
        .replace("DIGEST", "3031300D060960864801650304020105000420 HASH")
        .replace("HASH", "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF")
        .replace("MANY", &"5A".repeat(246))
        .replace(' ', "");
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("the table is hexadecimal"))
        .collect()
}

/// Signs with the login key.
const SIGN: &str = "802A0097 33 DIGEST 00";

/// The rows: what they show, and the steps.
pub const ROWS: &[(&str, &[Step])] = &[
    // Selection
    ("an application is selected by its identifier", &[Send("JPKI", "9000")]),
    ("a prefix selects too", &[Send("00A4040C05 D392F00026", "9000")]),
    ("what is not there", &[Send("00A4040C05 A000000999", "6A82"), Send("JPKI", "9000"), Send("FILE 0099", "6A82")]),
    ("power-on state has no files", &[Send("ISD", "9000"), Send("FILE 0001", "6A82"), Send("00B0000000", "6986")]),
    (
        "the trap: an error after reset, then a success that selects nothing",
        &[Reset, Send("00A40000", "6A86"), Send("JPKI", "9000"), Send("00A40000", "9000"), Send("FILE 000A", "9000")],
    ),
    (
        "other channels, classes, instructions",
        &[Send("01A4020C02000A", "6881"), Send("E0B0000000", "6E00"), Send("00FE0000", "6D00")],
    ),
    // Reading
    (
        "free file, whole and in pieces",
        &[
            Send("JPKI", "9000"),
            Send("FILE 000A", "9000"),
            Send("00B0000000", "9000+256"),
            Send("00B0010004", "9000+4"),
        ],
    ),
    ("by short identifier", &[Send("JPKI", "9000"), Send("00B08A0000", "9000+256"), Send("00B08A0510", "9000+16")]),
    (
        "no file, no Le, past the end, nothing to read",
        &[
            Send("JPKI", "9000"),
            Send("00B0000000", "6986"),
            Send("FILE 000A", "9000"),
            Send("00B00000", "6700"),
            Send("00B07F0000", "6B00"),
            Send("FILE 0018", "9000"),
            Send("00B0000000", "6981"),
        ],
    ),
    (
        "token, availability",
        &[
            Send("FILE 0006", "9000"),
            Send("00B0000000", "9000+160"),
            Send("FILE 0008", "9000"),
            Send("00B0000000", "9000+3"),
        ],
    ),
    ("a guarded file is selected and not read", &[Send("FILE 0001", "9000"), Send("00B0000000", "6982")]),
    // Counters
    (
        "asking is free",
        &[Send("FILE 0018", "9000"), Send("ASK", "63C3"), Send("ASK", "63C3"), Send("00200098", "63C3")],
    ),
    (
        "a wrong one costs a try, the right one gives all back",
        &[Send("WRONG", "63C2"), Send("WRONG", "63C1"), Send("PIN", "9000"), Send("ASK", "63C3")],
    ),
    ("counters of two secrets are two", &[Send("WRONG", "63C2"), Send("FILE 001B", "9000"), Send("ASK", "63C5")]),
    (
        "form of VERIFY",
        &[
            Send("FILE 0018", "9000"),
            Send("0020018004 31323334", "6A86"),
            Send("0020000004 31323334", "6A86"),
            Send("0020008011 3131313131313131313131313131313131", "6700"),
            Send("ASK", "63C2"),
            Send("FILE 000A", "9000"),
            Send("PIN", "6981"),
            Send("FILE 0018", "9000"),
            Send("PIN", "9000"),
            Send("ASK", "63C3"),
        ],
    ),
    // Persistence of what is verified
    ("kept: the same application again", &[Send("JPKI", "9000"), Send(SIGN, "9000+256")]),
    ("kept: warm reset", &[Reset, Send("JPKI", "9000"), Send(SIGN, "9000+256")]),
    ("kept: disconnected and connected", &[Leave, Send("JPKI", "9000"), Send(SIGN, "9000+256")]),
    ("gone: a wrong one", &[Send("FILE 0018", "9000"), Send("WRONG", "63C2"), Send(SIGN, "6982")]),
    (
        "gone: another application",
        &[
            Send("FILE 0018", "9000"),
            Send("PIN", "9000"),
            Send(SIGN, "9000+256"),
            Send("TEXT", "9000"),
            Send("JPKI", "9000"),
            Send(SIGN, "6982"),
        ],
    ),
    (
        "gone: power-on state",
        &[
            Send("FILE 0018", "9000"),
            Send("PIN", "9000"),
            Send("ISD", "9000"),
            Send("JPKI", "9000"),
            Send(SIGN, "6982"),
        ],
    ),
    (
        "gone: power",
        &[Send("FILE 0018", "9000"), Send("PIN", "9000"), Unpower, Send("JPKI", "9000"), Send(SIGN, "6982")],
    ),
    (
        "kept through disconnecting after a wrong application was asked for",
        &[
            Send("FILE 0018", "9000"),
            Send("PIN", "9000"),
            Send("00A4040C05 A000000999", "6A82"),
            Leave,
            Send("JPKI", "9000"),
            Send(SIGN, "9000+256"),
        ],
    ),
    // Signing
    (
        "who hashes and who pads: P1",
        &[
            Send("FILE 0017", "9000"),
            Send("802A0080 33 DIGEST 00", "9000+256"),
            Send("802A0180 03 616263 00", "9000+256"),
            Send("802A0280 20 HASH 00", "9000+256"),
            Send("802A0380 03 616263 00", "9000+256"),
            Send("802A0480 20 HASH 00", "9000+256"),
            Send("802A0580 03 616263 00", "9000+256"),
            Send("802A0680 03 616263 00", "6A86"),
        ],
    ),
    (
        "which key: P2",
        &[
            Send("802A0000 33 DIGEST 00", "6A86"),
            Send("802A0097 33 DIGEST 00", "9000+256"),
            Send("802A009A 33 DIGEST 00", "6982"),
            Send("802A0098 33 DIGEST 00", "6981"),
        ],
    ),
    (
        "lengths",
        &[
            Send("FILE 0017", "9000"),
            Send("802A0080 F6 MANY 00", "6700"),
            Send("802A0280 03 616263 00", "6700"),
            Send("802A0480 03 616263 00", "6700"),
        ],
    ),
    // Changing
    (
        "a secret changes after it was verified",
        &[
            Send("FILE 0018", "9000"),
            Send("0024018004 39393939", "9000"),
            Send("PIN", "63C2"),
            Send("0024018004 31323334", "6982"),
            Send("0020008004 39393939", "9000"),
            Send("0024018003 313131", "6700"),
            Send("0024008004 31323334", "6A86"),
            Send("0024018004 31323334", "9000"),
            Send("PIN", "9000"),
        ],
    ),
    // Signature password
    (
        "the signature password opens certificate and key",
        &[
            Send("FILE 001B", "9000"),
            Send("0020008006 575230303030", "63C4"),
            Send("0020008006 414243313233", "9000"),
            Send("ASK", "63C5"),
            Send("FILE 0001", "9000"),
            Send("00B0000000", "9000+256"),
            Send("802A009A 33 DIGEST 00", "9000+256"),
            Send("ISD", "9000"),
        ],
    ),
    // Text
    (
        "text: free and guarded files",
        &[
            Send("TEXT", "9000"),
            Send("00B0840005", "9000+5"),
            Send("00B0850005", "9000+5"),
            Send("00B0880000", "9000+16"),
            Send("00B0820005", "6982"),
            Send("00B0830005", "6982"),
            Send("00B0870005", "6982"),
        ],
    ),
    (
        "text: its PIN",
        &[
            Send("FILE 0011", "9000"),
            Send("ASK", "63C3"),
            Send("PIN", "9000"),
            Send("00B0820005", "9000+5"),
            Send("00B0830005", "9000+5"),
            Send("00B0870005", "9000+5"),
            Send("ISD", "9000"),
        ],
    ),
    (
        "text: number B",
        &[
            Send("TEXT", "9000"),
            Send("FILE 0015", "9000"),
            Send("ASK", "63CA"),
            Send("WRONG", "63C9"),
            Send("NUMBER", "9000"),
            Send("ASK", "63CA"),
            Send("00B0820005", "9000+5"),
            Send("0024018004 31323334", "6981"),
            Send("FILE 0015", "9000"),
            Send("0024018004 31323334", "6982"),
        ],
    ),
    (
        "text: the reference that arrives blocked",
        &[Send("FILE 0012", "9000"), Send("ASK", "63C0"), Send("PIN", "6984"), Send("ASK", "63C0")],
    ),
    (
        "text: the chip signs without a secret",
        &[
            Unpower,
            Send("TEXT", "9000"),
            Send("802A0000 33 DIGEST 00", "9000+256"),
            Send("802A0093 33 DIGEST 00", "9000+256"),
        ],
    ),
    // Surface
    (
        "surface: what each secret opens",
        &[
            Send("SURFACE", "9000"),
            Send("00B0830005", "9000+5"),
            Send("00B0840005", "9000+5"),
            Send("00B0810005", "6982"),
            Send("FILE 0011", "9000"),
            Send("0020008006 363330323239", "9000"),
            Send("00B0810005", "9000+5"),
            Send("00B0820005", "6982"),
            Send("FILE 0012", "9000"),
            Send("ASK", "63CA"),
            Send("NUMBER", "9000"),
            Send("00B0820005", "9000+5"),
            Send("802A0000 33 DIGEST 00", "9000+256"),
            Send("0024018004 31323334", "6A86"),
        ],
    ),
    // Common record and data objects
    (
        "common: a record",
        &[
            Send("COMMON", "9000"),
            Send("00B2010400", "6986"),
            Send("FILE 0001", "9000"),
            Send("00B2010400", "9000+30"),
            Send("00B2010C00", "9000+30"),
            Send("00B2020400", "6A83"),
            Send("00B0000000", "6981"),
        ],
    ),
    (
        "data objects, in the power-on state alone",
        &[
            Send("00CA00F000", "6A88"),
            Send("ISD", "9000"),
            Send("00CA00F000", "9000+5"),
            Send("00CA00F200", "9000+8"),
            Send("00CA5F5100", "9000+8"),
            Send("00CA00F800", "6700"),
            Send("00CA00F8000000", "9000+*"),
            Send("00CA7F21000000", "9000+*"),
            Send("00CA123400", "6A88"),
        ],
    ),
    ("extended lengths elsewhere", &[Send("JPKI", "9000"), Send("FILE 000A", "9000"), Send("00B00000000000", "6700")]),
    // Blocking: last, because only the municipal office ends it
    (
        "the exhausting try answers 63C0, later ones 6984",
        &[
            Send("FILE 0018", "9000"),
            Send("WRONG", "63C2"),
            Send("WRONG", "63C1"),
            Send("WRONG", "63C0"),
            Send("WRONG", "6984"),
            Send("PIN", "6984"),
            Send("ASK", "63C0"),
        ],
    ),
    (
        "power does not end it",
        &[
            Unpower,
            Send("JPKI", "9000"),
            Send("FILE 0018", "9000"),
            Send("ASK", "63C0"),
            Send("PIN", "6984"),
            Send("FILE 001B", "9000"),
            Send("ASK", "63C5"),
        ],
    ),
];
