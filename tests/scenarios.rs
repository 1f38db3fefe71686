//! Real services with known mistakes: does the answer name the culprit?
//!
//! For every `fixtures/*/truth.json`: where something leaks, the first row has to name the function with the mistake, as
//! what allocates or as what is responsible; where nothing leaks, nothing may look like a leak. The score of each
//! scenario is printed (`cargo test --test scenarios -- --nocapture`) and asserted.
//! Sizes of single rows are samples, so they are held to wide bounds only.

#![allow(clippy::print_stdout, reason = "the score is for reading")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use support::{fixture, json};

/// How the first row names the function with the mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// It is the row.
    Allocates,
    /// It is the row's responsible function, in the stack of the growth.
    Responsible,
    /// It is the row's responsible function, told from other stacks that enter the same package.
    Sibling,
    /// It is only somewhere in the row's stack.
    InStack,
    /// The first row does not know it.
    Nowhere,
}

/// What is expected of each scenario that leaks.
const EXPECTED: &[(&str, Named)] = &[
    ("append-slice", Named::Allocates),
    ("client-per-request", Named::Sibling),
    ("context-cancel", Named::Allocates),
    ("defer-loop", Named::Allocates),
    ("file-not-closed", Named::Responsible),
    ("finalizer-cycle", Named::Allocates),
    ("global-cache", Named::Allocates),
    ("goroutine-blocked", Named::Allocates),
    ("goroutine-forever", Named::Allocates),
    ("http-body", Named::Sibling),
    ("large", Named::Allocates),
    ("pointer-slice", Named::Allocates),
    ("pool-misuse", Named::Responsible),
    ("rebuilt", Named::Allocates),
    ("sql-rows", Named::Responsible),
    ("substring", Named::Allocates),
    ("ticker", Named::Allocates),
    ("timers", Named::Allocates),
    ("toolchains", Named::Allocates),
];

/// A name without the text of its type arguments.
fn elided(name: &str) -> String {
    match (name.find('['), name.rfind(']')) {
        (Some(from), Some(to)) if from < to => format!("{}[...]{}", &name[..from], &name[to + 1..]),
        _ => name.to_owned(),
    }
}

fn text(value: &Value) -> String {
    elided(value.as_str().unwrap_or_default())
}

fn number(value: &Value) -> i64 {
    value.as_i64().expect("an integer")
}

fn rows(report: &Value) -> &[Value] {
    report["rows"].as_array().expect("rows")
}

/// What a scenario's program counted itself.
struct Truth {
    scenario: String,
    value: Value,
}

impl Truth {
    fn of(scenario: &str) -> Self {
        let path = fixture(&format!("{scenario}/truth.json"));
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { scenario: scenario.to_owned(), value: serde_json::from_slice(&bytes).expect("JSON") }
    }

