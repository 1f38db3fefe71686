//! Several runs a side: means of the values, all of the samples, and one factor for what else differs.

use leakdiff::cli::Exit;
use serde_json::Value;

use crate::support::{Files, Outcome, Profile, fixture, row, run};
use crate::{counts, exact, exact_in, sampled, sampled_in};

/// The arguments for runs of both sides, whose files are kept as long as the first of the pair.
fn sides(before: &[&Profile], after: &[&Profile]) -> (Files, Vec<String>) {
    let files = Files::new();
    let mut args = Vec::new();
    for (option, name, runs) in [("--before", "a", before), ("--after", "b", after)] {
        args.push(option.to_owned());
        args.extend(runs.iter().enumerate().map(|(at, run)| files.write(&format!("{name}{at}.pb"), run.encode())));
    }
    (files, args)
}

fn with(command: &[&str], before: &[&Profile], after: &[&Profile], more: &[&str]) -> Outcome {
    let (_files, args) = sides(before, after);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    run(&[command, &args, more].concat())
}

fn gate(before: &[&Profile], after: &[&Profile], more: &[&str]) -> Outcome {
    with(&["check", "--no-config"], before, after, more)
}

fn diff(before: &[&Profile], after: &[&Profile], more: &[&str]) -> Value {
    with(&[], before, after, &[more, &["-f", "json"]].concat()).done().json()
}

#[test]
fn values_are_means_and_add_up_to_the_byte() {
    let heap = |a: i64, b: i64, c: i64| {
        exact(&[("main.a;main.main", a, 17), ("main.b;main.main", b, 1), ("lib.c;main.main", c, 5)])
    };
    let (before, after) = ([heap(10, 7, 1), heap(12, 9, 1), heap(15, 1, 0)], [heap(20, 3, 0), heap(21, 3, 2)]);
    let (before, after): (Vec<&Profile>, Vec<&Profile>) = (before.iter().collect(), after.iter().collect());
    for top in ["0", "1", "2"] {
        let report = diff(&before, &after, &["-n", top, "--independent"]);
        assert_eq!(report["total"]["before"], (37 * 17 + 17 + 2 * 5) / 3, "the mean of the sums");
        assert_eq!(report["total"]["after"], (41 * 17 + 6 + 2 * 5) / 2);
        for key in ["before", "after", "delta"] {
            let rows = report["rows"].as_array().expect("rows").iter();
            let sum: i64 = rows.map(|row| row["flat"][key].as_i64().expect("a number")).sum();
            assert_eq!(sum + report["remainder"][key].as_i64().expect("a number"), report["total"][key], "{top} {key}");
        }
    }
    let whole = row(&diff(&before, &after, &["-n", "0"]), "main.b")["flat"]["after"].clone();
    assert_eq!(whole, 3, "a mean that is whole is not rounded");
}

#[test]
fn json_lists_every_run_and_on_which_side_it_stands() {
    let heap = |objects| exact(&[("main.f;main.main", objects, 16)]);
    let (a, b) = (heap(1), heap(2));
    let report = diff(&[&a, &a, &b], &[&b, &b], &[]);
    let inputs = report["inputs"].as_array().expect("inputs");
    let told: Vec<_> =
        inputs.iter().map(|input| (input["side"].as_str().unwrap_or(""), input["samples"].clone())).collect();
    assert_eq!(told, ["before", "before", "before", "after", "after"].map(|side| (side, 1.into())));
    assert!(inputs[2]["label"].as_str().is_some_and(|label| label.ends_with("a2.pb")), "{inputs:?}");
    assert_eq!(report["rows"][0].get("steps"), None, "runs are no series");
    assert_eq!(diff(&[&a], &[&b], &[])["inputs"].as_array().map(Vec::len), Some(2));
}

#[test]
fn runs_stay_on_their_side_whatever_their_times() {
    let heap = |objects, second: i64| {
        exact(&[("main.f;main.main", objects, 16)]).time((1_780_000_000 + second) * 1_000_000_000)
    };
    let report = diff(&[&heap(1, 50), &heap(1, 10)], &[&heap(4, 30), &heap(4, 20)], &[]);
    assert_eq!((&report["total"]["before"], &report["total"]["after"]), (&16.into(), &64.into()), "{report:#}");
    let warnings = report["warnings"].as_array().expect("warnings");
    assert!(warnings.iter().all(|warning| warning["code"] != "reordered"), "{warnings:?}");
}

