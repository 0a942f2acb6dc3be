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

/// None when this machine cannot run it, said aloud.
#[expect(clippy::print_stderr, reason = "a skipped leg is loud")]
fn in_reader(card: &str, data: &Path, command: &[&str]) -> Option<Output> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/card");
    let output = Command::new(folder.join("with-virtual-reader.sh"))
        .args(command)
        .current_dir(&folder)
        .env("PASS_BIN", soft_card())
        .env("PASS_DATA", data)
        .env("CARD", card)
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
