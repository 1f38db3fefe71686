//! Code quality for GitLab, against a schema of what its documentation asks for.

use leakdiff::report::{Outcome, Report};
use serde_json::Value;

use crate::schema::hold_gitlab;
use crate::{hostile, render, world};

#[track_caller]
fn issues(report: &Report) -> Vec<Value> {
    hold_gitlab(&render("gitlab", report))
}

#[test]
fn an_issue_for_each_culprit() {
    let issues = issues(&world::failed());
    let short = |issue: &Value| {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let line = issue["location"]["lines"]["begin"].as_i64().expect("a line");
        (text(&issue["check_name"]), text(&issue["severity"]), text(&issue["location"]["path"]), line)
    };
    let expected = [
        ("max-growth", "major", "shop/cart/cart.go", 31),
        ("max-growth", "major", "shop/upstream/price list.go", 88),
        ("max-growth", "major", "shop/go.mod", 1),
        ("limit", "major", "shop/go.mod", 1),
        ("per-stack", "minor", "shop/cart/cart.go", 31),
    ]
    .map(|(check, severity, path, line)| (check.to_owned(), severity.to_owned(), path.to_owned(), line));
    assert_eq!(issues.iter().map(short).collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_to_say_is_an_empty_array() {
    assert!(issues(&world::passed()).is_empty());
    assert_eq!(issues(&world::inconclusive(Outcome::Inconclusive)).len(), 1);
}

#[test]
fn without_a_module_the_path_is_the_root() {
    let mut report = world::failed();
    report.verdict.as_mut().expect("a verdict").manifest = None;
    assert_eq!(issues(&report)[2]["location"]["path"], ".");
}

#[test]
fn fingerprints_stay_when_values_lines_and_limits_change() {
    let fingerprints =
        |report: &Report| issues(report).iter().map(|issue| issue["fingerprint"].clone()).collect::<Vec<_>>();
    let before = fingerprints(&world::failed());
    let mut report = world::failed();
    for breach in &mut report.verdict.as_mut().expect("a verdict").breaches {
        (breach.value.after, breach.limit) = (99 << 20, "6MiB".to_owned());
        for culprit in &mut breach.culprits {
            (culprit.line, culprit.delta) = (Some(77), 1);
        }
    }
    assert_eq!(fingerprints(&report), before);
}

#[test]
fn whatever_the_names() {
    for name in hostile::all() {
        assert_eq!(issues(&world::hostile(&name)).len(), 5, "{name:?}");
    }
}
