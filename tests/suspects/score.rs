//! Real services with known mistakes: the score of the first suspect.
//!
//! For every `fixtures/*/truth.json`, and every build in it: from the first and third snapshot, the function to blame and
//! the code of the leak. What does not leak must have no suspect, given its series. The table is printed with
//! `cargo test --test suspects -- --nocapture`.

#![allow(clippy::print_stdout, reason = "the score is for reading")]

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{fixture, json, run};

/// What each kind of mistake may be called. Where frames alone cannot tell mistakes apart, it is the code of all of
/// them: its page says so.
const CODES: &[(&str, &[&str])] = &[
    ("append-slice", &["growing-container"]),
    ("client-per-request", &["http-client-per-request"]),
    ("context-cancel", &["context-not-cancelled"]),
    ("defer-loop", &["defer-in-loop"]),
    ("file-not-closed", &["file-not-closed"]),
    ("finalizer-cycle", RETAINED),
    ("global-cache", RETAINED),
    ("goroutine-blocked", &["goroutine-leak"]),
    ("goroutine-forever", &["goroutine-leak"]),
    ("http-body", &["http-body-not-closed"]),
    ("pointer-slice", RETAINED),
    ("pool-misuse", &["pool-not-put-back"]),
    ("sql-rows", &["sql-rows-not-closed"]),
    ("substring", RETAINED),
    ("ticker", &["ticker-not-stopped"]),
    ("timers", &["timer-not-stopped"]),
];
const RETAINED: &[&str] = &["retained-objects"];

/// A name without the text of its type arguments.
fn elided(name: &str) -> String {
    match (name.find('['), name.rfind(']')) {
        (Some(from), Some(to)) if from < to => format!("{}[...]{}", &name[..from], &name[to + 1..]),
        _ => name.to_owned(),
    }
}

/// A program with its snapshots.
struct Run {
    name: String,
    kind: String,
    leaks: bool,
    function: String,
    heaps: Vec<String>,
}

impl Run {
    /// All fixtures, one for each build.
    fn all() -> Vec<Self> {
        let folders = std::fs::read_dir(fixture("")).expect("fixtures").flatten().map(|entry| entry.path());
        let scenarios: BTreeSet<String> = folders
            .filter(|folder| folder.join("truth.json").is_file())
            .map(|folder| folder.file_name().expect("a name").to_string_lossy().into_owned())
            .collect();
        scenarios.iter().flat_map(|scenario| Self::of(scenario)).collect()
    }

    fn of(scenario: &str) -> Vec<Self> {
        let bytes = std::fs::read(fixture(&format!("{scenario}/truth.json"))).expect("a truth");
        let truth: Value = serde_json::from_slice(&bytes).expect("JSON");
        let run = |name: String, snapshots: &Value| {
            let path =
                |snapshot: &Value| fixture(&format!("{scenario}/{}", snapshot["heap"].as_str().expect("a path")));
            Self {
                name,
                kind: truth["kind"].as_str().expect("a kind").to_owned(),
                leaks: truth["leak"] == true,
                function: elided(truth["function"].as_str().unwrap_or_default()),
                heaps: snapshots.as_array().expect("snapshots").iter().map(path).collect(),
            }
        };
        match truth["builds"].as_object() {
            Some(builds) => {
                builds.iter().map(|(name, build)| run(format!("{scenario} {name}"), &build["snapshots"])).collect()
            }
            None => vec![run(scenario.to_owned(), &truth["snapshots"])],
        }
    }

    fn pair(&self) -> Vec<Value> {
        suspects(&[&self.heaps[0], &self.heaps[2]])
    }

