//! Java's heapz against what google/pprof says of it (recorded in `fixtures/native`).

use crate::loaded::{load_fixture, stack, values};
use crate::support::fixture;

/// A row: values, and the frames as pprof prints them.
type Row = (Vec<i64>, Vec<String>);

/// The rows of `pprof -raw`.
fn of_pprof(text: &str) -> Vec<Row> {
    let (samples, rest) = text.split_once("\nLocations\n").expect("locations");
    let (locations, _) = rest.split_once("\nMappings\n").expect("mappings");
    let place = |id: &str| {
        let line = locations.lines().find_map(|line| line.trim().strip_prefix(&format!("{id}: 0x0 ")));
        let place = line.unwrap_or_else(|| panic!("no location {id}"));
        // The addresses of a text have no mapping; one without a name is given one.
        place.strip_prefix("M=1").map_or(place, |_| "").to_owned()
    };
    let (_, samples) = samples.split_once("inuse_space/bytes\n").expect("samples");
    let records = samples.lines().filter(|line| !line.trim().starts_with("bytes:"));
    let mut rows: Vec<Row> = records
        .map(|line| {
            let (counts, stack) = line.split_once(": ").expect("values and stack");
            let values = counts.split_whitespace().map(|word| word.parse().expect("a value")).collect();
            (values, stack.split_whitespace().map(place).collect())
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn heapz_reads_as_in_pprof() {
    let expected = of_pprof(&std::fs::read_to_string(fixture("native/java.pprof.txt")).expect("what pprof said"));
    let loaded = load_fixture("native/java.heapz");
    let snapshot = &loaded.snapshots[0];
    let metrics: Vec<&str> = snapshot.metrics.iter().map(|metric| metric.name.as_str()).collect();
    assert_eq!(metrics, ["inuse_objects", "inuse_space"]);
    let shown = |(name, file, line): (String, String, i64)| {
        if name.is_empty() { name } else { format!("{name} {file}:{line}:0 s=0") }
    };
    let row = |row| (values(snapshot, row), stack(&loaded, row).into_iter().map(shown).collect());
    let mut rows: Vec<Row> = (0..snapshot.len()).map(row).collect();
    rows.sort();
    assert_eq!(rows, expected);
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
}
