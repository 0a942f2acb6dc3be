//! Runs `pass demo` as a stranger would: by its command line, and stops it by SIGTERM.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{Line, ports};

/// How to start a demo.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// First port; a free block where nothing is said.
    pub port: Option<u16>,
    /// Data folder; one that dies with the demo where nothing is said.
    pub data: Option<PathBuf>,
    /// Address of a PostgreSQL database instead of the embedded one.
    pub database: Option<String>,
    /// More arguments.
    pub more: Vec<String>,
    /// More environment.
    pub environment: Vec<(String, String)>,
}

/// A running demo.
pub struct Demo {
    /// What it said about itself.
    pub line: Line,
    /// Its first port.
    pub port: u16,
    child: Child,
    log: PathBuf,
    data: PathBuf,
    _folder: TempDir,
}

const PATIENCE: Duration = Duration::from_secs(120);
/// In this time a running program follows what a command has changed.
pub(crate) const TO_FOLLOW: Duration = Duration::from_secs(2);
const FAREWELL: Duration = Duration::from_secs(20);

impl Demo {
    /// Starts `pass demo` and waits for its line.
    ///
    /// # Panics
    /// The program is not built, or says nothing in two minutes; the panic holds the end of its log.
    #[must_use]
    pub fn start(options: &Options) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let data = options.data.clone().unwrap_or_else(|| folder.path().join("data"));
        let log = folder.path().join("pass.log");
        let port = options.port.unwrap_or_else(ports::block);
        let (mut child, said) = spawn(command(options, &data, port, &log), log.clone());
        let Ok(line) = said.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("pass demo gave no line; its log ends:\n{}", tail(&log));
        };
        let line = serde_json::from_str(&line).unwrap_or_else(|why| panic!("{why} in the line of pass demo: {line}"));
        Self { line, port, child, log, data, _folder: folder }
    }

    /// One demo for all tests of a program that only add to it. It dies with the program.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Demo> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&Options::default()))
    }

    /// Everything the program has written so far, on both streams.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A power cut.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end and waits.
    ///
    /// # Panics
    /// It does not end in twenty seconds.
    pub fn stop(mut self) -> ExitStatus {
        self.terminate()
            .unwrap_or_else(|| panic!("pass demo did not end on SIGTERM; its log ends:\n{}", tail(&self.log)))
    }

    fn terminate(&mut self) -> Option<ExitStatus> {
        if let Ok(Some(ended)) = self.child.try_wait() {
            return Some(ended);
        }
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let began = Instant::now();
        while began.elapsed() < FAREWELL {
            if let Ok(Some(ended)) = self.child.try_wait() {
                return Some(ended);
            }
            thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if self.terminate().is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The program under test: `PASS_BIN`, or the one beside the running test.
///
/// # Panics
/// It is not built.
#[must_use]
pub fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("PASS_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("a test knows its own path");
    let beside = test.ancestors().map(|folder| folder.join("pass")).find(|path| path.is_file());
    beside.expect("build the program first: cargo build -p pass, or name it by PASS_BIN")
}

fn command(options: &Options, data: &Path, port: u16, log: &Path) -> Command {
    let errors = File::options().create(true).append(true).open(log).expect("the log opens");
    // A shared demo is never dropped: the kernel ends it with us.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM"]).arg(program()).args(["demo", "--json", "--port", &port.to_string()]);
    command.arg("--data").arg(data);
    if let Some(database) = &options.database {
        command.args(["--database", database]);
    }
    command.args(&options.more).envs(options.environment.iter().cloned());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors);
    command
}

/// Starts the program from a thread that lives as long as it: the kernel ends a child with the *thread* that made it.
/// The receiver gets the first line on stdout; the rest goes on into the log.
fn spawn(mut command: Command, log: PathBuf) -> (Child, mpsc::Receiver<String>) {
    let (born, child) = mpsc::channel();
    let (tell, said) = mpsc::channel();
    thread::spawn(move || {
        let mut child = command.spawn().expect("`setpriv pass demo` starts");
        let stdout = child.stdout.take().expect("stdout is piped");
        let _ = born.send(child);
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        if let Some(line) = lines.next() {
            let _ = tell.send(line);
        }
        drop(tell);
        let mut log = File::options().append(true).open(log).ok();
        for line in lines {
            if let Some(log) = &mut log {
                let _ = writeln!(log, "{line}");
            }
        }
    });
    (child.recv().expect("the program starts"), said)
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
