//! Gates that had nothing to compare: they have not passed, and say why.

use leakdiff::cli::Exit;
use serde_json::Value;

use crate::support::Profile;
use crate::{counts, exact, exit, gate, sampled, verdict};

/// The gate is inconclusive for this reason, whatever the limit.
#[track_caller]
fn nothing(profiles: &[&Profile], args: &[&str], code: &str) {
    for limit in [&["--max-growth", "1GiB"][..], &["--max-total", "1GiB"], &["--per-stack", "0", "--limit", "**=0"]] {
        let args = [limit, args].concat();
        let outcome = gate(profiles, &args);
        assert_eq!(outcome.exit, Exit::Inconclusive, "{}{}", outcome.stdout, outcome.stderr);
        let found = verdict(profiles, &args);
        let checks = found["checks"].as_array().expect("checks");
        assert!(checks.iter().all(|check| check["reason"] == code), "{found:#}");
        assert!(outcome.stdout.contains("nothing was checked: "), "{}", outcome.stdout);
    }
}

#[test]
fn an_empty_profile_after_is_no_pass() {
    let (some, none) = (sampled(&[("main.f;main.main", 40, 4096)]), sampled(&[]));
    nothing(&[&some, &none], &[], "empty-new");
    nothing(&[&none, &none], &[], "empty");
    assert_eq!(exit(&none, &some, &["--max-growth", "1GiB"]), Exit::Done, "what is new is compared with nothing");
    let as_told = |what: &str| exit(&some, &none, &["--max-growth", "1GiB", "--on-inconclusive", what]);
    assert_eq!((as_told("pass"), as_told("fail")), (Exit::Done, Exit::Failed));
}

#[test]
fn no_leaked_goroutine_is_a_pass() {
    let leaked = |stacks: &[(&str, i64)]| {
        let bare = Profile::bare().types(&[("goroutineleak", "count")]).period("goroutineleak", "count", 1);
        stacks.iter().fold(bare, |profile, (stack, count)| profile.stack(stack, [*count]))
    };
    let (some, none) = (leaked(&[("main.wait;main.main", 3)]), leaked(&[]));
    for limit in [["--max-growth", "0"], ["--max-total", "0"]] {
        assert_eq!(exit(&none, &none, &limit), Exit::Done);
        assert_eq!(exit(&some, &none, &limit), Exit::Done);
        assert_eq!(exit(&none, &some, &limit), Exit::Failed);
    }
    assert_eq!(gate(&[&none], &["--max-total", "0"]).exit, Exit::Done);
    // Nothing of any other count proves anything.
    assert_eq!(exit(&counts(&[]), &counts(&[]), &["--max-growth", "0"]), Exit::Inconclusive);
}

#[test]
fn nothing_in_use_is_no_pass_and_what_there_is_is_named() {
    let freed = |objects: i64| {
        let values = [objects, objects * 1024, 0, 0];
        Profile::new().period("space", "bytes", 1).stack("main.f;main.main", values).bytes(1024)
    };
    nothing(&[&freed(10), &freed(90)], &["--metric", "inuse_space"], "nothing-in-use");
    let outcome = gate(&[&freed(10), &freed(90)], &["--metric", "inuse_space", "--max-growth", "1MiB"]);
    assert!(outcome.stdout.contains("alloc_space: choose with --metric"), "{}", outcome.stdout);
    assert_eq!(exit(&freed(10), &freed(90), &["--metric", "alloc_space", "--max-growth", "1KiB"]), Exit::Failed);
}

/// What `go test -memprofile` wrote: at the end of a benchmark the runtime holds a few samples, and the rest is freed.
#[test]
fn what_a_test_leaves_over_is_nothing_in_use() {
    let bench = |objects: i64, left: i64| {
        let profile = Profile::new().default_type("alloc_space").mapping("/w/shop.test", "b1", 0x40_0000..0x80_0000);
        let profile = profile.period("space", "bytes", 1);
        let profile = profile.stack("shop.Place;testing.(*B).runN", [objects, objects * 1024, 0, 0]).bytes(1024);
        profile.stack("runtime.malg;runtime.main", [left, left * 64, left, left * 64]).bytes(64)
    };
    let with = |metric: &[&str]| gate(&[&bench(900, 2), &bench(999, 3)], &[&["--max-growth", "5%"], metric].concat());
    let outcome = with(&[]);
    assert_eq!(outcome.exit, Exit::Inconclusive, "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("the profiles hold alloc_objects, alloc_space: choose with --metric"),
        "{}",
        outcome.stdout
    );
    assert_eq!(with(&["--metric", "alloc_space"]).exit, Exit::Failed);
}

#[test]
fn one_metric_of_several_without_values_is_no_pass() {
    let freed = |objects: i64| {
        let values = [objects, objects * 1024, 0, 0];
        Profile::new().period("space", "bytes", 1).stack("main.f;main.main", values).bytes(1024)
    };
    let args = ["--metric", "alloc_space,inuse_space", "--max-growth", "1MiB"];
    let outcome = gate(&[&freed(10), &freed(11)], &args);
    assert_eq!(outcome.exit, Exit::Inconclusive);
    assert!(outcome.stdout.contains("1 of 2 limits had nothing to check"), "{}", outcome.stdout);
}

#[test]
fn differences_are_no_states() {
    let heap = |objects: i64| exact(&[("main.f;main.main", objects, 1024)]);
    let delta = heap(5).duration(30_000_000_000);
    nothing(&[&heap(5), &delta], &[], "delta-profile");
    nothing(&[&delta, &delta], &[], "delta-profile");
    nothing(&[&heap(5), &exact(&[("main.f;main.main", -5, 1024), ("main.g", 9, 1024)])], &[], "delta-profile");
    assert_eq!(exit(&heap(5), &heap(500), &["--max-growth", "1"]), Exit::Failed);
    for limit in ["--max-growth", "--per-stack"] {
        let breach = verdict(&[&heap(5), &heap(500).duration(1)], &[limit, "1"])["breaches"][0].clone();
        assert_eq!((&breach["outcome"], &breach["culprits"]), (&"inconclusive".into(), &Value::Array(Vec::new())));
    }
}

#[test]
fn profiles_that_measure_different_things_are_no_pass() {
    let (heap, goroutines) = (exact(&[("main.f;main.main", 1, 16)]), counts(&[("main.f;main.main", 1)]));
    let outcome = gate(&[&heap, &goroutines], &["--max-growth", "1"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (Exit::Inconclusive, ""));
    for word in ["INCONCLUSIVE  nothing was checked", "no metric in common", "goroutine", "inuse_space"] {
        assert!(outcome.stderr.contains(word), "{word}: {}", outcome.stderr);
    }
    // A name that is wrong is an error of usage.
    gate(&[&heap, &heap], &["--metric", "goroutine", "--max-growth", "1"]).failed(&["goroutine"]);
}

#[test]
fn every_format_says_it() {
    let (some, none) = (sampled(&[("main.f;main.main", 40, 4096)]), sampled(&[]));
    for format in ["table", "markdown", "html", "junit", "github", "sarif", "gitlab", "json"] {
        let text = gate(&[&some, &none], &["--max-growth", "1GiB", "-f", format]).stdout.replace("<wbr>", "");
        assert!(text.contains("has no samples"), "{format}: {text}");
    }
    let breach: Value = verdict(&[&some, &none], &["--max-growth", "1GiB"])["breaches"][0].clone();
    assert!(breach["advice"].as_str().is_some_and(|advice| advice.contains("MemProfileRate")), "{breach}");
}
