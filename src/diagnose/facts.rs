//! The numbers of every case: what it held in each snapshot, and where its owner stands.
//!
//! In: cases. Out: sums by case. Invariant: one pass over the samples of each metric, whatever the number of cases.

use crate::diff::Diff;
use crate::model::Series;
use crate::model::hash::HashMap;
use crate::rows::{Blame, best, for_each_change};
use crate::rows::{Part, Place};

use super::case::Case;
use super::observe::{Changes, FunctionId};

/// The numbers of all cases.
pub(super) struct Facts {
    values: Vec<Series>,
    objects: Option<Vec<Series>>,
    allocated: Option<Vec<Series>>,
    places: Vec<Option<Place>>,
    /// The metric compared, with the entries, in all block sizes of the stacks.
    stacks: Vec<(Series, Vec<usize>)>,
}

const NONE: u32 = u32::MAX;

impl Facts {
    pub fn new(changes: &Changes<'_>, growth: &[i64], cases: &[Case]) -> Self {
        let diff = changes.diff;
        let mut case_of = vec![NONE; diff.entry_count()];
        for (number, case) in cases.iter().enumerate() {
            for member in case.members() {
                case_of[*member] = number as u32;
            }
        }
        let sums = |metric: usize| by_case(diff, metric, cases.len(), |entry| case_of[entry]);
        // What a stack allocated and freed again is counted too, also in sizes of which as much is left as before.
        let mut case_of_stack = vec![NONE; diff.stack_count()];
        for (entry, case) in case_of.iter().enumerate().filter(|(_, case)| **case != NONE) {
            case_of_stack[diff.stack_of(entry)] = *case;
        }
        let of_stacks = |metric: usize| by_case(diff, metric, cases.len(), |entry| case_of_stack[diff.stack_of(entry)]);
        let mut entries = vec![Vec::new(); cases.len()];
        for entry in (0..diff.entry_count()).filter(|entry| case_of_stack[diff.stack_of(*entry)] != NONE) {
            entries[case_of_stack[diff.stack_of(entry)] as usize].push(entry);
        }
        Self {
            stacks: of_stacks(diff.metric).into_iter().zip(entries).collect(),
            values: sums(diff.metric),
            objects: diff.objects().map(sums),
            allocated: diff.allocated().map(of_stacks),
            places: places(changes, growth, cases, &case_of),
        }
    }

    /// The metric compared.
    pub fn values(&self, case: usize) -> &Series {
        &self.values[case]
    }

    /// The metric compared in all block sizes of its stacks, and their entries: an array that grows leaves one size
    /// for the next, and in between it was in one that it has left again.
    pub fn of_stacks(&self, case: usize) -> &(Series, Vec<usize>) {
        &self.stacks[case]
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

fn by_case(diff: &Diff, metric: usize, cases: usize, case_of: impl Fn(usize) -> u32) -> Vec<Series> {
    let mut sums = vec![Series(vec![0; diff.snapshots.len()]); cases];
    for snapshot in 0..diff.snapshots.len() {
        for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(metric, snapshot)) {
            let case = case_of(*entry as usize);
            if case != NONE {
                sums[case as usize].0[snapshot] += value;
            }
        }
    }
    sums
}

/// Where the owner of each case stands: in its stacks, or where it was told from others, in those it owns.
fn places(changes: &Changes<'_>, growth: &[i64], cases: &[Case], case_of: &[u32]) -> Vec<Option<Place>> {
    let mut wanted = case_of.to_vec();
    let mut told: HashMap<FunctionId, u32> = HashMap::default();
    for (number, case) in cases.iter().enumerate() {
        if let Some(owner) = case.owner {
            told.entry(owner).or_insert(number as u32);
        }
    }
    for entry in changes.iter().filter(|entry| case_of[*entry] == NONE) {
        wanted[entry] = changes.owner(entry).and_then(|owner| told.get(&owner).copied()).unwrap_or(NONE);
    }
    let mut blame = vec![Blame::default(); cases.len()];
    for_each_change(changes.diff, growth, &Part::whole(changes.diff), |entry, stack, value| {
        let case = wanted[entry] as usize;
        let Some(owner) = cases.get(case).and_then(|case| case.owner) else { return };
        if let Some(frame) = changes.diff.keys.frames(stack).find(|(key, _)| changes.function(*key) == owner) {
            *blame[case].entry(frame).or_default() += value;
        }
    });
    let place = |at: usize| best(changes.diff, &blame[at]).map(|((key, spot), _)| Place { key, spot });
    let same_owner = |at: usize| (0..cases.len()).filter(move |other| cases[*other].owner == cases[at].owner);
    (0..cases.len()).map(|at| place(at).or_else(|| same_owner(at).find_map(place))).collect()
}
