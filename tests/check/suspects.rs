//! The gate and its suspects: one that did not pass ends with them, and the allow-list takes their fingerprints.

use leakdiff::cli::Exit;
use serde_json::Value;

use crate::check;
use crate::support::{Files, Outcome, fixture, json, run_with};

fn pair(before: &str, after: &str) -> [String; 2] {
    [before, after].map(|name| fixture(&format!("{name}.pb.gz")))
}

fn http() -> [String; 2] {
    pair("http-body/heap1", "http-body/heap3")
}

/// The gate for a terminal of a width, or without one.
fn text(width: Option<usize>, inputs: &[String], args: &[&str]) -> Outcome {
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    run_with(&[], width, None, &[&["check", "--no-config", "--color", "never"], &inputs[..], args].concat())
}

/// The list of suspects with what follows, without the fingerprints that only a gate has in it.
fn list(text: &str) -> Vec<&str> {
    let (_, list) = text.split_once("\nLIKELY LEAKS\n").unwrap_or_else(|| panic!("no suspects in {text}"));
    list.lines().take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   fingerprint ")).collect()
}

#[test]
fn a_gate_that_fails_ends_with_the_suspects_of_the_default_table() {
    let [before, after] = http();
    let fingerprint = json(&[&before, &after])["suspects"][0]["fingerprint"].as_str().expect("a text").to_owned();
    for width in [Some(60), Some(80), Some(120), None] {
        let gate = text(width, &http(), &["--max-growth", "1MiB"]);
        assert_eq!(gate.exit, Exit::Failed);
        let table = run_with(&[], width, None, &[&before, &after, "--color", "never"]).done().stdout;
        assert_eq!(list(&gate.stdout), list(&table), "{width:?}");
        assert!(gate.stdout.contains(&format!("\n   fingerprint {fingerprint}\n")), "{}", gate.stdout);
    }
}

#[test]
fn one_that_is_inconclusive_does_too_and_one_that_passes_does_not() {
    let inconclusive = text(None, &http(), &["--max-total", "42MiB"]);
    assert_eq!(inconclusive.exit, Exit::Inconclusive);
    assert!(list(&inconclusive.stdout)[0].starts_with("1  +37.6 MiB  likely "));
    for args in [&["--max-growth", "1GiB"][..], &["--max-total", "42MiB", "--on-inconclusive", "pass"]] {
        for format in ["table", "markdown"] {
            let passed = text(None, &http(), &[args, &["-f", format]].concat()).done().stdout;
            assert!(!passed.to_lowercase().contains("likely leaks") && !passed.contains("third snapshot"), "{passed}");
        }
    }
}

#[test]
fn what_drifted_from_a_baseline_has_suspects_though_it_did_not_go_on() {
    let [before, after] = http();
    let files = Files::new();
    let baseline = files.path("baseline.json");
    run_with(&[], None, None, &["check", "--no-config", &before, "--update-baseline", &baseline]).done();
    let now = [after.clone(), after];
    let gate = text(None, &now, &["--baseline", &baseline, "--max-growth", "1MiB", "-f", "json"]);
    assert_eq!(gate.exit, Exit::Failed);
    assert_eq!(gate.json()["suspects"][0]["code"], "http-body-not-closed", "{}", gate.stdout);
}

#[test]
fn annotations_name_the_suspect_and_its_fix() {
    let [before, after] = http();
    let fix = json(&[&before, &after])["suspects"][0]["fix"].as_str().expect("a text").to_owned();
    let of_suspect = "; suspect http-body-not-closed, see leakdiff explain http-body-not-closed; fix: ";
    let annotations = text(None, &http(), &["--max-growth", "1MiB", "-f", "github"]).stdout;
    let first = annotations.lines().next().expect("an annotation");
    assert!(first.ends_with(&format!("{of_suspect}{fix}")), "{annotations}");
    let issues = text(None, &http(), &["--max-growth", "1MiB", "-f", "gitlab"]).json();
    let description = issues[0]["description"].as_str().expect("a text");
    assert!(description.ends_with(&format!("{of_suspect}{fix}")), "{description}");
    let sarif = text(None, &http(), &["--max-growth", "1MiB", "-f", "sarif"]).json();
    assert_eq!(sarif["runs"][0]["results"][0]["message"]["text"], description);
}

