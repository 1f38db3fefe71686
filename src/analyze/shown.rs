//! From an entry to the shown rows it counts for.
//!
//! In: the numbers of the rows shown. Out: their positions by entry, in constant time.
//! Invariant: a position is given once per entry, however often the row stands in the stack.

use crate::diff::Diff;

use super::tally::RowOfEntry;
use super::{Part, Row};

/// The rows shown, by row number.
pub(super) struct Shown<'a> {
    numbers: &'a RowOfEntry,
    positions: Vec<u32>,
    /// Rows that allocate something themselves are explained by that; the others by what is below them.
    allocates: Vec<bool>,
    /// What is explained.
    pub part: Part<'a>,
}

const HIDDEN: u32 = u32::MAX;

impl<'a> Shown<'a> {
    /// `shown` holds the row numbers of `rows`.
    pub fn new(numbers: &'a RowOfEntry, shown: &[usize], rows: &[Row], part: Part<'a>) -> Self {
        let mut positions = vec![HIDDEN; numbers.len()];
        for (position, row) in shown.iter().enumerate() {
            positions[*row] = position as u32;
        }
        Self { numbers, positions, allocates: rows.iter().map(|row| !row.flat.is_zero()).collect(), part }
    }

    /// The shown row that is explained by what this entry allocates at its leaf.
    pub fn of_leaf(&self, entry: usize) -> Option<usize> {
        let position = self.position(self.numbers.flat_row(entry)).filter(|position| self.allocates[*position]);
        position.filter(|_| self.part.has(entry))
    }

    /// Calls `each` with the shown rows that are explained by what is below them, among the rows of this entry.
    pub fn for_each_caller(&self, diff: &Diff, entry: usize, mut each: impl FnMut(usize)) {
        if self.allocates.iter().all(|allocates| *allocates) || !self.part.has(entry) {
            return;
        }
        let mut seen = Vec::new();
        self.numbers.for_each_row(diff, entry, |row| {
            let position = self.position(row).filter(|position| !self.allocates[*position] && !seen.contains(position));
            if let Some(position) = position {
                seen.push(position);
                each(position);
            }
        });
    }

    fn position(&self, row: usize) -> Option<usize> {
        Some(self.positions[row]).filter(|position| *position != HIDDEN).map(|position| position as usize)
    }
}
