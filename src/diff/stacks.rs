//! The whole stacks of a diff with their values: entries of one stack that differ in block size added up.
//!
//! In: a [`Diff`] and the metrics wanted. Out: before and after of every stack. Invariant: the values of all stacks add
//! up to the totals; a stack that is 0 before and after in every metric takes no part.
//! Knows nothing of trees but how to walk a stack for one.

use rayon::prelude::*;

use super::tree::{Node, Sums};
use super::{Diff, KeyId, Spot};

/// The stacks of a diff that hold something before or after.
#[derive(Debug)]
pub struct Stacks<'a> {
    diff: &'a Diff,
    live: Vec<u32>,
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

/// What went through one spot of a frame: before and after.
type SpotSums = (Spot, i64, i64);

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
        Self { diff, live, values, metrics: metrics.to_vec() }
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
        let locations = self.diff.stack(self.diff.first_entry(stack));
        let at = |length: usize, index: usize| if inverted { index } else { length - 1 - index };
        while (cursor.location as usize) < locations.len() {
            let location = locations[at(locations.len(), cursor.location as usize)];
            let keys = self.diff.keys.of_location(location);
            if (cursor.line as usize) < keys.len() {
                let key = keys[at(keys.len(), cursor.line as usize)];
                cursor.line += 1;
                return Some(key);
            }
            *cursor = Cursor { location: cursor.location + 1, line: 0 };
        }
        None
    }

    /// For each node of a tree the spot through which most of the change of the first metric went, equals being decided
    /// by the larger value, then by file and line. `deepest` is the last node of each stack.
    ///
    /// Samples of one stack may stand at different lines, so this asks the samples and not the stacks.
    pub(super) fn heaviest_spots(&self, nodes: &[Node], deepest: &[u32], inverted: bool) -> Vec<Option<Spot>> {
        let mut sums: Vec<Vec<SpotSums>> = vec![Vec::new(); nodes.len()];
        let mut spots = Vec::new();
        let newest = self.diff.snapshots.len().saturating_sub(1);
        let Some(metric) = self.metrics.first() else { return vec![None; nodes.len()] };
        for snapshot in ends(self.diff) {
            let entries = self.diff.entry_of_row(snapshot).iter().enumerate();
            for ((row, entry), value) in entries.zip(self.diff.row_values(*metric, snapshot)) {
                let deepest = deepest[self.diff.stack_of(*entry as usize)] as usize;
                let depth = nodes[deepest].depth;
                if value == 0 || depth == 0 {
                    continue;
                }
                let change = if snapshot == newest { (0, value) } else { (value, 0) };
                let locations = self.diff.snapshots[snapshot].stack(row);
                spots.clear();
                spots.extend(self.diff.keys.frames(locations).map(|(_, spot)| spot));
                if inverted {
                    add_spots(nodes, &mut sums, deepest, spots[..depth].iter().rev(), change);
                } else {
                    add_spots(nodes, &mut sums, deepest, spots[spots.len() - depth..].iter(), change);
                }
            }
        }
        let weight = |(_, before, after): &SpotSums| ((after - before).abs(), *after.max(before));
        let place = |(spot, ..): &SpotSums| (self.diff.keys.file(*spot), spot.line);
        let better = |a: &&SpotSums, b: &&SpotSums| weight(a).cmp(&weight(b)).then_with(|| place(b).cmp(&place(a)));
        sums.iter().map(|sums| sums.iter().max_by(better).map(|(spot, ..)| *spot)).collect()
    }
}

/// The oldest snapshot and the newest, or the only one.
fn ends(diff: &Diff) -> impl Iterator<Item = usize> {
    let count = diff.snapshots.len();
    (0..count).filter(move |snapshot| *snapshot == 0 || snapshot + 1 == count)
}

/// Adds a sample's value to the spot of each node from the deepest up to the root; `spots` come in that order.
fn add_spots<'a>(
    nodes: &[Node],
    sums: &mut [Vec<SpotSums>],
    deepest: usize,
    spots: impl Iterator<Item = &'a Spot>,
    (before, after): (i64, i64),
) {
    let mut node = deepest;
    for spot in spots {
        let known = sums[node].iter().position(|(known, ..)| known == spot);
        let at = known.unwrap_or_else(|| {
            sums[node].push((*spot, 0, 0));
            sums[node].len() - 1
        });
        sums[node][at].1 += before;
        sums[node][at].2 += after;
        node = nodes[node].parent;
    }
}
