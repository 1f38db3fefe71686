//! What a limit is held against: the values of a metric before and after, by entry and by stack, without what is set
//! aside.
//!
//! In: a diff, a metric, two snapshots, the entries set aside. Out: a [`Measure`].
//! Invariant: integers; sums cannot overflow, which the diff has checked.

use crate::diff::Diff;

use super::Span;

/// The values of a metric in two snapshots.
pub(super) struct Measure<'a> {
    diff: &'a Diff,
    before: Vec<i64>,
    after: Vec<i64>,
    aside: &'a [bool],
}

/// A value before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Values {
    pub before: i64,
    pub after: i64,
}

impl Values {
    pub fn growth(self) -> i64 {
        self.after - self.before
    }

    fn add(self, other: Self) -> Self {
        Self { before: self.before + other.before, after: self.after + other.after }
    }
}

impl<'a> Measure<'a> {
    /// Reads two columns of a diff; entries for which `aside` is true hold nothing.
    pub fn new(diff: &'a Diff, metric: usize, span: Span, aside: &'a [bool]) -> Self {
        let without = |mut column: Vec<i64>| {
            column.iter_mut().zip(aside).filter(|(_, aside)| **aside).for_each(|(value, _)| *value = 0);
            column
        };
        let before = span.from.map_or_else(|| vec![0; diff.entry_count()], |from| diff.column(metric, from));
        Self { diff, before: without(before), after: without(diff.column(metric, span.to)), aside }
    }

    fn entry(&self, entry: usize) -> Values {
        Values { before: self.before[entry], after: self.after[entry] }
    }

    /// All that is not set aside.
    pub fn entries(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.aside.len()).filter(|entry| !self.aside[*entry])
    }

    /// The sum of all entries for which `has` is true.
    pub fn sum(&self, has: impl Fn(usize) -> bool) -> Values {
        let entries = self.entries().filter(|entry| has(*entry));
        entries.map(|entry| self.entry(entry)).fold(Values::default(), Values::add)
    }

    /// The sum of each stack.
    pub fn stacks(&self) -> Vec<Values> {
        let mut stacks = vec![Values::default(); self.diff.stack_count()];
        for entry in 0..self.aside.len() {
            let stack = &mut stacks[self.diff.stack_of(entry)];
            *stack = stack.add(self.entry(entry));
        }
        stacks
    }
}
