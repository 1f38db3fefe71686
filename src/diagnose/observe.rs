//! What changed, with what is needed to tell whose it is.
//!
//! In: a diff and the growth of its entries. Out: for each entry that changed its growth in bytes, objects and
//! allocations, the function of the program that is nearest to it, where its goroutine began, and the patterns it
//! matches. Invariant: entries that did not change take no part and cost nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rayon::prelude::*;
use smallvec::SmallVec;

use super::signature::{Allocated, Matcher, Walk};
use crate::diff::{Diff, Key, KeyId};
use crate::model::hash::HashMap;
use crate::model::name::{self, Origin};
use crate::rows::goroutines::parked::{self, Parked};
use crate::rows::{callers_back, nearest_application_frame};

use super::catalogue::{Catalogue, PatternId};
use super::deferred::Deferred;

/// The number of a function: its keys (at several lines, say) have one, and so have the closures in it.
pub(super) type FunctionId = u32;

/// The root of a stack without frames.
const NOBODY: FunctionId = FunctionId::MAX;

/// Growth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Growth {
    /// In the unit of the metric.
    pub value: i64,
    /// In objects; the value itself where the profiles count nothing else.
    pub objects: i64,
}

impl Growth {
    /// Whether it is a tenth of another growth, in one way of counting or the other: small objects may be many. Where
    /// there are fewer objects than before, their number tells nothing.
    pub fn is_part_of(self, whole: Self) -> bool {
        const PART: i64 = 10;
        let is_part = |part: i64, whole: i64| part > 0 && whole > 0 && part >= whole / PART;
        self.value > 0 && (is_part(self.value, whole.value) || is_part(self.objects, whole.objects))
    }
}

impl std::iter::Sum for Growth {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |sum, part| Self {
            value: sum.value + part.value,
            objects: sum.objects + part.objects,
        })
    }
}

/// An entry that changed.
#[derive(Debug)]
pub(super) struct Change {
    pub entry: usize,
    pub growth: Growth,
    /// The function of the program nearest to the allocation.
    pub owner: Option<FunctionId>,
    /// What that function calls towards the allocation.
    pub callee: Option<KeyId>,
    /// Where the goroutine began.
    pub root: FunctionId,
    /// Most match a few that are true of much.
    patterns: SmallVec<[PatternId; 4]>,
}

impl Change {
    /// Whether it matches one of these patterns.
    pub fn is_any(&self, patterns: &[PatternId]) -> bool {
        patterns.iter().any(|pattern| self.patterns.binary_search(pattern).is_ok())
    }

    /// The patterns it matches, in ascending order.
    pub fn patterns(&self) -> &[PatternId] {
        &self.patterns
    }
}

/// All entries that changed.
pub(super) struct Changes<'a> {
    pub diff: &'a Diff,
    pub list: Vec<Change>,
    /// One key of each function.
    keys: Vec<&'a Key>,
    /// The function of each key.
    functions: Vec<FunctionId>,
    /// Growth in allocations of each entry, where the profiles count them.
    allocated: OnceLock<Option<Vec<i64>>>,
}

impl<'a> Changes<'a> {
    pub fn new(diff: &'a Diff, growth: &[i64], catalogue: &Catalogue) -> Self {
        let (keys_of, functions) = functions(diff);
        let matcher = Matcher::new(&catalogue.patterns, &diff.keys, parked::FRAMES);
        let parked = Parked::new(diff);
        let calls_back = callers_back(diff);
        let objects = diff.objects().map(|metric| growth_of(diff, metric));
        let doubling = Doubling::new(diff, growth);
        let deferred = Deferred::new(diff, growth);
        let scratch = || (matcher.walk(), Vec::<KeyId>::new(), Vec::<PatternId>::new());
        let of_entry = |(walk, keys, patterns): &mut (Walk<'_>, Vec<KeyId>, Vec<PatternId>), entry: usize| {
            keys.clear();
            patterns.clear();
            parked.stack(diff, entry, keys);
            let root = keys.last().map_or(NOBODY, |root| functions[root.index()]);
            // What a state stands for is in no profile.
            let frames = keys.iter().skip_while(|key| key.index() >= diff.keys.len()).map(|key| (*key, ()));
            let nearest = nearest_application_frame(diff, frames, &calls_back);
            let owner = nearest.map(|((key, _), _)| functions[key.index()]);
            let blocks = Allocated {
                size: diff.block_size(entry),
                is_doubling: doubling.has(diff.stack_of(entry)),
                is_deferred: deferred.has(entry),
            };
            walk.matches(keys, blocks, patterns);
            Change {
                entry,
                growth: Growth {
                    value: growth[entry],
                    objects: objects.as_ref().map_or(growth[entry], |objects| objects[entry]),
                },
                owner,
                callee: nearest.and_then(|(_, callee)| callee),
                root,
                patterns: SmallVec::from_slice(patterns),
            }
        };
        let changed: Vec<usize> = (0..diff.entry_count()).filter(|entry| growth[*entry] != 0).collect();
        let list = changed.into_par_iter().with_min_len(1 << 12).map_init(scratch, of_entry);
        let mut list: Vec<Change> = list.collect();
        list.retain(|change| change.root != NOBODY);
        Self { diff, list, keys: keys_of, functions, allocated: OnceLock::new() }
    }

    /// How many functions there are, numbered from 0.
    pub fn function_count(&self) -> usize {
        self.keys.len()
    }

