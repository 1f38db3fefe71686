//! Rows of either tool, and how they are compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::json;

/// The metrics of a Go heap profile.
pub const METRICS: [&str; 4] = ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"];

/// Flat and cumulative change.
pub type Pair = (i64, i64);
/// By the name of the row.
pub type Rows = BTreeMap<String, Pair>;

/// The first few differences, as text; empty when there is none.
pub fn differences(pprof: &Rows, ours: &Rows) -> Vec<String> {
    let names: BTreeSet<&String> = pprof.keys().chain(ours.keys()).collect();
    let differing = names.into_iter().filter(|name| pprof.get(*name) != ours.get(*name));
    let text = |row: Option<&Pair>| row.map_or("no row".to_owned(), |(flat, cum)| format!("flat {flat}, cum {cum}"));
    let line = |name: &String| format!("{name}: pprof {}; leakdiff {}", text(pprof.get(name)), text(ours.get(name)));
    differing.map(line).take(12).collect()
}

/// The rows that both tools have: those that changed.
pub fn without_zeros(rows: Rows) -> Rows {
    rows.into_iter().filter(|(_, change)| *change != (0, 0)).collect()
}

/// The rows of leakdiff by a key made of each row's JSON, and the change of the total.
///
/// Nothing may be left over: all rows are asked for, and they must add up to the total.
pub fn ours(base: &str, new: &str, metric: &str, args: &[&str], key: fn(&serde_json::Value) -> String) -> (Rows, i64) {
    let all = ["--exact-names", "-n", "0", "--sample-index", metric];
    let report = json(&[&[base, new], &all[..], args].concat());
    assert_eq!(report["metric"]["name"], metric);
    assert_eq!(report["remainder"]["rows"], 0);
    let change = |value: &serde_json::Value| {
        let number = |key: &str| value[key].as_i64().expect("an integer");
        assert_eq!(number("after") - number("before"), number("delta"));
        number("delta")
    };
    let mut rows = Rows::new();
    for row in report["rows"].as_array().expect("rows") {
        let sum = rows.entry(key(row)).or_insert((0, 0));
        *sum = (sum.0 + change(&row["flat"]), sum.1 + change(&row["cum"]));
    }
    let total = change(&report["total"]);
    assert_eq!(rows.values().map(|(flat, _)| flat).sum::<i64>(), total, "{base} {new} {metric}: rows and total");
    rows.retain(|key, _| !key.starts_with("(no stack)"));
    (without_zeros(rows), total)
}

/// A string of the JSON, empty where it is null.
pub fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The name of a row of leakdiff.
pub fn by_name(row: &serde_json::Value) -> String {
    text(&row["name"]).to_owned()
}

#[test]
fn a_wrong_byte_is_seen() {
    let rows = |pairs: &[(&str, Pair)]| pairs.iter().map(|(name, pair)| ((*name).to_owned(), *pair)).collect::<Rows>();
    let theirs = rows(&[("f", (1, 2)), ("g", (0, 3))]);
    assert_eq!(differences(&theirs, &theirs), Vec::<String>::new());
    assert_eq!(differences(&theirs, &rows(&[("f", (1, 2))])), ["g: pprof flat 0, cum 3; leakdiff no row"]);
    assert_eq!(differences(&theirs, &rows(&[("f", (1, 2)), ("g", (0, 3)), ("h", (4, 4))])).len(), 1);
    assert_eq!(differences(&theirs, &rows(&[("f", (1, 2)), ("g", (1, 3))])).len(), 1);
}
