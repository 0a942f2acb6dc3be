//! Writes every page of Manager's samples as a file, for the layout gate and for the documentation:
//! `cargo run -p pass-admin --example manager_gallery -- FOLDER`, then `node conformance/browser/gallery.mjs FOLDER`.

use std::path::PathBuf;
use std::{env, fs, io};

use pass_admin::page::gallery;
use pass_web::kit::assets;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "target/manager-gallery".into()));
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
