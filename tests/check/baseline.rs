//! The recorded baseline: what stands in it, that it is read back whole, and that slow growth is seen against it.

use leakdiff::cli::Exit;
use serde_json::Value;

use crate::support::{Files, Profile, fixture, json, run};
use crate::{check, counts, exact, sampled_in};

/// Records a profile and returns the text.
fn recorded(profile: &Profile) -> String {
    let files = Files::new();
    let (new, path) = (files.write("new.pb", profile.encode()), files.path("heap.json"));
    check(&[&new, "--update-baseline", &path]).done();
    std::fs::read_to_string(path).expect("the baseline")
}

fn totals(path: &str, metric: &str) -> i64 {
    json(&[path, "--sample-index", metric])["total"]["after"].as_i64().expect("a number")
}

#[test]
fn it_is_one_sorted_line_per_stack_without_places() {
    let text = recorded(
        &exact(&[
            ("main.b.func1@/src/b.go:7;main.main@/src/main.go:1", 2, 64),
            ("main.a@/src/a.go:3;main.main@/src/main.go:2", 1, 16),
            ("main.a@/src/a.go:4;main.main@/src/main.go:2", 4, 16),
        ])
        .build_id("abc")
        .time(1_795_171_863_000_000_000),
    );
    let expected = r#"{
"leakdiff_baseline": 1,
"period": {"type": "space", "unit": "bytes", "value": 1},
"default_metric": "",
"metrics": [{"name": "alloc_objects", "unit": "count"}, {"name": "alloc_space", "unit": "bytes"}, {"name": "inuse_objects", "unit": "count"}, {"name": "inuse_space", "unit": "bytes"}],
"stacks": [
{"stack": ["main.a", "main.main"], "size": 16, "values": [5, 80, 5, 80]},
{"stack": ["main.b.func", "main.main"], "size": 64, "values": [2, 128, 2, 128]}
],
"rest": [
]
}
"#;
    assert_eq!(text, expected);
    serde_json::from_str::<Value>(&text).expect("JSON");
}

#[test]
fn moved_lines_and_the_order_of_samples_do_not_show() {
    let one = exact(&[("main.a@/x/a.go:3;main.main@/x/m.go:2", 1, 16), ("main.b@/x/b.go:1", 2, 16)]);
    let other = exact(&[("main.b@/y/z/b.go:99", 2, 16), ("main.a@/y/z/a.go:5;main.main@/y/z/m.go:8", 1, 16)]);
    assert_eq!(recorded(&one), recorded(&other));
}

#[test]
fn its_totals_are_those_of_the_profile() {
    let files = Files::new();
    for name in ["large/heap3.pb.gz", "http-body/heap3.pb.gz", "http-body/goroutine3.pb.gz", "churn/heap1.pb.gz"] {
        let (profile, path) = (fixture(name), files.path("baseline.json"));
        let _ = std::fs::remove_file(&path);
        check(&[&profile, "--update-baseline", &path]).done();
        let metrics: &[&str] = match name.contains("goroutine") {
            true => &["goroutine"],
            false => &["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"],
        };
        for metric in metrics {
            assert_eq!(totals(&path, metric), totals(&profile, metric), "{metric} of {name}");
        }
        // Against itself nothing has changed, by whatever limit.
        let limits = ["--max-growth", "0|0%", "--per-stack", "0", "--limit", "**=0", "--limit", "net/**=0"];
        check(&[&[&*profile, "--baseline", &*path], &limits[..]].concat()).done();
    }
}

#[test]
fn small_stacks_are_folded_so_that_it_can_be_reviewed() {
    let names: Vec<String> = (0..2000).map(|number| format!("main.small{number};main.main")).collect();
    let mut held: Vec<_> = names.iter().map(|name| (name.as_str(), 1, 16)).collect();
    held.push(("main.large;main.main", 100_000, 1024));
    held.push(("main.sixty;main.main", 5, 64));
    let text = recorded(&exact(&held));
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let stacks = value["stacks"].as_array().expect("stacks");
    assert!(stacks.iter().any(|line| line["stack"][0] == "main.large") && stacks.len() < 1100, "{}", stacks.len());
    let rest = value["rest"].as_array().expect("rest");
    let sum: i64 = stacks.iter().chain(rest).filter_map(|line| line["values"][3].as_i64()).sum();
    assert_eq!(sum, 2000 * 16 + 100_000 * 1024 + 5 * 64);
    assert_eq!(rest[0]["size"], 16);
    assert_eq!(rest[0]["largest"], serde_json::json!([1, 16, 1, 16]));
}

