//! What the tool prints, byte by byte: `tests/goldens/<name>.stdout`, `.stderr` and `.exit`.
//!
//! A file that is not there stands for nothing printed, or for exit code 0. After an intended change,
//! `LEAKDIFF_BLESS=1 cargo test --test goldens` writes them anew; read the difference before it is committed.
//! Profiles are named by paths relative to the package, where `cargo test` runs, so that labels are the same everywhere.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use leakdiff::cli::Exit;
use support::{Outcome, run_with};
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

const HTTP: &str = "fixtures/http-body/heap1.pb.gz fixtures/http-body/heap3.pb.gz";
const LARGE: &str = "fixtures/large/heap1.pb.gz fixtures/large/heap3.pb.gz";
const TIMERS: &str = "fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz";
const PEAKS: &str = "fixtures/sawtooth/heap2.pb.gz fixtures/sawtooth/heap4.pb.gz";
const BUILDS: &str = "fixtures/rebuilt/a/heap1.pb.gz fixtures/rebuilt/b/heap3.pb.gz";
const SERIES: &str = "fixtures/sawtooth/heap1.pb.gz fixtures/sawtooth/heap2.pb.gz fixtures/sawtooth/heap3.pb.gz \
                      fixtures/sawtooth/heap4.pb.gz fixtures/sawtooth/heap5.pb.gz";
const WARMUP: &str = "fixtures/warmup/heap1.pb.gz fixtures/warmup/heap2.pb.gz fixtures/warmup/heap3.pb.gz";

