//! What all integration tests share: profiles written in a few lines, files to put them in, and the command line run
//! in this process. Profiles are encoded with prost's generated types, independent of the crate's own decoder.

#![allow(dead_code, unused_imports)]

pub mod hostile;
mod profile;
mod proto;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::Cursor;
use std::path::Path;

use leakdiff::cli::{self, Console, Exit};
use proptest::test_runner::{Config, RngSeed};
use tempfile::TempDir;

pub use profile::{GO_HEAP, Profile, gzip};
pub use proto::perftools as wire;

/// This many generated cases of a law, the same in every run and without files of earlier failures.
/// `PROPTEST_CASES` asks for another number of cases, and for new ones.
pub fn cases(count: u32) -> Config {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = count;
        config.rng_seed = RngSeed::Fixed(0);
    }
    config
}

/// What a run of the command line left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub exit: Exit,
}

impl Outcome {
    /// The run must have succeeded; returns it for more.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.exit, Exit::Done, "stderr: {}", self.stderr);
        self
    }

    /// The run must have failed with nothing on standard output and all `words` on standard error.
    #[track_caller]
    pub fn failed(self, words: &[&str]) -> Self {
        assert_eq!(self.exit, Exit::Error, "stdout: {}", self.stdout);
        assert_eq!(self.stdout, "", "an error prints nothing on standard output");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in: {}", self.stderr);
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

/// Runs the command line with an empty standard input, no terminal and colour left to it.
pub fn run(args: &[&str]) -> Outcome {
    run_with(&[], None, None, args)
}

/// Runs the command line with what is given for standard input and of the terminal.
pub fn run_with(stdin: &[u8], width: Option<usize>, color: Option<bool>, args: &[&str]) -> Outcome {
    let (stdin, mut stdout, mut stderr) = (Box::new(Cursor::new(stdin.to_vec())), Vec::new(), Vec::new());
    let arguments = std::iter::once("leakdiff").chain(args.iter().copied()).map(OsString::from);
    let mut console = Console { stdin, width, color, ..Console::piped(&mut stdout, &mut stderr) };
    let exit = cli::main(arguments, &mut console);
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Outcome { stdout: text(stdout), stderr: text(stderr), exit }
}

/// Runs the command line with `--format json`, which must succeed, and parses what it printed.
#[track_caller]
pub fn json(args: &[&str]) -> serde_json::Value {
    run(&[args, &["--format", "json"]].concat()).done().json()
}

/// Runs the command line on these contents, which are put in files `0.pb`, `1.pb` ... and named before `args`.
///
/// The files of one thread have the same paths each time, so that two outputs can be compared byte by byte.
pub fn run_on(contents: &[&[u8]], args: &[&str]) -> Outcome {
    thread_local!(static FILES: RefCell<Files> = RefCell::new(Files::new()));
    FILES.with_borrow_mut(|files| {
        let name = |(index, bytes): (usize, &&[u8])| files.write(&format!("{index}.pb"), bytes);
        let paths: Vec<String> = contents.iter().enumerate().map(name).collect();
        let inputs: Vec<&str> = paths.iter().map(String::as_str).collect();
        run(&[&inputs, args].concat())
    })
}

/// As [`run_on`], for profiles.
pub fn diff(profiles: &[&Profile], args: &[&str]) -> Outcome {
    let encoded: Vec<Vec<u8>> = profiles.iter().map(|profile| profile.encode()).collect();
    run_on(&encoded.iter().map(Vec::as_slice).collect::<Vec<_>>(), args)
}

/// As [`diff`], with `--format json`, which must succeed.
#[track_caller]
pub fn diff_json(profiles: &[&Profile], args: &[&str]) -> serde_json::Value {
    diff(profiles, &[args, &["--format", "json"]].concat()).done().json()
}

/// The row with this name; it must be there.
#[track_caller]
pub fn row<'a>(report: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    let rows = report["rows"].as_array().expect("rows is an array");
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no row {name} in {rows:#?}"))
}

/// The path of a fixture: `fixture("timers/heap1.pb.gz")`.
pub fn fixture(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path);
    path.to_str().expect("a UTF-8 path").to_owned()
}

/// A directory that is gone when the test ends.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    /// The path of a file or directory in it, which need not exist.
    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("a UTF-8 path").to_owned()
    }

    /// Writes a file and returns its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        path
    }
}