#[test]
fn three_runs_of_two_builds_are_no_series_with_restarts() {
    let heap = |samples: i64, build: &str| {
        sampled_in(Profile::new().build_id(build).time(samples * 1_000_000_000), &[("main.f;main.main", samples, 4096)])
    };
    let before = [heap(100, "x"), heap(90, "x"), heap(110, "x")];
    let after = [heap(105, "y"), heap(96, "y"), heap(99, "y")];
    let report = diff(&before.each_ref(), &after.each_ref(), &[]);
    let codes: Vec<&str> =
        report["warnings"].as_array().expect("warnings").iter().filter_map(|w| w["code"].as_str()).collect();
    assert!(!codes.contains(&"restart") && !codes.contains(&"reversed-order"), "{codes:?}");
    assert_eq!(report["sampling"]["basis"], "independent");
    let text = with(&[], &before.each_ref(), &after.each_ref(), &[]).done().stdout;
    assert!(text.contains("(3 runs)"), "{text}");
}

#[test]
fn three_runs_see_what_one_cannot() {
    let heap = |samples: i64| sampled(&[("main.keep;main.main", samples, 4096)]);
    let (before, after) = ([heap(100), heap(98), heap(103)], [heap(141), heap(139), heap(143)]);
    let limit = ["--max-growth", "1MiB"];
    assert_eq!(gate(&[&before[0]], &[&after[0]], &limit).exit, Exit::Inconclusive);
    assert_eq!(gate(&before.each_ref(), &after.each_ref(), &limit).exit, Exit::Failed);
    let one = diff(&[&before[0]], &[&after[0]], &["--independent"])["total_evidence"].clone();
    let three = diff(&before.each_ref(), &after.each_ref(), &[])["total_evidence"].clone();
    let width = |evidence: &Value| evidence["high"].as_f64().expect("high") - evidence["low"].as_f64().expect("low");
    assert!((width(&one) / width(&three) - 3_f64.sqrt()).abs() < 0.1, "{one} {three}");
}

#[test]
fn runs_that_differ_by_more_than_their_samples_widen_the_interval() {
    let heap = |samples: i64| sampled(&[("main.keep;main.main", samples, 4096)]);
    let (calm, wild) = ([heap(100), heap(101), heap(99)], [heap(100), heap(160), heap(40)]);
    let grown = [heap(150), heap(149), heap(151)];
    let limit = ["--max-growth", "1MiB"];
    assert_eq!(gate(&calm.each_ref(), &grown.each_ref(), &limit).exit, Exit::Failed);
    let unsure = gate(&wild.each_ref(), &grown.each_ref(), &limit);
    assert_eq!(unsure.exit, Exit::Inconclusive);
    assert!(unsure.stdout.contains("runs a side") && !unsure.stdout.contains("MemProfileRate"), "{}", unsure.stdout);
}

#[test]
fn counts_and_exact_values_are_means_too() {
    let waits = |count| counts(&[("main.wait;main.main", count)]);
    let (few, many) = ([waits(7), waits(8), waits(9)], [waits(10), waits(11), waits(9)]);
    let with = |limit: &str| gate(&few.each_ref(), &many.each_ref(), &["--max-growth", limit]).exit;
    assert_eq!((with("2"), with("1")), (Exit::Done, Exit::Failed));
    // The same runs in another order are the same.
    let heap = |objects: i64, others: i64| exact(&[("main.f", others, 1), ("main.g", objects, 1)]);
    let (one, two, three) = (heap(1, 2), heap(2, 2), heap(4, 9));
    let limits = ["--max-growth", "0", "--per-stack", "0", "--limit", "main.g=0"];
    assert_eq!(gate(&[&one, &two, &three], &[&three, &one, &two], &limits).exit, Exit::Done);
}

#[test]
fn a_baseline_and_labels_go_with_runs() {
    let files = Files::new();
    let heap = |objects: i64| exact(&[("main.f;main.main", objects, 16)]);
    let path = |name: &str, objects: i64| files.write(name, heap(objects).encode());
    let (old, one, two, baseline) = (path("old", 1), path("one", 9), path("two", 11), files.path("heap.json"));
    run(&["check", "--no-config", &old, "--update-baseline", &baseline]).done();
    let outcome = run(&["check", "--no-config", "--after", &one, &two, "--baseline", &baseline, "--max-growth", "144"]);
    assert_eq!(outcome.exit, Exit::Done, "{}{}", outcome.stdout, outcome.stderr);
    let args = ["check", "--no-config", "--baseline", &baseline, "--max-growth", "143", "--after"];
    assert_eq!(run(&[&args[..], &[&one, &two]].concat()).exit, Exit::Failed);
    let total = ["check", "--no-config", "--max-total", "160", "--after", &one, &two];
    assert_eq!(run(&total).exit, Exit::Done, "the mean of two runs, with nothing before");
    let (one, two) = (format!("next={one}"), format!("next={two}"));
    let text = run(&["--before", &format!("base={old}"), "--after", &one, &two]).done().stdout;
    assert!(text.contains("base") && text.contains("next (2 runs)") && !text.contains('…'), "{text}");
}

