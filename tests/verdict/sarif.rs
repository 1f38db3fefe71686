//! SARIF, against the schema of SARIF 2.1.0 and what GitHub asks for beyond it.

use leakdiff::report::{Outcome, Report};
use serde_json::Value;
use serde_sarif::sarif::ResultLevel;

use crate::schema::{errors_of_sarif, hold_sarif};
use crate::{hostile, render, world};

/// The log, which must conform to the schema and to what GitHub asks for.
#[track_caller]
fn log(report: &Report) -> Value {
    read(&render("sarif", report))
}

/// As [`log`], of what was written.
#[track_caller]
pub fn read(text: &str) -> Value {
    let log = hold_sarif(text);
    for result in results(&log) {
        let locations = result["locations"].as_array().expect("locations");
        assert_eq!(locations.len(), 1, "GitHub refuses a result without a location");
        let uri = locations[0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a physical location");
        assert!(!uri.is_empty() && !uri.starts_with('/') && !uri.contains(':'), "{uri} is no relative path");
        let rule = usize::try_from(result["ruleIndex"].as_i64().expect("an index")).expect("an index");
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    }
    log
}

fn results(log: &Value) -> &[Value] {
    log["runs"][0]["results"].as_array().expect("results")
}

#[test]
fn a_result_for_each_culprit() {
    let log = log(&world::failed());
    let results = results(&log);
    let rules: Vec<&Value> = results.iter().map(|result| &result["ruleId"]).collect();
    assert_eq!(rules, ["max-growth", "max-growth", "max-growth", "limit", "per-stack"]);
    let levels: Vec<&Value> = results.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["error", "error", "error", "error", "warning"]);
    let place = |result: &Value| {
        let physical = &result["locations"][0]["physicalLocation"];
        (physical["artifactLocation"]["uri"].clone(), physical["region"]["startLine"].clone())
    };
    assert_eq!(place(&results[0]), ("shop/cart/cart.go".into(), 31.into()));
    assert_eq!(place(&results[1]), ("shop/upstream/price%20list.go".into(), 88.into()), "percent-encoded");
    assert_eq!(place(&results[2]), ("shop/go.mod".into(), Value::Null), "not in the repository");
    let function = &results[1]["locations"][0]["logicalLocations"][0];
    assert_eq!(function["fullyQualifiedName"], "example.com/shop/upstream.(*Client).Price");
    let frames = results[0]["stacks"][0]["frames"].as_array().expect("frames");
    assert_eq!(frames.len(), 3);
    assert_eq!(frames[2]["location"]["logicalLocations"][0]["fullyQualifiedName"], "main.main");
    assert!(results[2].get("stacks").is_none(), "no stack, no stacks");
    assert_eq!(results[0]["properties"]["evidence"]["verdict"], "certain");
}

#[test]
fn the_run_says_what_was_checked_and_what_to_beware_of() {
    let log = log(&world::failed());
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], true, "a gate that fails has done its work");
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"][0]["descriptor"]["id"], "reversed-order");
    assert_eq!(run["properties"]["checks"].as_array().map(Vec::len), Some(4));
    assert_eq!(run["properties"]["allowed"][0]["entry"], "f1a2b3c4d5e6f708");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), 4, "one for each option");
}

#[test]
fn a_gate_that_passed_has_no_results() {
    assert!(results(&log(&world::passed())).is_empty());
    let log = log(&world::inconclusive(Outcome::Inconclusive));
    assert_eq!(results(&log).len(), 1);
    let text = log["runs"][0]["results"][0]["level"].to_string();
    assert!(matches!(serde_json::from_str(&text).expect("a level"), ResultLevel::Warning));
}

#[test]
fn fingerprints_are_unique_and_of_both_kinds() {
    let log = log(&world::crowd(50));
    let of = |key: &str| -> Vec<String> {
        results(&log).iter().map(|result| result["partialFingerprints"][key].to_string()).collect()
    };
    for key in ["primaryLocationLineHash", "leakdiff/v1"] {
        let mut fingerprints = of(key);
        fingerprints.sort();
        fingerprints.dedup();
        assert_eq!(fingerprints.len(), 50, "{key}");
    }
}

#[test]
fn whatever_the_names() {
    for name in hostile::all() {
        let report = world::hostile(&name);
        let text = render("sarif", &report);
        let is_unsafe = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}');
        assert!(!text.contains(is_unsafe), "{name:?}");
        assert_eq!(results(&log_of_names(&report)).len(), 5, "{name:?}");
    }
}

/// As [`log`], for paths that no repository has: only the schema counts.
#[track_caller]
fn log_of_names(report: &Report) -> Value {
    hold_sarif(&render("sarif", report))
}

/// The schema is one that finds fault.
#[test]
fn what_is_wrong_is_found() {
    let good: Value = serde_json::from_str(&render("sarif", &world::failed())).expect("JSON");
    let broken = |pointer: &str, value: Value| {
        let mut log = good.clone();
        *log.pointer_mut(pointer).expect("a place") = value;
        log
    };
    for (pointer, value) in [
        ("/version", "2.0.0".into()),
        ("/runs/0/results/0/level", "fatal".into()),
        ("/runs/0/results/0/message", Value::Null),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", 0.into()),
        ("/runs/0/results/1/locations/0/physicalLocation/artifactLocation/uri", "price list.go".into()),
    ] {
        assert!(!errors_of_sarif(&broken(pointer, value)).is_empty(), "{pointer}");
    }
}
