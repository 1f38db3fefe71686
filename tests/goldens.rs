//! What the tool prints, byte by byte: `tests/goldens/<name>.stdout`, `.stderr` and `.exit`.
//!
//! A file that is not there stands for nothing printed, or for exit code 0. After an intended change,
//! `LEAKDIFF_BLESS=1 cargo test --test goldens` writes them anew; read the difference before it is committed.
//! Profiles are named by paths relative to the package, where `cargo test` runs, so that labels are the same everywhere.

mod support;
#[path = "support/goldens.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use leakdiff::cli::Exit;
use support::{Outcome, run_with};
use table::{BUILDS, GOLDENS, HTTP, LARGE, SERIES, WARMUP};
use unicode_width::UnicodeWidthStr;

/// How standard output is attached.
#[derive(Debug, Clone, Copy)]
enum To {
    /// A pipe or a file.
    Pipe,
    /// A terminal with this many columns, without colours.
    Columns(usize),
    /// A terminal with this many columns, with colours.
    Color(usize),
}

use To::{Color, Columns, Pipe};

fn width(to: To) -> Option<usize> {
    match to {
        Pipe => None,
        Columns(width) | Color(width) => Some(width),
    }
}

fn run(to: To, inputs: &str, options: &str) -> Outcome {
    let color = matches!(to, Color(_));
    let args: Vec<&str> = inputs.split_whitespace().chain(options.split_whitespace()).collect();
    run_with(&[], width(to), Some(color).filter(|_| width(to).is_some()), &args)
}

/// What a run left behind, as the files that record it; what is empty is not recorded.
fn files(name: &str, outcome: &Outcome) -> BTreeMap<String, String> {
    let exit = if outcome.exit == Exit::Done { String::new() } else { format!("{}\n", outcome.exit as u8) };
    // The version is that of the package, whichever it is.
    let stdout = outcome.stdout.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let parts = [("stdout", stdout), ("stderr", outcome.stderr.clone()), ("exit", exit)];
    parts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(part, text)| (format!("{name}.{part}"), text))
        .collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens")
}

fn recorded() -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder()).into_iter().flatten().flatten();
    let read = |entry: std::fs::DirEntry| {
        let text = std::fs::read_to_string(entry.path()).expect("UTF-8");
        (entry.file_name().to_string_lossy().into_owned(), text)
    };
    entries.map(read).collect()
}

fn bless(wanted: &BTreeMap<String, String>) {
    std::fs::create_dir_all(folder()).expect("a folder");
    for stale in recorded().keys().filter(|name| !wanted.contains_key(*name)) {
        std::fs::remove_file(folder().join(stale)).expect("a file");
    }
    for (name, text) in wanted {
        std::fs::write(folder().join(name), text).expect("a file");
    }
}

#[test]
fn output_is_as_recorded() {
    let mut now = BTreeMap::new();
    for (name, to, inputs, options) in GOLDENS {
        now.extend(files(name, &run(*to, inputs, options)));
    }
    if std::env::var_os("LEAKDIFF_BLESS").is_some() {
        bless(&now);
    }
    let recorded = recorded();
    let names: BTreeSet<&String> = now.keys().chain(recorded.keys()).collect();
    let mut failures = String::new();
    for name in names {
        let (was, is) = (recorded.get(name), now.get(name));
        if was != is {
            let or_nothing = |text: Option<&String>| text.map_or("(nothing)\n".to_owned(), String::clone);
            failures += &format!("==== {name}: recorded\n{}==== {name}: now\n{}", or_nothing(was), or_nothing(is));
        }
    }
    assert!(failures.is_empty(), "\n{failures}\nIf this is intended: LEAKDIFF_BLESS=1 cargo test --test goldens");
}

/// A line as it is seen: without the sequences that colour it.
fn seen(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[track_caller]
fn assert_fits(text: &str, width: usize, what: &str) {
    for line in text.lines().map(seen) {
        assert!(line.width() <= width, "{what}: {} columns of {width}: {line}", line.width());
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for (name, to, inputs, options) in GOLDENS {
        if let Some(width) = width(*to) {
            assert_fits(&run(*to, inputs, options).stdout, width, name);
        }
    }
}

#[test]
fn tables_fit_every_width() {
    for width in (60..80).chain((80..=240).step_by(7)) {
        for inputs in [HTTP, LARGE, BUILDS, WARMUP, SERIES, "fixtures/large/heap3.pb.gz"] {
            for options in ["", "--by line", "--by stack"] {
                let what = format!("{inputs} {options}");
                assert_fits(&run(Columns(width), inputs, options).done().stdout, width, &what);
            }
        }
    }
}

#[test]
fn colour_changes_no_text() {
    for (name, _, inputs, options) in
        GOLDENS.iter().filter(|(_, _, inputs, options)| !inputs.is_empty() && !options.contains("--color"))
    {
        let (plain, color) = (run(Columns(120), inputs, options), run(Color(120), inputs, options));
        let text: Vec<String> = color.stdout.lines().map(|line| seen(line).trim_end().to_owned()).collect();
        assert_eq!(text, plain.stdout.lines().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn colours_are_taken_out() {
    assert_eq!(seen("a \u{1b}[38;5;9mred\u{1b}[39m b"), "a red b");
}
