//! How much of a profile stands at frames without a function name.
//!
//! In: a snapshot and a column of it. Out: whether most of it has no names. Invariant: what the filter left out is
//! not counted. Knows nothing of other snapshots.

use crate::model::{Location, Snapshot, StringId, Symbols};

/// Whether more than half of the magnitudes of a column were counted at locations whose innermost frame has no name.
pub(super) fn is_most(symbols: &Symbols, snapshot: &Snapshot, column: usize) -> bool {
    let is_nameless = |location: &Location| {
        let function = location.lines.first().and_then(|line| line.function);
        function.is_none_or(|function| symbols.function(function).name == StringId::EMPTY)
    };
    let is_nameless: Vec<bool> = symbols.locations().map(is_nameless).collect();
    if !is_nameless.contains(&true) {
        return false;
    }
    let (mut all, mut nameless) = (0_u128, 0_u128);
    for (row, value) in snapshot.column(column).iter().enumerate() {
        let Some(leaf) = snapshot.stack(row).first() else { continue };
        let value = u128::from(value.unsigned_abs());
        all += value;
        nameless += if is_nameless[leaf.index()] { value } else { 0 };
    }
    nameless * 2 > all
}
