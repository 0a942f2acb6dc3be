//! Writes every page of the samples as a file, for the layout gate and for the documentation:
//! `cargo run -p pass-web --example gallery -- FOLDER`.
//!
//! `index.json` beside the pages says which policy each one is served with and which ids it must hold.

use std::path::PathBuf;
use std::{env, fs, io};

use pass_web::kit::assets;
use pass_web::page::gallery;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "target/gallery".into()));
    let mut index = Vec::new();
    fs::create_dir_all(&folder)?;
    for sample in gallery() {
        let file = format!("{}.{}.{}.html", sample.page, sample.case, sample.lang.code());
        fs::write(folder.join(&file), &sample.html)?;
        index.push(serde_json::json!({
            "file": file, "page": sample.page, "case": sample.case, "lang": sample.lang.code(),
            "policy": sample.headers.policy(), "ids": sample.frozen_ids,
        }));
    }
    for asset in assets::ALL {
        let path = folder.join(assets::url(asset.name).trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, asset.bytes)?;
    }
    fs::write(folder.join("index.json"), serde_json::to_string_pretty(&index)?)
}
