//! The evidence of every row: whether its change is real.
//!
//! In: the rows of a diff and the changes they show. Out: evidence by row, and of the total. Invariant: all rows are
//! judged together, shown or not, so that among those called real the share of noise is bounded whatever is shown.
//! Knows nothing of ranking.

use rayon::prelude::*;

use crate::diff::Diff;

use super::evidence::{Basis, Evidence, Moments, Regime, Sampling, Span, Test, Verdict, Verdicts};
use super::tally::RowOfEntry;

/// The evidence of all rows.
pub(super) struct Judgement {
    pub sampling: Sampling,
    tests: Vec<Option<Test>>,
    verdicts: Verdicts,
    /// The samples behind the total.
    total: Moments,
}

/// Entries worth a thread of their own.
const MANY: usize = 1 << 14;

impl Judgement {
    /// Judges the change of each row, given by `delta`; `by_cum` where that is what the row and all below it changed.
    pub fn new(
        diff: &Diff,
        rows: &RowOfEntry,
        by_cum: bool,
        forced: Option<Regime>,
        delta: impl Fn(usize) -> i64 + Sync,
    ) -> Self {
        let sampling = Sampling::new(diff, diff.metric, Span::whole(diff), forced);
        let moments = match sampling.basis() {
            Basis::Sampled(_) if by_cum => cumulative(diff, rows, &sampling, |_| true),
            Basis::Sampled(_) => flat(diff, rows, &sampling),
            Basis::Exact | Basis::Unknown(_) => vec![Moments::default(); rows.len()],
        };
        let total = if by_cum { whole(diff, &sampling) } else { moments.iter().fold(Moments::default(), joined) };
        let test = |(row, moments): (usize, &Moments)| sampling.test(delta(row), moments);
        let tests: Vec<Option<Test>> = moments.par_iter().enumerate().with_min_len(256).map(test).collect();
        let changed = tests.iter().enumerate().filter(|(row, _)| delta(*row) != 0).filter_map(|(_, test)| *test);
        let verdicts = Verdicts::together(&sampling, &changed.collect::<Vec<_>>());
        Self { sampling, tests, verdicts, total }
    }

    /// The evidence of a row; `None` where the files do not tell.
    pub fn of_row(&self, row: usize) -> Option<Evidence> {
        self.tests[row].map(|test| self.verdicts.evidence(&test))
    }

    /// Whether sampling alone may have made the change of a row.
    pub fn is_noise(&self, row: usize) -> bool {
        self.of_row(row).is_some_and(|evidence| evidence.verdict == Verdict::Noise)
    }

    /// The evidence of rows by what is below them. They are measured against the same bounds as all others.
    pub fn of_callers(
        &self,
        diff: &Diff,
        rows: &RowOfEntry,
        callers: &[usize],
        delta: impl Fn(usize) -> i64,
    ) -> Vec<Option<Evidence>> {
        if callers.is_empty() {
            return Vec::new();
        }
        let moments = cumulative(diff, rows, &self.sampling, |row| callers.contains(&row));
        let test = |row: &usize| self.sampling.test(delta(*row), &moments[*row]);
        callers.iter().map(test).map(|test| test.map(|test| self.verdicts.evidence(&test))).collect()
    }

    /// The evidence of the total, which nobody picked for its growth.
    pub fn of_total(&self, delta: i64) -> Option<Evidence> {
        let test = self.sampling.test(delta, &self.total)?;
        Some(Verdicts::alone(&self.sampling).evidence(&test))
    }
}

fn joined(mut sum: Moments, other: &Moments) -> Moments {
    sum.add(other);
    sum
}

/// The samples behind all entries.
fn whole(diff: &Diff, sampling: &Sampling) -> Moments {
    let entries = (0..diff.entry_count()).into_par_iter().with_min_len(MANY).map(|entry| sampling.of_entry(entry));
    entries.reduce(Moments::default, |a, b| joined(a, &b))
}

/// The samples behind what each row allocates itself.
fn flat(diff: &Diff, rows: &RowOfEntry, sampling: &Sampling) -> Vec<Moments> {
    let add = |mut sums: Vec<Moments>, entry: usize| {
        sums[rows.flat_row(entry)].add(&sampling.of_entry(entry));
        sums
    };
    sum(diff, rows, add)
}

/// The samples behind what each wanted row and all below it allocate, each entry once.
fn cumulative(
    diff: &Diff,
    rows: &RowOfEntry,
    sampling: &Sampling,
    wanted: impl Fn(usize) -> bool + Sync,
) -> Vec<Moments> {
    let add = |mut sums: Vec<Moments>, entry: usize| {
        let moments = sampling.of_entry(entry);
        let mut counted = Vec::new();
        rows.for_each_row(diff, entry, |row| {
            if wanted(row) && !counted.contains(&row) {
                counted.push(row);
                sums[row].add(&moments);
            }
        });
        sums
    };
    sum(diff, rows, add)
}

/// Adds up all entries, part by part side by side.
fn sum(diff: &Diff, rows: &RowOfEntry, add: impl Fn(Vec<Moments>, usize) -> Vec<Moments> + Sync) -> Vec<Moments> {
    let part = diff.entry_count().div_ceil(rayon::current_num_threads()).max(MANY);
    let starts: Vec<usize> = (0..diff.entry_count()).step_by(part).collect();
    let sum = |start: usize| {
        let end = (start + part).min(diff.entry_count());
        (start..end).fold(vec![Moments::default(); rows.len()], &add)
    };
    let join = |mut a: Vec<Moments>, b: Vec<Moments>| {
        for (a, b) in a.iter_mut().zip(&b) {
            a.add(b);
        }
        a
    };
    starts.into_par_iter().map(sum).reduce_with(join).unwrap_or_else(|| vec![Moments::default(); rows.len()])
}
