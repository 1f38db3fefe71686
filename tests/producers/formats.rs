//! Formats of other languages' profilers: each as its producer writes it, found by its content.

use std::io::Read;

use serde_json::Value;

use crate::support::{Files, fixture, json, run, run_on};
use crate::{codes, first, leak_line};

/// A recording: its two files, who leaks, and where.
struct Recording {
    files: [&'static str; 2],
    leaks: &'static str,
    line: Option<&'static str>,
    total: fn(&str) -> i64,
}

const RECORDINGS: &[Recording] = &[
    Recording {
        files: ["node/basket1.heapprofile", "node/basket2.heapprofile"],
        leaks: "remember",
        // V8 says where the function begins.
        line: None,
        total: |text| sum(text.split("\"selfSize\":").skip(1).map(|rest| rest.split(',').next().expect("a number"))),
    },
    Recording {
        files: ["memray/basket1.csv.gz", "memray/basket2.csv.gz"],
        leaks: "remember",
        line: Some("producers/memray/basket.py"),
        total: |text| sum(text.lines().skip(1).map(|line| line.split(',').nth(2).expect("a size"))),
    },
    Recording {
        files: ["heaptrack/basket1.folded", "heaptrack/basket2.folded"],
        leaks: "shop::Audit::remember(shop::Basket const&)",
        line: None,
        total: |text| sum(text.lines().map(|line| line.rsplit(' ').next().expect("a number"))),
    },
    Recording {
        files: ["async-profiler/basket1.collapsed", "async-profiler/basket2.collapsed"],
        leaks: "shop.Audit.remember",
        line: None,
        total: |text| sum(text.lines().map(|line| line.rsplit(' ').next().expect("a number"))),
    },
];

fn sum<'a>(numbers: impl Iterator<Item = &'a str>) -> i64 {
    numbers.map(|number| number.parse::<i64>().unwrap_or_else(|error| panic!("{number}: {error}"))).sum()
}

/// The text of a file, inflated.
fn text(path: &str) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut text = String::new();
    match bytes.starts_with(b"\x1f\x8b") {
        true => flate2::read::MultiGzDecoder::new(&*bytes).read_to_string(&mut text).expect("text"),
        false => (&*bytes).read_to_string(&mut text).expect("text"),
    };
    text
}

#[test]
fn the_first_suspect_leaks_and_totals_are_those_of_the_file() {
    for Recording { files, leaks, line, total } in RECORDINGS {
        let paths = files.map(|file| fixture(&format!("producers/{file}")));
        let report = json(&[&paths[0], &paths[1], "-n", "0"]);
        let (function, _, at) = first(&report);
        assert_eq!(function, *leaks, "{files:?}");
        if let Some(source) = line {
            assert_eq!(at, leak_line(source), "{files:?}");
        }
        assert_eq!(report["metric"]["name"], "inuse_space", "{files:?}");
        assert_eq!(report["total"]["before"], total(&text(&paths[0])), "{files:?}");
        assert_eq!(report["total"]["after"], total(&text(&paths[1])), "{files:?}");
        // No word about servers that merge profiles: the format has room for one metric.
        assert!(codes(&report).iter().all(|code| *code == "unstated-metric"), "{files:?}: {:?}", codes(&report));
    }
}

#[test]
fn a_format_is_found_by_content_whatever_the_file_is_called() {
    for Recording { files, leaks, .. } in RECORDINGS {
        let [old, new] = files.map(|file| std::fs::read(fixture(&format!("producers/{file}"))).expect("a file"));
        let report = run_on(&[&old, &new], &["-f", "json"]).done().json();
        assert_eq!(first(&report).0, *leaks, "{files:?}");
    }
}