    fn all() -> Vec<Self> {
        let folders = std::fs::read_dir(fixture("")).expect("fixtures").flatten().map(|entry| entry.path());
        let scenarios = folders.filter(|folder| folder.join("truth.json").is_file());
        let names: BTreeSet<String> =
            scenarios.map(|folder| folder.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect();
        names.iter().map(|name| Self::of(name)).collect()
    }

    fn leaks(&self) -> bool {
        self.value["leak"] == true
    }

    fn function(&self) -> String {
        text(&self.value["function"])
    }

    /// The snapshot with this number, counted from 1.
    fn heap(&self, number: usize) -> String {
        fixture(&format!("{}/{}", self.scenario, self.value["snapshots"][number - 1]["heap"].as_str().expect("a path")))
    }

    /// Bytes leaked between the first and the third snapshot.
    fn leaked(&self) -> i64 {
        let of = |index: usize| number(&self.value["snapshots"][index]["leaked_bytes"]);
        of(2) - of(0)
    }

    fn named(&self, row: &Value) -> Named {
        let function = self.function();
        if text(&row["name"]) == function {
            Named::Allocates
        } else if text(&row["responsible"]["function"]) == function {
            if row["responsible"]["via"] == "sibling" { Named::Sibling } else { Named::Responsible }
        } else if row["stack"].as_array().is_some_and(|stack| stack.iter().any(|name| text(name) == function)) {
            Named::InStack
        } else {
            Named::Nowhere
        }
    }
}

#[test]
fn the_first_row_names_the_culprit() {
    let (mut score, mut failures) = (BTreeMap::new(), Vec::new());
    for truth in Truth::all().iter().filter(|truth| truth.leaks()) {
        let report = json(&[&truth.heap(1), &truth.heap(3)]);
        let named: Vec<Named> = rows(&report).iter().map(|row| truth.named(row)).collect();
        let first = rows(&report).first().map_or(String::new(), |row| text(&row["name"]));
        let is_clear = |named: &Named| !matches!(named, Named::InStack | Named::Nowhere);
        let rank = named.iter().position(is_clear).map_or("-".to_owned(), |at| (at + 1).to_string());
        let (grown, leaked) = (number(&report["total"]["delta"]) >> 10, truth.leaked() >> 10);
        println!(
            "{:<20} row {rank:>2}  {:<12} {grown:>6} of {leaked:>6} KiB  {first}",
            truth.scenario,
            format!("{:?}", named[0])
        );
        score.insert(truth.scenario.clone(), named[0]);
        if named.iter().position(is_clear).is_none() {
            failures.push(format!("{}: no row names {}", truth.scenario, truth.function()));
        }
    }
    let expected: BTreeMap<String, Named> = EXPECTED.iter().map(|(name, named)| ((*name).to_owned(), *named)).collect();
    assert_eq!(score, expected);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_place_is_in_the_file_of_the_mistake() {
    for truth in Truth::all().iter().filter(|truth| truth.leaks()) {
        let report = json(&[&truth.heap(1), &truth.heap(3)]);
        let responsible = &rows(&report)[0]["responsible"];
        let (file, expected) = (text(&responsible["file"]), text(&truth.value["file"]));
        assert_eq!(file, format!("example.com/shop/{expected}"), "{}", truth.scenario);
    }
}

#[test]
fn growth_is_of_the_size_of_the_leak() {
    for truth in Truth::all().iter().filter(|truth| truth.leaks()) {
        let report = json(&[&truth.heap(1), &truth.heap(3)]);
        let (grown, leaked) = (number(&report["total"]["delta"]), truth.leaked());
        assert!(grown > leaked / 2 && grown < leaked * 3, "{}: {grown} of {leaked}", truth.scenario);
        let clear = rows(&report).iter().filter(|row| !matches!(truth.named(row), Named::Nowhere));
        let attributed: i64 = clear.map(|row| number(&row["flat"]["delta"])).sum();
        assert!(attributed > leaked / 2, "{}: {attributed} of {leaked} attributed", truth.scenario);
    }
}

/// A sample of a Go heap profile stands for about this much.
const PERIOD: i64 = 512 << 10;

#[test]
fn healthy_does_not_grow() {
    let truth = Truth::of("healthy");
    assert!(!truth.leaks());
    for pair in [(1, 2), (2, 3), (1, 3)] {
        let report = json(&[&truth.heap(pair.0), &truth.heap(pair.1)]);
        let growth = number(&report["total"]["delta"]);
        assert!(growth.abs() < number(&report["total"]["before"]) / 4, "{pair:?}: {growth}");
        for row in rows(&report) {
            assert!(number(&row["flat"]["delta"]) < 4 * PERIOD, "{pair:?}: {row:#}");
        }
    }
}

#[test]
fn churn_allocates_and_does_not_keep() {
    let truth = Truth::of("churn");
    assert!(!truth.leaks());
    let allocated = json(&[&truth.heap(1), &truth.heap(3), "--sample-index", "alloc_space"]);
    let first = &rows(&allocated)[0];
    assert_eq!(text(&first["name"]), truth.function());
    assert!(number(&first["flat"]["delta"]) > 100 << 20, "{first:#}");
    assert!(first["kept_ratio"].as_f64().expect("a ratio") < 0.01, "{first:#}");
    let kept = json(&[&truth.heap(1), &truth.heap(3)]);
    assert!(rows(&kept).iter().all(|row| text(&row["name"]) != truth.function()), "{kept:#}");
}

#[test]
fn warmup_grows_once() {
    let truth = Truth::of("warmup");
    assert!(!truth.leaks());
    let grows = |from, to| {
        let report = json(&[&truth.heap(from), &truth.heap(to)]);
        rows(&report).first().is_some_and(|row| text(&row["name"]) == truth.function())
    };
    assert!(grows(1, 2), "the cache fills");
    assert!(!grows(2, 3), "the cache is full");
}

#[test]
fn sawtooth_goes_up_and_down() {
    let truth = Truth::of("sawtooth");
    assert!(!truth.leaks());
    let heaps: Vec<String> = (1..=5).map(|number| truth.heap(number)).collect();
    let mut args: Vec<&str> = heaps.iter().map(String::as_str).collect();
    args.extend(["-n", "0"]);
    let report = json(&args);
    let row = rows(&report).iter().find(|row| text(&row["name"]) == truth.function()).expect("a row");
    let steps: Vec<i64> = row["steps"].as_array().expect("steps").iter().map(number).collect();
    let ups: Vec<bool> = steps.windows(2).map(|pair| pair[1] > pair[0]).collect();
    assert_eq!(ups, [true, false, true, false], "{steps:?}");
    assert_eq!(number(&row["flat"]["before"]), steps[0]);
    assert_eq!(number(&row["flat"]["after"]), steps[4]);
    let tops = json(&[&heaps[1], &heaps[3]]);
    assert!(
        rows(&tops).iter().all(|row| text(&row["name"]) != truth.function()),
        "from one peak to the next: {tops:#}"
    );
}

/// Name (and line, where rows have one) of every row.
fn keys(report: &Value, has_line: bool) -> BTreeSet<(String, i64)> {
    let line = |row: &Value| if has_line { row["line"].as_i64().unwrap_or(0) } else { 0 };
    rows(report).iter().map(|row| (text(&row["name"]), line(row))).collect()
}

#[test]
fn functions_of_two_builds_line_up() {
    let heap = |path: &str| fixture(&format!("rebuilt/{path}.pb.gz"));
    let (old, new) = (heap("a/heap1"), heap("b/heap3"));
    let in_old = keys(&json(&[&old, "-n", "0"]), false);
    let in_new = keys(&json(&[&new, "-n", "0"]), false);
    let report = json(&[&old, &new, "-n", "0"]);
    assert_eq!(rows(&report).len(), keys(&report, false).len(), "one row per function");
    let mut in_both = 0;
    for row in rows(&report) {
        let key = (text(&row["name"]), 0);
        let status = text(&row["status"]);
        let expected = (in_old.contains(&key), in_new.contains(&key));
        in_both += usize::from(expected == (true, true));
        assert!(expected != (true, true) || !["new", "gone"].contains(&&*status), "{key:?} is {status} and in both");
        assert!(expected != (false, true) || status == "new", "{key:?} is {status} and only in the newer");
        assert!(expected != (true, false) || status == "gone", "{key:?} is {status} and only in the older");
    }
    assert!(in_both > 10, "{in_both} functions are in both");
    let truth = Truth::of("rebuilt");
    assert_eq!(text(&rows(&report)[0]["name"]), truth.function());
    assert_eq!(rows(&report)[0]["status"], "grown");
}

#[test]
fn lines_of_two_builds_split_where_they_moved() {
    let heap = |path: &str| fixture(&format!("rebuilt/{path}.pb.gz"));
    let report = json(&[&heap("a/heap1"), &heap("b/heap3"), "--by", "line", "-n", "0"]);
    let truth = Truth::of("rebuilt");
    let of_culprit = |row: &&Value| text(&row["name"]) == truth.function();
    let statuses: BTreeSet<String> = rows(&report).iter().filter(of_culprit).map(|row| text(&row["status"])).collect();
    assert_eq!(statuses, BTreeSet::from(["gone".to_owned(), "new".to_owned()]), "its lines moved");
    let files: BTreeSet<String> = rows(&report).iter().filter(of_culprit).map(|row| text(&row["file"])).collect();
    assert_eq!(files.len(), 1, "the checkout directory does not count: {files:?}");
    let background = rows(&report).iter().find(|row| text(&row["name"]).ends_with("background.renderPage"));
    assert_eq!(background.expect("a row")["status"], "grown", "its lines did not move");
}

#[test]
fn a_generic_function_is_one_row_in_all_toolchains() {
    let truth = Truth::of("toolchains");
    let versions: Vec<String> = truth.value["builds"].as_object().expect("builds").keys().cloned().collect();
    assert_eq!(versions.len(), 4);
    for old in &versions {
        for new in &versions {
            let heap = |version: &str, at| fixture(&format!("toolchains/{version}/heap{at}.pb.gz"));
            let report = json(&[&heap(old, 1), &heap(new, 3), "-n", "0"]);
            let own: Vec<&Value> = rows(&report).iter().filter(|row| text(&row["name"]) == truth.function()).collect();
            assert_eq!(own.len(), 1, "{old} {new}");
            assert_eq!(own[0]["status"], "grown", "{old} {new}");
            assert_eq!(text(&rows(&report)[0]["name"]), truth.function(), "{old} {new}: the first row");
            assert!(!text(&own[0]["name"]).contains("go.shape"), "{old} {new}");
        }
    }
}

/// Go 1.27 names a closure after the function that holds it, also where that is inlined into another.
#[test]
fn closures_of_all_toolchains_line_up() {
    const HOLDERS: [&str; 3] = ["harness.Count.", "harness.Recover.", "harness.RequestID."];
    for old in ["go1.22", "go1.24", "go1.26"] {
        let heap = |version: &str| fixture(&format!("toolchains/{version}/heap3.pb.gz"));
        let report = json(&[&heap(old), &heap("go1.27"), "-n", "0"]);
        for holder in HOLDERS {
            let stem = holder.trim_start_matches("harness");
            let own: Vec<&Value> = rows(&report).iter().filter(|row| text(&row["name"]).contains(stem)).collect();
            assert_eq!(own.len(), 1, "{old}: {holder}: {own:#?}");
            assert!(text(&own[0]["name"]).contains(holder), "{old}: {holder}");
            assert!(!["new", "gone"].contains(&&*text(&own[0]["status"])), "{old}: {holder}");
        }
    }
}

#[test]
fn leaked_goroutines_are_counted() {
    for (scenario, responsible) in [("goroutine-forever", true), ("goroutine-blocked", true), ("http-body", false)] {
        let truth = Truth::of(scenario);
        let profile = |at: usize| fixture(&format!("{scenario}/goroutine{at}.pb.gz"));
        let report = json(&[&profile(1), &profile(3)]);
        assert_eq!(report["metric"]["name"], "goroutine");
        let of = |at: usize| number(&truth.value["snapshots"][at]["goroutines"]);
        let growth = number(&report["total"]["delta"]);
        assert!((growth - (of(2) - of(0))).abs() <= 5, "{scenario}: {growth}");
        if responsible {
            assert_eq!(truth.named(&rows(&report)[0]), Named::Responsible, "{scenario}");
        }
    }
}
