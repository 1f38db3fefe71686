//! Every kind of limit: what it is held against, and what makes it an error.

use leakdiff::cli::Exit;

use crate::support::Profile;
use crate::{counts, exact, exit, gate, verdict};

#[test]
fn bytes_a_share_or_a_number() {
    let (base, new) = (exact(&[("main.f", 100, 1024)]), exact(&[("main.f", 120, 1024)]));
    for (limit, passes) in [
        ("20KiB", true),
        ("19.9KiB", false),
        ("20%", true),
        ("19%", false),
        ("20480", true),
        ("20479", false),
        ("1MiB|20%", true),
        ("1MiB|19%", false),
        ("19KiB|50%", false),
    ] {
        let expected = if passes { Exit::Done } else { Exit::Failed };
        assert_eq!(exit(&base, &new, &["--max-growth", limit]), expected, "{limit}");
    }
    // 20 KiB is 20 %.
    for (limit, passes) in [
        ("19KiB&50%", true),
        ("1MiB&10%", true),
        ("19KiB&10%", false),
        ("1MiB&10%|19KiB", false),
        ("1MiB&1%|21KiB", true),
    ] {
        let expected = if passes { Exit::Done } else { Exit::Failed };
        assert_eq!(exit(&base, &new, &["--max-growth", limit]), expected, "{limit}");
    }
    let breach = verdict(&[&base, &new], &["--max-growth", "2KiB&10%"])["breaches"][0].clone();
    assert_eq!((&breach["limit"], &breach["bound"]), (&"2KiB&10%".into(), &10240.into()), "the larger of both");
    let breach = verdict(&[&base, &new], &["--max-growth", "1MiB|5%|10%"])["breaches"][0].clone();
    assert_eq!((&breach["limit"], &breach["bound"]), (&"5%".into(), &5120.into()), "the strictest part is named");
}

#[test]
fn with_nothing_before_any_growth_exceeds_a_share() {
    let (none, some) = (exact(&[]), exact(&[("main.f", 1, 16)]));
    assert_eq!(exit(&none, &some, &["--max-growth", "500%"]), Exit::Failed);
}

#[test]
fn shrinking_is_no_breach() {
    let (base, new) = (exact(&[("main.f", 9, 16)]), exact(&[("main.f", 1, 16)]));
    let all = ["--max-growth", "0|0%", "--max-objects", "0", "--per-stack", "0", "--limit", "**=0"];
    assert_eq!(exit(&base, &new, &all), Exit::Done);
}

#[test]
fn the_total_needs_nothing_to_compare_with() {
    let heap = exact(&[("main.f", 100, 1024)]);
    assert_eq!(gate(&[&heap], &["--max-total", "100KiB"]).exit, Exit::Done);
    let failed = gate(&[&heap], &["--max-total", "99KiB"]);
    assert_eq!(failed.exit, Exit::Failed);
    assert!(failed.stdout.contains("inuse_space is 100.0 KiB: the limit is 99KiB"), "{}", failed.stdout);
    gate(&[&heap], &["--max-total", "10%"]).failed(&["--max-total 10%", "absolute"]);
    gate(&[&heap], &["--max-total", "1MiB", "--max-growth", "1MiB"]).failed(&[
        "--max-growth",
        "nothing to compare",
        "baseline",
    ]);
}

#[test]
fn the_excess_of_a_total_is_what_has_to_be_real() {
    // 100 samples of small objects: 50 MiB, give or take 10.
    let heap = crate::sampled(&[("main.f", 100, 64)]);
    assert_eq!(gate(&[&heap], &["--max-total", "20MiB"]).exit, Exit::Failed);
    assert_eq!(gate(&[&heap], &["--max-total", "48MiB"]).exit, Exit::Inconclusive);
    assert_eq!(gate(&[&heap], &["--max-total", "51MiB"]).exit, Exit::Done);
}

#[test]
fn objects_are_counted_beside_bytes() {
    let (base, new) = (exact(&[("main.f", 10, 1024)]), exact(&[("main.f", 10, 1024), ("main.g", 5, 1)]));
    let found = verdict(&[&base, &new], &["--max-objects", "4"]);
    assert_eq!(found["checks"][0]["metric"]["name"], "inuse_objects");
    assert_eq!((&found["checks"][0]["value"]["delta"], &found["result"]), (&5.into(), &"fail".into()));
    assert_eq!(exit(&base, &new, &["--max-objects", "50%"]), Exit::Done);
    let only_space = |space| Profile::bare().types(&[("space", "bytes")]).stack("main.f", [space]);
    gate(&[&only_space(1), &only_space(2)], &["--max-objects", "4"]).failed(&["--max-objects", "space"]);
    gate(&[&base, &new], &["--max-objects", "4KiB"]).failed(&["--max-objects 4KiB", "inuse_objects is not in bytes"]);
}

