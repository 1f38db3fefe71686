//! Where in the source a row's change happened, and the one stack that carries most of it.
//!
//! In: the rows shown. Out: file and line for each, and its heaviest entry.
//! Invariant: the place is the line with the largest growth; equals are decided by value after, then by file and line.

use rustc_hash::FxHashMap;

use crate::diff::{Diff, KeyId};

use super::tally::RowOfEntry;
use super::{Row, Subject};

/// A file, relative to its package, and a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Any key of the frame: its file is the place's file.
    pub key: KeyId,
    /// The line; 0 when the profile does not state it.
    pub line: i64,
}

/// Sum before and after.
type Change = (i64, i64);

/// Finds the place and the heaviest entry of each row. `shown` holds the row numbers of `rows`.
pub(super) fn locate(diff: &Diff, numbers: &RowOfEntry, shown: &[usize], rows: &mut [Row]) {
    let position: FxHashMap<usize, usize> = shown.iter().enumerate().map(|(index, row)| (*row, index)).collect();
    let by_leaf: Vec<bool> = rows.iter().map(|row| !row.flat.is_zero()).collect();
    let mut lines: FxHashMap<(usize, KeyId, i64), Change> = FxHashMap::default();
    let mut entries: FxHashMap<(usize, usize), Change> = FxHashMap::default();
    let newest = diff.snapshots.len() - 1;
    for snapshot in 0..diff.snapshots.len() {
        let is_base = snapshot == 0 && newest > 0;
        if !is_base && snapshot != newest {
            continue;
        }
        let samples = diff.entry_of_row(snapshot).iter().zip(diff.row_values(diff.metric, snapshot)).enumerate();
        for (sample, (entry, value)) in samples.filter(|(_, (_, value))| *value != 0) {
            let entry = *entry as usize;
            let stack = diff.snapshots[snapshot].stack(sample);
            let mut add = |index: usize, key: KeyId, line: i64| {
                let change = lines.entry((index, key, line)).or_default();
                let total = entries.entry((index, entry)).or_default();
                let (line, entry) = if is_base { (&mut change.0, &mut total.0) } else { (&mut change.1, &mut total.1) };
                *line += value;
                *entry += value;
            };
            if let Some(index) = position.get(&numbers.flat_row(diff, entry)).filter(|index| by_leaf[**index])
                && let Some((key, line)) = diff.keys.frames(stack).next()
            {
                add(*index, key, line);
            }
            for_each_caller(diff, stack, &position, &by_leaf, add);
        }
    }
    for (index, row) in rows.iter_mut().enumerate() {
        let own = lines.iter().filter(|((at, ..), _)| *at == index);
        row.place = own.max_by(|a, b| better(diff, a, b)).map(|((_, key, line), _)| Place { key: *key, line: *line });
        if matches!(row.subject, Subject::Group(_) | Subject::NoStack) {
            let own = entries.iter().filter(|((at, _), _)| *at == index);
            let heaviest = own.max_by(|((_, a), left), ((_, b), right)| {
                let names = |entry: usize| diff.stack_keys(entry).map(|key| diff.keys.key(key).normalized.as_str());
                growth(left).cmp(&growth(right)).then_with(|| names(*b).cmp(names(*a)))
            });
            row.heaviest = heaviest.map(|((_, entry), _)| *entry);
        } else if let Subject::Stack(entry) = row.subject {
            row.heaviest = Some(entry);
        }
    }
}

/// Calls `add` for the innermost frame of each row that allocates nothing itself.
fn for_each_caller(
    diff: &Diff,
    stack: &[crate::model::LocationId],
    position: &FxHashMap<usize, usize>,
    by_leaf: &[bool],
    mut add: impl FnMut(usize, KeyId, i64),
) {
    if by_leaf.iter().all(|by_leaf| *by_leaf) {
        return;
    }
    let mut seen = Vec::new();
    for (key, line) in diff.keys.frames(stack) {
        let group = diff.keys.key(key).group.index();
        if let Some(index) = position.get(&group).filter(|index| !by_leaf[**index])
            && !seen.contains(index)
        {
            seen.push(*index);
            add(*index, key, line);
        }
    }
}

fn growth(change: &Change) -> (i64, i64) {
    (change.1 - change.0, change.1)
}

fn better(
    diff: &Diff,
    ((_, key_a, line_a), a): &(&(usize, KeyId, i64), &Change),
    ((_, key_b, line_b), b): &(&(usize, KeyId, i64), &Change),
) -> std::cmp::Ordering {
    let file = |key: &KeyId| &diff.keys.key(*key).file;
    growth(a).cmp(&growth(b)).then_with(|| (file(key_b), line_b).cmp(&(file(key_a), line_a)))
}
