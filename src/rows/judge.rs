//! The evidence of every row: whether its change is real.
//!
//! In: the rows of a diff and what they changed. Out: evidence by row, and of the total. Invariant: all rows are judged
//! together, shown or not, so that among those called real the share of noise is bounded whatever is shown; what a row
//! allocated itself and what it and all below it did are judged apart.
//! Knows nothing of ranking.

use std::ops::Range;

use rayon::prelude::*;

use crate::diff::Diff;

use super::tally::{RowOfEntry, Tally, parts};
use crate::stats::{Basis, Evidence, Moments, Regime, Sampling, Span, Test, Verdict, Verdicts};

/// The evidence of all rows.
pub(crate) struct Judgement {
    pub sampling: Sampling,
    flat: Judged,
    /// Where rows are ranked by what they and all below them changed.
    cum: Option<Judged>,
    /// The samples behind the total.
    total: Moments,
}

/// One change of each row, all tested together.
struct Judged {
    tests: Vec<Option<Test>>,
    verdicts: Verdicts,
}

impl Judged {
    fn new(sampling: &Sampling, moments: &[Moments], delta: impl Fn(usize) -> i64 + Sync) -> Self {
        let test = |(row, moments): (usize, &Moments)| sampling.test(delta(row), moments);
        let tests: Vec<Option<Test>> = moments.par_iter().enumerate().with_min_len(256).map(test).collect();
        let changed = tests.iter().enumerate().filter(|(row, _)| delta(*row) != 0).filter_map(|(_, test)| *test);
        let verdicts = Verdicts::together(sampling, &changed.collect::<Vec<_>>());
        Self { tests, verdicts }
    }

    fn of_row(&self, row: usize) -> Option<Evidence> {
        self.tests[row].map(|test| self.verdicts.evidence(&test))
    }
}

impl Judgement {
    /// Judges the change of each row; with `by_cum` also what it and all below it changed.
    pub fn new(diff: &Diff, tally: &Tally<'_>, by_cum: bool, forced: Option<Regime>) -> Self {
        let rows = &tally.rows;
        let sampling = Sampling::new(diff, diff.metric, Span::whole(diff), forced);
        let moments = |sum: fn(&Diff, &RowOfEntry, &Sampling) -> Vec<Moments>| match sampling.basis() {
            Basis::Sampled(_) => sum(diff, rows, &sampling),
            Basis::Exact | Basis::Unknown(_) => vec![Moments::default(); rows.len()],
        };
        let of_flat = moments(flat);
        let total = of_flat.iter().fold(Moments::default(), joined);
        let flat = Judged::new(&sampling, &of_flat, |row| tally.flat(row).delta());
        let cum = by_cum.then(|| Judged::new(&sampling, &moments(cumulative), |row| tally.cum(row).delta()));
        Self { sampling, flat, cum, total }
    }

    /// The evidence of what a row changed itself; `None` where the files do not tell.
    pub fn of_flat(&self, row: usize) -> Option<Evidence> {
        self.flat.of_row(row)
    }

    /// The evidence of what a row and all below it changed; `None` also where that was not asked for.
    pub fn of_cum(&self, row: usize) -> Option<Evidence> {
        self.cum.as_ref()?.of_row(row)
    }

    /// Whether sampling alone may have made the change that a row is ranked by.
    pub fn is_noise(&self, row: usize) -> bool {
        let ranked = self.cum.as_ref().unwrap_or(&self.flat);
        ranked.of_row(row).is_some_and(|evidence| evidence.verdict == Verdict::Noise)
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

/// The samples behind what each row allocates itself.
fn flat(diff: &Diff, rows: &RowOfEntry, sampling: &Sampling) -> Vec<Moments> {
    let add = |mut sums: Vec<Moments>, entry: usize| {
        sums[rows.flat_row(entry)].add(&sampling.of_entry(entry));
        sums
    };
    sum(diff, rows, add)
}

/// The samples behind what each row and all below it allocate, each entry once.
fn cumulative(diff: &Diff, rows: &RowOfEntry, sampling: &Sampling) -> Vec<Moments> {
    let add = |mut sums: Vec<Moments>, entry: usize| {
        let moments = sampling.of_entry(entry);
        let mut counted = Vec::new();
        rows.for_each_row(diff, entry, |row| counted.push(row));
        counted.sort_unstable();
        counted.dedup();
        for row in counted {
            sums[row].add(&moments);
        }
        sums
    };
    sum(diff, rows, add)
}

/// Adds up all entries, part by part side by side.
fn sum(diff: &Diff, rows: &RowOfEntry, add: impl Fn(Vec<Moments>, usize) -> Vec<Moments> + Sync) -> Vec<Moments> {
    let sum = |part: Range<usize>| part.fold(vec![Moments::default(); rows.len()], &add);
    let join = |mut a: Vec<Moments>, b: Vec<Moments>| {
        for (a, b) in a.iter_mut().zip(&b) {
            a.add(b);
        }
        a
    };
    parts(diff.entry_count())
        .into_par_iter()
        .map(sum)
        .reduce_with(join)
        .unwrap_or_else(|| vec![Moments::default(); rows.len()])
}
