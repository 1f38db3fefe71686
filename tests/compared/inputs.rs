//! What the inputs are: differences, times that cannot be, the order they are put in, and the filters in effect.

use std::fs::File;
use std::io::Read;

use flate2::read::GzDecoder;
use prost::Message;
use serde_json::{Value, json};

use super::support::{Files, Profile, run, wire};
use super::{MIB, MINUTE, NOON, codes, heap, json_of, said};

#[test]
fn differences_have_no_suspects_and_no_rate() {
    let deltas = [heap(4, 0).duration(30_000_000_000), heap(40, 10).duration(30_000_000_000)];
    let report = json_of(&deltas, &[]);
    assert_eq!((&report["suspects"], &report["rate"]), (&json!([]), &Value::Null));
    assert_eq!((codes(&report), &report["sampling"]["basis"]), (vec!["delta-profile"; 2], &json!("unknown")));
    // One of them is enough.
    let report = json_of(&[heap(4, 0), heap(40, 10).duration(30_000_000_000)], &[]);
    assert_eq!((&report["suspects"], &report["rate"]), (&json!([]), &Value::Null));
    // A number of objects below zero is a quirk of a tool.
    let mapped = |mib: i64| {
        let types = [("objects", "count"), ("space", "bytes")];
        Profile::bare().types(&types).stack("mmap;main", [-1, mib * MIB])
    };
    assert!(!codes(&json_of(&[mapped(1), mapped(40)], &[])).contains(&"delta-profile"));
}

#[test]
fn one_difference_alone_is_growth_with_what_shrank() {
    let delta = heap(6, 0).stack("example.com/shop.Drop;main.main", [0, 0, -9, -9 * MIB]).bytes(MIB);
    let report = json_of(std::slice::from_ref(&delta), &[]);
    let rows: Vec<(&str, i64, &str)> = report["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| {
            let (name, status) = (row["name"].as_str()?, row["status"].as_str()?);
            Some((name, row["flat"]["delta"].as_i64()?, status)).filter(|(_, delta, _)| *delta != 0)
        })
        .collect();
    let expected = [("example.com/shop.Drop", -9 * MIB, "shrunk"), ("example.com/shop.Put", 6 * MIB, "grown")];
    assert_eq!((rows.as_slice(), &report["total"]["delta"]), (&expected[..], &json!(-3 * MIB)));
    let table = said(std::slice::from_ref(&delta), &[]).done().stdout;
    for text in ["HEAP -3.0 MiB", "GROWTH", "-9.0 MiB", "+6.0 MiB", "its values are growth"] {
        assert!(table.contains(text), "{text} is not in {table}");
    }
    let page = said(&[delta], &["-f", "html"]).done().stdout;
    assert!(page.contains("<h1>Live heap shrank by 3.0 MiB</h1>") && page.contains("is a difference already"));
}

#[test]
fn times_that_cannot_be_are_not_used() {
    for unit in [1, 1_000, 1_000_000] {
        let at = |mib: i64, minutes: i64| heap(mib, 0).time((1_795_000_000 + minutes * 60) * unit);
        let report = json_of(&[at(1, 0), at(9, 10)], &[]);
        assert_eq!((codes(&report), &report["rate"]), (vec!["implausible-time"; 2], &Value::Null));
        assert_eq!(report["inputs"][0]["time_nanos"], Value::Null);
        let table = said(&[at(1, 0), at(9, 10)], &[]).done().stdout;
        assert!(table.contains("time not stated") && !table.contains("min later"), "{table}");
    }
    let equal = said(&[heap(1, 0), heap(9, 0)], &[]).done().stdout;
    assert!(
        equal.contains("at the same time") && !equal.contains("ms later") && !equal.contains("per hour"),
        "{equal}"
    );
    assert_eq!(codes(&json_of(&[heap(1, 0).time(0), heap(9, 0).time(0)], &[])), Vec::<&str>::new());
}

#[test]
fn three_or_more_are_put_in_the_order_of_their_times() {
    let shuffled = [heap(1, 0), heap(10, 20), heap(5, 10)];
    let steps = |report: &Value| report["rows"][0]["steps"].clone();
    let report = json_of(&shuffled, &[]);
    assert_eq!((steps(&report), codes(&report)), (json!([MIB, 5 * MIB, 10 * MIB]), vec!["reordered"]));
    let message = report["warnings"][0]["message"].as_str().expect("a message");
    let at = ["1.pb.gz", "3.pb.gz", "2.pb.gz"].map(|name| message.find(name).expect(name));
    assert!(at.is_sorted(), "{message}");
    let in_order = json_of(&[heap(1, 0), heap(5, 10), heap(10, 20)], &[]);
    assert!(!codes(&in_order).contains(&"reordered"));
    // Not where a time is missing, cannot be, or is stated twice; nor two.
    for odd in [heap(5, 0).time(0), heap(5, 0).time(1_795_000_000_000), heap(5, 20)] {
        let report = json_of(&[heap(1, 0), heap(10, 20), odd], &[]);
        assert!(!codes(&report).contains(&"reordered"), "{report:#}");
    }
    assert!(codes(&json_of(&[heap(9, 10), heap(1, 0)], &[])).contains(&"reversed-order"));
}