/// Name, where standard output goes, the profiles, the options.
const GOLDENS: &[(&str, To, &str, &str)] = &[
    // The table at the widths of terminals.
    ("table-60", Columns(60), HTTP, "-n 3"),
    ("table-80", Columns(80), HTTP, ""),
    ("table-120", Columns(120), HTTP, ""),
    ("table-200", Columns(200), HTTP, ""),
    ("table-piped", Pipe, HTTP, ""),
    ("table-large-100", Columns(100), LARGE, ""),
    ("table-width-option", Pipe, TIMERS, "--columns 100"),
    ("color-80", Color(80), PEAKS, "--sort abs -n 4"),
    ("color-160", Color(160), HTTP, "-n 4"),
    ("color-never", Color(120), TIMERS, "--color never -n 1"),
    ("color-always", Pipe, TIMERS, "--color always -n 1"),
    // One profile, and series.
    ("single-120", Columns(120), "fixtures/large/heap3.pb.gz", ""),
    ("single-piped", Pipe, "fixtures/timers/heap3.pb.gz", "-n 5"),
    ("series-3-80", Columns(80), WARMUP, ""),
    ("series-3-140", Columns(140), WARMUP, ""),
    ("series-5-100", Columns(100), SERIES, ""),
    ("series-5-piped", Pipe, SERIES, ""),
    (
        "series-6-120",
        Columns(120),
        "fixtures/sawtooth/heap1.pb.gz fixtures/sawtooth/heap2.pb.gz \
        fixtures/sawtooth/heap3.pb.gz fixtures/sawtooth/heap4.pb.gz fixtures/sawtooth/heap5.pb.gz \
        fixtures/sawtooth/heap5.pb.gz",
        "",
    ),
    // What a row stands for.
    ("by-line", Columns(120), BUILDS, "--by line -n 5"),
    ("by-file", Columns(120), TIMERS, "--by file -n 5"),
    ("by-package", Columns(120), HTTP, "--by package"),
    ("by-stack", Columns(120), HTTP, "--by stack -n 5"),
    ("by-address", Columns(120), TIMERS, "--by address -n 5"),
    (
        "generic-names",
        Columns(140),
        "fixtures/toolchains/go1.22/heap1.pb.gz fixtures/toolchains/go1.27/heap3.pb.gz",
        "",
    ),
    (
        "exact-names",
        Columns(140),
        "fixtures/toolchains/go1.27/heap1.pb.gz fixtures/toolchains/go1.27/heap3.pb.gz",
        "--exact-names -n 3",
    ),
    // Order and number of rows.
    ("sort-shrink", Columns(120), PEAKS, "--sort shrink"),
    ("sort-abs", Columns(120), PEAKS, "--sort abs -n 5"),
    ("sort-flat", Columns(120), PEAKS, "--sort flat -n 5"),
    ("sort-cum", Columns(120), TIMERS, "--sort cum -n 5"),
    ("sort-name", Columns(120), TIMERS, "--sort name -n 5"),
    ("sort-objects", Columns(120), TIMERS, "--sort objects -n 5"),
    ("nothing-grew", Columns(120), PEAKS, ""),
    ("all-rows", Columns(120), TIMERS, "-n 0"),
    ("subcommand", Columns(120), "", "diff fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz -n 1"),
    // Metrics, units, filters, labels.
    ("objects", Columns(120), TIMERS, "--sample-index inuse_objects -n 4"),
    ("allocated", Columns(120), TIMERS, "--sample-index alloc_space -n 4"),
    ("goroutines", Columns(120), "fixtures/http-body/goroutine1.pb.gz fixtures/http-body/goroutine3.pb.gz", ""),
    ("unit-bytes", Columns(140), TIMERS, "--unit B -n 3"),
    ("unit-kib", Columns(140), TIMERS, "--unit KiB -n 3"),
    ("filtered", Columns(120), HTTP, "--focus Price --hide net/http --tagfocus bytes=:1kb"),
    ("labels", Columns(100), "monday=fixtures/timers/heap1.pb.gz friday=fixtures/timers/heap3.pb.gz", "-n 1"),
    // Other formats.
    ("json", Pipe, TIMERS, "-f json -n 2"),
    ("json-series", Pipe, WARMUP, "-f json -n 1"),
    ("json-warnings", Pipe, BUILDS, "-f json -n 1"),
    ("markdown", Pipe, HTTP, "-f markdown -n 5"),
    ("markdown-series", Pipe, WARMUP, "-f markdown -n 3"),
    ("csv", Pipe, HTTP, "-f csv"),
    // Source with growth beside it.
    (
        "list-80",
        Columns(80),
        "",
        "list Hold fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz --source-path fixtures",
    ),
    (
        "list-color-100",
        Color(100),
        "",
        "list Service.*Hold fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz --source-path fixtures",
    ),
    ("list-piped", Pipe, "", "list Service..Hold fixtures/timers/heap3.pb.gz --unit B --source-path fixtures"),
    ("list-missing-80", Columns(80), "", "list Hold fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz"),
    (
        "list-builds-80",
        Columns(80),
        "",
        "list Catalog.*Page fixtures/rebuilt/a/heap1.pb.gz fixtures/rebuilt/b/heap3.pb.gz \
         --trim-path /home/ci/build-2/shop --source-path fixtures",
    ),
    ("list-error-pattern", Pipe, "", "list ( fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz"),
    ("list-error-no-match", Pipe, "", "list nowhere fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz"),
    ("list-error-format", Pipe, "", "list Hold fixtures/timers/heap1.pb.gz fixtures/timers/heap3.pb.gz -o hold.json"),
    ("help-list", Columns(100), "", "list --help"),
    // The manual.
    ("explain-80", Columns(80), "", "explain"),
    ("explain-color", Color(80), "", "explain"),
    ("explain-page-80", Columns(80), "", "explain stale-snapshot"),
    ("explain-page-color", Color(70), "", "explain no-match"),
    ("explain-page-piped", Pipe, "", "explain restart"),
    ("explain-unknown", Pipe, "", "explain stale-snapshots"),
    // Profiles in text form.
    ("text-heap", Columns(120), "fixtures/http-body/heap1.debug1.txt fixtures/http-body/heap3.debug1.txt.gz", "-n 3"),
    (
        "text-dump",
        Columns(120),
        "fixtures/http-body/goroutine1.debug2.txt fixtures/http-body/goroutine3.debug2.txt.gz",
        "-n 5",
    ),
    ("text-tcmalloc", Columns(120), "fixtures/native/sampled1.heap fixtures/native/sampled2.heap", "-n 3"),
    ("text-symbolized", Columns(120), "fixtures/native/exact1.symbolized fixtures/native/exact2.symbolized", "-n 3"),
    ("text-jemalloc", Columns(120), "fixtures/native/jemalloc1.heap fixtures/native/jemalloc2.heap", "-n 3"),
    // Warnings.
    ("warning-reversed", Columns(100), "fixtures/timers/heap3.pb.gz fixtures/timers/heap1.pb.gz", "-n 2"),
    ("warning-build", Columns(80), BUILDS, "-n 2"),
    ("warning-same", Columns(80), "fixtures/timers/heap1.pb.gz fixtures/timers/heap1.pb.gz", ""),
    ("warning-no-match", Columns(80), TIMERS, "--focus nowhere"),
    // Help and errors.
    ("help", Columns(100), "", "--help"),
    ("help-80", Columns(80), "", "--help"),
    ("help-short", Pipe, "", "-h"),
    ("help-diff", Columns(100), "", "diff --help"),
    ("help-flame", Columns(100), "", "flame --help"),
    ("error-no-arguments", Pipe, "", ""),
    ("error-unknown-option", Pipe, TIMERS, "--sampel-index x"),
    ("error-unknown-value", Pipe, TIMERS, "--by method"),
    ("error-no-file", Pipe, "fixtures/timers/heap1.pb.gz fixtures/timers/heap9.pb.gz", ""),
    ("error-directory", Pipe, "fixtures/timers fixtures/timers/heap1.pb.gz", ""),
    ("error-no-profile", Pipe, "fixtures/README.md fixtures/timers/heap1.pb.gz", ""),
    ("error-text", Pipe, "fixtures/timers/pprof.1-3.tsv fixtures/timers/heap1.pb.gz", ""),
    ("error-heap-and-dump", Pipe, "fixtures/timers/goroutine1.debug2.txt fixtures/timers/heap1.pb.gz", ""),
    ("error-empty", Pipe, "fixtures/timers/heap1.pb.gz -", ""),
    ("error-nothing-in-common", Pipe, "fixtures/timers/goroutine1.pb.gz fixtures/timers/heap1.pb.gz", ""),
    ("error-unknown-metric", Pipe, TIMERS, "--sample-index heap"),
    ("error-pattern", Pipe, TIMERS, "--focus ("),
    ("error-ending", Pipe, TIMERS, "-o growth.xlsx"),
    ("error-unit", Pipe, TIMERS, "--unit parsec"),
    ("error-too-large", Pipe, TIMERS, "--max-inflated 1KiB"),
];

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