    /// The name of a function in every build.
    pub fn name(&self, function: FunctionId) -> &'a str {
        &self.key(function).canonical
    }

    /// A key of a function.
    pub fn key(&self, function: FunctionId) -> &'a Key {
        self.keys[function as usize]
    }

    /// The function of a key.
    pub fn function(&self, key: KeyId) -> FunctionId {
        self.functions[key.index()]
    }

    /// The number of the first key of a function.
    pub fn key_id(&self, function: FunctionId) -> KeyId {
        let key = self.functions.iter().position(|other| *other == function);
        KeyId(key.unwrap_or_default() as u32)
    }

    /// The owner of a change and the functions of the program above it, as far as they call each other directly.
    pub fn chain(&self, change: &Change) -> Vec<FunctionId> {
        let functions = self.diff.stack_keys(change.entry).map(|key| (self.diff.keys.origin(key), self.function(key)));
        let from_owner = functions.skip_while(|(_, function)| Some(*function) != change.owner);
        let own = from_owner.take_while(|(origin, _)| *origin == Origin::Application).map(|(_, function)| function);
        let mut chain: Vec<FunctionId> = own.collect();
        // A closure and what is around it are one.
        chain.dedup();
        chain
    }

    /// Whether the owner itself allocates, not something that it calls.
    pub fn is_own(&self, change: &Change) -> bool {
        change.owner.is_some() && change.callee.is_none_or(|callee| self.package(self.function(callee)) == "runtime")
    }

    /// The package of a function.
    pub fn package(&self, function: FunctionId) -> String {
        name::package(self.name(function)).into_owned()
    }

    /// The entries of some changes.
    pub fn entries(&self, members: &[usize]) -> impl Iterator<Item = usize> {
        members.iter().map(|member| self.list[*member].entry)
    }

    /// The entry of a change and its growth.
    pub fn of(&self, member: usize) -> (usize, i64) {
        (self.list[member].entry, self.list[member].growth.value)
    }

    /// The growth of some changes together.
    pub fn growth(&self, members: &[usize]) -> Growth {
        members.iter().map(|member| self.list[*member].growth).sum()
    }

    /// The part of what some changes allocated that is still there; `None` where that is not told.
    pub fn kept(&self, members: &[usize]) -> Option<f64> {
        let growth = || self.diff.allocated().map(|metric| growth_of(self.diff, metric));
        let allocated = self.allocated.get_or_init(growth).as_ref()?;
        let allocated: i64 = self.entries(members).map(|entry| allocated[entry]).sum();
        (allocated > 0).then(|| self.growth(members).value as f64 / allocated as f64)
    }

    /// The growth of those among them that match one of these patterns.
    pub fn growth_of(&self, members: &[usize], patterns: &[PatternId]) -> Growth {
        let matching = members.iter().map(|member| &self.list[*member]).filter(|change| change.is_any(patterns));
        matching.map(|change| change.growth).sum()
    }

    /// The changes with an owner in one of these packages that shrank, by package.
    pub fn shrunk(&self, packages: &BTreeSet<String>) -> BTreeMap<String, Vec<usize>> {
        let mut known: HashMap<FunctionId, bool> = HashMap::default();
        let mut shrunk: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, change) in self.list.iter().enumerate().filter(|(_, change)| change.growth.value < 0) {
            let Some(owner) = change.owner else { continue };
            if *known.entry(owner).or_insert_with(|| packages.contains(&self.package(owner))) {
                shrunk.entry(self.package(owner)).or_default().push(at);
            }
        }
        shrunk
    }

    /// The growth of every pattern in the whole program.
    pub fn by_pattern(&self, count: usize) -> Vec<Growth> {
        let mut sums = vec![Growth::default(); count];
        for change in &self.list {
            for pattern in change.patterns() {
                let sum = &mut sums[usize::from(*pattern)];
                *sum = [*sum, change.growth].into_iter().sum();
            }
        }
        sums
    }
}

/// Numbers the functions that have a key; a closure has the number of the function around it.
fn functions<'a>(diff: &'a Diff) -> (Vec<&'a Key>, Vec<FunctionId>) {
    let mut around: HashMap<&str, FunctionId> = HashMap::default();
    let mut numbers: HashMap<u32, FunctionId> = HashMap::default();
    let mut keys: Vec<&Key> = Vec::new();
    let mut number = |key: &'a Key| {
        *numbers.entry(key.function).or_insert_with(|| {
            let is_go = name::is_go(&key.name, &key.file);
            let name = name::enclosing(&key.canonical).filter(|_| is_go);
            let number = |keys: &mut Vec<&'a Key>| {
                keys.push(key);
                keys.len() as FunctionId - 1
            };
            match name {
                Some(name) => *around.entry(name).or_insert_with(|| number(&mut keys)),
                None if is_go => *around.entry(&key.canonical).or_insert_with(|| number(&mut keys)),
                None => number(&mut keys),
            }
        })
    };
    let functions = diff.keys.iter().map(&mut number).collect();
    (keys, functions)
}

/// The growth of every entry in another metric.
fn growth_of(diff: &Diff, metric: usize) -> Vec<i64> {
    let newest = diff.snapshots.len() - 1;
    let mut growth = diff.column(metric, newest);
    for (growth, before) in growth.iter_mut().zip(diff.column(metric, 0)) {
        *growth -= before;
    }
    growth
}

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
struct Doubling(Vec<bool>);

impl Doubling {
    /// Sizes that make a series.
    const STEPS: usize = 3;

    fn new(diff: &Diff, growth: &[i64]) -> Self {
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

    fn has(&self, stack: usize) -> bool {
        self.0[stack]
    }
}