#[test]
fn any_one_stack() {
    let base = exact(&[("main.f;main.a", 10, 1024), ("main.f;main.b", 10, 1024)]);
    let new = exact(&[("main.f;main.a", 13, 1024), ("main.f;main.b", 13, 1024), ("main.f;main.b", 2, 16)]);
    assert_eq!(exit(&base, &new, &["--per-stack", "4KiB"]), Exit::Done, "6 KiB, but in two stacks");
    let found = verdict(&[&base, &new], &["--per-stack", "3KiB"]);
    let culprits = found["breaches"][0]["culprits"].as_array().expect("culprits").clone();
    assert_eq!(culprits.len(), 1, "3 KiB and 32 B of two sizes");
    assert_eq!(culprits[0]["stack"][1], "main.b");
    assert_eq!(found["checks"][0]["value"]["delta"], 3 * 1024 + 32);
    assert_eq!(exit(&base, &new, &["--per-stack", "40%"]), Exit::Done);
    assert_eq!(exit(&base, &new, &["--per-stack", "20%"]), Exit::Failed);
}

#[test]
fn stacks_through_a_function_or_package_are_counted_once() {
    let recursive = "github.com/acme/shop.walk;github.com/acme/shop.walk;main.main";
    let (base, new) = (exact(&[]), exact(&[(recursive, 10, 1024), ("net/http.Get;github.com/acme.Fetch", 1, 1024)]));
    let grown = |pattern: &str| {
        let found = verdict(&[&base, &new], &["--limit", &format!("{pattern}=1GiB")]);
        found["checks"][0]["value"]["delta"].as_i64()
    };
    assert_eq!(grown("github.com/acme/shop.walk"), Some(10 << 10));
    assert_eq!(grown("github.com/acme/**"), Some(11 << 10), "in the package and below it");
    assert_eq!(grown("github.com/acme/shop"), Some(10 << 10));
    assert_eq!(grown("net/*"), Some(1 << 10), "a caller may match as well as the allocating function");
    assert_eq!(grown("main.main"), Some(10 << 10));
    let culprit = &verdict(&[&base, &new], &["--limit", "net/*=1"])["breaches"][0]["culprits"][0];
    assert_eq!((&culprit["name"], &culprit["delta"]), (&"net/http.Get".into(), &1024.into()));
}

#[test]
fn closures_match_under_every_spelling_of_theirs() {
    let heap = |build: &str, objects| exact(&[("main.(*T).Run.func2;main.main", objects, 16)]).build_id(build);
    for pattern in ["main.(*T).Run.func2", "main.(*T).Run.func"] {
        let args = ["--limit", &format!("{pattern}=1")];
        assert_eq!(exit(&heap("x", 1), &heap("x", 9), &args), Exit::Failed, "{pattern} in one build");
        assert_eq!(exit(&heap("x", 1), &heap("y", 9), &args), Exit::Failed, "{pattern} across builds");
    }
}

#[test]
fn malformed_limits_are_errors() {
    let heap = exact(&[("main.f", 1, 16)]);
    for (option, text) in
        [("--max-growth", "5 apples"), ("--per-stack", "-1"), ("--max-total", ""), ("--max-objects", "ten")]
    {
        gate(&[&heap, &heap], &[&format!("{option}={text}")]).failed(&[option, "not a limit"]);
    }
    gate(&[&heap, &heap], &["--limit", "main.f"]).failed(&["--limit main.f", "="]);
    gate(&[&heap, &heap], &["--limit", "=5MiB"]).failed(&["no pattern"]);
    gate(&[&heap, &heap], &["--limit", "main.f=x"]).failed(&["--limit main.f=x", "not a limit"]);
    gate(&[&heap, &heap], &["--max-growth", "1", "--alpha", "0.7"]).failed(&["--alpha"]);
    gate(&[&heap, &heap], &["--max-growth", "1", "--per-op", "0"]).failed(&["--per-op"]);
    gate(&[&heap, &heap], &[]).failed(&["no limit is given", "--max-growth 5MiB"]);
}

