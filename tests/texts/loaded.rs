//! A profile as a plain table: what its rows say, in no order.

use std::collections::BTreeMap;

use leakdiff::load::{Input, Limits, Loaded, load};
use leakdiff::model::{LabelValue, LocationId, Snapshot, Symbols};

use crate::support::fixture;

/// A frame: function, file and line; the name is empty where there are no symbols.
pub type Frame = (String, String, i64);
/// Stack and labels of a row.
pub type Key = (Vec<Frame>, Vec<(String, String)>);

/// Loads one profile.
#[track_caller]
pub fn load_one(bytes: Vec<u8>) -> Loaded {
    let input = Input::new("it", std::io::Cursor::new(bytes));
    load(vec![input], Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Loads a fixture.
#[track_caller]
pub fn load_fixture(path: &str) -> Loaded {
    load_one(std::fs::read(fixture(path)).unwrap_or_else(|error| panic!("{path}: {error}")))
}

/// The frames at a location, innermost first.
fn frames(symbols: &Symbols, location: LocationId) -> Vec<Frame> {
    let location = symbols.location(location);
    if location.lines.is_empty() {
        return vec![(String::new(), String::new(), 0)];
    }
    let text = |id| symbols.str(id).to_owned();
    let frame = |line: &leakdiff::model::Line| {
        let function = symbols.function(line.function.expect("a function"));
        (text(function.name), text(function.file), line.line)
    };
    location.lines.iter().map(frame).collect()
}

/// The labels of a row.
pub fn labels(loaded: &Loaded, row: usize) -> Vec<(String, String)> {
    let text = |id| loaded.symbols.str(id).to_owned();
    let value = |value: &LabelValue| match *value {
        LabelValue::Text(id) => text(id),
        LabelValue::Number(number, unit) => format!("{number} {}", text(unit)).trim_end().to_owned(),
    };
    let labels = loaded.symbols.labels(loaded.snapshots[0].labels(row));
    labels.iter().map(|label| (text(label.key), value(&label.value))).collect()
}

/// The stack of a row, leaf first.
pub fn stack(loaded: &Loaded, row: usize) -> Vec<Frame> {
    loaded.snapshots[0].stack(row).iter().flat_map(|location| frames(&loaded.symbols, *location)).collect()
}

/// The values of a row.
pub fn values(snapshot: &Snapshot, row: usize) -> Vec<i64> {
    (0..snapshot.metrics.len()).map(|metric| snapshot.column(metric)[row]).collect()
}

/// All rows; those of one stack and one set of labels are added up.
pub fn rows(loaded: &Loaded) -> BTreeMap<Key, Vec<i64>> {
    let snapshot = &loaded.snapshots[0];
    let mut rows: BTreeMap<Key, Vec<i64>> = BTreeMap::new();
    for row in 0..snapshot.len() {
        let sums = rows.entry((stack(loaded, row), labels(loaded, row))).or_default();
        sums.resize(snapshot.metrics.len(), 0);
        sums.iter_mut().zip(values(snapshot, row)).for_each(|(sum, value)| *sum += value);
    }
    rows
}

/// The sum of a metric.
pub fn total(loaded: &Loaded, metric: &str) -> i64 {
    let snapshot = &loaded.snapshots[0];
    let column = snapshot.metrics.iter().position(|it| it.name == metric).unwrap_or_else(|| panic!("no {metric}"));
    snapshot.column(column).iter().sum()
}
