//! Go's text forms against the binary form of the same moment: the same rows, to the byte.

use std::collections::BTreeMap;

use crate::loaded::{Key, load_fixture, load_one, rows};
use crate::support::{fixture, gzip, json};

fn is_runtime(name: &str) -> bool {
    name.starts_with("runtime.") || name.starts_with("internal/runtime/")
}

/// As the text forms have it: no frames of the runtime at the leaf, unless there are no others.
fn without_runtime_leaves(rows: BTreeMap<Key, Vec<i64>>) -> BTreeMap<Key, Vec<i64>> {
    let mut kept = BTreeMap::new();
    for ((stack, labels), values) in rows {
        let leaf = stack.iter().position(|(name, ..)| !is_runtime(name)).unwrap_or(0);
        let sums: &mut Vec<i64> = kept.entry((stack[leaf..].to_vec(), labels)).or_default();
        sums.resize(values.len(), 0);
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    kept
}

/// Type arguments as the text forms spell them, and without the records of which no sample is published yet.
fn as_in_text(rows: BTreeMap<Key, Vec<i64>>) -> BTreeMap<Key, Vec<i64>> {
    let is_published = |(_, values): &(Key, Vec<i64>)| values.iter().any(|value| *value != 0);
    let spelled = |((mut stack, labels), values): (Key, Vec<i64>)| {
        stack.iter_mut().for_each(|(name, ..)| *name = name.replace("[go.shape.int]", "[...]"));
        ((stack, labels), values)
    };
    rows.into_iter().filter(is_published).map(spelled).collect()
}

#[test]
fn a_heap_has_the_same_rows_in_all_metrics() {
    let (binary, text) = (load_fixture("twins/heap.pb.gz"), load_fixture("twins/heap.debug1.txt"));
    let expected = as_in_text(rows(&binary));
    assert!(expected.len() > 20, "{}", expected.len());
    assert_eq!(as_in_text(rows(&text)), expected);
    let (binary, text) = (&binary.snapshots[0], &text.snapshots[0]);
    assert_eq!(text.metrics, binary.metrics);
    assert_eq!((text.header.period, &text.header.period_type), (binary.header.period, &binary.header.period_type));
}

#[test]
fn counts_have_the_same_rows_and_labels() {
    for name in ["goroutine", "goroutineleak", "twins.crates"] {
        let binary = load_fixture(&format!("twins/{name}.pb.gz"));
        let text = load_fixture(&format!("twins/{name}.debug1.txt"));
        assert_eq!(rows(&text), without_runtime_leaves(rows(&binary)), "{name}");
        assert_eq!(text.snapshots[0].metrics, binary.snapshots[0].metrics);
        assert!(text.warnings.is_empty(), "{:?}", text.warnings);
    }
    let text = load_fixture("twins/goroutine.debug1.txt");
    let has = |key: &str, value: &str| {
        rows(&text).keys().any(|(_, labels)| labels.contains(&(key.to_owned(), value.to_owned())))
    };
    assert!(has("region", "eu west") && has("tenant", "glo\"bex") && has("path", "a\tb, c: d"), "{:?}", rows(&text));
    let threads = load_fixture("twins/threadcreate.debug1.txt");
    assert_eq!(threads.snapshots[0].metrics[0].name, "threadcreate");
}

/// Heaps of services under load, the text taken some milliseconds after the binary form, without a collection between.
#[test]
fn snapshots_of_services_differ_in_nothing() {
    let pairs = [
        ("http-body", 1, "txt"),
        ("http-body", 3, "txt.gz"),
        ("goroutine-blocked", 3, "txt.gz"),
        ("global-cache", 1, "txt"),
        ("global-cache", 3, "txt"),
    ];
    for (service, moment, ending) in pairs {
        let binary = fixture(&format!("{service}/heap{moment}.pb.gz"));
        let text = fixture(&format!("{service}/heap{moment}.debug1.{ending}"));
        for metric in ["inuse_space", "inuse_objects"] {
            for by in ["function", "line", "stack"] {
                let report = json(&[&binary, &text, "-n", "0", "--by", by, "--sample-index", metric]);
                assert!(report["total"]["after"].as_i64() > Some(0), "{service}");
                let rows = report["rows"].as_array().expect("rows");
                let changed: Vec<_> = rows.iter().filter(|row| row["cum"]["delta"] != 0).collect();
                assert!(changed.is_empty(), "{service} {moment} {metric} by {by}: {changed:#?}");
            }
        }
    }
}

#[test]
fn memory_statistics_and_the_time_come_from_the_trailer() {
    let loaded = load_fixture("http-body/heap1.debug1.txt");
    let header = &loaded.snapshots[0].header;
    let stats = header.mem_stats.expect("statistics");
    assert_eq!((stats.alloc, stats.total_alloc, stats.sys), (9_001_312, 46_850_592, 26_319_112));
    assert_eq!((stats.mallocs, stats.frees, stats.heap_objects), (300_796, 280_526, 20_270));
    assert_eq!((stats.heap_alloc, stats.heap_sys, stats.heap_idle), (9_001_312, 18_939_904, 6_479_872));
    assert_eq!((stats.heap_inuse, stats.heap_released), (12_460_032, 1_589_248));
    assert_eq!((stats.stack_inuse, stats.stack_sys), (2_031_616, 2_031_616));
    assert_eq!((stats.mspan_inuse, stats.mspan_sys), (288_320, 310_080));
    assert_eq!((stats.mcache_inuse, stats.mcache_sys), (4592, 16072));
    assert_eq!((stats.buck_hash_sys, stats.gc_sys, stats.other_sys), (1_453_249, 2_834_672, 733_519));
    assert_eq!((stats.next_gc, stats.last_gc), (18_611_018, 1_795_174_154_257_622_358));
    assert_eq!((stats.num_gc, stats.num_forced_gc, stats.max_rss), (13, 2, Some(26_841_088)));
    assert_eq!(header.time_nanos, Some(1_795_174_154_257_622_358));
    let binary = load_fixture("http-body/heap1.pb.gz");
    assert_eq!(binary.snapshots[0].header.mem_stats, None);
}

#[test]
fn without_the_trailer_it_is_the_same_profile() {
    let whole = std::fs::read_to_string(fixture("twins/heap.debug1.txt")).expect("the fixture");
    let records = &whole[..whole.find("\n# runtime.MemStats").expect("a trailer")];
    let loaded = load_one(records.as_bytes().to_vec());
    assert_eq!(rows(&loaded), rows(&load_fixture("twins/heap.debug1.txt")));
    assert_eq!((loaded.snapshots[0].header.mem_stats, loaded.snapshots[0].header.time_nanos), (None, None));
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
}

#[test]
fn line_ends_and_gzip_change_nothing() {
    for path in ["twins/heap.debug1.txt", "twins/goroutine.debug1.txt", "twins/goroutine.debug2.txt"] {
        let unix = std::fs::read_to_string(fixture(path)).expect("the fixture");
        let expected = rows(&load_fixture(path));
        assert_eq!(rows(&load_one(unix.replace('\n', "\r\n").into_bytes())), expected, "{path}");
        assert_eq!(rows(&load_one(gzip(unix.as_bytes()))), expected, "{path}");
    }
}

/// What is missing is said, where the text still reads as a whole one.
#[test]
fn records_that_are_missing_are_noticed() {
    for (path, first) in [("twins/heap.debug1.txt", 1), ("twins/goroutine.debug1.txt", 1)] {
        let whole = std::fs::read_to_string(fixture(path)).expect("the fixture");
        let mut parts: Vec<&str> = whole.split("\n\n").collect();
        let at = parts.iter().rposition(|part| part.starts_with(|first: char| ('1'..='9').contains(&first)));
        parts.remove(at.filter(|at| *at >= first).expect("a record"));
        let loaded = load_one(parts.join("\n\n").into_bytes());
        let codes: Vec<&str> = loaded.warnings.iter().map(|warning| warning.code.as_str()).collect();
        assert_eq!(codes, ["incomplete"], "{path}");
    }
}