#[test]
fn several_metrics_at_once() {
    let (base, new) = (exact(&[("main.f", 10, 1024)]), exact(&[("main.f", 11, 1024)]));
    let found = verdict(
        &[&base, &new],
        &["--metric", "inuse_space,alloc_objects", "--metric", "alloc_space", "--max-growth", "1KiB|5"],
    );
    let texts = |check: &serde_json::Value| {
        (check["metric"]["name"].clone(), check["value"]["delta"].clone(), check["outcome"].clone())
    };
    let checks: Vec<_> = found["checks"].as_array().expect("checks").iter().map(texts).collect();
    // A bare number is bytes of a metric in bytes.
    let expected = [("inuse_space", 1024, "fail"), ("alloc_objects", 1, "pass"), ("alloc_space", 1024, "fail")];
    assert_eq!(checks, expected.map(|(name, delta, outcome)| (name.into(), delta.into(), outcome.into())));
    gate(&[&base, &new], &["--metric", "heap", "--max-growth", "1"]).failed(&["'heap'", "inuse_space"]);
    assert_eq!(exit(&base, &new, &["--sample-index", "alloc_objects", "--max-growth", "1"]), Exit::Done);
}

#[test]
fn a_limit_that_applies_to_no_metric_is_an_error() {
    let heap = exact(&[("main.f", 10, 1024)]);
    gate(&[&heap, &heap], &["--metric", "inuse_objects", "--max-growth", "5MiB"])
        .failed(&["--max-growth 5MiB", "inuse_objects is not in bytes"]);
    gate(&[&heap, &heap], &["--metric", "inuse_objects", "--limit", "main.f=5MiB"]).failed(&["main.f=5MiB"]);
    let goroutines = counts(&[("main.f", 1)]);
    gate(&[&goroutines, &goroutines], &["--max-growth", "1KiB"]).failed(&["goroutine is not in bytes"]);
    let both = ["--metric", "inuse_objects,inuse_space", "--max-growth", "5MiB"];
    assert_eq!(exit(&heap, &heap, &both), Exit::Done);
}

#[test]
fn growth_per_unit_of_work() {
    let (base, new) = (exact(&[("main.f", 10, 1024)]), exact(&[("main.f", 20, 1024)]));
    let with = |args: &[&str]| exit(&base, &new, &[args, &["--per-op", "100"]].concat());
    assert_eq!(with(&["--max-growth", "103"]), Exit::Done, "102.4 bytes for each");
    assert_eq!(with(&["--max-growth", "102"]), Exit::Failed);
    assert_eq!(with(&["--max-growth", "99%"]), Exit::Failed, "a share stays a share");
    assert_eq!(with(&["--max-total", "20KiB"]), Exit::Done, "a total is no growth");
    assert_eq!(with(&["--max-total", "19KiB"]), Exit::Failed, "and is not for each unit of work");
    let breach = verdict(&[&base, &new], &["--max-growth", "100", "--per-op", "100"])["breaches"][0].clone();
    assert_eq!((&breach["per_op_milli"], &breach["bound"]), (&102_400.into(), &10_000.into()));
    assert!(
        breach["message"].as_str().is_some_and(|text| text.contains("102 B for each of 100 units of work")),
        "{breach}"
    );
}

#[test]
fn five_culprits_are_named_however_many_there_are() {
    let names: Vec<String> = (0..7).map(|number| format!("main.f{number};main.main")).collect();
    let heap = |objects: i64| {
        let held: Vec<_> =
            names.iter().enumerate().map(|(at, name)| (name.as_str(), objects + at as i64, 16)).collect();
        exact(&held)
    };
    let (base, new) = (exact(&[]), heap(10));
    for (option, grew) in [("--per-stack", "of 7 stacks grew"), ("--max-growth", "grew by 1.4 KiB")] {
        let found = verdict(&[&base, &new], &[option, "1"]);
        let culprits = found["breaches"][0]["culprits"].as_array().expect("culprits").iter();
        let named: Vec<&str> = culprits.filter_map(|culprit| culprit["name"].as_str()).collect();
        assert_eq!(named, ["main.f6", "main.f5", "main.f4", "main.f3", "main.f2"], "{option}");
        let message = &found["breaches"][0]["message"];
        assert!(message.as_str().is_some_and(|message| message.contains(grew)), "{message}");
    }
}
