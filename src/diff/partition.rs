//! Builds a call tree from the root: the stacks of a node are split by their next frame.
//!
//! In: whole stacks with their values, an empty [`Tree`]. Out: the tree with its nodes. Invariant: the stacks of a node
//! lie side by side; a split looks at each of them once and moves it at most once.
//! Knows nothing of where the values come from.

use std::ops::Range;

use super::spots::{Samples, SpotSums};
use super::stacks::{Cursor, Stacks};
use super::tree::{Folded, Node, Sums, Tree};
use super::{Diff, KeyId};

/// The stacks of a node that go on through one frame.
struct Bucket {
    key: KeyId,
    stacks: usize,
    sums: Vec<Sums>,
    spots: SpotSums,
}

/// Splits the stacks of one node after the other by their next frame.
pub(super) struct Partition<'a> {
    diff: &'a Diff,
    stacks: &'a Stacks<'a>,
    samples: Samples<'a>,
    tree: Tree,
    /// The most nodes that the tree may have.
    most: usize,
    /// The stacks, those of one node side by side.
    order: Vec<u32>,
    cursors: Vec<Cursor>,
    /// For each key its place in the order of names.
    rank: Vec<u32>,
    /// For each key its bucket at the node under way.
    bucket_of: Vec<u32>,
}

const NO_BUCKET: u32 = u32::MAX;

impl<'a> Partition<'a> {
    /// The split of `stacks` into an empty `tree` that may have so many nodes.
    pub fn new(diff: &'a Diff, stacks: &'a Stacks<'a>, tree: Tree, most: usize) -> Self {
        Self {
            diff,
            samples: Samples::new(diff, tree.metrics[0], tree.inverted),
            most,
            tree,
            order: stacks.live().to_vec(),
            cursors: vec![Cursor::default(); diff.stack_count()],
            rank: name_ranks(diff),
            bucket_of: vec![NO_BUCKET; diff.keys.len()],
            stacks,
        }
    }

    /// Splits until what is left is too light, or there are as many nodes as there may be.
    pub fn build(mut self) -> Tree {
        let mut total = vec![Sums::default(); self.tree.metrics.len()];
        self.stacks.live().iter().for_each(|stack| self.stacks.add_to(&mut total, *stack as usize));
        let count = self.order.len();
        let root = Node {
            key: None,
            spot: None,
            parent: 0,
            depth: 0,
            children: 0..0,
            stacks: count,
            folded: Folded::default(),
        };
        self.tree.push(root, &total);
        // The stacks of node i are a range of `order`; parents come before children, so this is a queue.
        let mut ranges: Vec<Range<usize>> = Vec::new();
        ranges.push(0..count);
        let mut node = 0;
        while node < self.tree.len() {
            self.split(node, &mut ranges);
            node += 1;
        }
        self.tree
    }

    /// Gives a node its children, its own sums and its folded ones.
    fn split(&mut self, node: usize, ranges: &mut Vec<Range<usize>>) {
        let range = ranges[node].clone();
        let width = self.tree.metrics.len();
        let mut own = vec![Sums::default(); width];
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut going_on: Vec<(u32, u32)> = Vec::with_capacity(range.len());
        for at in range.clone() {
            let stack = self.order[at] as usize;
            match self.stacks.next_key(stack, &mut self.cursors[stack], self.tree.inverted) {
                None => self.stacks.add_to(&mut own, stack),
                Some(key) => {
                    let bucket = self.bucket(key, &mut buckets);
                    let Bucket { stacks, sums, spots, .. } = &mut buckets[bucket as usize];
                    self.stacks.add_to(sums, stack);
                    self.samples.step(stack, spots);
                    *stacks += 1;
                    going_on.push((bucket, stack as u32));
                }
            }
        }
        self.tree.own.extend(own);
        self.tree.folded.extend(vec![Sums::default(); width]);
        let mut ends = self.add_children(node, &buckets, range.start, ranges);
        for (bucket, stack) in going_on {
            if let Some(end) = &mut ends[bucket as usize] {
                self.order[*end] = stack;
                *end += 1;
            }
        }
        buckets.iter().for_each(|bucket| self.bucket_of[bucket.key.index()] = NO_BUCKET);
    }

    fn bucket(&mut self, key: KeyId, buckets: &mut Vec<Bucket>) -> u32 {
        let bucket = &mut self.bucket_of[key.index()];
        if *bucket == NO_BUCKET {
            *bucket = buckets.len() as u32;
            let sums = vec![Sums::default(); self.tree.metrics.len()];
            buckets.push(Bucket { key, stacks: 0, sums, spots: SpotSums::default() });
        }
        *bucket
    }

    /// Adds the buckets that are heavy enough as children, in the order of their names, and folds the others. Returns
    /// for each bucket where in `order` its stacks begin.
    fn add_children(
        &mut self,
        parent: usize,
        buckets: &[Bucket],
        start: usize,
        ranges: &mut Vec<Range<usize>>,
    ) -> Vec<Option<usize>> {
        let mut starts = vec![None; buckets.len()];
        let mut at = start;
        let mut sorted: Vec<usize> = (0..buckets.len()).collect();
        sorted.sort_unstable_by_key(|bucket| self.rank[buckets[*bucket].key.index()]);
        let depth = self.tree.nodes[parent].depth + 1;
        for index in sorted {
            let Bucket { key, stacks, sums, spots } = &buckets[index];
            let is_light = self.tree.weight_of(sums) < self.tree.share;
            self.tree.is_cut |= !is_light && self.tree.len() >= self.most;
            if is_light || self.tree.len() >= self.most {
                self.tree.fold_into(parent, *stacks, sums);
                continue;
            }
            let (key, stacks, spot) = (Some(*key), *stacks, spots.heaviest(self.diff));
            let node = Node { key, spot, parent, depth, children: 0..0, stacks, folded: Folded::default() };
            self.tree.push(node, sums);
            ranges.push(at..at + stacks);
            starts[index] = Some(at);
            at += stacks;
        }
        starts
    }
}

/// For each key its place in the order of names; keys of one name are ordered by file, line and canonical name.
fn name_ranks(diff: &Diff) -> Vec<u32> {
    let mut sorted: Vec<u32> = (0..diff.keys.len() as u32).collect();
    let order = |key: &u32| (diff.keys.key(KeyId(*key)).order(), *key);
    sorted.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
    let mut rank = vec![0; sorted.len()];
    for (place, key) in sorted.iter().enumerate() {
        rank[*key as usize] = place as u32;
    }
    rank
}
