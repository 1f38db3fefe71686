//! Running processes: a real Go service with `net/http/pprof`, and a server that does what servers should not.
//!
//! Tests that need Go, tmux or promtool say so where these are missing, and fail there where `CI=true`.

#![allow(clippy::print_stderr, reason = "what was skipped has to be seen")]

mod capture;
mod hostile;
mod interrupt;
mod openmetrics;
mod server;
#[path = "../support/mod.rs"]
mod support;
mod urls;
mod wait;
mod watch;

/// Whether a program can be run. On a build server (`CI=true`) it has to be.
fn has(program: &str, version: &str) -> bool {
    let is_there =
        std::process::Command::new(program).arg(version).output().is_ok_and(|output| output.status.success());
    let is_server = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(is_there || !is_server, "CI=true and no {program}");
    if !is_there {
        eprintln!("skipped: no {program}");
    }
    is_there
}
