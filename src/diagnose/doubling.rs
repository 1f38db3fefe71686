//! Which stacks allocate one block size after the other, as an array does that grows.
//!
//! In: a diff and the growth of its entries. Out: for each stack whether it does. Invariant: told by what was ever
//! allocated; where the profiles do not count that, no stack does.

use crate::diff::Diff;
use crate::model::hash::HashMap;

/// The blocks of one size that a stack allocates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct BlockSize {
    size: i64,
    /// How many bytes more are in use.
    growth: i64,
    /// How many were ever allocated.
    blocks: i64,
}

/// The stacks that allocate one block size after the other, as an array does that grows: it frees the smaller ones and
/// keeps the largest.
pub(super) struct Doubling(Vec<bool>);

impl Doubling {
    /// Sizes that make a series.
    const STEPS: usize = 3;

    pub fn new(diff: &Diff, growth: &[i64]) -> Self {
        let mut is_doubling = vec![false; diff.stack_count()];
        let newest = diff.snapshots.len() - 1;
        let Some(allocated) = diff.allocated().map(|metric| diff.column(metric, newest)) else {
            return Self(is_doubling);
        };
        let mut grows = vec![false; diff.stack_count()];
        let mut steps = vec![0_u32; diff.stack_count()];
        for (entry, growth) in growth.iter().enumerate() {
            grows[diff.stack_of(entry)] |= *growth > 0;
            steps[diff.stack_of(entry)] += 1;
        }
        let mut sizes: HashMap<usize, Vec<BlockSize>> = HashMap::default();
        for (entry, growth) in growth.iter().enumerate().filter(|(entry, _)| allocated[*entry] > 0) {
            let stack = diff.stack_of(entry);
            if grows[stack] && steps[stack] as usize >= Self::STEPS && diff.block_size(entry) > 0 {
                let size = diff.block_size(entry);
                let blocks = allocated[entry] / size;
                sizes.entry(stack).or_default().push(BlockSize { size, growth: *growth, blocks });
            }
        }
        for (stack, mut sizes) in sizes {
            sizes.sort_unstable();
            is_doubling[stack] = Self::is_series(&sizes);
        }
        Self(is_doubling)
    }

    /// Sizes, ascending: most of what is kept has one size, and below it stand sizes of which nothing is kept, each half
    /// to four fifths of the next, and each allocated about as often: every array has had them all.
    fn is_series(sizes: &[BlockSize]) -> bool {
        let kept = |sizes: &[BlockSize]| sizes.iter().map(|size| size.growth.max(0)).sum::<i64>();
        let Some(main) = (0..sizes.len()).max_by_key(|at| (sizes[*at].growth, *at)) else { return false };
        let largest = sizes[main];
        let follows = |pair: &&[BlockSize]| {
            let [smaller, larger] = pair else { return false };
            let is_step = larger.size * 4 >= smaller.size * 5 && larger.size * 4 <= smaller.size * 9;
            is_step && smaller.blocks * 3 >= largest.blocks
        };
        let steps = sizes[..=main].windows(2).rev().take_while(follows).count();
        let smaller = &sizes[main - steps..main];
        steps + 1 >= Self::STEPS && kept(smaller) * 20 <= largest.growth && kept(sizes) * 7 <= largest.growth * 10
    }

    pub fn has(&self, stack: usize) -> bool {
        self.0[stack]
    }
}
