//! Parts of a heap's suspects: their sums, and what the samples make of them.
//!
//! In: a diff of heaps; entries of a suspect. Out: the suspect made of these entries; whether it grew by as many objects as
//! there are more goroutines. Invariant: sums are those of the entries given, whatever the suspect was made of before.
//! Knows nothing of goroutines but their number.

use std::cmp::Reverse;

use crate::diagnose::{Suspect, stacks_of};
use crate::diff::Diff;
use crate::model::Series;
use crate::model::hash::HashSet;
use crate::rows::Part;
use crate::stats::{Basis, LIKELY, Sampling, Span};

/// Two profiles are not of the same moment, and a heap profile may be older than it was fetched: numbers that differ by
/// this part are the same.
const SLACK: i64 = 10;
/// A number of objects with a larger relative error is no number.
const VAGUE: f64 = 0.6;

/// The sums of a heap by entry.
pub(super) struct Heap<'a> {
    pub diff: &'a Diff,
    values: Vec<Vec<i64>>,
    objects: Option<Vec<Vec<i64>>>,
    /// Growth in allocations by stack.
    allocated: Option<Vec<i64>>,
    sampling: Sampling,
    of_objects: Sampling,
}

/// How the number of objects compares with the number of goroutines that came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// How far they are apart, in parts of the number of goroutines.
    pub distance: f64,
    /// Whether the samples tell the number of objects at all.
    pub is_told: bool,
}

impl<'a> Heap<'a> {
    /// `basis` is what the evidence of the heap was computed from.
    pub fn new(diff: &'a Diff, basis: Basis) -> Self {
        let columns = |metric: usize| -> Vec<Vec<i64>> {
            (0..diff.snapshots.len()).map(|snapshot| diff.column(metric, snapshot)).collect()
        };
        let objects = diff.objects();
        let sampling = Sampling::new(diff, diff.metric, Span::whole(diff), basis.regime());
        let allocated = diff.allocated().map(|metric| {
            let mut growth = vec![0; diff.stack_count()];
            for (snapshot, is_base) in Part::whole(diff).sides() {
                for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(metric, snapshot)) {
                    growth[diff.stack_of(*entry as usize)] += if is_base { -value } else { value };
                }
            }
            growth
        });
        Self {
            diff,
            values: columns(diff.metric),
            objects: objects.map(columns),
            allocated,
            of_objects: sampling.of_objects(diff, Span::whole(diff)),
            sampling,
        }
    }

    /// What an entry grew by.
    pub fn growth(&self, entry: usize) -> i64 {
        delta(&self.values, entry)
    }

    /// A suspect that holds other entries than it did.
    pub fn of_entries(&self, suspect: &Suspect, mut entries: Vec<usize>) -> Suspect {
        entries.sort_by_key(|entry| (Reverse(self.growth(*entry)), *entry));
        entries.dedup();
        let sum = |columns: &Vec<Vec<i64>>| {
            Series(columns.iter().map(|column| entries.iter().map(|entry| column[*entry]).sum()).collect())
        };
        let values = sum(&self.values);
        let stacks: HashSet<usize> = entries.iter().map(|entry| self.diff.stack_of(*entry)).collect();
        let allocated = self.allocated.as_ref().map_or(0, |growth| stacks.iter().map(|stack| growth[*stack]).sum());
        let test = self.sampling.test(values.delta(), &self.sampling.moments(entries.iter().copied()));
        Suspect {
            range: test.map_or((values.delta(), values.delta()), |test| (test.low, test.high)),
            objects: self.objects.as_ref().map(sum),
            kept_ratio: (allocated > 0).then(|| values.delta() as f64 / allocated as f64),
            stacks: stacks_of(self.diff, entries.iter().map(|entry| (*entry, self.growth(*entry)))),
            values,
            entries,
            ..suspect.clone()
        }
    }

    /// Whether a suspect grew, and not by sampling alone.
    pub fn is_real(&self, suspect: &Suspect) -> bool {
        let moments = self.sampling.moments(suspect.entries.iter().copied());
        let delta = suspect.values.delta();
        delta > 0 && self.sampling.test(delta, &moments).is_none_or(|test| test.p_growth < LIKELY)
    }

    /// The least number of objects that a suspect grew by, as far as the samples tell.
    pub fn least_objects(&self, suspect: &Suspect) -> i64 {
        let growth = suspect.objects.as_ref().map_or(0, Series::delta);
        let moments = self.of_objects.moments(suspect.entries.iter().copied());
        self.of_objects.test(growth, &moments).map_or(growth, |test| test.low)
    }

    /// Whether most of a suspect grew by as many objects as there are more goroutines, each size and stack by itself, as
    /// far as the samples tell.
    pub fn step(&self, suspect: &Suspect, count: i64) -> Option<Step> {
        let objects = self.objects.as_ref()?;
        let slack = count / SLACK;
        let (mut whole, mut in_step) = (0, 0);
        let mut largest: Option<(i64, Step)> = None;
        for entry in suspect.entries.iter().copied().filter(|entry| self.growth(*entry) > 0) {
            let (value, growth) = (self.growth(entry), delta(objects, entry));
            let test = self.of_objects.test(growth, &self.of_objects.of_entry(entry));
            let (low, high) = test.map_or((growth, growth), |test| (test.low, test.high));
            whole += value;
            if growth <= 0 || count < low - slack || count > high + slack {
                continue;
            }
            in_step += value;
            if largest.is_none_or(|(most, _)| value > most) {
                let distance = (growth - count).abs() as f64 / count.max(1) as f64;
                let is_told = (high - low) as f64 / 2.0 <= VAGUE * growth as f64;
                largest = Some((value, Step { distance, is_told }));
            }
        }
        largest.filter(|_| in_step > whole / 2).map(|(_, step)| step)
    }
}

fn delta(columns: &[Vec<i64>], entry: usize) -> i64 {
    match columns {
        [one] => one[entry],
        [first, .., last] => last[entry] - first[entry],
        [] => 0,
    }
}
