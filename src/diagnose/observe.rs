//! What changed, with what is needed to tell whose it is.
//!
//! In: a diff and the growth of its entries. Out: for each entry that changed its growth in bytes, objects and
//! allocations, the function of the program that is nearest to it, where its goroutine began, and the patterns it
//! matches. Invariant: entries that did not change take no part; what a stack says is kept once, whatever it allocates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::diff::{Diff, Key, KeyId};
use crate::model::hash::HashMap;
use crate::model::name::{self, Origin};
use crate::stats::Sampling;

use super::catalogue::{Catalogue, PatternId};
use super::read::{self, PatternSet, Stacks};

/// The number of a function: its keys (at several lines, say) have one, and so have the closures in it.
pub(super) type FunctionId = u32;

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

impl std::ops::Add for Growth {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, objects: self.objects + other.objects }
    }
}

impl std::iter::Sum for Growth {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), std::ops::Add::add)
    }
}

/// All entries that changed, by their numbers.
pub(super) struct Changes<'a> {
    pub diff: &'a Diff,
    /// The sampling errors of the metric compared.
    pub sampling: &'a Sampling,
    /// Growth of each entry.
    growth: &'a [i64],
    /// The same in objects, where the profiles count them beside the metric.
    objects: Option<Vec<i64>>,
    /// What the stacks say that changed.
    stacks: Stacks,
    /// One key of each function.
    keys: Vec<&'a Key>,
    /// The function of each key.
    functions: Vec<FunctionId>,
    /// Growth in allocations of each entry, where the profiles count them.
    allocated: OnceLock<Option<Vec<i64>>>,
}

impl<'a> Changes<'a> {
    pub fn new(diff: &'a Diff, growth: &'a [i64], sampling: &'a Sampling, catalogue: &Catalogue) -> Self {
        let (keys, functions) = functions(diff);
        let objects = diff.objects().map(|metric| diff.growth(metric));
        let stacks = read::read(diff, growth, catalogue);
        Self { diff, sampling, growth, objects, stacks, keys, functions, allocated: OnceLock::new() }
    }

    /// The entries that changed and have frames, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        let changed = (0..self.growth.len()).filter(|entry| self.growth[*entry] != 0);
        changed.filter(|entry| self.stacks.of(self.diff, *entry).is_some())
    }

    /// What an entry grew by.
    pub fn growth(&self, entry: usize) -> Growth {
        let value = self.growth[entry];
        Growth { value, objects: self.objects.as_ref().map_or(value, |objects| objects[entry]) }
    }

    /// The function of the program nearest to the allocation.
    pub fn owner(&self, entry: usize) -> Option<FunctionId> {
        self.stacks.of(self.diff, entry)?.owner().map(|owner| self.function(owner))
    }

    /// What that function calls towards the allocation.
    pub fn callee(&self, entry: usize) -> Option<KeyId> {
        self.stacks.of(self.diff, entry)?.callee()
    }

    /// Where the goroutine began.
    pub fn root(&self, entry: usize) -> FunctionId {
        self.stacks.of(self.diff, entry).map_or(0, |stack| self.function(stack.root))
    }

    /// The set of patterns that an entry matches.
    pub fn pattern_set(&self, entry: usize) -> PatternSet {
        self.stacks.pattern_set(self.diff, entry)
    }

    /// The patterns of a set, in ascending order.
    pub fn patterns(&self, set: PatternSet) -> &[PatternId] {
        self.stacks.patterns(set)
    }

    /// Whether one of these patterns is in a set.
    pub fn has_any(&self, set: PatternSet, patterns: &[PatternId]) -> bool {
        let known = self.patterns(set);
        patterns.iter().any(|pattern| known.binary_search(pattern).is_ok())
    }

    /// Whether an entry matches one of these patterns.
    pub fn is_any(&self, entry: usize, patterns: &[PatternId]) -> bool {
        self.has_any(self.pattern_set(entry), patterns)
    }

    /// The entries that match one of these patterns, in ascending order.
    pub fn matching(&self, patterns: &[PatternId]) -> Vec<usize> {
        let is_wanted: Vec<bool> = self.stacks.pattern_sets().map(|set| self.has_any(set, patterns)).collect();
        if !is_wanted.contains(&true) {
            return Vec::new();
        }
        self.iter().filter(|entry| is_wanted[self.pattern_set(*entry) as usize]).collect()
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

    /// The owner of an entry and the functions of the program above it, as far as they call each other directly.
    pub fn chain(&self, entry: usize) -> Vec<FunctionId> {
        let owner = self.owner(entry);
        let functions = self.diff.stack_keys(entry).map(|key| (self.diff.keys.origin(key), self.function(key)));
        let from_owner = functions.skip_while(|(_, function)| Some(*function) != owner);
        let own = from_owner.take_while(|(origin, _)| *origin == Origin::Application).map(|(_, function)| function);
        let mut chain: Vec<FunctionId> = own.collect();
        // A closure and what is around it are one.
        chain.dedup();
        chain
    }

    /// Whether the owner itself allocates, not something that it calls.
    pub fn is_own(&self, entry: usize) -> bool {
        let is_runtime = |callee| self.package(self.function(callee)) == "runtime";
        self.owner(entry).is_some() && self.callee(entry).is_none_or(is_runtime)
    }

    /// The package of a function.
    pub fn package(&self, function: FunctionId) -> String {
        name::package(self.name(function)).into_owned()
    }

    /// The growth of some entries together.
    pub fn sum(&self, entries: &[usize]) -> Growth {
        entries.iter().map(|entry| self.growth(*entry)).sum()
    }

    /// The part of what some entries allocated that is still there; `None` where that is not told.
    pub fn kept(&self, entries: &[usize]) -> Option<f64> {
        let growth = || self.diff.allocated().map(|metric| self.diff.growth(metric));
        let allocated = self.allocated.get_or_init(growth).as_ref()?;
        let allocated: i64 = entries.iter().map(|entry| allocated[*entry]).sum();
        (allocated > 0).then(|| self.sum(entries).value as f64 / allocated as f64)
    }

    /// The entries with an owner in one of these packages that shrank, by package.
    pub fn shrunk(&self, packages: &BTreeSet<String>) -> BTreeMap<String, Vec<usize>> {
        let mut known: HashMap<FunctionId, bool> = HashMap::default();
        let mut shrunk: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for entry in self.iter().filter(|entry| self.growth[*entry] < 0) {
            let Some(owner) = self.owner(entry) else { continue };
            if *known.entry(owner).or_insert_with(|| packages.contains(&self.package(owner))) {
                shrunk.entry(self.package(owner)).or_default().push(entry);
            }
        }
        shrunk
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