#[test]
fn the_summary_and_json_carry_them() {
    let [before, after] = http();
    let summary = text(None, &http(), &["--max-growth", "1MiB", "-f", "markdown"]).stdout;
    let (_, suspects) = summary.split_once("Likely leaks:\n\n1. **").expect("a list");
    let fingerprint = json(&[&before, &after])["suspects"][0]["fingerprint"].clone();
    for part in [
        "HTTP response bodies are not closed",
        "`leakdiff explain http-body-not-closed`",
        fingerprint.as_str().unwrap(),
    ] {
        assert!(suspects.contains(part), "no {part} in {suspects}");
    }
    for limit in ["1MiB", "1GiB"] {
        let gate = text(None, &http(), &["--max-growth", limit, "-f", "json"]).json();
        assert_eq!(gate["suspects"], json(&[&before, &after])["suspects"], "at {limit}");
    }
}

/// The gate with an entry of the allow-list for this fingerprint, in this format.
fn allowing(fingerprint: &Value, inputs: &[String], args: &[&str]) -> Outcome {
    let files = Files::new();
    let entry = format!("[[allow]]\nfingerprint = {fingerprint}\nreason = \"mended in March\"\n");
    let config = files.write("leakdiff.toml", entry);
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    check(&[&inputs[..], &["-c", &config], args].concat())
}

#[test]
fn the_fingerprint_of_a_suspect_sets_all_of_its_stacks_aside() {
    let [before, after] = http();
    let report = json(&[&before, &after]);
    let suspect = &report["suspects"][0];
    assert!(suspect["rows"].as_array().expect("rows").len() > 1, "it has several stacks");
    let delta = suspect["delta"].as_i64().expect("a number");
    let rest = report["total"]["delta"].as_i64().expect("a number") - delta;
    assert!(rest < 1 << 20 && delta > 30 << 20, "{rest} of {delta}");
    assert_eq!(text(None, &http(), &["--max-growth", "1MiB", "--per-stack", "1MiB"]).exit, Exit::Failed);

    let limits = ["--max-growth", "1MiB", "--per-stack", "1MiB"];
    let allowed = |args: &[&str]| allowing(&suspect["fingerprint"], &http(), args);
    let passed = allowed(&[&limits[..], &["-f", "json"]].concat()).done().json();
    assert_eq!(passed["verdict"]["checks"][0]["value"]["delta"], rest);
    let entry = &passed["verdict"]["allowed"][0];
    assert_eq!((&entry["entry"], &entry["delta"]), (&suspect["fingerprint"], &delta.into()));
    assert_eq!((&entry["suspect"], &entry["reason"]), (&"http-body-not-closed".into(), &"mended in March".into()));
    assert_eq!(passed["suspects"][0]["allowed"], "mended in March");
    let explanation = passed["suspects"][0]["explanation"].as_str().expect("a text");
    assert!(explanation.ends_with("On the allow-list: mended in March."), "{explanation}");

    let printed = allowed(&limits).done().stdout;
    let words =
        format!("by suspect http-body-not-closed, {} (mended in March)", entry["entry"].as_str().expect("text"));
    assert!(printed.contains(&words) && !printed.contains("allow-unused"), "{printed}");
    let summary = allowed(&[&limits[..], &["-f", "markdown"]].concat()).done().stdout;
    assert!(summary.contains("(suspect http-body-not-closed), mended in March"), "{summary}");
    // What fails although it is set aside is not its doing.
    let failed = allowed(&["--max-growth", "1KiB"]);
    assert!(failed.exit != Exit::Done && !failed.stdout.contains("\nSuspects\n"), "{}", failed.stdout);
}

