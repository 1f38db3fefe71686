//! From an entry to the shown rows it counts for.
//!
//! In: the numbers of the rows shown. Out: their positions by entry, in constant time.
//! Invariant: a position is given once per entry, however often the row stands in the stack.

use crate::diff::Diff;
use crate::model::LocationId;

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

/// A frame of a stack.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// How many stand before it, from the leaf on.
    pub at: usize,
    /// Its number among the frames of all locations.
    pub number: usize,
}

/// The rows that a stack has already counted for: those of the round under way.
pub(super) struct Seen {
    round: usize,
    rounds: Vec<usize>,
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

    /// The shown row that a frame counts for, by the number of the frame.
    pub fn of_frame(&self, diff: &Diff, number: usize) -> Option<usize> {
        self.position(diff.keys.group_of_frame(number).index())
    }

    /// Calls `each` with the shown rows that are explained by what is below them, among the rows of this stack: each once,
    /// with the first frame that it counts, from the leaf on, if it counts frames.
    pub fn for_each_caller(
        &self,
        diff: &Diff,
        (entry, stack): (usize, &[LocationId]),
        seen: &mut Seen,
        mut each: impl FnMut(usize, Option<Frame>),
    ) {
        if !self.has_callers || !self.part.has(entry) {
            return;
        }
        let caller = |row: usize| self.position(row).filter(|position| !self.allocates[*position]);
        seen.round += 1;
        if !self.numbers.counts_frames(self.numbers.flat_row(entry)) {
            caller(self.numbers.flat_row(entry)).into_iter().for_each(|position| each(position, None));
            return;
        }
        let numbers = stack.iter().flat_map(|location| diff.keys.frame_numbers(*location));
        for (at, number) in numbers.enumerate() {
            if let Some(position) = caller(diff.keys.group_of_frame(number).index())
                && std::mem::replace(&mut seen.rounds[position], seen.round) != seen.round
            {
                each(position, Some(Frame { at, number }));
            }
        }
    }

    /// Nothing seen yet.
    pub fn unseen(&self) -> Seen {
        Seen { round: 0, rounds: vec![0; self.allocates.len()] }
    }

    /// Whether rows stand for stacks, which share their frames with others.
    pub fn are_stacks(&self) -> bool {
        self.numbers.are_stacks()
    }

    fn position(&self, row: usize) -> Option<usize> {
        Some(self.positions[row]).filter(|position| *position != HIDDEN).map(|position| position as usize)
    }
}
