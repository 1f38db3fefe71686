//! Ctrl-C at each stage, of the program as it is run.
#![cfg(unix)]

use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::capture::names;
use crate::server::Server;
use crate::support::Files;
use crate::support::hostile::Hostile;

fn start(args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process")
}

/// Sends Ctrl-C after a while, and waits for the end, which has to come soon.
fn interrupt(child: Child, after: Duration) -> Output {
    sleep(after);
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success(), "it had ended before");
    let sent = Instant::now();
    let output = child.wait_with_output().expect("an end");
    assert!(sent.elapsed() < Duration::from_secs(3), "{:?}", sent.elapsed());
    output
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

const SOON: Duration = Duration::from_millis(700);

#[test]
fn between_two_rounds_what_there_is_stays_and_the_same_command_goes_on() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let folder = files.path("series");
    let capture = |rounds: &str, every: &str| {
        start(&["capture", server.address("plain"), "-n", rounds, "--every", every, "-o", &folder])
    };
    let output = interrupt(capture("3", "1h"), SOON);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("1 of 3 rounds taken; interrupted"), "{}", text(&output.stdout));
    assert_eq!(names(&folder).len(), 3);
    // The next round is due in an hour: that is kept, too.
    let output = interrupt(capture("3", "1h"), SOON);
    assert!(output.status.success());
    assert_eq!(names(&folder).len(), 3);
    let output = capture("3", "1s").wait_with_output().expect("an end");
    assert!(text(&output.stdout).contains("3 of 3 rounds taken. "), "{}", text(&output.stdout));
    assert_eq!(names(&folder).len(), 9);
    // A whole series is no part of the next.
    let output = capture("1", "1s").wait_with_output().expect("an end");
    assert!(output.status.success());
    assert_eq!(names(&folder).len(), 12);
}

#[test]
fn killed_it_goes_on_too() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let folder = files.path("series");
    let capture =
        |every: &str| start(&["capture", server.address("plain"), "-n", "2", "--every", every, "-o", &folder]);
    let mut child = capture("1h");
    sleep(SOON);
    child.kill().expect("killed");
    child.wait().expect("an end");
    assert!(capture("1s").wait_with_output().expect("an end").status.success());
    assert_eq!(names(&folder).iter().filter(|name| name.starts_with("heap.")).count(), 2);
}

#[test]
fn while_a_server_does_not_answer() {
    let server = Hostile::start();
    let files = Files::new();
    for path in ["slow", "drip"] {
        let output = interrupt(start(&["capture", &server.url(path), "-o", &files.path("x")]), SOON);
        assert!(!text(&output.stdout).contains("panicked"), "{}", text(&output.stderr));
        let output = interrupt(start(&[&server.url(path), "--wait", "1s"]), SOON);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("interrupted"), "{}", text(&output.stderr));
    }
}

#[test]
fn while_the_second_snapshot_is_waited_for() {
    let Some(server) = Server::shared() else { return };
    let files = Files::new();
    let folder = files.path("kept");
    let output = interrupt(start(&[server.address("plain"), "--wait", "1h", "--save", &folder]), SOON);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("interrupted after the first snapshot; it is in") && said.contains(&folder), "{said}");
    assert_eq!(names(&folder).len(), 2, "heap and goroutines");
}

#[test]
fn while_more_are_waited_for_there_is_something_to_compare() {
    let server = Hostile::start();
    let url = server.url("debug/pprof/heap");
    let args = [&*url, "--wait", "200ms", "--until-sure", "--max-wait", "1h", "-f", "json"];
    let output = interrupt(start(&args), Duration::from_secs(2));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(report["inputs"].as_array().is_some_and(|inputs| inputs.len() >= 2));
}

#[test]
fn twice_it_ends_at_once() {
    let server = Hostile::start();
    let files = Files::new();
    let child = start(&["capture", &server.url("slow"), "-o", &files.path("x")]);
    sleep(SOON);
    let send = || Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    send();
    send();
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.code().is_some_and(|code| code != 101), "{}", text(&output.stderr));
}
