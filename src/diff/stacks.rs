//! The whole stacks of a diff with their values: entries of one stack that differ in block size added up.
//!
//! In: a [`Diff`] and the metrics wanted. Out: before and after of every stack. Invariant: the values of all stacks add
//! up to the totals; a stack that is 0 before and after in every metric takes no part.
//! Knows nothing of trees but how to walk a stack for one.

use rayon::prelude::*;

use super::tree::{Node, Sums};
use super::{Diff, KeyId};

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

/// What went through one line of a frame: its number, before, after.
type LineSums = (i64, i64, i64);

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

    /// For each node of a tree the line through which most of the change of the first metric went, equals being
    /// decided by the larger value and then the smaller line. `deepest` is the last node of each stack.
    ///
    /// Samples of one stack may stand at different lines, so this asks the samples and not the stacks.
    pub(super) fn heaviest_lines(&self, nodes: &[Node], deepest: &[u32], inverted: bool) -> Vec<i64> {
        let mut lines: Vec<Vec<LineSums>> = vec![Vec::new(); nodes.len()];
        let mut frames = Vec::new();
        let newest = self.diff.snapshots.len().saturating_sub(1);
        let Some(metric) = self.metrics.first() else { return vec![0; nodes.len()] };
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
                frames.clear();
                frames.extend(self.diff.keys.frames(locations).map(|(_, line)| line));
                if inverted {
                    add_lines(nodes, &mut lines, deepest, frames[..depth].iter().rev(), change);
                } else {
                    add_lines(nodes, &mut lines, deepest, frames[frames.len() - depth..].iter(), change);
                }
            }
        }
        let weight = |(_, before, after): &LineSums| ((after - before).abs(), *after.max(before));
        let better = |a: &&LineSums, b: &&LineSums| weight(a).cmp(&weight(b)).then(b.0.cmp(&a.0));
        lines.iter().map(|lines| lines.iter().max_by(better).map_or(0, |(line, ..)| *line)).collect()
    }
}

/// The oldest snapshot and the newest, or the only one.
fn ends(diff: &Diff) -> impl Iterator<Item = usize> {
    let count = diff.snapshots.len();
    (0..count).filter(move |snapshot| *snapshot == 0 || snapshot + 1 == count)
}

/// Adds a sample's value to the line of each node from the deepest up to the root; `frames` come in that order.
fn add_lines<'a>(
    nodes: &[Node],
    lines: &mut [Vec<LineSums>],
    deepest: usize,
    frames: impl Iterator<Item = &'a i64>,
    (before, after): (i64, i64),
) {
    let mut node = deepest;
    for line in frames {
        let known = lines[node].iter().position(|(known, ..)| *known == *line);
        let at = known.unwrap_or_else(|| {
            lines[node].push((*line, 0, 0));
            lines[node].len() - 1
        });
        lines[node][at].1 += before;
        lines[node][at].2 += after;
        node = nodes[node].parent;
    }
}
