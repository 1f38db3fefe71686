//! The stacks of a heap profile of the same moment as a dump, which has their right names.
//!
//! In: a snapshot. Out: for each stack and size of blocks its calls. Invariant: the key is what a dump has right: sizes, files
//! and lines.
//! Knows no dump.

use crate::model::{LocationId, Snapshot, Symbols};

use super::samples::{AllocatedAt, Known, Site};

/// The stacks of a profile.
pub fn known(symbols: &Symbols, snapshot: &Snapshot) -> Known {
    let rows = (0..snapshot.len()).map(|row| (snapshot.stack(row), symbols.block_size(snapshot.labels(row))));
    rows.map(|(stack, size)| (site(symbols, stack, size), calls(symbols, stack))).collect()
}

/// What a stack of a profile is in a dump.
pub fn site(symbols: &Symbols, stack: &[LocationId], block_size: i64) -> Site {
    let lines = calls(symbols, stack).into_iter().map(|call| (call.file, call.line)).collect();
    Site { size: block_size.max(0).unsigned_abs(), lines }
}

fn calls(symbols: &Symbols, stack: &[LocationId]) -> Vec<AllocatedAt> {
    let lines = stack.iter().flat_map(|location| &symbols.location(*location).lines);
    let call = |line: &crate::model::Line| {
        let function = line.function.map(|function| symbols.function(function));
        let text = |id| symbols.str(id).to_owned();
        AllocatedAt {
            function: function.map(|function| text(function.name)).unwrap_or_default(),
            file: function.map(|function| text(function.file)).unwrap_or_default(),
            line: line.line.max(0).unsigned_abs(),
        }
    };
    lines.map(call).collect()
}
