//! Rates are stated in a unit of time that was seen, or nearly.

use serde_json::json;

use crate::support::{Profile, diff, diff_json, run};
use crate::{heaps, in_all_formats};

const SECOND: i64 = 1_000_000_000;
const NOON: i64 = 1_795_176_000_000_000_000;

fn pair(span: i64) -> [Profile; 2] {
    let heap = |time: i64, value: i64| {
        Profile::new().build_id("a").time(NOON + time).stack("example.com/shop/a.F@/srv/a.go:1", [1, value, 1, value])
    };
    [heap(0, 1 << 20), heap(span, 2 << 20)]
}

#[test]
fn seven_seconds_are_no_hour() {
    let inputs = heaps("http-body", &[1, 3]);
    for (format, text) in in_all_formats(&inputs, &[]) {
        // The contract has slopes per hour, so that tools can compare them; people are told what was seen.
        let text = text.replace("slope_per_hour", "");
        assert!(!text.contains("per hour") && !text.contains("per_hour"), "{format}: {text}");
        assert!(
            format == "csv" || text.contains("per minute") || text.contains(r#""per": "minute""#),
            "{format}: {text}"
        );
    }
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let report = run(&[&inputs[..], &["-f", "json"]].concat()).done().json();
    assert_eq!(report["schema_version"], 2);
    let span = report["inputs"][1]["time_nanos"].as_i64().expect("a time")
        - report["inputs"][0]["time_nanos"].as_i64().expect("a time");
    let delta = report["total"]["delta"].as_i64().expect("bytes");
    let wanted = i128::from(delta) * 60_000_000_000 / i128::from(span);
    assert_eq!(i128::from(report["rate"]["value"].as_i64().expect("bytes")), wanted);
}

#[test]
fn a_rate_is_stated_in_what_was_seen_and_no_more_than_ten_times_that() {
    for (seconds, per) in [(1, "second"), (5, "second"), (6, "minute"), (60, "minute"), (359, "minute"), (360, "hour")]
        .into_iter()
        .chain([(3_600, "hour"), (8_639, "hour"), (8_640, "day"), (86_400 * 30, "day")])
    {
        let [before, after] = pair(seconds * SECOND);
        let length = match per {
            "second" => 1,
            "minute" => 60,
            "hour" => 3_600,
            _ => 86_400,
        };
        let report = diff_json(&[&before, &after], &[]);
        assert_eq!(report["rate"], json!({ "value": (1_i64 << 20) * length / seconds, "per": per }), "{seconds}");
        let table = diff(&[&before, &after], &[]).done().stdout;
        assert!(table.contains(&format!(" per {per}")), "{seconds}: {table}");
    }
}

#[test]
fn where_no_time_passed_there_is_no_rate() {
    for span in [0, -60 * SECOND, SECOND / 100] {
        let [before, after] = pair(span);
        assert_eq!(diff_json(&[&before, &after], &[])["rate"], json!(null), "{span}");
        let page = diff(&[&before, &after], &["-f", "html"]).done().stdout;
        for unit in ["second", "minute", "hour", "day"] {
            assert!(!page.contains(&format!(" per {unit}")), "{span}: {page}");
        }
    }
    let [before, after] = pair(60 * SECOND);
    assert_eq!(diff_json(&[&before, &after], &["--independent"])["rate"], json!(null), "two processes");
    assert_eq!(diff_json(&[&after], &[])["rate"], json!(null), "one profile");
}
