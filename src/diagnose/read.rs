//! What the stacks that changed say, each read once.
//!
//! In: a diff, the growth of its entries, and the patterns of the catalogue. Out: of each stack whose it is, where its
//! goroutine began, and the patterns that it matches. Invariant: what did not change is not read, and what the frames of a
//! location say is worked out once, whatever the number of stacks.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::diff::{Diff, KeyId};
use crate::model::LocationId;
use crate::model::hash::HashMap;
use crate::rows::Nearest;
use crate::rows::goroutines::parked::{self, Parked};

use super::catalogue::{Catalogue, PatternId};
use super::deferred::Deferred;
use super::doubling::Doubling;
use super::signature::{Allocated, Matcher, SetId, UnionId, Walk};

/// What the frames of a stack say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stack {
    /// Where the goroutine began; [`NONE`] for what was not read.
    pub root: KeyId,
    owner: KeyId,
    callee: KeyId,
    patterns: PatternSet,
}

/// The number of a set of patterns.
pub(super) type PatternSet = u32;

/// Stands for no frame.
const NONE: KeyId = KeyId(u32::MAX);

impl Stack {
    const UNREAD: Self = Self { root: NONE, owner: NONE, callee: NONE, patterns: 0 };

    /// The function of the program nearest to the allocation.
    pub fn owner(&self) -> Option<KeyId> {
        Some(self.owner).filter(|owner| *owner != NONE)
    }

    /// What that function calls towards the allocation.
    pub fn callee(&self) -> Option<KeyId> {
        Some(self.callee).filter(|callee| *callee != NONE)
    }
}

/// What all stacks say that changed.
pub(super) struct Stacks {
    stacks: Vec<Stack>,
    /// The patterns of entries that match others than their stacks, since these ask for their blocks.
    of_entries: HashMap<u32, PatternSet>,
    sets: Vec<Box<[PatternId]>>,
}

impl Stacks {
    /// What the stack of an entry says; `None` where it has no frames.
    pub fn of(&self, diff: &Diff, entry: usize) -> Option<&Stack> {
        Some(&self.stacks[diff.stack_of(entry)]).filter(|stack| stack.root != NONE)
    }

    /// The set of patterns that an entry matches.
    pub fn pattern_set(&self, diff: &Diff, entry: usize) -> PatternSet {
        let own = if self.of_entries.is_empty() { None } else { self.of_entries.get(&(entry as u32)) };
        own.copied().unwrap_or(self.stacks[diff.stack_of(entry)].patterns)
    }

    /// The numbers of all sets.
    pub fn pattern_sets(&self) -> std::ops::Range<PatternSet> {
        0..self.sets.len() as PatternSet
    }

    /// The patterns of a set, in ascending order.
    pub fn patterns(&self, set: PatternSet) -> &[PatternId] {
        &self.sets[set as usize]
    }
}

/// Reads the stacks that changed.
pub(super) fn read(diff: &Diff, growth: &[i64], catalogue: &Catalogue) -> Stacks {
    /// Stacks that one thread reads at a time.
    const PART: usize = 1 << 12;
    let reader = Reader::new(diff, growth, catalogue);
    let by_stack = ByStack::new(diff, growth);
    let mut stacks = vec![Stack::UNREAD; diff.stack_count()];
    let read_part = |scratch: &mut Scratch<'_>, (part, stacks): (usize, &mut [Stack])| {
        let mut of_entries = Vec::new();
        for (number, stack) in (part * PART..).zip(stacks) {
            if let entries @ [_, ..] = by_stack.entries(number) {
                *stack = reader.read(entries, scratch, &mut of_entries);
            }
        }
        of_entries
    };
    let parts = stacks.par_chunks_mut(PART).enumerate();
    let of_entries: Vec<Vec<(u32, PatternSet)>> = parts.map_init(|| reader.scratch(), read_part).collect();
    let Sets { list: sets, .. } = reader.sets.into_inner().unwrap_or_else(PoisonError::into_inner);
    Stacks { stacks, of_entries: of_entries.into_iter().flatten().collect(), sets }
}

/// Reads stacks.
struct Reader<'a> {
    diff: &'a Diff,
    matcher: Matcher,
    /// What the frames of each location are, all together.
    elements: Vec<SetId>,
    nearest: Nearest<'a>,
    parked: Parked,
    doubling: Doubling,
    deferred: Deferred,
    sets: Mutex<Sets>,
}

/// What is at hand while stacks are read.
struct Scratch<'a> {
    walk: Walk<'a>,
    keys: Vec<KeyId>,
    patterns: Vec<PatternId>,
    /// The numbers of the sets met so far.
    sets: HashMap<Box<[PatternId]>, PatternSet>,
}

impl<'a> Reader<'a> {
    fn new(diff: &'a Diff, growth: &[i64], catalogue: &Catalogue) -> Self {
        let mut matcher = Matcher::new(&catalogue.patterns, &diff.keys, parked::FRAMES);
        let locations = (0..diff.symbols.location_count() as u32).map(LocationId);
        let elements = locations.map(|location| matcher.set_of_all(diff.keys.of_location(location))).collect();
        Self {
            diff,
            matcher,
            elements,
            nearest: Nearest::new(diff),
            parked: Parked::new(diff),
            doubling: Doubling::new(diff, growth),
            deferred: Deferred::new(diff, growth),
            sets: Mutex::new(Sets::with_empty()),
        }
    }

