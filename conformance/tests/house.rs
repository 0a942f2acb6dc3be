//! The rules of the house: who may import whom, no junk drawers, no heavy crate twice, the status page up to date.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use pass_conformance::{root, status};

fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).exec().expect("cargo metadata")
}

/// docs/architecture.md section 1: an arrow means "may use".
const MAY_USE: &[(&str, &[&str])] = &[
    ("jpki", &[]),
    ("face", &[]),
    ("pass-core", &["jpki", "face"]),
    ("pass-store", &["pass-core"]),
    ("pass-web", &["pass-core", "pass-store"]),
    ("pass-admin", &["pass-core", "pass-store", "pass-web"]),
    ("pass", &["pass-core", "pass-store", "pass-web", "pass-admin", "jpki", "face"]),
    ("pass-conformance", &["pass", "jpki", "face"]),
];

/// One door for each heavy dependency.
const DOORS: &[(&str, &[&str])] = &[
    ("diesel", &["pass-store"]),
    ("actix-web", &["pass-web", "pass-admin", "pass"]),
    ("askama", &["pass-web", "pass-admin", "pass"]),
    ("oxide-auth", &["pass-core"]),
    ("josekit", &["pass-core"]),
    ("webauthn-rs", &["pass-core"]),
    ("openidconnect", &["pass-core", "pass"]),
    ("reqwest", &["pass", "pass-conformance"]),
    ("pcsc", &["jpki"]),
    ("ort", &["face"]),
    ("tract-onnx", &["face"]),
];

#[test]
fn every_package_imports_only_whom_it_may() {
    let metadata = metadata();
    let ours: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    let members = metadata.workspace_packages();
    assert_eq!(
        members.iter().map(|package| package.name.as_str()).collect::<BTreeSet<_>>(),
        ours,
        "a ninth package needs a decision record"
    );
    for package in members {
        let allowed = MAY_USE.iter().find(|(name, _)| *name == package.name.as_str()).expect("listed above").1;
        // Tests may use the soft card and the store's own test kit anywhere.
        let used = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
        for name in used.map(|dependency| dependency.name.as_str()).filter(|name| ours.contains(name)) {
            assert!(allowed.contains(&name), "{} must not use {name}", package.name);
        }
    }
}

#[test]
fn every_heavy_dependency_has_one_door() {
    for package in metadata().workspace_packages() {
        for dependency in package.dependencies.iter().filter(|one| one.kind == DependencyKind::Normal) {
            if let Some((name, doors)) = DOORS.iter().find(|(name, _)| *name == dependency.name) {
                assert!(doors.contains(&package.name.as_str()), "{} uses {name} beside its door", package.name);
            }
        }
    }
}

#[test]
fn no_heavy_crate_is_built_twice() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in metadata().packages {
        versions.entry(package.name.to_string()).or_default().insert(package.version.to_string());
    }
    for heavy in [
        "rustls",
        "openssl",
        "openssl-sys",
        "tokio",
        "diesel",
        "actix-web",
        "ring",
        "image",
        "ndarray",
        "askama",
        "reqwest",
        "serde_json",
        "regex",
    ] {
        let found = versions.get(heavy).map_or(0, BTreeSet::len);
        assert!(found <= 1, "{heavy}: {:?}", versions[heavy]);
    }
    let modern = versions.get("hyper").map_or(0, |all| all.iter().filter(|version| version.starts_with("1.")).count());
    assert!(modern <= 1, "hyper 1 twice");
    assert!(!versions.contains_key("aws-lc-sys"), "rustls runs on ring alone");
}

#[test]
fn the_domain_uses_neither_the_protocol_nor_sign_in() {
    let domain = root().join("idp/core/src/domain");
    for (path, source) in rust_files(&domain) {
        for upward in ["crate::oidc", "crate::authn", "super::super::oidc", "super::super::authn"] {
            assert!(!source.contains(upward), "{} uses {upward}", path.display());
        }
    }
}

#[test]
fn there_are_no_junk_drawers() {
    for folder in ["idp", "jpki", "face", "admin", "conformance"] {
        for (path, source) in rust_files(&root().join(folder)) {
            // A test is named after what it tests, and PASS Manager is a thing to test.
            let tested = path.components().any(|part| part.as_os_str() == "tests");
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            assert!(
                tested || !["util", "utils", "common", "helper", "helpers", "manager", "misc"].contains(&stem.as_str()),
                "{}",
                path.display()
            );
            assert!(source.lines().count() <= 400, "{} is longer than anybody reads", path.display());
        }
    }
}

#[test]
fn the_status_page_is_up_to_date() {
    let wanted = status::render(&root()).expect("docs/capabilities.toml and the sources");
    let page = fs::read_to_string(status::page(&root())).unwrap_or_default();
    assert!(page == wanted, "docs/status.md is out of date: cargo run -p pass-conformance -- status");
}

fn rust_files(folder: &Path) -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() && path.file_name().is_none_or(|name| name != "node_modules" && name != "target") {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let source = fs::read_to_string(&path).expect("UTF-8");
            found.push((path, source));
        }
    }
    found
}

#[test]
fn every_page_has_samples_that_are_looked_at() {
    for folder in ["idp/web/src/page", "admin/src/page"] {
        let folder = root().join(folder);
        let gallery = std::fs::read_to_string(folder.join("sample.rs")).expect("a gallery").replace("super::", "");
        for file in std::fs::read_dir(&folder).expect("pages") {
            let source = std::fs::read_to_string(file.expect("a file").path()).expect("text");
            for page in source.split("impl Page for ").skip(1).filter_map(|rest| rest.split_whitespace().next()) {
                assert!(gallery.contains(&format!("add::<{page}>")), "no sample of {page} is looked at");
            }
        }
    }
}
