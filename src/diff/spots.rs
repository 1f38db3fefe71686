//! The line that stands for a frame on a call path, which its samples may run through at several.
//!
//! In: the samples of a diff, walked frame by frame together with their stacks. Out: for the frames of a split the spot
//! through which most of the change of one metric went. Samples of one stack may stand at different lines, so this asks
//! the samples and not the stacks.
//! Invariant: what is kept is in proportion to the samples, however deep they are.
//! Knows nothing of nodes.

use crate::model::LocationId;
use crate::model::hash::HashMap;

use super::stacks::{Cursor, ends};
use super::{Diff, Spot};

/// A sample and how far it has been walked.
struct Sample<'a> {
    is_newest: bool,
    locations: &'a [LocationId],
    cursor: Cursor,
    value: i64,
}

/// The samples that hold something, those of one stack side by side.
pub(super) struct Samples<'a> {
    diff: &'a Diff,
    samples: Vec<Sample<'a>>,
    /// Where the samples of each stack begin; one more than there are stacks.
    starts: Vec<u32>,
    inverted: bool,
}

impl<'a> Samples<'a> {
    /// Those with a value in a metric, in the oldest snapshot and the newest.
    pub fn new(diff: &'a Diff, metric: usize, inverted: bool) -> Self {
        let mut samples: Vec<(usize, Sample<'_>)> = Vec::new();
        for snapshot in ends(diff) {
            let entries = diff.entry_of_row(snapshot).iter().enumerate();
            for ((row, entry), value) in entries.zip(diff.row_values(metric, snapshot)).filter(|(_, value)| *value != 0)
            {
                let locations = diff.snapshots[snapshot].stack(row);
                let is_newest = snapshot + 1 == diff.snapshots.len();
                let sample = Sample { is_newest, locations, cursor: Cursor::default(), value };
                samples.push((diff.stack_of(*entry as usize), sample));
            }
        }
        samples.sort_by_key(|(stack, _)| *stack);
        let mut starts = vec![0; diff.stack_count() + 1];
        samples.iter().for_each(|(stack, _)| starts[stack + 1] += 1);
        (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
        Self { diff, samples: samples.into_iter().map(|(_, sample)| sample).collect(), starts, inverted }
    }

    /// Walks the samples of a stack one frame further, and adds up the spots where they stand then.
    pub fn step(&mut self, stack: usize, spots: &mut SpotSums) {
        for sample in &mut self.samples[self.starts[stack] as usize..self.starts[stack + 1] as usize] {
            let Sample { is_newest, locations, cursor, value } = sample;
            if let Some(number) = cursor.next(self.diff, locations, self.inverted) {
                let change = if *is_newest { (0, *value) } else { (*value, 0) };
                spots.add(self.diff.keys.frame(number).1, change);
            }
        }
    }
}

/// What went through each spot of a frame: before and after.
#[derive(Default)]
pub(super) struct SpotSums {
    sums: Vec<(Spot, i64, i64)>,
    places: HashMap<Spot, usize>,
    /// The place of the spot added last, which is often the next one.
    last: usize,
}

impl SpotSums {
    fn add(&mut self, spot: Spot, (before, after): (i64, i64)) {
        if self.sums.get(self.last).is_none_or(|(last, ..)| *last != spot) {
            let next = self.sums.len();
            self.last = *self.places.entry(spot).or_insert(next);
            if self.last == next {
                self.sums.push((spot, 0, 0));
            }
        }
        let (_, sum_before, sum_after) = &mut self.sums[self.last];
        *sum_before += before;
        *sum_after += after;
    }

    /// The spot of the largest change, equals being decided by the larger value, then by file and line.
    pub fn heaviest(&self, diff: &Diff) -> Option<Spot> {
        let weight = |(_, before, after): &(Spot, i64, i64)| ((after - before).abs(), *after.max(before));
        let place = |(spot, ..): &(Spot, i64, i64)| (diff.keys.file(*spot), spot.line);
        let heaviest = self.sums.iter().max_by(|a, b| weight(a).cmp(&weight(b)).then_with(|| place(b).cmp(&place(a))));
        heaviest.map(|(spot, ..)| *spot)
    }
}
