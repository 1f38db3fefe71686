//! What was kept of what was allocated is a fact about load; advice is not given where it was followed.

use crate::support::{Files, Profile, row, run};
use crate::{FORMATS, heaps, in_all_formats, written};

const STACK: &str = "example.com/shop/store.(*Store).Put@/srv/shop/store/store.go:8;main.main@/srv/shop/main.go:9";
const NOON: i64 = 1_795_176_000_000_000_000;

/// A service that has allocated so many blocks of 64 KiB, and still has so many of them.
fn service(step: i64, allocated: i64, kept: i64) -> Profile {
    const BLOCK: i64 = 64 << 10;
    let values = [allocated, allocated * BLOCK, kept, kept * BLOCK];
    Profile::new().build_id("a").time(NOON + step * 60_000_000_000).stack(STACK, values).bytes(BLOCK)
}

#[test]
fn a_leak_that_keeps_five_per_cent_is_not_acquitted() {
    let files = Files::new();
    let inputs = written(&files, &[service(0, 1_000, 100), service(1, 41_000, 2_100)]);
    for (format, text) in in_all_formats(&inputs, &["--same-process"]) {
        for acquittal in ["load than a leak", "no leak", "not a leak", "harmless"] {
            assert!(!text.contains(acquittal), "{format}: {acquittal:?} in {text}");
        }
    }
    let json = run(&[&inputs[0], &inputs[1], "--same-process", "-f", "json"]).done().json();
    assert_eq!(json["suspects"][0]["responsible"]["function"], "example.com/shop/store.(*Store).Put");
    assert_eq!(json["suspects"][0]["kept_ratio"], 0.05);
    let page = run(&["report", &inputs[0], &inputs[1], "--same-process"]).done().stdout;
    let kept = "Most of what was allocated there since was freed again (<strong>5%</strong> kept).";
    assert!(page.contains(kept), "{page}");
}

#[test]
fn what_churns_is_not_acquitted_of_what_it_keeps() {
    let files = Files::new();
    let inputs = written(&files, &[service(0, 1_000, 100), service(1, 90_000, 101)]);
    let json = run(&[&inputs[0], &inputs[1], "--same-process", "-f", "json"]).done().json();
    let churn = json["set_aside"].as_array().expect("a list").iter().find(|aside| aside["code"] == "churn");
    let churn = churn.expect("churn").to_string();
    assert!(!churn.contains("no leak") && !churn.contains("not retained"), "{churn}");
}

#[test]
fn nothing_is_kept_less_than_nothing() {
    let files = Files::new();
    let freed = |step, kept| {
        service(step, 1_000 + step * 100_000, 0).stack(
            "example.com/shop/store.Fill@/srv/shop/store/store.go:30;main.main@/srv/shop/main.go:9",
            [10, 10, kept, kept],
        )
    };
    let inputs = written(&files, &[freed(0, 10), freed(1, 9)]);
    let signed = regex::Regex::new(r"-0(\.0+)?( ?%|,?\n|,\w|<)").expect("a pattern");
    for options in [&["--same-process"][..], &["--same-process", "--sample-index", "alloc_space"]] {
        for (format, text) in in_all_formats(&inputs, options) {
            let found = signed.find(&text).map(|found| found.as_str().to_owned());
            assert_eq!(found, None, "{format} {options:?}: {text}");
        }
    }
    // More was freed than was allocated: a share of that is no share.
    let shrinking = written(&files, &[service(0, 1_000, 900), service(1, 1_100, 100)]);
    for format in FORMATS.iter().filter(|format| !matches!(**format, "json" | "csv")) {
        let args = [&shrinking[0], &shrinking[1], "--same-process", "--sample-index", "alloc_space", "-f", format];
        let text = run(&args).done().stdout;
        assert!(text.contains(">0%<") || text.contains(" 0% "), "{format}: {text}");
        assert!(!text.contains("-800%"), "{format}: {text}");
    }
}

#[test]
fn what_two_processes_allocated_is_no_part_of_each_other_in_any_format() {
    let inputs = heaps("rebuilt/a", &[1]).into_iter().chain(heaps("rebuilt/b", &[3])).collect::<Vec<_>>();
    let share = regex::Regex::new(r"kept \d|\bKEPT\b|\| kept \||>Kept<|\d%</strong> kept").expect("a pattern");
    let is_said = |text: &str| share.is_match(text.split("<script").next().unwrap_or(text));
    for (format, text) in in_all_formats(&inputs, &["--independent"]) {
        assert!(matches!(format, "json" | "csv") || !is_said(&text), "{format}: {text}");
    }
    for (format, text) in in_all_formats(&heaps("rebuilt/a", &[1, 3]), &[]) {
        assert!(matches!(format, "json" | "csv") || is_said(&text), "{format}: {text}");
    }
}

#[test]
fn who_gave_five_snapshots_is_not_told_to_give_three() {
    let files = Files::new();
    let profiles: Vec<Profile> = (0..5).map(|step| service(step, 1_000 + 500 * step, 100 + 400 * step)).collect();
    let inputs = written(&files, &profiles);
    let advice = "To be sure, compare three or more snapshots.";
    for (format, text) in in_all_formats(&inputs, &[]) {
        assert!(!text.contains("three or more"), "{format}: {text}");
        if !matches!(format, "table" | "csv") {
            assert!(text.contains("It kept growing over 5 snapshots."), "{format}: {text}");
            assert!(text.contains("To be sure, compare profiles taken later."), "{format}: {text}");
        }
    }
    for (format, text) in in_all_formats(&inputs[..2], &[]) {
        assert_eq!(text.contains(advice), !matches!(format, "table" | "csv"), "{format}: {text}");
    }
    let all: Vec<&str> = inputs.iter().map(String::as_str).chain(["-f", "json"]).collect();
    let json = run(&all).done().json();
    assert_eq!(json["suspects"][0]["raise"], "compare profiles taken later");
    assert_eq!(row(&json, "example.com/shop/store.(*Store).Put")["steps"].as_array().map(Vec::len), Some(5));
}
