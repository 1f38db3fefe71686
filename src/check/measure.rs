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
    folded: Option<Folded>,
}

/// What a baseline folded together: stacks of which it tells no more than how large all and the largest were.
struct Folded {
    /// For each entry whether the baseline has it.
    is_known: Vec<bool>,
    total: i64,
    largest: i64,
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
        let folded = span.from.and_then(|from| Folded::new(diff, metric, from));
        Self { diff, before: without(before), after: without(diff.column(metric, span.to)), aside, folded }
    }

    fn entry(&self, entry: usize) -> Values {
        Values { before: self.before[entry], after: self.after[entry] }
    }

    /// All that is not set aside.
    pub fn entries(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.aside.len()).filter(|entry| !self.aside[*entry])
    }

    /// The sum of some entries. What a baseline may have folded together of them counts as having been there: a stack
    /// it does not have was at most as large as the largest folded, and all of them as large as all folded.
    pub fn part(&self, has: impl Fn(usize) -> bool) -> Values {
        let sum = self.sum(&has);
        let folded = self.folded.as_ref().map_or(0, |folded| {
            let unknown = self.entries().filter(|entry| has(*entry) && !folded.is_known[*entry]);
            unknown.map(|entry| self.after[entry].clamp(0, folded.largest)).sum::<i64>().min(folded.total)
        });
        Values { before: sum.before + folded, ..sum }
    }

    /// The sum of all entries for which `has` is true.
    pub fn sum(&self, has: impl Fn(usize) -> bool) -> Values {
        let entries = self.entries().filter(|entry| has(*entry));
        entries.map(|entry| self.entry(entry)).fold(Values::default(), Values::add)
    }

    /// The sum of each stack, counted as in [`Measure::part`].
    pub fn stacks(&self) -> Vec<Values> {
        let mut stacks = vec![Values::default(); self.diff.stack_count()];
        for entry in self.entries() {
            let stack = &mut stacks[self.diff.stack_of(entry)];
            *stack = stack.add(self.entry(entry));
            if let Some(folded) = self.folded.as_ref().filter(|folded| !folded.is_known[entry]) {
                stack.before += self.after[entry].clamp(0, folded.largest.min(folded.total));
            }
        }
        stacks
    }
}

impl Folded {
    fn new(diff: &Diff, metric: usize, snapshot: usize) -> Option<Self> {
        let largest = diff.largest_folded(metric, snapshot)?;
        let mut is_known = vec![false; diff.entry_count()];
        let mut total = 0;
        let values = diff.row_values(metric, snapshot);
        for ((row, entry), value) in diff.entry_of_row(snapshot).iter().enumerate().zip(values) {
            is_known[*entry as usize] = true;
            total += if diff.snapshots[snapshot].stack(row).is_empty() { value.max(0) } else { 0 };
        }
        Some(Self { is_known, total, largest })
    }
}
