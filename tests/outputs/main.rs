//! What is written: whole or not at all, never over what was read, with the mode that was there. The program itself is
//! run, as files, modes, links and signals are the system's.

#![cfg(unix)]
#![allow(clippy::print_stderr, reason = "a skipped test has to be seen")]

#[path = "../support/mod.rs"]
mod support;

mod configuration;
mod faults;
mod overwriting;
mod paths;
mod reading;
mod replacing;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use support::fixture;

/// The program, in a folder, with arguments.
fn leakdiff(folder: &Path, args: &[&OsStr]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
    command.current_dir(folder).args(args).env_remove("CLICOLOR_FORCE");
    command
}

/// Runs the program in a folder.
fn run(folder: &Path, args: &[&str]) -> Output {
    leakdiff(folder, &args.iter().map(OsStr::new).collect::<Vec<_>>()).output().expect("it runs")
}

/// Runs a line of shell in a folder; `$leakdiff` is the program.
fn shell(folder: &Path, line: &str) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env("leakdiff", env!("CARGO_BIN_EXE_leakdiff"));
    command.output().expect("a shell")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A folder with heap profiles `h1` and `h2`, and goroutine profiles `g1` and `g3`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let copies = [
        ("timers/heap1.pb.gz", "h1"),
        ("timers/heap3.pb.gz", "h2"),
        ("timers/goroutine1.pb.gz", "g1"),
        ("timers/goroutine3.pb.gz", "g3"),
    ];
    for (from, to) in copies {
        std::fs::copy(fixture(from), folder.path().join(to)).expect("a copy");
    }
    folder
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