#[test]
fn folded_stacks_of_a_comparison_are_that_comparison() {
    let files = Files::new();
    let written = files.path("growth.folded");
    for inputs in [["timers/heap1.pb.gz", "timers/heap3.pb.gz"], ["rebuilt/a/heap1.pb.gz", "rebuilt/b/heap3.pb.gz"]] {
        let inputs = inputs.map(fixture);
        if !std::path::Path::new(&inputs[0]).exists() {
            continue;
        }
        let original = json(&[&inputs[0], &inputs[1], "-n", "0"]);
        run(&[&inputs[0], &inputs[1], "-o", &written]).done();
        let again = json(&[&written, "-n", "0"]);
        assert_eq!(again["total"], original["total"]);
        let flat = |report: &Value| -> Vec<(String, i64)> {
            let rows = report["rows"].as_array().expect("rows").iter();
            let rows = rows.map(|row| (row["name"].to_string(), row["flat"]["delta"].as_i64().expect("a number")));
            let mut rows: Vec<_> = rows.filter(|(_, delta)| *delta != 0).collect();
            rows.sort();
            rows
        };
        let (mut ours, mut theirs) = (flat(&again), flat(&original));
        ours.retain(|(name, _)| !name.contains("..."));
        theirs.retain(|(name, _)| !name.contains("..."));
        assert_eq!(ours, theirs);
        run(&[&written, &inputs[1]]).failed(&["comparison already", "alone"]);
    }
}

#[test]
fn frames_that_were_escaped_are_told_back() {
    let report =
        run_on(&[b"main;a\\x3bb;\\e 5 9\n(no stack) 1 2\n"], &["-f", "json", "-n", "0", "--by", "stack"]).done().json();
    assert_eq!(report["total"]["delta"], 5);
    assert!(report["rows"].to_string().contains("a;b"), "{}", report["rows"]);
}

#[test]
fn a_class_of_java_is_no_frame() {
    let paths = RECORDINGS[3].files.map(|file| fixture(&format!("producers/{file}")));
    let focused = json(&[&paths[0], &paths[1], "--tagfocus", "class=shop.Basket"]);
    assert_eq!(focused["total"]["delta"], 9_437_184 - 1_048_576);
    let rows = json(&[&paths[0], &paths[1], "-n", "0"]);
    assert!(!rows["rows"].to_string().contains("byte[]"), "{rows}");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let heading = "allocator,num_allocations,size,tid,thread_name,stack_trace\n";
    let node =
        |inside: &str| format!("{{\"head\":{{\"callFrame\":{{\"functionName\":\"(root)\"}},\"selfSize\":0{inside}}}}}");
    let cases: &[(String, &[&str])] = &[
        ("a;b 1\na;b 1 2\n".to_owned(), &["line 2", "2 numbers"]),
        ("a;b 1\na;b 9223372036854775808\n".to_owned(), &["line 2"]),
        (format!("{heading}MALLOC,1,2\n"), &["line 2", "six fields"]),
        (format!("{heading}MALLOC,one,2,1,t,f;a.py;1\n"), &["line 2", "no numbers"]),
        (format!("{heading}MALLOC,1,2,1,t,f\n"), &["line 2", "function;file;line"]),
        (node(",\"children\":[{}]"), &["depth 1"]),
        (node(",\"children\":[").replace("]}", ""), &["line 1"]),
    ];
    for (text, words) in cases {
        run_on(&[text.as_bytes()], &[]).failed(words);
    }
}

#[test]
fn javascript_calls_may_be_nested_deeper_than_json_usually_is() {
    let nested = |depth: usize| {
        let call = "{\"callFrame\":{\"functionName\":\"f\",\"url\":\"file:///app/a.js\",\"lineNumber\":1},\"selfSize\":8,\"children\":[";
        let root = "{\"head\":{\"callFrame\":{\"functionName\":\"(root)\"},\"selfSize\":0,\"children\":[";
        format!("{root}{}{}]}}}}", call.repeat(depth), "]}".repeat(depth))
    };
    let report = run_on(&[nested(200).as_bytes()], &["-f", "json"]).done().json();
    assert_eq!(report["total"]["after"], 8 * 200);
    run_on(&[nested(5000).as_bytes()], &[]).failed(&["deeper"]);
}

#[test]
fn test_profiles_of_go_are_a_pair() {
    let pair = ["gate/pairs/mem-base", "gate/pairs/mem-regressed"].map(|name| fixture(&format!("{name}.pb.gz")));
    let report = json(&[&pair[0], &pair[1]]);
    assert!(report["total"]["delta"].as_i64().expect("a number") > 0, "{}", report["total"]);
}