#[test]
fn what_makes_no_sense_with_runs_is_refused() {
    let files = Files::new();
    let heap = |period: i64| Profile::new().period("space", "bytes", period).stack("main.f", [1, 16, 1, 16]).bytes(16);
    let (a, b) = (files.write("a.pb", heap(1).encode()), files.write("b.pb", heap(1).encode()));
    let finer = files.write("finer.pb", heap(512).encode());
    let fails = |args: &[&str], words: &[&str]| {
        run(args).failed(words);
    };
    fails(&["--before", &a, &finer, "--after", &b], &["finer.pb", "a.pb", "different sampling periods"]);
    fails(&["--before", &a, "--after", &b, "--same-process"], &["--same-process"]);
    fails(&["--before", &a], &["--after"]);
    fails(&["--after", &a], &["--before"]);
    fails(&[&a, "--before", &a, "--after", &b], &["cannot be used with"]);
    fails(&["--before", &a, "--after", &b, "--goroutines", &a, &b], &["--goroutines"]);
    let check = ["check", "--no-config", "--max-growth", "1", "--before", &a, "--after", &b];
    fails(&[&check[..], &["--update-baseline", &files.path("new.json")]].concat(), &["--update-baseline"]);
    let baseline = files.path("heap.json");
    run(&["check", "--no-config", &a, "--update-baseline", &baseline]).done();
    fails(&["--before", &a, &baseline, "--after", &b], &["heap.json", "recorded baseline", "--baseline"]);
}

#[test]
fn runs_have_no_memory_of_one_process() {
    let [before, after] = ["heap1.debug1.txt", "heap3.debug1.txt.gz"].map(|name| fixture(&format!("http-body/{name}")));
    assert_ne!(run(&[&before, &after, "-f", "json"]).done().json()["memory"], Value::Null);
    let of_runs = run(&["--before", &before, &before, "--after", &after, &after, "-f", "json"]).done().json();
    assert_eq!(of_runs["memory"], Value::Null);
}

#[test]
fn a_side_of_two_builds_is_of_neither() {
    let stack = |number: u32, line: u32| {
        format!("example.com/shop/api.Routes.func{number}@/b/api/routes.go:{line};example.com/shop/api.Serve@/b/a.go:1")
    };
    let heap = |build: &str, numbers: [u32; 2]| {
        let [first, second] = numbers.map(|number| stack(number, number * 10));
        exact_in(Profile::new().build_id(build), &[(first.as_str(), 5, 16), (second.as_str(), 9, 16)])
    };
    let changed = |before: [&str; 2]| {
        let [one, two] = before.map(|build| heap(build, [1, 2]));
        let after = heap("y", [3, 4]);
        let report = diff(&[&one, &two], &[&after, &after], &["-n", "0"]);
        report["rows"].as_array().expect("rows").iter().filter(|row| row["flat"]["delta"] != 0).count()
    };
    assert_eq!(changed(["x", "x"]), 0, "closures of another build are found again");
    assert_eq!(changed(["x", "y"]), 0, "also where one run is of the same build");
    assert_eq!(changed(["y", "y"]), 4, "in one build they are others");
}

#[test]
fn runs_in_another_unit_are_converted() {
    let heap = |unit: &str, value: i64| {
        Profile::bare().types(&[("inuse_space", unit)]).period("space", "bytes", 1).stack("main.f;main.main", [value])
    };
    let (before, after) = ([heap("kilobytes", 3), heap("kilobytes", 5)], [heap("bytes", 8192), heap("bytes", 6144)]);
    let report = diff(&before.each_ref(), &after.each_ref(), &[]);
    assert_eq!((&report["total"]["before"], &report["total"]["after"]), (&4096.into(), &7168.into()));
    assert_eq!(gate(&before.each_ref(), &after.each_ref(), &["--max-growth", "3KiB"]).exit, Exit::Done);
    assert_eq!(gate(&before.each_ref(), &after.each_ref(), &["--max-growth", "3071"]).exit, Exit::Failed);
}
