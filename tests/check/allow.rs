//! The allow-list: what is known counts for no limit, until it expires.

use leakdiff::cli::Exit;
use serde_json::Value;

use crate::support::{Files, Outcome, Profile};
use crate::{check, exact, exact_in};

const LEAK: &str = "main.leak@/src/app/leak.go:3;main.main@/src/app/main.go:9";
const OTHER: &str = "main.other@/src/app/other.go:5;main.main@/src/app/main.go:8";

/// Runs the gate on growth of 9 KiB in one stack and 4 KiB in another, with a configuration.
fn with_config(config: &str, args: &[&str]) -> Outcome {
    let files = Files::new();
    let program = || Profile::new().mapping("/srv/bin/app", "x", 0..4096);
    let heap = |leak, other| exact_in(program(), &[(LEAK, leak, 1024), (OTHER, other, 1024)]);
    let base = files.write("base.pb", heap(1, 1).encode());
    let new = files.write("new.pb", heap(10, 5).encode());
    let config = files.write("leakdiff.toml", config);
    check(&[&[&*base, &*new, "-c", &*config], args].concat())
}

fn growth(outcome: &Outcome) -> i64 {
    outcome.json()["verdict"]["checks"][0]["value"]["delta"].as_i64().expect("a number")
}

fn entry(key: &str, value: &str) -> String {
    format!("[[allow]]\n{key} = \"{value}\"\nreason = \"known\"\n")
}

fn fingerprint(report: &Value) -> String {
    report["verdict"]["breaches"][0]["culprits"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned()
}

#[test]
fn the_fingerprint_of_a_culprit_sets_it_aside() {
    let plain = with_config("", &["--max-growth", "1KiB", "-f", "json"]);
    assert_eq!((plain.exit, growth(&plain)), (Exit::Failed, 13 << 10));
    let of_function = fingerprint(&plain.json());
    let of_stack = fingerprint(&with_config("", &["--per-stack", "1KiB", "-f", "json"]).json());
    assert_ne!(of_function, of_stack);
    for fingerprint in [of_function, of_stack] {
        let allowed = with_config(&entry("fingerprint", &fingerprint), &["--max-growth", "4KiB", "-f", "json"]);
        assert_eq!((allowed.exit, growth(&allowed)), (Exit::Done, 4 << 10), "{fingerprint}");
        let entries = &allowed.json()["verdict"]["allowed"];
        assert_eq!(entries[0]["delta"], 9 << 10);
        assert_eq!((&entries[0]["entry"], &entries[0]["reason"]), (&fingerprint.into(), &"known".into()));
    }
}

#[test]
fn a_pattern_sets_every_stack_through_it_aside_from_every_limit() {
    let all = ["--max-growth", "0", "--max-objects", "0", "--per-stack", "0", "--limit", "main=0", "--max-total", "0"];
    assert_eq!(with_config("", &all).exit, Exit::Failed);
    assert_eq!(with_config(&entry("pattern", "main.main"), &all).exit, Exit::Done);
    let one = with_config(&entry("pattern", "main.l*"), &["--max-growth", "0", "-f", "json"]);
    assert_eq!((one.exit, growth(&one)), (Exit::Failed, 4 << 10));
}

#[test]
fn what_two_entries_apply_to_is_counted_once() {
    let config = entry("pattern", "main.leak") + &entry("pattern", "main.main");
    let outcome = with_config(&config, &["--max-growth", "0", "-f", "json"]).done().json();
    let growth: Vec<i64> = outcome["verdict"]["allowed"]
        .as_array()
        .expect("entries")
        .iter()
        .filter_map(|entry| entry["delta"].as_i64())
        .collect();
    assert_eq!(growth, [9 << 10, 4 << 10]);
}

#[test]
fn an_entry_expires_on_its_day() {
    let config = entry("pattern", "main.leak") + "expires = 2027-01-31\n";
    let on = |day: &str| with_config(&config, &["--max-growth", "4KiB", "--today", day]);
    assert_eq!(on("2027-01-30").exit, Exit::Done);
    let expired = on("2027-01-31");
    assert_eq!(expired.exit, Exit::Failed);
    assert!(expired.stdout.contains("warning[allow-expired]: "), "{}", expired.stdout);
    assert!(expired.stdout.contains("'main.leak' (known) expired on 2027-01-31"), "{}", expired.stdout);
    with_config(&config, &["--max-growth", "1", "--today", "tomorrow"]).failed(&["--today tomorrow"]);
}

#[test]
fn an_entry_that_applies_to_nothing_is_reported() {
    let outcome = with_config(&entry("pattern", "main.gone"), &["--max-growth", "1GiB"]).done();
    assert!(outcome.stdout.contains("warning[allow-unused]: the entry 'main.gone' (known)"), "{}", outcome.stdout);
    assert!(!with_config(&entry("pattern", "main.leak"), &["--max-growth", "1GiB"]).stdout.contains("allow-unused"));
}

#[test]
fn suppressions_of_a_leak_sanitizer_are_read() {
    let files = Files::new();
    for (line, rest) in [
        ("leak:main.leak", 4),
        ("leak:^leak", 13),
        ("leak:leak$", 4),
        ("leak:app/leak.go", 4),
        ("leak:bin/app", 0),
        ("leak:/src/*/leak.go$", 4),
        ("# leak:main.leak", 13),
    ] {
        let path = files.write("lsan.supp", format!("# known leaks\n\n{line}\n"));
        let outcome = with_config("", &["--max-growth", "1GiB", "--suppressions", &path, "-f", "json"]).done();
        assert_eq!(growth(&outcome), rest << 10, "{line}");
    }
    let path = files.write("lsan.supp", "leak:x\nthread:y\n");
    with_config("", &["--max-growth", "1", "--suppressions", &path]).failed(&["lsan.supp:2: ", "leak:"]);
    with_config("", &["--max-growth", "1", "--suppressions", &files.path("none")]).failed(&["none: no such file"]);
}

#[test]
fn suppressions_may_stand_in_the_configuration() {
    let files = Files::new();
    let heap = |leak| Profile::encode(&exact(&[(LEAK, leak, 1024)]));
    let (base, new) = (files.write("base.pb", heap(1)), files.write("new.pb", heap(9)));
    files.write("lsan.supp", "leak:main.leak\n");
    let config = files.write("leakdiff.toml", "max-growth = 0\nsuppressions = \"lsan.supp\"\n");
    let outcome = check(&[&base, &new, "-c", &config]).done();
    assert!(outcome.stdout.contains("allowed: +8.0 KiB of inuse_space by leak:main.leak"), "{}", outcome.stdout);
}

#[test]
fn what_is_set_aside_is_no_culprit() {
    for limit in [&["--max-growth", "0"][..], &["--per-stack", "0"], &["--limit", "main=0"], &["--max-total", "1KiB"]] {
        let outcome = with_config(&entry("pattern", "main.leak"), &[limit, &["-f", "json"]].concat());
        let breach = &outcome.json()["verdict"]["breaches"][0];
        let culprits = breach["culprits"].as_array().expect("culprits").iter();
        let named: Vec<&str> = culprits.filter_map(|culprit| culprit["name"].as_str()).collect();
        assert_eq!((outcome.exit, named), (Exit::Failed, vec!["main.other"]), "{limit:?}");
    }
}