#[test]
fn a_folded_stack_is_not_taken_for_new() {
    let names: Vec<String> = (0..50).map(|number| format!("lib.small{number};main.main")).collect();
    let heap = |size: i64, extra: i64| {
        let mut held: Vec<_> = names.iter().map(|name| (name.as_str(), 1, size)).collect();
        held.push(("main.large;main.main", 100_000, 1024));
        held.push(("lib.late;main.main", extra, size));
        exact(&held)
    };
    let files = Files::new();
    let (base, path) = (files.write("base.pb", heap(16, 0).encode()), files.path("heap.json"));
    check(&[&base, "--update-baseline", &path]).done();
    assert!(std::fs::read_to_string(&path).expect("text").contains("\"stacks\": 50"));
    let limits = ["--baseline", &path, "--per-stack", "0", "--limit", "lib.**=0"];
    check(&[&[&*base], &limits[..]].concat()).done();
    let grown = files.write("grown.pb", heap(16, 3).encode());
    assert_eq!(check(&[&[&*grown], &limits[..]].concat()).exit, Exit::Failed, "that grew by more than was folded");
}

#[test]
fn ten_changes_of_three_per_cent_are_seen() {
    let files = Files::new();
    let heap = |step: i32| {
        exact(&[("main.cache;main.main", (1000.0 * 1.03_f64.powi(step)) as i64, 1024), ("main.other", 10, 16)])
    };
    let paths: Vec<String> = (0..=10).map(|step| files.write(&format!("{step}.pb"), heap(step).encode())).collect();
    let baseline = files.path("heap.json");
    check(&[&paths[0], "--update-baseline", &baseline]).done();
    let mut failed_at = None;
    for step in 1..=10 {
        let (base, new) = (&paths[step - 1], &paths[step]);
        check(&[base, new, "--max-growth", "10%"]).done();
        let both = check(&[base, new, "--max-growth", "10%", "--baseline", &baseline, "-f", "json"]);
        if both.exit == Exit::Failed && failed_at.is_none() {
            failed_at = Some(step);
            let verdict = &both.json()["verdict"];
            let outcomes: Vec<_> = verdict["checks"]
                .as_array()
                .expect("checks")
                .iter()
                .map(|check| (check["base"].as_str(), check["outcome"].as_str()))
                .collect();
            assert_eq!(outcomes, [(Some(&**base), Some("pass")), (Some(&*baseline), Some("fail"))]);
            let breach = &verdict["breaches"][0];
            assert_eq!(breach["base"], *baseline);
            assert!(
                breach["message"].as_str().is_some_and(|text| text.contains(&format!("since {baseline}"))),
                "{breach}"
            );
            assert_eq!(breach["culprits"][0]["name"], "main.cache");
        }
    }
    assert_eq!(failed_at, Some(4), "1.03 to the fourth is the first above 1.1");
    // Alone, the newest is compared with the baseline.
    assert_eq!(check(&[&paths[3], "--max-growth", "10%", "--baseline", &baseline]).exit, Exit::Done);
    assert_eq!(check(&[&paths[10], "--max-growth", "10%", "--baseline", &baseline]).exit, Exit::Failed);
}

