//! A PostgreSQL server of one's own: a throwaway cluster on loopback, ended with its owner.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use tempfile::TempDir;

/// A running cluster with one empty database.
pub struct Postgres {
    server: Child,
    port: u16,
    _folder: TempDir,
}

impl Postgres {
    /// Makes a cluster and starts it.
    ///
    /// # Panics
    /// PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let data = folder.path().join("data");
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port");
        let port = free.port();
        if is_root() {
            let given = Command::new("chown").arg("postgres:postgres").arg(folder.path()).status();
            assert!(given.is_ok_and(|status| status.success()), "the user postgres exists");
        }
        let mut made = as_nobody("initdb");
        made.args(["-A", "trust", "-U", "pass", "-E", "UTF8", "--locale=C", "-D"]).arg(&data).stdout(Stdio::null());
        assert!(made.status().is_ok_and(|status| status.success()), "initdb makes a cluster");
        let mut server = as_nobody("postgres");
        server.arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"]).arg(folder.path());
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("postgres starts");
        let postgres = Self { server, port, _folder: folder };
        postgres.wait(&data);
        postgres
    }

    /// How a program reaches it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://pass@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&self, data: &Path) {
        for _ in 0..300 {
            let ready = fs::read_to_string(data.join("postmaster.pid")).is_ok_and(|text| text.contains("ready"));
            if ready && TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("postgres is not ready after fifteen seconds");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is its fast shutdown.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// PostgreSQL refuses to run as root; Debian brings a user for it.
fn as_nobody(program: &str) -> Command {
    let program = binaries().join(program);
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=INT"]).arg(program);
    command
}

fn binaries() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("Debian's postgresql is installed");
    let newest = versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("initdb").is_file())
        .max();
    newest.expect("an installed PostgreSQL has initdb")
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0)
}
