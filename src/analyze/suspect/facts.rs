//! The numbers of every case: what it held in each snapshot, and where its owner stands.
//!
//! In: cases. Out: sums by case. Invariant: one pass over the samples of each metric, whatever the number of cases.

use crate::analyze::responsible::{Blame, best, callers_back, for_each_change, nearest_application_frame};
use crate::analyze::{Place, Series};
use crate::diff::Diff;

use super::cases::Case;
use super::changes::Changes;

/// The numbers of all cases.
pub(super) struct Facts {
    values: Vec<Series>,
    objects: Option<Vec<Series>>,
    allocated: Option<Vec<Series>>,
    places: Vec<Option<Place>>,
}

const NONE: u32 = u32::MAX;

impl Facts {
    pub fn new(changes: &Changes<'_>, growth: &[i64], cases: &[Case]) -> Self {
        let diff = changes.diff;
        let mut case_of = vec![NONE; diff.entry_count()];
        for (number, case) in cases.iter().enumerate() {
            for member in &case.members {
                case_of[changes.list[*member].entry] = number as u32;
            }
        }
        let sums = |metric: usize| sums(diff, metric, &case_of, cases.len());
        Self {
            values: sums(diff.metric),
            objects: diff.companion("space", "objects").map(sums),
            allocated: diff.companion("inuse_", "alloc_").map(sums),
            places: places(changes, growth, cases, &case_of),
        }
    }

    /// The metric compared.
    pub fn values(&self, case: usize) -> &Series {
        &self.values[case]
    }

    /// The number of objects.
    pub fn objects(&self, case: usize) -> Option<Series> {
        self.objects.as_ref().map(|objects| objects[case].clone())
    }

    /// Growth in use divided by growth allocated.
    pub fn kept_ratio(&self, case: usize) -> Option<f64> {
        let allocated = self.allocated.as_ref()?[case].delta();
        (allocated > 0).then(|| self.values[case].delta() as f64 / allocated as f64)
    }

    /// The owner, at the line that most of the growth runs through.
    pub fn place(&self, case: usize) -> Option<Place> {
        self.places[case].clone()
    }
}

fn sums(diff: &Diff, metric: usize, case_of: &[u32], cases: usize) -> Vec<Series> {
    let mut sums = vec![Series(vec![0; diff.snapshots.len()]); cases];
    for snapshot in 0..diff.snapshots.len() {
        for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(metric, snapshot)) {
            let case = case_of[*entry as usize];
            if case != NONE {
                sums[case as usize].0[snapshot] += value;
            }
        }
    }
    sums
}

fn places(changes: &Changes<'_>, growth: &[i64], cases: &[Case], case_of: &[u32]) -> Vec<Option<Place>> {
    let diff = changes.diff;
    let calls_back = callers_back(diff);
    let mut blame = vec![Blame::default(); cases.len()];
    for_each_change(diff, growth, |entry, stack, value| {
        let case = case_of[entry] as usize;
        let Some(owner) = cases.get(case).and_then(|case| case.owner) else { return };
        let nearest = nearest_application_frame(diff, stack, &calls_back).map(|(frame, _)| frame);
        if let Some(frame) = nearest.filter(|(key, _)| changes.function(*key) == owner) {
            *blame[case].entry(frame).or_default() += value;
        }
    });
    blame.iter().map(|blame| best(diff, blame).map(|((key, spot), _)| Place { key, spot })).collect()
}
