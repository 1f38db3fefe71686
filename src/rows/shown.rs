//! From an entry to the shown rows it counts for.
//!
//! In: the numbers of the rows shown. Out: their positions by entry, in constant time.
//! Invariant: a position is given once per entry, however often the row stands in the stack.

use crate::diff::Diff;
use crate::model::hash::HashSet;

use super::tally::RowOfEntry;
use super::{Part, Row};

/// The rows shown, by row number.
pub(super) struct Shown<'a> {
    numbers: &'a RowOfEntry,
    positions: Vec<u32>,
    /// Rows that allocate something themselves are explained by that; the others by what is below them.
    allocates: Vec<bool>,
    /// Whether some row does not.
    has_callers: bool,
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
        let allocates: Vec<bool> = rows.iter().map(|row| !row.flat.is_zero()).collect();
        Self { numbers, positions, has_callers: allocates.contains(&false), allocates, part }
    }

    /// The shown row that is explained by what this entry allocates at its leaf.
    pub fn of_leaf(&self, entry: usize) -> Option<usize> {
        let position = self.position(self.numbers.flat_row(entry)).filter(|position| self.allocates[*position]);
        position.filter(|_| self.part.has(entry))
    }

    /// The shown rows that are explained by what is below them, among the rows of this entry: each with the first frame
    /// of the stack that it counts, from the leaf on, if it counts frames.
    pub fn callers(&self, diff: &Diff, entry: usize) -> Vec<(usize, Option<usize>)> {
        let mut callers = Vec::new();
        if !self.has_callers || !self.part.has(entry) {
            return callers;
        }
        let mut seen = HashSet::default();
        let mut frames = 0..;
        self.numbers.for_each_row(diff, entry, |row| {
            let frame = frames.next().filter(|_| self.numbers.counts_frames(row));
            let position = self.position(row).filter(|position| !self.allocates[*position] && seen.insert(*position));
            callers.extend(position.map(|position| (position, frame)));
        });
        callers
    }

    fn position(&self, row: usize) -> Option<usize> {
        Some(self.positions[row]).filter(|position| *position != HIDDEN).map(|position| position as usize)
    }
}
