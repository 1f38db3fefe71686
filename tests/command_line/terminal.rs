//! What is different where somebody sits at a terminal: progress, standard input that waits, a page that is opened.
//!
//! `script` gives a program a terminal; it has to be there on a build server (`CI=true`), and elsewhere it is said where a
//! test was skipped.

#![cfg(unix)]

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use leakdiff::cli::{self, Console, Exit};

use super::heap;
use super::support::{Files, Profile, fixture, run_with};

const BINARY: &str = env!("CARGO_BIN_EXE_leakdiff");

/// What a program prints on a terminal, whose input ends at once; `None` where no terminal can be had.
fn at_terminal(command: &str) -> Option<String> {
    let mut script = Command::new("script");
    script.args(["-qec", command, "/dev/null"]).stdin(Stdio::null());
    match script.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(error) => {
            assert!(
                std::env::var("CI").is_ok_and(|ci| ci != "true") || std::env::var("CI").is_err(),
                "CI=true: {error}"
            );
            eprintln!("skipped: there is no script(1) to make a terminal with");
            None
        }
    }
}

/// Feeds a profile into a pipe, half of it at once and the rest when this much time has passed.
fn slow_pipe(files: &Files, pause: Duration) -> (String, std::thread::JoinHandle<()>) {
    let path = files.path("slow");
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
    let (bytes, into) = (heap(3, 0).encode(), path.clone());
    let feeder = std::thread::spawn(move || {
        let mut pipe = std::fs::File::options().write(true).open(into).expect("the pipe is read");
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        pipe.write_all(first).expect("it takes the first half");
        std::thread::sleep(pause);
        pipe.write_all(rest).expect("it takes the rest");
    });
    (path, feeder)
}

#[test]
fn standard_input_that_is_a_terminal_says_that_it_waits() {
    let Some(printed) = at_terminal(&format!("'{BINARY}' -")) else { return };
    assert!(printed.contains("leakdiff waits for a profile on standard input"), "{printed}");
    let piped = Command::new(BINARY).arg("-").stdin(Stdio::null()).output().expect("it runs");
    assert!(!String::from_utf8_lossy(&piped.stderr).contains("waits"));
}

#[test]
fn reading_that_takes_long_shows_how_far_it_is() {
    let files = Files::new();
    let (path, feeder) = slow_pipe(&files, Duration::from_millis(900));
    let printed = at_terminal(&format!("'{BINARY}' '{path}'"));
    let Some(printed) = printed else {
        let _ = std::fs::read(&path);
        return;
    };
    feeder.join().expect("it was fed");
    assert!(printed.contains("reading profiles"), "{printed}");
    assert!(printed.contains("HEAP 3.0 MiB"), "{printed}");
}

#[test]
fn nothing_is_shown_where_it_is_short_or_piped() {
    let heap1 = fixture("http-body/heap1.pb.gz");
    if let Some(printed) = at_terminal(&format!("'{BINARY}' '{heap1}'")) {
        assert!(!printed.contains("reading profiles"), "{printed}");
    }
    let files = Files::new();
    let (path, feeder) = slow_pipe(&files, Duration::from_millis(900));
    let piped = Command::new(BINARY).arg(&path).output().expect("it runs");
    feeder.join().expect("it was fed");
    assert_eq!(String::from_utf8_lossy(&piped.stderr), "");
}

#[test]
fn what_a_browser_shows_is_not_poured_over_a_terminal() {
    let [base, new] = [1, 3].map(|moment| fixture(&format!("timers/heap{moment}.pb.gz")));
    for (command, name) in [("flame", "svg"), ("report", "html")] {
        run_with(&[], Some(80), None, &[command, &base, &new]).failed(&[&format!("-o leak.{name}"), "redirect"]);
        assert!(run_with(&[], None, None, &[command, &base, &new]).done().stdout.len() > 1_000);
    }
    run_with(&[], Some(80), None, &["-svg", &base, &new]).failed(&["-o leak.svg"]);
    run_with(&[], Some(80), None, &["flame", &base, &new, "-f", "folded"]).done();
}

static OPENED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn open(path: &Path) -> io::Result<()> {
    OPENED.lock().expect("a lock").push(path.to_owned());
    if path.ends_with("broken.html") { Err(io::Error::other("no browser")) } else { Ok(()) }
}

fn run_opening(opens: bool, args: &[&str]) -> (Exit, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut console = Console {
        width: opens.then_some(80),
        open: opens.then_some(open as fn(&Path) -> io::Result<()>),
        ..Console::piped(&mut stdout, &mut stderr)
    };
    let exit = cli::main(["leakdiff"].iter().chain(args).map(OsString::from), &mut console);
    (exit, String::from_utf8(stderr).expect("text"))
}

#[test]
fn a_page_and_a_picture_are_opened_at_a_terminal_only() {
    let [base, new] = [1, 3].map(|moment| fixture(&format!("timers/heap{moment}.pb.gz")));
    let files = Files::new();
    let [page, picture, json, broken] = ["a.html", "a.svg", "a.json", "broken.html"].map(|name| files.path(name));
    let take = || std::mem::take(&mut *OPENED.lock().expect("a lock"));
    let asked = [&*base, &new, "-o", &page, "-o", &picture, "-o", &json, "--open"];
    assert_eq!(run_opening(false, &asked).0, Exit::Done);
    assert_eq!(take(), Vec::<PathBuf>::new());
    assert_eq!(run_opening(true, &asked).0, Exit::Done);
    assert_eq!(take(), [PathBuf::from(&page), PathBuf::from(&picture)]);
    assert_eq!(run_opening(true, &asked[..asked.len() - 1]).0, Exit::Done);
    assert_eq!(take(), Vec::<PathBuf>::new());
    // The page is written all the same.
    let (exit, told) = run_opening(true, &["report", &base, &new, "-o", &broken, "--open"]);
    assert_eq!((exit, told.contains("not opened: no browser")), (Exit::Done, true), "{told}");
    assert!(Path::new(&broken).exists());
    let (exit, told) = run_opening(true, &[&base, &new, "-o", &json, "--open"]);
    assert_eq!((exit, told.contains("nothing that a browser shows")), (Exit::Error, true), "{told}");
}

/// A terminal that follows links is shown where the source lies here, and no column moves for it.
#[test]
fn places_are_links_where_the_source_is_here() {
    let files = Files::new();
    let heap = |bytes: i64| {
        let here = "example.com/x/src/cli.Keep@/build/x/src/cli/run.rs:10;main.main@/build/x/main.go:3";
        Profile::new().stack(here, [1, bytes, 1, bytes])
    };
    let [before, after] = [("1.pb", 1 << 20), ("2.pb", 9 << 20)].map(|(name, b)| files.write(name, heap(b).encode()));
    let shown = |has_links: bool| {
        let (mut stdout, mut stderr) = (Vec::new(), io::sink());
        let piped = Console::piped(&mut stdout, &mut stderr);
        let mut console = Console { width: Some(100), color: Some(false), has_links, ..piped };
        let arguments = ["leakdiff", &before, &after].map(OsString::from);
        assert_eq!(cli::main(arguments, &mut console), Exit::Done);
        String::from_utf8(stdout).expect("text")
    };
    let linked = shown(true);
    assert_eq!(linked.matches("/src/cli/run.rs\u{1b}\\").count(), 2, "{linked}");
    let link = regex::Regex::new("\u{1b}]8;;[^\u{1b}]*\u{1b}\\\\|\u{1b}\\[0m").expect("a pattern");
    assert_eq!(link.replace_all(&linked, ""), shown(false));
}