#[test]
fn what_the_user_named_or_gates_stays_as_it_is_given() {
    let files = Files::new();
    let write = |(name, mib, minutes): (&str, i64, i64)| files.write(name, heap(mib, minutes).encode());
    let paths = [("1.pb.gz", 1, 0), ("10.pb.gz", 10, 20), ("2.pb.gz", 5, 10)].map(write);
    let labelled = format!("start={}", paths[0]);
    let report = run(&[&labelled, &paths[1], &paths[2], "-f", "json"]).json();
    assert_eq!(report["rows"][0]["steps"], json!([MIB, 10 * MIB, 5 * MIB]));
    let arguments = ["check", &paths[0], &paths[1], &paths[2], "--max-growth", "100MiB", "-f", "json"];
    let gate: Value = serde_json::from_str(&run(&arguments).stdout).expect("JSON");
    assert_eq!(gate["total"]["after"], 5 * MIB);
    assert!(!codes(&gate).contains(&"reordered"));
    for command in ["flame", "report", "goroutines", "list"] {
        let mut arguments = vec![command];
        arguments.extend((command == "list").then_some("Put"));
        let goroutines = |(name, mib, minutes): (&str, i64, i64)| {
            let profile = Profile::bare().types(&[("goroutine", "count")]).time(NOON + minutes * MINUTE);
            files.write(name, profile.stack("runtime.gopark;main.wait", [mib]).encode())
        };
        let of_goroutines = [("g1", 1, 0), ("g10", 10, 20), ("g2", 5, 10)].map(goroutines);
        arguments.extend((if command == "goroutines" { &of_goroutines } else { &paths }).iter().map(String::as_str));
        let outcome = run(&arguments).done();
        assert!(format!("{}{}", outcome.stdout, outcome.stderr).contains("reordered"), "{command}");
    }
}

#[test]
fn active_filters_stand_in_the_header_of_every_format() {
    let profiles = [heap(1, 0), heap(9, 10)];
    assert_eq!(json_of(&profiles, &[])["filters"], json!({}));
    assert!(!said(&profiles, &[]).done().stdout.contains("filters"));
    let given = ["--focus", "Put", "--ignore", "x<y", "--hide", "runtime", "--show", ".", "--show-from", "main"];
    let given = [&given[..], &["--tagfocus", "bytes=1mb:", "--tagignore", "tenant=a"]].concat();
    let expected = json!({
        "focus": "Put", "ignore": "x<y", "hide": "runtime", "show": ".", "show-from": "main",
        "tagfocus": "bytes=1mb:", "tagignore": "tenant=a",
    });
    assert_eq!(json_of(&profiles, &given)["filters"], expected);
    for (format, escaped) in [("table", "x<y"), ("markdown", "x&lt;y"), ("html", "x&lt;y"), ("svg", "x&lt;y")] {
        let text = said(&profiles, &[&given[..], &["-f", format]].concat()).done().stdout;
        for option in given.iter().step_by(2) {
            assert!(text.contains(option), "{format} does not say {option}: {text}");
        }
        assert!(text.contains(escaped), "{format}: {text}");
    }
    let files = Files::new();
    let exported = files.path("delta.pb.gz");
    said(&profiles, &["--focus", "Put", "-o", &exported]).done();
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(&exported).expect("a file")).read_to_end(&mut bytes).expect("a gzip stream");
    let exported = wire::Profile::decode(&bytes[..]).expect("a profile");
    let comments: Vec<&str> = exported.comment.iter().map(|at| exported.string_table[*at as usize].as_str()).collect();
    assert!(comments.contains(&"filter: --focus Put"), "{comments:?}");
    let picture = {
        let paths: Vec<String> = profiles
            .iter()
            .enumerate()
            .map(|(at, profile)| files.write(&format!("{at}.pb.gz"), profile.encode()))
            .collect();
        run(&["flame", &paths[0], &paths[1], "--flame-root", "main.main"]).done().stdout
    };
    assert!(picture.contains("--flame-root main.main") && !picture.contains("--show-from"), "{picture}");
}

#[test]
fn a_metric_may_be_given_by_its_number() {
    let heap = Profile::new().stack("main.f", [2, 32, 1, 16]);
    let total =
        |metric: &str| json_of(std::slice::from_ref(&heap), &["--sample-index", metric])["total"]["after"].clone();
    assert_eq!(["0", "1", "2", "3"].map(total), [2, 32, 1, 16]);
    said(&[heap], &["--sample-index", "4"]).failed(&["'4'", "inuse_space"]);
}

#[test]
fn test_binaries_whose_counters_only_rise_are_one_process() {
    let heap = |minutes: i64, mib: i64| {
        let binary =
            crate::exact().mapping("/src/shop/shop.test", "b1", 0x40_0000..0x80_0000).time(NOON + minutes * MINUTE);
        binary.stack("example.com/shop.Put;main.main", [mib, mib * MIB, mib, mib * MIB]).bytes(MIB)
    };
    assert_ne!(json_of(&[heap(0, 1), heap(10, 9)], &[])["rate"], Value::Null);
    assert_eq!(json_of(&[heap(0, 9), heap(10, 1)], &[])["rate"], Value::Null, "each of a run of its own");
}
