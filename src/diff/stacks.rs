//! The whole stacks of a diff with their values: entries of one stack that differ in block size added up.
//!
//! In: a [`Diff`] and the metrics wanted. Out: before and after of every stack. Invariant: the values of all stacks add
//! up to the totals; a stack that is 0 before and after in every metric takes no part.
//! Knows nothing of trees but how to walk a stack for one.

use rayon::prelude::*;

use crate::model::LocationId;

use super::tree::Sums;
use super::{Diff, KeyId};

/// The stacks of a diff that hold something before or after.
#[derive(Debug)]
pub struct Stacks<'a> {
    diff: &'a Diff,
    live: Vec<u32>,
    /// The locations of each stack, which are gone to once for every frame.
    locations: Vec<&'a [LocationId]>,
    /// Before and after of each stack of the diff, metric by metric.
    values: Vec<(i64, i64)>,
    metrics: Vec<usize>,
}

/// How far a stack has been walked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    location: u32,
    line: u32,
}

impl Cursor {
    /// The next frame of a stack, by its number: from the root, or from the leaf when `inverted`.
    pub fn next(&mut self, diff: &Diff, stack: &[LocationId], inverted: bool) -> Option<usize> {
        let at = |length: usize, index: usize| if inverted { index } else { length - 1 - index };
        while (self.location as usize) < stack.len() {
            let location = stack[at(stack.len(), self.location as usize)];
            let frames = diff.keys.frame_numbers(location);
            if (self.line as usize) < frames.len() {
                let number = frames.start + at(frames.len(), self.line as usize);
                self.line += 1;
                return Some(number);
            }
            *self = Self { location: self.location + 1, line: 0 };
        }
        None
    }
}

impl<'a> Stacks<'a> {
    /// The stacks of `diff` with their values in `metrics`, which are indices into [`Diff::metrics`].
    pub fn new(diff: &'a Diff, metrics: &[usize]) -> Self {
        let width = metrics.len();
        let newest = diff.snapshots.len().saturating_sub(1);
        let mut values = vec![(0, 0); diff.stack_count() * width];
        for (at, metric) in metrics.iter().enumerate() {
            for snapshot in ends(diff) {
                let rows = diff.entry_of_row(snapshot).iter().zip(diff.row_values(*metric, snapshot));
                for (entry, value) in rows {
                    let (before, after) = &mut values[diff.stack_of(*entry as usize) * width + at];
                    *(if snapshot == newest { after } else { before }) += value;
                }
            }
        }
        let holds = |stack: &u32| {
            let at = *stack as usize * width;
            values[at..at + width].iter().any(|value| *value != (0, 0))
        };
        let live = (0..diff.stack_count() as u32).into_par_iter().filter(holds).collect();
        let locations = (0..diff.stack_count()).map(|stack| diff.stack(diff.first_entry(stack))).collect();
        Self { diff, live, locations, values, metrics: metrics.to_vec() }
    }

    /// The stacks that hold something: numbers below [`Diff::stack_count`].
    pub fn live(&self) -> &[u32] {
        &self.live
    }

    /// Before and after of a stack, metric by metric. Before is 0 where there is only one snapshot.
    pub fn values(&self, stack: usize) -> &[(i64, i64)] {
        let width = self.metrics.len();
        &self.values[stack * width..(stack + 1) * width]
    }

    /// The frames of a stack, leaf first.
    pub fn keys(&self, stack: usize) -> impl DoubleEndedIterator<Item = KeyId> + '_ {
        self.diff.stack_keys(self.diff.first_entry(stack))
    }

    /// Adds the values of a stack to `sums`, metric by metric.
    pub(super) fn add_to(&self, sums: &mut [Sums], stack: usize) {
        for (sum, (before, after)) in sums.iter_mut().zip(self.values(stack)) {
            *sum += &Sums::of(*before, *after);
        }
    }

    /// The next frame of a stack: from the root, or from the leaf when `inverted`.
    pub(super) fn next_key(&self, stack: usize, cursor: &mut Cursor, inverted: bool) -> Option<KeyId> {
        cursor.next(self.diff, self.locations[stack], inverted).map(|number| self.diff.keys.frame(number).0)
    }
}

/// The oldest snapshot and the newest, or the only one.
pub(super) fn ends(diff: &Diff) -> impl Iterator<Item = usize> {
    let count = diff.snapshots.len();
    (0..count).filter(move |snapshot| *snapshot == 0 || snapshot + 1 == count)
}