#[test]
fn a_baseline_is_another_run() {
    let files = Files::new();
    let program = || Profile::new().time(1_795_171_863_000_000_000).build_id("x");
    let heap = |samples| sampled_in(program(), &[("main.keep;main.main", samples, 4096)]);
    let (base, new) = (files.write("base.pb", heap(100).encode()), files.write("new.pb", heap(110).encode()));
    let path = files.path("heap.json");
    check(&[&base, "--update-baseline", &path]).done();
    let args = ["--baseline", &*path, "--max-growth", "1MiB", "--same-process"];
    let outcome = check(&[&[&*new], &args[..]].concat());
    assert_eq!(outcome.exit, Exit::Inconclusive, "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("warning["), "{}", outcome.stdout);
}

#[test]
fn an_update_comes_after_the_verdict_and_says_what_changed() {
    let files = Files::new();
    let heap = |cache, other| exact(&[("main.cache;main.main", cache, 1024), ("main.other", other, 16)]).encode();
    let (base, new) = (files.write("base.pb", heap(10, 4)), files.write("new.pb", heap(15, 0)));
    let path = files.path("heap.json");
    let first = check(&[&base, "--baseline", &path, "--update-baseline", &path, "--max-growth", "1KiB"]).done();
    assert_eq!(first.stdout, "", "there is nothing to compare with yet");
    assert!(first.stderr.ends_with("heap.json: a new file\n"), "{}", first.stderr);
    let args = ["--baseline", &*path, "--update-baseline", &*path, "--max-growth", "1KiB"];
    let same = check(&[&[&*base], &args[..]].concat()).done();
    assert!(same.stderr.ends_with("nothing changed\n"), "{}", same.stderr);
    let grown = check(&[&[&*new], &args[..]].concat());
    assert_eq!(grown.exit, Exit::Failed);
    assert!(grown.stdout.starts_with("FAIL  "), "{}", grown.stdout);
    for words in ["inuse_space 15.0 KiB (+4.9 KiB)", "inuse_objects 15 (+1)", "1 stack gone", "1 stack changed"] {
        assert!(grown.stderr.contains(words), "no {words} in {}", grown.stderr);
    }
    check(&[&[&*new], &args[..]].concat()).done();
}

#[test]
fn a_total_is_held_even_where_there_is_nothing_to_compare_with_yet() {
    let files = Files::new();
    let (base, path) = (files.write("base.pb", exact(&[("main.f", 10, 1024)]).encode()), files.path("heap.json"));
    let outcome = check(&[&base, "--update-baseline", &path, "--max-growth", "1KiB", "--max-total", "5KiB"]);
    assert_eq!(outcome.exit, Exit::Failed);
    assert!(std::path::Path::new(&path).is_file());
}

#[test]
fn counts_have_a_baseline_too() {
    let files = Files::new();
    let base = files.write("base.pb", counts(&[("main.wait", 7)]).encode());
    let new = files.write("new.pb", counts(&[("main.wait", 8)]).encode());
    let path = files.path("goroutines.json");
    check(&[&base, "--update-baseline", &path]).done();
    assert_eq!(check(&[&new, "--baseline", &path, "--max-growth", "0"]).exit, Exit::Failed);
    assert_eq!(check(&[&base, "--baseline", &path, "--max-growth", "0"]).exit, Exit::Done);
}

#[test]
fn it_is_an_input_like_any_other() {
    let files = Files::new();
    let heap = |objects| exact(&[("main.f;main.main", objects, 1024)]);
    let (base, new) = (files.write("0.pb", heap(1).encode()), files.write("1.pb", heap(5).encode()));
    let path = files.path("heap.json");
    check(&[&base, "--update-baseline", &path]).done();
    let report = json(&[&path, &new]);
    assert_eq!((&report["rows"][0]["name"], &report["total"]["delta"]), (&"main.f".into(), &4096.into()));
    let compact: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("text")).expect("JSON");
    let pretty = files.write("pretty.json", serde_json::to_string_pretty(&compact).expect("JSON"));
    assert_eq!(json(&[&pretty, &new])["total"]["delta"], 4096, "also when a tool laid it out anew");
}

#[test]
fn what_is_no_baseline_is_not_replaced() {
    let files = Files::new();
    let new = files.write("new.pb", exact(&[("main.f", 1, 1024)]).encode());
    for (name, content) in [
        ("notes.md", &b"# Notes\n"[..]),
        ("package.json", b"{\"name\": \"leakdiff_baseline\"}"),
        ("empty.json", b"{}"),
        ("heap.pb", &[0x0a, 0x04, 0xff, 0xfe]),
    ] {
        let path = files.write(name, content);
        for limits in [&["--max-growth", "0", "--baseline", &*new][..], &["--max-total", "1GiB"], &[]] {
            let args = [&[&*new, "--update-baseline", &*path], limits].concat();
            check(&args).failed(&[name, "is not a leakdiff baseline"]);
            assert_eq!(std::fs::read(&path).expect("it is there"), content, "{name}");
        }
    }
    // What was cut short, or what nothing is in, holds nothing else.
    let good = recorded(&exact(&[("main.f", 9, 1024)]));
    for content in [&good[..good.len() / 2], ""] {
        let path = files.write("heap.json", content);
        check(&[&new, "--update-baseline", &path]).done();
        check(&[&new, "--baseline", &path, "--max-growth", "0"]).done();
    }
}

#[test]
fn what_is_no_baseline_is_called_so_where_one_is_wanted() {
    let files = Files::new();
    let new = files.write("new.pb", exact(&[("main.f", 1, 1024)]).encode());
    for (name, content) in
        [("empty.json", "{}"), ("none.json", ""), ("other.json", "{\"a\": 1}"), ("a.txt", "some words")]
    {
        let path = files.write(name, content);
        let outcome = check(&[&new, "--baseline", &path, "--max-growth", "0"]);
        let outcome = outcome.failed(&[name, "not a leakdiff baseline", "--update-baseline"]);
        assert!(!outcome.stderr.contains("byte") && !outcome.stderr.contains("curl"), "{}", outcome.stderr);
    }
    // The same as a profile, and a profile that is none beside a good baseline, are other errors.
    let (bad, good) = (files.path("empty.json"), files.path("heap.json"));
    check(&[&new, "--update-baseline", &good]).done();
    let outcome = check(&[&bad, "--baseline", &good, "--max-growth", "0"]).failed(&["empty.json"]);
    assert!(!outcome.stderr.contains("baseline"), "{}", outcome.stderr);
}

#[test]
fn a_baseline_that_holds_growth_that_did_not_pass_says_so() {
    let files = Files::new();
    let heap = |objects| exact(&[("main.f;main.main", objects, 1024)]).encode();
    let (base, new) = (files.write("base.pb", heap(10)), files.write("new.pb", heap(15)));
    let path = files.path("heap.json");
    let update = |limit: &str| check(&[&base, &new, "--max-growth", limit, "--update-baseline", &path]);
    let failed = update("1KiB");
    assert_eq!(failed.exit, Exit::Failed);
    let words = format!("{path} now holds the growth that failed: the next run is compared with that\n");
    assert!(failed.stderr.ends_with(&words), "{}", failed.stderr);
    assert!(!update("8KiB").done().stderr.contains("now holds"));
    let sampled = |samples: i64| crate::sampled(&[("main.f", samples, 4096)]);
    let (base, new) = (files.write("0.pb", sampled(100).encode()), files.write("1.pb", sampled(110).encode()));
    let open = check(&[&base, &new, "--max-growth", "1MiB", "--update-baseline", &path]);
    assert_eq!(open.exit, Exit::Inconclusive);
    assert!(open.stderr.contains("now holds growth that may be real: "), "{}", open.stderr);
}

#[test]
fn a_broken_baseline_is_an_error() {
    let files = Files::new();
    let good = recorded(&exact(&[("main.f;main.main", 1, 1024)]));
    for (from, to, words) in [
        ("\"leakdiff_baseline\": 1", "\"leakdiff_baseline\": 2", "version 2"),
        ("[1, 1024, 1, 1024]", "[1, 1024]", "stack 1 has 2 values"),
        ("\"stacks\": [", "\"stacks\": [[", "line"),
        ("\"metrics\": [", "\"metrix\": [", "metrics"),
    ] {
        assert!(good.contains(from), "{good}");
        let path = files.write("broken.json", good.replacen(from, to, 1));
        run(&[&path]).failed(&["broken.json", words]);
    }
    let cut = files.write("cut.json", &good[..good.len() / 2]);
    run(&[&cut]).failed(&["cut.json"]);
    let heap = files.write("heap.pb", exact(&[]).encode());
    check(&[&heap, "--baseline", &files.path("none.json"), "--max-growth", "1"]).failed(&["none.json: no such file"]);
}

/// Recorded by version 0.1, whose names had no files and whose closures no numbers.
#[test]
fn baselines_of_version_0_1_are_read() {
    for (recorded, profile) in [
        ("go", "goroutine-blocked/heap1.pb.gz"),
        ("js", "field/js-anonymous/1.pb.gz"),
        ("js", "field/js-anonymous/2.pb.gz"),
    ] {
        let baseline = fixture(&format!("baseline-0.1/{recorded}.json"));
        check(&[&fixture(profile), "--baseline", &baseline, "--max-growth", "0", "--per-stack", "0"]).done();
    }
    let grown = fixture("goroutine-blocked/heap3.pb.gz");
    let outcome = check(&[&grown, "--baseline", &fixture("baseline-0.1/go.json"), "--max-growth", "5MiB"]);
    assert_eq!(outcome.exit, Exit::Failed, "{}", outcome.stdout);
}
