//! What a limit is held against: the values of a metric before and after, by entry and by stack, without what is set
//! aside.
//!
//! In: a diff, a metric, two snapshots, the entries set aside. Out: a [`Measure`].
//! Invariant: integers; sums cannot overflow, which the diff has checked. Of several runs the values are means, rounded
//! down once, after they were summed up.

use crate::diff::Diff;

use super::Span;

/// The values of a metric in two snapshots.
pub(super) struct Measure<'a> {
    diff: &'a Diff,
    /// By entry, of all runs together.
    sums: Vec<Values>,
    /// How many runs that are, before and after.
    runs: (i64, i64),
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
        let before = span.from.map_or_else(|| vec![0; diff.entry_count()], |from| diff.sums_over_runs(metric, from));
        let values = before.into_iter().zip(diff.sums_over_runs(metric, span.to)).zip(aside);
        let values = values.map(|((before, after), aside)| match aside {
            true => Values::default(),
            false => Values { before, after },
        });
        let runs = [span.from.unwrap_or(span.to), span.to].map(|snapshot| diff.run_count(snapshot) as i64);
        let folded = span.from.and_then(|from| Folded::new(diff, metric, from));
        Self { diff, sums: values.collect(), runs: (runs[0], runs[1]), aside, folded }
    }

    /// The mean over the runs of a sum over all of them.
    fn mean(&self, Values { before, after }: Values) -> Values {
        Values { before: before.div_euclid(self.runs.0), after: after.div_euclid(self.runs.1) }
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
            unknown
                .map(|entry| self.mean(self.sums[entry]).after.clamp(0, folded.largest))
                .sum::<i64>()
                .min(folded.total)
        });
        Values { before: sum.before + folded, ..sum }
    }

    /// The sum of all entries for which `has` is true.
    pub fn sum(&self, has: impl Fn(usize) -> bool) -> Values {
        let entries = self.entries().filter(|entry| has(*entry));
        self.mean(entries.map(|entry| self.sums[entry]).fold(Values::default(), Values::add))
    }

    /// The sum of each stack, counted as in [`Measure::part`].
    pub fn stacks(&self) -> Vec<Values> {
        let mut stacks = vec![Values::default(); self.diff.stack_count()];
        for entry in self.entries() {
            let stack = &mut stacks[self.diff.stack_of(entry)];
            *stack = stack.add(self.sums[entry]);
        }
        stacks.iter_mut().for_each(|stack| *stack = self.mean(*stack));
        if let Some(folded) = &self.folded {
            for entry in self.entries().filter(|entry| !folded.is_known[*entry]) {
                let was = self.mean(self.sums[entry]).after.clamp(0, folded.largest.min(folded.total));
                stacks[self.diff.stack_of(entry)].before += was;
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
