//! OpenMetrics, read back by Prometheus' own parser.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use crate::has;
use crate::support::{Files, Profile, diff, fixture, run};

/// What promtool has against a text.
fn complaints(text: &str) -> String {
    let mut command = Command::new("promtool");
    let command =
        command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("promtool");
    child.stdin.take().expect("its input").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("an end");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() { said } else { format!("{} {said}", output.status) }
}

/// The rules that hold of every text, and what it has: values by name and labels.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let mut types = BTreeSet::new();
    let mut samples = BTreeMap::new();
    assert!(text.ends_with("# EOF\n"));
    for line in text.lines().filter(|line| *line != "# EOF") {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert!(types.insert(rest.strip_suffix(" gauge").expect("a gauge").to_owned()), "{line}: twice");
        } else if !line.starts_with("# HELP ") {
            let (sample, value) = line.rsplit_once(' ').expect("a value");
            let (name, labels) = sample.split_once('{').unwrap_or_else(|| panic!("{line}: no labels"));
            assert!(name.starts_with("leakdiff_") && types.contains(name), "{line}");
            assert!(labels.ends_with("\"}"), "{line}: a time stamp?");
            let value = value.parse().expect("a number");
            assert!(samples.insert(sample.to_owned(), value).is_none(), "{line}: twice");
        }
    }
    samples
}

fn sum(samples: &BTreeMap<String, f64>, name: &str) -> f64 {
    samples.iter().filter(|(sample, _)| sample.starts_with(&format!("{name}{{"))).map(|(_, value)| value).sum()
}

fn only(samples: &BTreeMap<String, f64>, parts: &[&str]) -> f64 {
    let found: Vec<_> = samples.iter().filter(|(sample, _)| parts.iter().all(|part| sample.contains(part))).collect();
    assert_eq!(found.len(), 1, "{parts:?}: {found:?}");
    *found[0].1
}

#[test]
fn the_numbers_are_those_of_the_report() {
    let heaps = ["goroutine-blocked/heap1.pb.gz", "goroutine-blocked/heap2.pb.gz", "goroutine-blocked/heap3.pb.gz"]
        .map(fixture);
    let heaps = heaps.each_ref().map(String::as_str);
    let report = crate::support::json(&heaps);
    let text = run(&[&heaps[..], &["-f", "openmetrics"]].concat()).done().stdout;
    let samples = samples(&text);
    let delta = report["total"]["delta"].as_f64().expect("a number");
    assert_eq!(sum(&samples, "leakdiff_total_growth_bytes"), delta);
    assert_eq!(sum(&samples, "leakdiff_growth_bytes") + sum(&samples, "leakdiff_other_growth_bytes"), delta);
    let suspect = &report["suspects"][0];
    let of = ["suspect_growth_bytes", suspect["code"].as_str().expect("a code"), "target=\"goroutine-blocked\""];
    assert_eq!(only(&samples, &of), suspect["delta"].as_f64().expect("a number"));
    let slope = report["trend"]["slope_per_hour"].as_f64().expect("a number") / 3600.0;
    assert!((sum(&samples, "leakdiff_total_slope_bytes_per_second") - slope).abs() < 1e-6);
    let history = report["trend"]["verdict"].as_str().expect("a word");
    assert_eq!(only(&samples, &["total_history", &format!("history=\"{history}\"")]), 1.0);
    assert_eq!(sum(&samples, "leakdiff_total_history"), 1.0);
    if has("promtool", "--version") {
        assert_eq!(complaints(&text), "");
    }
}

#[test]
fn the_ending_of_a_file_says_it() {
    let files = Files::new();
    let path = files.path("x.prom");
    let [a, b] = ["ticker/heap1.pb.gz", "ticker/heap3.pb.gz"].map(fixture);
    run(&[&a, &b, "-o", &path]).done();
    assert!(samples(&std::fs::read_to_string(path).expect("a file")).len() > 10);
}

/// Names that would end a line or a label, and more of them than a server should keep.
#[test]
fn whatever_is_in_a_profile_it_stays_readable_and_small() {
    let evil = ["a\"} 1\nleakdiff_x 2", "back\\slash\\", "\u{202e}x{}", "emoji🙂", &"long".repeat(500)];
    let empty = || Profile::bare().types(&[("inuse_space", "bytes")]);
    let many: Vec<String> = (0..5_000).map(|number| format!("main.f{number}")).collect();
    let names = evil.into_iter().chain(many.iter().map(String::as_str)).enumerate();
    let after = names.fold(empty(), |profile, (index, name)| profile.stack(name, [9_000 - index as i64]));
    let before = empty().stack("main.f1", [1]);
    let text = diff(&[&before, &after], &["-f", "openmetrics", "-n", "0"]).done().stdout;
    let samples = samples(&text);
    assert!(samples.len() < 500, "{}", samples.len());
    assert!(text.len() < 200_000, "{}", text.len());
    if has("promtool", "--version") {
        assert_eq!(complaints(&text), "");
    }
}

#[test]
fn a_state_and_counts_are_told_as_they_are() {
    let goroutines = fixture("ticker/goroutine2.pb.gz");
    let text = run(&[&goroutines, "-f", "openmetrics"]).done().stdout;
    let samples = samples(&text);
    assert_eq!(sum(&samples, "leakdiff_growth_units"), 0.0, "nothing has grown at one moment");
    assert!(only(&samples, &["leakdiff_total_units{", "metric=\"goroutine\""]) > 0.0);
    if has("promtool", "--version") {
        assert_eq!(complaints(&text), "");
        assert_ne!(complaints("leakdiff_x{a=\"1} 2\n"), "", "it reads what it is given");
    }
}

/// The rule in the documentation is one.
#[test]
fn the_alert_in_the_documentation_is_a_rule() {
    let page = include_str!("../../docs/live.md");
    let rule = page.split("```yaml\n").find(|part| part.starts_with("groups:")).expect("a rule");
    let rule = rule.split("```").next().expect("its text");
    let files = Files::new();
    let path = files.write("rules.yml", rule);
    if has("promtool", "--version") {
        let output = Command::new("promtool").args(["check", "rules", &path]).output().expect("promtool");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let heaps = ["goroutine-blocked/heap1.pb.gz", "goroutine-blocked/heap2.pb.gz", "goroutine-blocked/heap3.pb.gz"]
        .map(fixture);
    let text = run(&[&heaps.each_ref().map(String::as_str)[..], &["-f", "openmetrics"]].concat()).done().stdout;
    let names = regex::Regex::new(r"leakdiff_\w+").expect("a pattern");
    for name in names.find_iter(rule) {
        assert!(text.contains(&format!("# TYPE {} gauge", name.as_str())), "the rule asks for {}", name.as_str());
    }
}
