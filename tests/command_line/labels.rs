//! `--by label:KEY`. That its numbers are pprof's is shown in `tests/pprof`.

use serde_json::Value;

use super::support::{Files, Profile, fixture, json, run};
use super::{MINUTE, NOON};

fn names(report: &Value) -> Vec<(&str, i64)> {
    let rows = report["rows"].as_array().expect("rows").iter();
    rows.map(|row| (row["name"].as_str().expect("a name"), row["flat"]["delta"].as_i64().expect("a number"))).collect()
}

/// A heap whose one stack belongs to two tenants and to nobody.
fn heap(files: &Files, name: &str, scale: i64, minutes: i64) -> String {
    let profile = Profile::new().time(NOON + minutes * MINUTE);
    let stack =
        |profile: Profile, count: i64| profile.stack("store.Put;main.main", [count, count << 20, count, count << 20]);
    let profile = stack(profile, 3 * scale).label("tenant", "acme").bytes(1 << 20);
    let profile = stack(profile, scale).label("tenant", "umbrella").number("shard", 7, "").bytes(1 << 20);
    let profile = stack(profile, 2 * scale).number("shard", 12, "pieces").bytes(1 << 20);
    files.write(name, profile.encode())
}

#[test]
fn one_stack_is_split_by_the_values_of_a_label() {
    let files = Files::new();
    let (base, new) = (heap(&files, "base", 1, 0), heap(&files, "new", 5, 10));
    let by = |key: &str| json(&[&base, &new, "--by", &format!("label:{key}"), "-n", "0"]);
    assert_eq!(names(&by("tenant")), [("acme", 12 << 20), ("(no tenant)", 8 << 20), ("umbrella", 4 << 20)]);
    assert_eq!(names(&by("shard")), [("(no shard)", 12 << 20), ("12 pieces", 8 << 20), ("7", 4 << 20)]);
    assert_eq!(names(&by("nobody")), [("(no nobody)", 24 << 20)]);
    let report = by("tenant");
    assert_eq!((&report["by"], &report["label"]), (&"label".into(), &"tenant".into()));
    assert_eq!(json(&[&base, &new])["label"], Value::Null);
    // Who is responsible is told of each row.
    assert_eq!(report["rows"][0]["responsible"]["function"], "store.Put");
    let third = heap(&files, "third", 9, 20);
    let series = json(&[&base, &new, &third, "--by", "label:tenant"]);
    assert_eq!(series["rows"][0]["steps"], serde_json::json!([3 << 20, 15 << 20, 27 << 20]));
}

#[test]
fn what_is_concluded_does_not_depend_on_what_rows_stand_for() {
    for scenario in ["http-body", "timers", "large", "warmup"] {
        let [base, new] = [1, 3].map(|moment| fixture(&format!("{scenario}/heap{moment}.pb.gz")));
        let concluded = |by: &str| {
            let report = json(&[&base, &new, "--by", by]);
            let fingerprints: Vec<Value> = report["suspects"]
                .as_array()
                .expect("suspects")
                .iter()
                .map(|suspect| {
                    serde_json::json!([suspect["fingerprint"], suspect["delta"], suspect["low"], suspect["high"]])
                })
                .collect();
            (report["total"].clone(), report["total_evidence"].clone(), fingerprints)
        };
        assert_eq!(concluded("label:bytes"), concluded("function"), "{scenario}");
    }
}

#[test]
fn every_format_has_them() {
    let files = Files::new();
    let (base, new) = (heap(&files, "base", 1, 0), heap(&files, "new", 5, 10));
    for format in ["table", "json", "markdown", "csv", "html"] {
        let text = run(&[&base, &new, "--by", "label:tenant", "-f", format]).done().stdout;
        for name in ["acme", "umbrella", "(no tenant)"] {
            assert!(text.contains(name), "{format} does not show {name}: {text}");
        }
    }
    for command in ["flame", "report"] {
        run(&[command, &base, &new, "--by", "label:tenant"]).done();
    }
    let text = run(&[&base, &new, "--by", "label:tenant"]).done().stdout;
    assert!(text.contains("GROWTH BY LABEL tenant"), "{text}");
}

#[test]
fn values_move_no_cursor() {
    let files = Files::new();
    let profile =
        Profile::new().stack("main.f", [1, 1 << 20, 1, 1 << 20]).label("t\u{1b}[31m", "\u{1b}[2J").bytes(1 << 20);
    let path = files.write("one", profile.encode());
    for format in ["table", "json", "markdown", "html"] {
        let text = run(&[&path, "--by", "label:t\u{1b}[31m", "-f", format]).done().stdout;
        assert!(!text.contains('\u{1b}'), "{format}: {text}");
    }
}
