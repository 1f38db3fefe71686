//! More than two goroutine profiles beside a heap: named one by one, as a folder, or as a quoted pattern.

use serde_json::Value;

use crate::support::{Files, fixture, json, run};

const HEAPS: [&str; 3] = ["heap1.pb.gz", "heap2.pb.gz", "heap3.pb.gz"];
const GOROUTINES: [&str; 3] = ["goroutine1.pb.gz", "goroutine2.pb.gz", "goroutine3.pb.gz"];

fn path(name: &str) -> String {
    fixture(&format!("goroutine-blocked/{name}"))
}

/// A folder with the goroutine profiles alone, and a hidden file.
fn folder() -> Files {
    let files = Files::new();
    for name in GOROUTINES {
        files.write(name, std::fs::read(path(name)).expect("a fixture"));
    }
    files.write(".hidden", b"no profile");
    files
}

fn first(report: &Value) -> (&Value, &Value, &Value) {
    let first = &report["suspects"][0];
    (&first["code"], &first["goroutines"]["delta"], &first["trend"]["verdict"])
}

#[test]
fn a_series_of_them_is_named_in_three_ways() {
    let heaps = HEAPS.map(path);
    let [h1, h2, h3] = heaps.each_ref().map(String::as_str);
    let names = GOROUTINES.map(path);
    let [g1, g2, g3] = names.each_ref().map(String::as_str);
    let files = folder();
    let (folder, pattern) = (files.path(""), files.path("goroutine*.gz"));
    let one_by_one = json(&[h1, h2, h3, "--goroutines", g1, g2, "--goroutines", g3]);
    assert_eq!(first(&one_by_one).0, "goroutine-chan-send", "{one_by_one:#}");
    let ways: [&[&str]; 4] = [
        &[h1, h2, h3, "--goroutines", &folder],
        &[h1, h2, h3, "--goroutines", &pattern],
        // What follows a folder is no goroutine profile.
        &["--goroutines", &folder, h1, h2, h3],
        &[h1, h2, h3, "--goroutines", g3, g1, "--goroutines", g2],
    ];
    for way in ways {
        let report = json(way);
        assert_eq!(first(&report), first(&one_by_one), "{way:?}");
        assert_eq!(report["inputs"].as_array().map(Vec::len), Some(3), "{way:?}");
    }
}

#[test]
fn what_stands_for_no_profiles_is_told() {
    let heaps = [HEAPS[0], HEAPS[2]].map(path);
    let one = path(GOROUTINES[0]);
    run(&[&heaps[0], &heaps[1], "--goroutines", &one]).failed(&["two profiles or more are wanted"]);
    let empty = Files::new();
    run(&[&heaps[0], &heaps[1], "--goroutines", &empty.path("")]).failed(&["there is no file"]);
    run(&[&heaps[0], &heaps[1], "--goroutines", &empty.path("*.gz")]).failed(&["there is no file"]);
}
