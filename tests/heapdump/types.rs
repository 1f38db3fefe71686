//! What the hops of a path are called, for each way in which Go holds memory.

use serde_json::Value;

use super::support::{fixture, json};

/// For each variable of `fixtures/dumps-types/main.go` the path from it, as an engineer would draw it.
const PATHS: &[(&str, &str)] = &[
    ("main.views", "[][]uint8 []uint8 (16 B of 2048 B)"),
    ("main.pieces", "[]string string (16 B of 2048 B)"),
    ("main.cache", ".items [map] *main.Item .Data *[96]uint8"),
    ("main.static", ".items [map] *main.Item .Data *[96]uint8"),
    ("main.generic", ".values [map] *main.Item .Data *[96]uint8"),
    ("main.bySync", "[sync.Map] *main.Item .Data *[96]uint8"),
    ("main.ordered", "*list.List *main.Item .Data *[96]uint8"),
    ("main.keepers", "[]main.Keeper *main.Item .Data *[96]uint8"),
    ("main.queue", "chan *main.Item *main.Item .Data *[96]uint8"),
    ("main.pool", ".shards []main.Shard .items []main.Item .Data *[96]uint8"),
    (
        "main.base",
        "*context.cancelCtx .children [map] *context.cancelCtx .Context *context.valueCtx .val *main.Item .Data *[96]uint8",
    ),
];

fn report(version: &str, more: &[&str]) -> Value {
    let of = |file: &str| fixture(&format!("dumps-types/{version}/{file}"));
    let (before, after) = (of("before.dump.gz"), of("after.dump.gz"));
    json(&[&["holders", &before, &after, "-n", "0", "--min", "20KiB"], more].concat())
}

fn path(report: &Value, name: &str) -> String {
    let holder = super::dump::holder(report, name);
    let hops = holder["path"].as_array().expect("a path").iter();
    let words = hops.flat_map(|hop| [hop["field"].as_str(), hop["name"].as_str()]).flatten();
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn each_way_to_hold_memory_has_its_words() {
    for version in ["go1.22", "go1.27"] {
        let program = fixture(&format!("dumps-types/{version}/app.debug.gz"));
        let report = report(version, &["--bin", &program]);
        for (name, expected) in PATHS {
            assert_eq!(path(&report, name), *expected, "{version}: {name}");
        }
        // What a closure has captured is not described.
        let handlers = path(&report, "main.handlers");
        assert!(handlers.starts_with("[]func() int closure main.fill.func1 "), "{version}: {handlers}");
    }
}

#[test]
fn types_are_told_in_full_beside_their_words() {
    let report = report("go1.27", &["--bin", &fixture("dumps-types/go1.27/app.debug.gz")]);
    let path = super::dump::holder(&report, "main.cache")["path"].clone();
    let types: Vec<&str> =
        path.as_array().expect("a path").iter().map(|hop| hop["type"].as_str().expect("a type")).collect();
    assert_eq!(types, ["map[string]*main.Item", "*main.Item", "*[96]uint8"]);
}

#[test]
fn without_debug_information_descriptors_in_memory_tell_some() {
    // Its symbols alone: maps of this size have slots that begin with the descriptor of their type, but its name is in the
    // program's memory, which is not in this file.
    let holders = json(&[
        "holders",
        &fixture("dumps/global-cache/after.dump.gz"),
        "--bin",
        &fixture("dumps/global-cache/app.sym.gz"),
    ]);
    let first = &holders["holders"][0];
    assert_eq!(first["name"], "example.com/shop/global-cache/pages.cache");
    let last = first["path"].as_array().and_then(|path| path.last()).expect("a path");
    assert_eq!(last["name"], "8192 B (pages.Rendered)", "by who allocates what looks like it");
}

#[test]
fn damaged_debug_information_names_no_fields_and_breaks_nothing() {
    let whole = super::dump::inflated(&fixture("dumps-types/go1.27/app.debug.gz"));
    let files = super::support::Files::new();
    for (number, step) in [97_usize, 1009, 10_007].into_iter().enumerate() {
        let mut damaged = whole.clone();
        // Behind the headers, which tell whether it is a program at all.
        for at in (4096..damaged.len()).step_by(step) {
            damaged[at] ^= 0x5a;
        }
        let path = files.write(&format!("{number}.debug"), &damaged);
        let after = fixture("dumps-types/go1.27/after.dump.gz");
        let outcome = super::support::run(&["holders", &after, "--bin", &path]);
        assert!(!outcome.stdout.is_empty() || outcome.stderr.contains("error:"), "{outcome:?}");
    }
}
