//! The whole stacks of a diff with their values: entries of one stack that differ in block size added up.
//!
//! In: a [`Diff`] and the metrics wanted. Out: numbered stacks that hold something before or after, walked frame by
//! frame with a [`Cursor`]. Invariant: two entries have one stack if and only if their key sequences are equal.
//! Knows nothing of trees; samples that are 0 before and after in every metric take no part.

use hashbrown::HashTable;
use rayon::prelude::*;

use super::tree::{Node, Sums};
use super::{Diff, KeyId};

/// The stacks of a diff.
pub(super) struct Stacks<'a> {
    diff: &'a Diff,
    /// One entry of each stack.
    representatives: Vec<u32>,
    /// The stack of each entry, or [`NO_STACK`].
    of_entry: Vec<u32>,
    /// Before and after of each stack, metric by metric.
    values: Vec<(i64, i64)>,
    metrics: Vec<usize>,
}

const NO_STACK: u32 = u32::MAX;

/// How far a stack has been walked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    location: u32,
    line: u32,
}

/// What went through one line of a frame: its number, before, after.
type LineSums = (i64, i64, i64);

impl<'a> Stacks<'a> {
    /// The stacks of `diff` with their values in `metrics`.
    pub fn new(diff: &'a Diff, metrics: &[usize]) -> Self {
        let newest = diff.snapshots.len().saturating_sub(1);
        let column = |metric: usize| -> (Vec<i64>, Vec<i64>) {
            let before = if newest == 0 { vec![0; diff.entry_count()] } else { diff.column(metric, 0) };
            let after = if diff.snapshots.is_empty() { Vec::new() } else { diff.column(metric, newest) };
            (before, after)
        };
        let columns: Vec<(Vec<i64>, Vec<i64>)> = metrics.par_iter().map(|metric| column(*metric)).collect();
        let holds = |entry: usize| columns.iter().any(|(before, after)| before[entry] != 0 || after[entry] != 0);
        let hashes: Vec<u64> = (0..diff.entry_count())
            .into_par_iter()
            .with_min_len(4096)
            .map(|entry| if holds(entry) { stack_hash(diff, entry) } else { 0 })
            .collect();

        let mut stacks = Self {
            diff,
            representatives: Vec::new(),
            of_entry: vec![NO_STACK; diff.entry_count()],
            values: Vec::new(),
            metrics: metrics.to_vec(),
        };
        let mut table: HashTable<u32> = HashTable::with_capacity(diff.entry_count());
        for entry in (0..diff.entry_count()).filter(|entry| holds(*entry)) {
            let stack = stacks.intern(&mut table, &hashes, entry);
            stacks.of_entry[entry] = stack;
            let values = &mut stacks.values[stack as usize * metrics.len()..];
            for ((before, after), (befores, afters)) in values.iter_mut().zip(&columns) {
                *before += befores[entry];
                *after += afters[entry];
            }
        }
        stacks
    }

    fn intern(&mut self, table: &mut HashTable<u32>, hashes: &[u64], entry: usize) -> u32 {
        let (diff, hash) = (self.diff, hashes[entry]);
        let representative = |stack: u32| self.representatives[stack as usize] as usize;
        let is_same = |stack: &u32| {
            let other = representative(*stack);
            hashes[other] == hash && diff.stack_keys(other).eq(diff.stack_keys(entry))
        };
        if let Some(stack) = table.find(hash, is_same) {
            return *stack;
        }
        let stack = self.representatives.len() as u32;
        table.insert_unique(hash, stack, |stack| hashes[representative(*stack)]);
        self.representatives.push(entry as u32);
        self.values.extend(std::iter::repeat_n((0, 0), self.metrics.len()));
        stack
    }

    /// How many stacks there are.
    pub fn len(&self) -> usize {
        self.representatives.len()
    }

    /// Adds the values of a stack to `sums`, metric by metric.
    pub fn add_to(&self, sums: &mut [Sums], stack: usize) {
        let width = self.metrics.len();
        for (sum, (before, after)) in sums.iter_mut().zip(&self.values[stack * width..(stack + 1) * width]) {
            *sum += &Sums::of(*before, *after);
        }
    }

    /// The next frame of a stack: from the root, or from the leaf when `inverted`.
    pub fn next_key(&self, stack: usize, cursor: &mut Cursor, inverted: bool) -> Option<KeyId> {
        let locations = self.diff.stack(self.representatives[stack] as usize);
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
    pub fn heaviest_lines(&self, nodes: &[Node], deepest: &[u32], inverted: bool) -> Vec<i64> {
        let mut lines: Vec<Vec<LineSums>> = vec![Vec::new(); nodes.len()];
        let mut frames = Vec::new();
        let newest = self.diff.snapshots.len().saturating_sub(1);
        let Some(metric) = self.metrics.first() else { return vec![0; nodes.len()] };
        for snapshot in (0..self.diff.snapshots.len()).filter(|snapshot| *snapshot == 0 || *snapshot == newest) {
            let entries = self.diff.entry_of_row(snapshot).iter().enumerate();
            for ((row, entry), value) in entries.zip(self.diff.row_values(*metric, snapshot)) {
                let stack = self.of_entry[*entry as usize];
                if stack == NO_STACK || value == 0 {
                    continue;
                }
                let change = if snapshot == newest { (0, value) } else { (value, 0) };
                let locations = self.diff.snapshots[snapshot].stack(row);
                let deepest = deepest[stack as usize] as usize;
                let depth = nodes[deepest].depth;
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

/// A multiply-and-rotate hash over the keys; the last step spreads the entropy to the bits a hash table looks at.
fn stack_hash(diff: &Diff, entry: usize) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, KeyId(key): KeyId| (hash.rotate_left(26) ^ u64::from(key)).wrapping_mul(ODD);
    let hash = diff.stack_keys(entry).fold(0, mix);
    (hash ^ (hash >> 32)).wrapping_mul(ODD)
}