    fn scratch(&self) -> Scratch<'_> {
        Scratch { walk: self.matcher.walk(), keys: Vec::new(), patterns: Vec::new(), sets: HashMap::default() }
    }

    /// Reads a stack, given those of its entries that changed. The patterns of an entry that are others than those of
    /// its stack are added to `of_entries`.
    fn read(&self, entries: &[u32], scratch: &mut Scratch<'_>, of_entries: &mut Vec<(u32, PatternSet)>) -> Stack {
        let diff = self.diff;
        let stack = diff.stack(entries[0] as usize);
        let root = stack.iter().rev().find_map(|location| diff.keys.of_location(*location).last());
        let Some(root) = root.copied() else { return Stack::UNREAD };
        let owner = self.nearest.of(stack);
        let union = scratch.walk.union(stack.iter().map(|location| self.elements[location.index()]));
        scratch.keys.clear();
        let may_match = self.parked.is_empty() && scratch.walk.may_match(union);
        let of_stack = if may_match { self.patterns(stack, union, Allocated::default(), scratch) } else { 0 };
        for entry in entries.iter().copied() {
            let blocks = Allocated {
                size: diff.block_size(entry as usize),
                is_doubling: self.doubling.has(diff.stack_of(entry as usize)),
                is_deferred: self.deferred.has(entry as usize),
            };
            let own = match self.parked.is_empty() {
                false => self.patterns_of_parked(entry as usize, blocks, scratch),
                true if scratch.walk.may_match_blocks(union, blocks) => self.patterns(stack, union, blocks, scratch),
                true => of_stack,
            };
            if own != of_stack {
                of_entries.push((entry, own));
            }
        }
        let (owner, callee) = owner.map_or((NONE, None), |owner| (owner.frame.0, owner.callee));
        Stack { root, owner, callee: callee.unwrap_or(NONE), patterns: of_stack }
    }

    /// The patterns that a stack with such blocks matches.
    fn patterns(
        &self,
        stack: &[LocationId],
        union: UnionId,
        blocks: Allocated,
        scratch: &mut Scratch<'_>,
    ) -> PatternSet {
        let Scratch { walk, keys, patterns, .. } = scratch;
        if keys.is_empty() {
            for location in stack {
                keys.extend_from_slice(self.diff.keys.of_location(*location));
                if walk.has_seen_enough(union, self.diff.keys.of_location(*location)) {
                    break;
                }
            }
        }
        patterns.clear();
        walk.matches_in(union, keys, blocks, patterns);
        self.number(scratch)
    }

    /// The same where the state of an entry stands for frames that its stack does not have.
    fn patterns_of_parked(&self, entry: usize, blocks: Allocated, scratch: &mut Scratch<'_>) -> PatternSet {
        let Scratch { walk, keys, patterns, .. } = scratch;
        keys.clear();
        patterns.clear();
        self.parked.stack(self.diff, entry, keys);
        walk.matches(keys, blocks, patterns);
        self.number(scratch)
    }

    /// The number of the set of patterns at hand.
    fn number(&self, scratch: &mut Scratch<'_>) -> PatternSet {
        let Scratch { patterns, sets, .. } = scratch;
        if patterns.is_empty() {
            return 0;
        }
        if let Some(known) = sets.get(patterns.as_slice()) {
            return *known;
        }
        let set: Box<[PatternId]> = patterns.as_slice().into();
        let number = self.sets.lock().unwrap_or_else(PoisonError::into_inner).number(&set);
        sets.insert(set, number);
        number
    }
}

/// The different sets of patterns; number 0 is the empty one.
struct Sets {
    list: Vec<Box<[PatternId]>>,
    numbers: HashMap<Box<[PatternId]>, PatternSet>,
}

impl Sets {
    fn with_empty() -> Self {
        Self { list: vec![Box::default()], numbers: HashMap::default() }
    }

    fn number(&mut self, set: &[PatternId]) -> PatternSet {
        *self.numbers.entry(set.into()).or_insert_with(|| {
            self.list.push(set.into());
            self.list.len() as PatternSet - 1
        })
    }
}

/// The entries that changed, by stack.
struct ByStack {
    entries: Vec<u32>,
    /// Where those of each stack begin; one more than there are stacks.
    starts: Vec<u32>,
}

impl ByStack {
    fn new(diff: &Diff, growth: &[i64]) -> Self {
        let changed = || (0..growth.len()).filter(|entry| growth[*entry] != 0);
        let mut starts = vec![0; diff.stack_count() + 1];
        changed().for_each(|entry| starts[diff.stack_of(entry)] += 1);
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut entries = vec![0; end as usize];
        // From the end, so that each stack begins where its first entry was put.
        for entry in changed().rev() {
            let start = &mut starts[diff.stack_of(entry)];
            *start -= 1;
            entries[*start as usize] = entry as u32;
        }
        Self { entries, starts }
    }

    fn entries(&self, stack: usize) -> &[u32] {
        &self.entries[self.starts[stack] as usize..self.starts[stack + 1] as usize]
    }
}
