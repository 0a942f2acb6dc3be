//! The soft card behind pcscd and a virtual reader, in a namespace of its own: the PC/SC leg for real.

#![cfg(all(feature = "soft-card", feature = "reader"))]
#![expect(clippy::unwrap_used)]

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// `target/PROFILE/examples/soft_card`, built by cargo before these tests run.
fn soft_card() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.parent().and_then(Path::parent).unwrap().join("examples/soft_card")
}

fn in_reader(card: &str, data: &Path, command: &[&str]) -> Option<Output> {
    in_reader_with(card, data, command, "")
}

/// None when this machine cannot run it, said aloud.
#[expect(clippy::print_stderr, reason = "a skipped leg is loud")]
fn in_reader_with(card: &str, data: &Path, command: &[&str], habit: &str) -> Option<Output> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/card");
    let output = Command::new(folder.join("with-virtual-reader.sh"))
        .args(command)
        .current_dir(&folder)
        .env("PASS_BIN", soft_card())
        .env("PASS_DATA", data)
        .env("CARD", card)
        .env("CARD_QUIRK", habit)
        .output()
        .unwrap();
    if output.status.code() == Some(77) {
        eprintln!("SKIPPED: PC/SC leg: {}", String::from_utf8_lossy(&output.stderr).trim());
        return None;
    }
    Some(output)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn cap_05_the_proofing_runs_through_pcscd() {
    let data = tempfile::tempdir().unwrap();
    let binary = soft_card();
    let prove = |card: &str| {
        let command = [binary.to_str().unwrap(), "prove", card, data.path().to_str().unwrap()];
        in_reader(card, data.path(), &command)
    };
    for (card, code) in [("revoked", "revoked"), ("blocked", "blocked")] {
        let Some(output) = prove(card) else { return };
        assert!(!output.status.success() && said(&output).lines().any(|line| line == code), "{}", said(&output));
    }
    let Some(output) = prove("hanako") else { return };
    assert!(output.status.success() && said(&output).contains("Statement: Passed"), "{}", said(&output));
}

#[test]
fn cap_05_opensc_accepts_the_card_and_its_signatures() {
    let data = tempfile::tempdir().unwrap();
    let Some(output) = in_reader("hanako", data.path(), &["./opensc.sh"]) else { return };
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(said(&output).matches("Verified OK").count(), 2);
}

#[test]
fn cap_05_the_card_behaves_the_same_through_pcscd() {
    let data = tempfile::tempdir().unwrap();
    let Some(output) = in_reader("hanako", data.path(), &[soft_card().to_str().unwrap(), "behave"]) else { return };
    assert!(output.status.success() && said(&output).contains("rows as the table says"), "{}", said(&output));
}

#[test]
fn cap_06_the_text_is_read_through_pcscd() {
    let data = tempfile::tempdir().unwrap();
    let read = |card: &str| {
        let command = [soft_card().to_str().unwrap().to_owned(), "text".into(), card.into(), said_path(data.path())];
        in_reader(card, data.path(), &command.each_ref().map(String::as_str))
    };
    let Some(output) = read("child") else { return };
    assert!(output.status.success() && said(&output).contains("Integrity: NotChecked"), "{}", said(&output));
    let Some(output) = read("foreign-ca") else { return };
    assert!(!output.status.success() && said(&output).lines().any(|line| line == "foreign_ca"), "{}", said(&output));
}

/// Two programs at one card: one has it, the other is told so, and no try is lost.
#[test]
fn cap_05_two_agents_at_one_reader_do_not_meet() {
    let data = tempfile::tempdir().unwrap();
    let prove = format!("{} prove hanako {}", soft_card().display(), data.path().display());
    // After both, OpenSC shows all five tries of the signature password.
    let both = format!(
        "for i in 1 2 3; do {prove} & one=$!; {prove} & two=$!; a=0; wait $one || a=1; b=0; wait $two || b=1; \
         echo \"round $a$b\"; done; pkcs15-tool --dump 2>/dev/null | grep 'Tries left'"
    );
    let Some(output) = in_reader("hanako", data.path(), &["bash", "-c", &both]) else { return };
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    for line in said.lines().filter(|line| line.starts_with("round ")) {
        assert_ne!(line, "round 11", "one of them has the card: {said}");
    }
    let others: Vec<_> = said.lines().filter(|line| line.contains('_') && !line.contains(' ')).collect();
    assert!(others.iter().all(|code| *code == "card_busy"), "{said}");
    assert!(
        said.lines().filter(|line| line.contains("Tries left")).all(|line| line.ends_with('3') || line.ends_with('5'))
    );
}

#[test]
fn cap_05_habits_of_cards_and_readers_are_met_through_pcscd() {
    for habit in ["first", "61xx", "6Cxx"] {
        let data = tempfile::tempdir().unwrap();
        let binary = soft_card();
        let folder = said_path(data.path());
        let habitual = format!("{} prove hanako {folder}", binary.display());
        let Some(output) = in_reader_with("hanako", data.path(), &["bash", "-c", &habitual], habit) else { return };
        assert!(output.status.success() && said(&output).contains("Statement: Passed"), "{habit}: {}", said(&output));
    }
}

fn said_path(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
