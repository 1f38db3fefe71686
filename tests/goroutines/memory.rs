//! The memory of the whole process, from heap profiles in text form.

use serde_json::Value;

use crate::support::{Files, fixture, json, run};

const MIB: i64 = 1 << 20;

/// A heap profile in text form with these counters, in MiB: heap in use, idle, released, stacks, collector, resident.
fn heap(in_use: i64, idle: i64, released: i64, stacks: i64, collector: i64, resident: i64) -> String {
    let sys = in_use + idle + stacks + collector;
    let lines = [
        ("Sys", sys),
        ("HeapSys", in_use + idle),
        ("HeapIdle", idle),
        ("HeapInuse", in_use),
        ("HeapReleased", released),
        ("GCSys", collector),
        ("MaxRSS", resident),
    ];
    let stats: String = lines.iter().map(|(name, value)| format!("# {name} = {}\n", value * MIB)).collect();
    let stack = format!("# Stack = {0} / {0}\n", stacks * MIB);
    format!(
        "heap profile: 1: 1024 [1: 1024] @ heap/1048576\n1: 1024 [1: 1024] @ 0x1\n#\t0x1\tmain.F+0x1\t/m.go:1\n\n# runtime.MemStats\n{stats}{stack}"
    )
}

fn memory(before: &str, after: &str) -> Value {
    let files = Files::new();
    json(&[&files.write("before", before), &files.write("after", after)])["memory"].clone()
}

#[test]
fn parts_add_up_to_what_was_obtained() {
    let path = |name: &str| fixture(&format!("http-body/{name}"));
    let memory = json(&[&path("heap1.debug1.txt"), &path("heap3.debug1.txt.gz")])["memory"].clone();
    for key in ["before", "after", "delta"] {
        let value = |part: &str| memory[part][key].as_i64().expect("a number");
        let sum: i64 = ["heap_in_use", "heap_idle", "stacks", "runtime"].map(value).iter().sum();
        assert_eq!(sum, value("sys"), "{key}");
    }
    assert_eq!(memory["growth"], serde_json::json!(["heap", "stacks"]));
    let explanation = memory["explanation"].as_str().expect("a text");
    assert!(explanation.starts_with("Stacks grew by 15.6 MiB"), "{explanation}");
}

#[test]
fn growth_outside_of_the_profile_is_said() {
    let before = heap(50, 10, 0, 2, 4, 70);
    let cases = [
        (heap(51, 10, 0, 40, 4, 108), "stacks", "Stacks grew by 38.0 MiB"),
        (heap(50, 310, 0, 2, 4, 370), "idle", "Go holds 300.0 MiB more of heap without objects"),
        (heap(50, 10, 0, 2, 64, 130), "runtime", "The runtime's own tables grew by 60.0 MiB"),
        (heap(50, 10, 0, 2, 4, 570), "outside", "The largest resident set grew by 500.0 MiB more than what Go holds"),
    ];
    for (after, growth, words) in cases {
        let memory = memory(&before, &after);
        assert_eq!(memory["growth"], serde_json::json!([growth]));
        let explanation = memory["explanation"].as_str().expect("a text");
        assert!(explanation.starts_with(words), "{explanation}");
    }
}

#[test]
fn growth_that_the_profile_shows_needs_no_words() {
    let before = heap(50, 10, 0, 2, 4, 70);
    for after in [heap(150, 10, 0, 2, 4, 170), heap(50, 310, 300, 2, 4, 70), before.clone()] {
        assert_eq!(memory(&before, &after)["explanation"], Value::Null);
    }
}

#[test]
fn other_forms_do_not_tell_the_memory() {
    let path = |name: &str| fixture(&format!("http-body/{name}"));
    let report = json(&[&path("heap1.pb.gz"), &path("heap3.pb.gz")]);
    assert!(report.get("memory").is_none());
    let mixed = json(&[&path("heap1.debug1.txt"), &path("heap3.pb.gz")]);
    assert!(mixed.get("memory").is_none(), "both are needed");
    let table = run(&[&path("heap1.debug1.txt"), &path("heap3.debug1.txt.gz"), "--columns", "80"]).done().stdout;
    assert!(table.contains("MEMORY OF THE PROCESS\nheap in use"), "{table}");
}

#[test]
fn what_doubled_is_said_though_the_heap_grew_more() {
    let path = |name: &str| fixture(&format!("goroutine-blocked/{name}"));
    let recorded = json(&[&path("heap1.debug1.txt"), &path("heap3.debug1.txt.gz")])["memory"].clone();
    let explanation = recorded["explanation"].as_str().expect("a text");
    assert!(explanation.contains("Stacks grew by 4.5 MiB"), "{explanation}");
    let before = heap(50, 10, 0, 4, 4, 70);
    let growth = |after: String| memory(&before, &after)["growth"].clone();
    assert_eq!(growth(heap(150, 10, 0, 8, 4, 170)), serde_json::json!(["heap", "stacks"]), "twice as many");
    assert_eq!(growth(heap(150, 10, 0, 7, 4, 170)), serde_json::json!(["heap"]), "not twice");
}
