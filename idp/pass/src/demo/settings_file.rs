//! `pass.toml` in the demo's folder: with it every command works on the running demo, as on an installation.

use super::announce::Addresses;
use super::run::{DemoArgs, face_section, mail_section};
use pass_core::Fault;
use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Writes it anew at each start, for ports may have changed.
pub fn write(args: &DemoArgs, addresses: &Addresses) -> Result<PathBuf, Fault> {
    let failed = |error| Fault::because("write the demo's pass.toml", error);
    // Commands run wherever somebody is: the paths are whole.
    let data = std::path::absolute(&args.data).map_err(failed)?;
    if let Some(url) = &args.database {
        secret(&data.join("database.url"), url).map_err(failed)?;
    }
    let path = data.join("pass.toml");
    fs::write(&path, document(args, addresses, &data)).map_err(failed)?;
    Ok(path)
}

/// An address of a database holds its password.
fn secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn document(args: &DemoArgs, addresses: &Addresses, data: &Path) -> String {
    let (mail, face) = (mail_section(args), face_section());
    let file = |name: &str| text(data.join(name).display());
    let database = match &args.database {
        Some(_) => table([("kind", text("postgres")), ("url_file", file("database.url"))]),
        None => table([("kind", text("sqlite")), ("path", file("pass.sqlite3")), ("keys_path", file("keys.sqlite3"))]),
    };
    let paths = [("library", face.library), ("models", face.models)];
    let face = paths.into_iter().filter_map(|(name, path)| {
        let whole = std::path::absolute(path?).ok()?;
        Some((name, text(whole.display())))
    });
    let aas = super::national::section(addresses, data);
    let aas = table([
        ("issuer", text(aas.issuer)),
        ("client_id", text(aas.client_id)),
        ("private_key_file", text(aas.private_key_file.display())),
    ]);
    let sections = entries([
        ("issuer", table([("url", text(&addresses.issuer)), ("city", text("加賀市"))])),
        ("listen", table([("address", text(format!("127.0.0.1:{}", args.port)))])),
        ("database", database),
        ("keys", table([("wrapping_secret_file", file("wrapping.key"))])),
        (
            "mail",
            table([
                ("host", text(mail.host)),
                ("port", Value::Integer(mail.port.into())),
                ("security", text("none")),
                ("from", text(mail.from)),
            ]),
        ),
        ("card", table([("agent_url", text(&addresses.agent))])),
        ("face", table(face)),
        ("upstream", table([("aas", aas)])),
    ]);
    format!(
        "# Written by `pass demo` at each start, for commands on the running demo: pass client list --config FILE\n{sections}"
    )
}

fn table<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Table(entries(members))
}

fn entries<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Table {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn text(words: impl ToString) -> Value {
    Value::String(words.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, DatabaseKind};

    #[test]
    fn commands_read_what_the_demo_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let mut args = DemoArgs {
            data: folder.path().to_path_buf(),
            port: 9000,
            tls: false,
            reset: false,
            json: false,
            database: None,
            agent: None,
            trust: Vec::new(),
            allow_outgoing: Vec::new(),
        };
        let path = write(&args, &Addresses::of(&args)).unwrap();
        let config = Config::load(&path).unwrap();
        assert_eq!(config.issuer.url, "http://localhost:9000");
        assert_eq!(config.keys.wrapping_secret_file, folder.path().join("wrapping.key"));
        assert_eq!(config.database.path, Some(folder.path().join("pass.sqlite3")));
        assert_eq!((config.mail.port, config.card.agent_url.as_deref()), (9005, Some("http://127.0.0.1:9004")));

        args.database = Some("postgres://pass:secret@127.0.0.1/pass".into());
        args.tls = true;
        let path = write(&args, &Addresses::of(&args)).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("secret@"), "the password stands in the document");
        let config = Config::parse(&text).unwrap();
        assert_eq!(config.database.kind, DatabaseKind::Postgres);
        assert_eq!(
            crate::config::secret_file(config.database.url_file.as_deref().unwrap()).unwrap(),
            args.database.unwrap()
        );
    }
}
