//! A real PostgreSQL: the server named by `PASS_TEST_POSTGRES`, or a throw-away cluster, one for each test process.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// A server where tests may create databases.
pub struct Postgres {
    url: String,
    /// The keeper of a throw-away cluster: it stops the server when this process is gone, however it went.
    _keeper: Option<Child>,
}

/// `initdb` and `postgres` speak to the test only through the log and their end. `cat` waits until the standard input,
/// a pipe held by the test process, is closed.
const KEEPER: &str = r#"
cd "$DIR" && "$BIN/initdb" -D "$DIR/data" -U pass --auth=trust --no-sync --encoding=UTF8 --no-locale >"$DIR/log" 2>&1 || exit 1
"$BIN/postgres" -D "$DIR/data" -k "$DIR" -h 127.0.0.1 -p "$PORT" -c max_connections=300 -c fsync=off >>"$DIR/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT $server
wait $server
rm -rf "$DIR"
"#;

impl Postgres {
    /// The server of this process, started at the first call. None where there is no PostgreSQL: a loud line says so.
    pub fn start() -> Option<&'static Self> {
        static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
        SERVER
            .get_or_init(|| Self::find_or_start().inspect_err(|why| super::skipped(&format!("PostgreSQL: {why}"))).ok())
            .as_ref()
    }

    fn find_or_start() -> Result<Self, String> {
        match std::env::var("PASS_TEST_POSTGRES") {
            Ok(url) => Ok(Self { url, _keeper: None }),
            Err(_) => Self::start_cluster(),
        }
    }

    fn start_cluster() -> Result<Self, String> {
        let bin = find_binaries().ok_or("no /usr/lib/postgresql/*/bin/initdb, and PASS_TEST_POSTGRES is not set")?;
        let dir = tempfile::Builder::new().prefix("pass-pg-").tempdir().map_err(|error| error.to_string())?.keep();
        let port = free_port().map_err(|error| error.to_string())?;
        let keeper = keeper(&bin, &dir, port)?;
        let server = Self { url: format!("postgres://pass@127.0.0.1:{port}/postgres"), _keeper: Some(keeper) };
        server.wait_until_ready(&dir)?;
        Ok(server)
    }

    fn wait_until_ready(&self, dir: &Path) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            match PgConnection::establish(&self.url) {
                Ok(_) => return Ok(()),
                Err(error) if begun.elapsed() > Duration::from_secs(90) => {
                    let log = std::fs::read_to_string(dir.join("log")).unwrap_or_default();
                    return Err(format!("the cluster does not answer: {error}; its log: {log}"));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        let (address, parameters) = self.url.split_once('?').map_or((self.url.as_str(), None), |(a, p)| (a, Some(p)));
        let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
        let parameters = parameters.map(|parameters| format!("?{parameters}")).unwrap_or_default();
        format!("{server}/{database}{parameters}")
    }

    /// A new, empty database; answers its name.
    pub fn create_database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("pass_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
        self.execute(&format!("CREATE DATABASE {name}"));
        name
    }

    /// Drops a database with whoever is still connected to it.
    pub fn drop_database(&self, name: &str) {
        self.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }

    fn execute(&self, sql: &str) {
        // One at a time: two CREATE DATABASE at once may refuse each other their template.
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut conn = PgConnection::establish(&self.url).unwrap_or_else(|error| panic!("the test server: {error}"));
        conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

fn find_binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
    found.retain(|bin| bin.join("initdb").exists() && bin.join("postgres").exists());
    found.sort();
    found.pop()
}

fn free_port() -> std::io::Result<u16> {
    TcpListener::bind("127.0.0.1:0")?.local_addr().map(|address| address.port())
}

fn keeper(bin: &Path, dir: &Path, port: u16) -> Result<Child, String> {
    use std::os::unix::process::CommandExt;
    let mut command = match unprivileged(dir)? {
        None => Command::new("sh"),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", &user, "--", "sh"]);
            command
        }
    };
    command
        .args(["-c", KEEPER])
        .envs([("DIR", dir.as_os_str()), ("BIN", bin.as_os_str())])
        .env("PORT", port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Out of the reach of the terminal's interrupt, which would kill the keeper before its work.
        .process_group(0)
        .spawn()
        .map_err(|error| format!("start a cluster: {error}"))
}

/// PostgreSQL refuses to run as root: the user to run it as, who then owns the folder.
fn unprivileged(dir: &Path) -> Result<Option<String>, String> {
    if id("-u", None)? != 0 {
        return Ok(None);
    }
    let owner = Some("postgres");
    std::os::unix::fs::chown(dir, Some(id("-u", owner)?), Some(id("-g", owner)?)).map_err(|error| error.to_string())?;
    Ok(owner.map(str::to_owned))
}

fn id(what: &str, user: Option<&str>) -> Result<u32, String> {
    let output = Command::new("id").arg(what).args(user).output().map_err(|error| format!("id: {error}"))?;
    let number = String::from_utf8_lossy(&output.stdout).trim().parse();
    number.map_err(|_| format!("no user {} to run PostgreSQL as", user.unwrap_or("id")))
}