#[test]
fn an_entry_for_a_suspect_holds_for_a_rebuilt_program() {
    let inputs = pair("rebuilt/a/heap1", "rebuilt/a/heap3");
    let report = json(&[&inputs[0], &inputs[1]]);
    let fingerprint = &report["suspects"][0]["fingerprint"];
    for (before, after) in [("b/heap1", "b/heap3"), ("a/heap1", "b/heap3")] {
        let inputs = pair(&format!("rebuilt/{before}"), &format!("rebuilt/{after}"));
        let limit = ["--max-growth", "5MiB"];
        assert_eq!(text(None, &inputs, &limit).exit, Exit::Failed, "{before} {after}");
        let allowed = allowing(fingerprint, &inputs, &[&limit[..], &["-f", "json"]].concat()).done().json();
        assert_eq!(allowed["verdict"]["allowed"][0]["suspect"], "retained-objects");
        assert!(allowed["verdict"]["allowed"][0]["delta"].as_i64().is_some_and(|delta| delta > 10 << 20));
    }
}

/// As version 0.1 printed them for these two profiles, with their goroutines beside them and without.
#[test]
fn an_entry_of_version_0_1_still_holds_and_its_new_fingerprint_is_named() {
    let inputs = pair("goroutine-blocked/heap1", "goroutine-blocked/heap3");
    let today = json(&[&inputs[0], &inputs[1]])["suspects"][0]["fingerprint"].clone();
    for older in ["ac8ef8578d69c6a6", "960a2ced00c48304"] {
        let outcome = allowing(&older.into(), &inputs, &["--max-growth", "5MiB"]);
        assert_eq!(outcome.exit, Exit::Done, "{}", outcome.stdout);
        let words =
            format!("warning[allow-renamed]: the entry '{older}' (mended in March) is a fingerprint of version 0.1");
        assert!(outcome.stdout.contains(&words), "{}", outcome.stdout);
        assert!(outcome.stdout.contains(today.as_str().expect("text")), "{}", outcome.stdout);
    }
}

#[test]
fn an_entry_for_a_suspect_that_is_not_there_is_reported() {
    let [before, after] = http();
    let fingerprint = json(&[&before, &after])["suspects"][0]["fingerprint"].clone();
    let other = pair("healthy/heap1", "healthy/heap3");
    let outcome = allowing(&fingerprint, &other, &["--max-growth", "1GiB"]).done();
    assert!(outcome.stdout.contains("warning[allow-unused]: "), "{}", outcome.stdout);
}

#[test]
fn a_suspect_that_a_pattern_sets_aside_is_not_listed() {
    let files = Files::new();
    let entry = "[[allow]]\npattern = \"**\"\nreason = \"all of it\"\n";
    let [before, after] = http();
    let config = files.write("leakdiff.toml", entry);
    let report = check(&[&before, &after, "-c", &config, "--max-growth", "0", "-f", "json"]).done().json();
    assert_eq!(report["suspects"][0]["allowed"], "all of it");
    assert_eq!(report["verdict"]["allowed"][0]["suspect"], Value::Null);
}

#[test]
fn a_suspect_is_set_aside_by_patterns_only_if_all_of_its_stacks_are() {
    let files = Files::new();
    let [before, after] = http();
    let rows = json(&[&before, &after])["suspects"][0]["rows"].clone();
    let names: Vec<&str> = rows.as_array().expect("rows").iter().filter_map(|row| row["name"].as_str()).collect();
    assert!(names.len() > 1, "{rows}");
    for name in names {
        let entry = format!("[[allow]]\npattern = '{name}'\nreason = \"a part of it\"\n");
        let config = files.write("leakdiff.toml", entry);
        let report = check(&[&before, &after, "-c", &config, "--max-growth", "1GiB", "-f", "json"]).done().json();
        assert!(report["verdict"]["allowed"][0]["delta"].as_i64().is_some_and(|delta| delta > 0), "{name}");
        assert_eq!(report["suspects"][0]["allowed"], Value::Null, "{name}");
    }
}