    fn series(&self) -> Vec<Value> {
        suspects(&self.heaps.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn is_function(&self, suspect: &Value) -> bool {
        elided(suspect["responsible"]["function"].as_str().unwrap_or_default()) == self.function
    }

    fn is_code(&self, suspect: &Value) -> bool {
        let codes = CODES.iter().find(|(kind, _)| *kind == self.kind).map_or(&[][..], |(_, codes)| codes);
        codes.iter().any(|code| suspect["code"] == *code)
    }
}

fn suspects(heaps: &[&str]) -> Vec<Value> {
    json(heaps)["suspects"].as_array().expect("suspects").clone()
}

/// Whether a suspect says more than that something grew and that more snapshots would tell.
fn accuses(suspect: &Value) -> bool {
    suspect["confidence"] != "low" || suspect["trend"]["verdict"] == "growing"
}

fn leaking() -> Vec<Run> {
    Run::all().into_iter().filter(|run| run.leaks).collect()
}

#[test]
fn the_first_suspect_is_the_culprit() {
    let runs = leaking();
    let (mut functions, mut codes) = (0, 0);
    println!("{:<20} {:>8} {:>6} {:<26} units", "fixture", "function", "code", "suspected");
    for run in &runs {
        let suspects = run.pair();
        let first = suspects.first().unwrap_or(&Value::Null);
        let (is_function, is_code) = (run.is_function(first), run.is_code(first));
        functions += usize::from(is_function);
        codes += usize::from(is_code);
        let mark = |is_right| if is_right { "right" } else { "WRONG" };
        let units = first["units"].as_object().map_or(String::new(), |units| {
            format!("{} ± {} {}", units["count"], units["error"], units["name"].as_str().unwrap_or_default())
        });
        let code = first["code"].as_str().unwrap_or("-");
        println!("{:<20} {:>8} {:>6} {code:<26} {units}", run.name, mark(is_function), mark(is_code));
    }
    println!("function right: {functions} of {}, code right: {codes} of {}", runs.len(), runs.len());
    assert!(functions * 100 >= runs.len() * 95, "{functions} of {} functions", runs.len());
    assert!(codes * 100 >= runs.len() * 90, "{codes} of {} codes", runs.len());
}

#[test]
fn a_leak_goes_on_in_its_series() {
    for run in leaking() {
        let suspects = run.series();
        let first = suspects.first().unwrap_or_else(|| panic!("{}: no suspect", run.name));
        assert!(run.is_function(first), "{}: {first:#}", run.name);
        assert!(first["explanation"].as_str().is_some_and(|text| text.contains("It kept growing")), "{first:#}");
        let are_low = suspects[1..].iter().all(|suspect| suspect["confidence"] == "low");
        assert!(are_low, "{}: what fills up is left alone: {suspects:#?}", run.name);
    }
}

#[test]
fn what_does_not_leak_is_no_suspect() {
    for run in Run::all().iter().filter(|run| !run.leaks) {
        let accused: Vec<Value> = run.series().into_iter().filter(accuses).collect();
        assert!(accused.is_empty(), "{}: {accused:#?}", run.name);
    }
}

#[test]
fn a_series_names_what_its_ends_name() {
    for run in leaking() {
        let (pair, series) = (run.pair(), run.series());
        assert!(!series.is_empty(), "{}: no suspect in the series", run.name);
        assert_eq!(series[0]["fingerprint"], pair[0]["fingerprint"], "{}", run.name);
    }
}

#[test]
fn a_series_that_warmed_up_says_that_it_did_not_go_on() {
    let warmed = ["warmup/heap1.pb.gz", "warmup/heap2.pb.gz", "warmup/heap3.pb.gz"].map(fixture);
    let warmed: Vec<&str> = warmed.iter().map(String::as_str).collect();
    for format in ["table", "markdown", "html"] {
        let text = run(&[&warmed[..], &["-f", format]].concat()).done().stdout;
        assert!(text.contains("Not leaks") && text.contains("and no longer grows (stopped)"), "{format}: {text}");
    }
    let pair = run(&warmed[..2]).done().stdout;
    assert!(!pair.contains("Not leaks"), "a pair does not tell: {pair}");
}

#[test]
fn two_snapshots_of_a_warm_up_say_what_they_cannot_tell() {
    let run = Run::of("warmup").remove(0);
    let suspects = run.pair();
    let first = suspects.first().expect("a suspect");
    assert!(run.is_function(first), "{first:#}");
    assert_ne!(first["confidence"], "high");
    assert!(first["explanation"].as_str().is_some_and(|text| text.contains("Two snapshots cannot tell")), "{first:#}");
    let table = crate::support::run(&[&run.heaps[0], &run.heaps[2]]).done().stdout;
    assert!(table.contains("take a third snapshot"), "{table}");
}

#[test]
fn churn_is_called_churn() {
    let run = Run::of("churn").remove(0);
    let churn = |heaps: &[&str]| -> Vec<Value> {
        let aside = json(heaps)["set_aside"].as_array().expect("a list").clone();
        aside.into_iter().filter(|aside| aside["code"] == "churn").collect()
    };
    let heaps: Vec<&str> = run.heaps.iter().map(String::as_str).collect();
    for heaps in [&[heaps[0], heaps[2]][..], &heaps] {
        let found = churn(heaps);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0]["reason"], "churn");
        assert!(run.is_function(&found[0]), "{:#}", found[0]);
        assert!(found[0]["text"].as_str().is_some_and(|text| text.contains("frees it again")), "{:#}", found[0]);
    }
    for run in Run::all().iter().filter(|run| run.kind != "churn" && run.name != "large") {
        assert!(churn(&[&run.heaps[0], &run.heaps[2]]).is_empty(), "{}", run.name);
    }
}

/// The units that leaked are known: the truth lies in the interval.
#[test]
fn units_are_counted_within_their_error() {
    let mut counted = 0;
    for run in leaking() {
        let name = run.name.split(' ').next().expect("a name");
        let bytes = std::fs::read(fixture(&format!("{name}/truth.json"))).expect("a truth");
        let truth: Value = serde_json::from_slice(&bytes).expect("JSON");
        let items = |at: usize| truth["snapshots"][at]["leaked_items"].as_i64().expect("a number");
        let Some(units) = run.pair()[0]["units"].as_object().cloned() else { continue };
        let (count, error) = (units["count"].as_i64().expect("a count"), units["error"].as_i64().expect("an error"));
        let leaked = items(2) - items(0);
        assert!((count - leaked).abs() <= error, "{}: {leaked}, not {count} ± {error}", run.name);
        counted += 1;
    }
    assert!(counted >= 2, "{counted} fixtures have units");
}

#[test]
fn fingerprints_are_the_same_across_builds_and_toolchains() {
    for scenario in ["rebuilt", "toolchains"] {
        let fingerprint = |run: &Run| run.pair()[0]["fingerprint"].as_str().expect("a fingerprint").to_owned();
        let runs = Run::of(scenario);
        let prints: BTreeSet<String> = runs.iter().map(fingerprint).collect();
        assert!(runs.len() > 1 && prints.len() == 1, "{scenario}: {prints:?}");
        let across = suspects(&[&runs[0].heaps[0], &runs[runs.len() - 1].heaps[2]]);
        assert!(prints.contains(across[0]["fingerprint"].as_str().expect("a fingerprint")), "{scenario}: {across:#?}");
    }
}
