//! Rows that stand for the values of a label, as of pprof's `-tagroot`.
//!
//! In: the label sets of a run, and a key. Out: for each set the text of its values. Invariant: values are told apart as
//! far as the profile tells them apart; a set without the key has a text of its own.

use crate::model::{Label, LabelValue, LabelsId, Symbols};

/// The text of each label set, in the order of their ids.
pub(super) fn values(symbols: &Symbols, key: &str) -> Vec<String> {
    (0..symbols.labels_count() as u32).map(|set| value(symbols, symbols.labels(LabelsId(set)), key)).collect()
}

/// The values of a label, joined as pprof joins them where it has several.
fn value(symbols: &Symbols, labels: &[Label], key: &str) -> String {
    let text = |label: &Label| match label.value {
        LabelValue::Text(text) => symbols.str(text).to_owned(),
        LabelValue::Number(number, unit) => format!("{number} {}", symbols.str(unit)).trim_end().to_owned(),
    };
    let values: Vec<String> = labels.iter().filter(|label| symbols.str(label.key) == key).map(text).collect();
    match values.join(",") {
        none if values.is_empty() => none + "(no " + key + ")",
        empty if empty.is_empty() => "(empty)".to_owned(),
        text => text,
    }
}
