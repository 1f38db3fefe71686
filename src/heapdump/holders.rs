//! Who holds how much, how much that grew, and by which way.
//!
//! In: the newest dump, and what the ones before it held. Out: [`Holders`], what grew most first. Invariant: holders are matched
//! by what they are called, never by address; bytes and objects are exact; a way is that of most objects of the shape that
//! grew most.
//! Knows nothing of text for people.

use std::cmp::Reverse;

use crate::model::hash::HashMap;
use crate::model::name;
use crate::stats::{Change, Curve, Trend};

use super::chain::{Chain, Link, chain};
use super::clear::clear;
use super::dump::Dump;
use super::heap::ObjectId;
use super::mark::{Marked, mark};
use super::names::Names;
use super::paths::{PathId, first_word};
use super::roots::{Kind, Relation, Root, RootId};
use super::samples::{AllocatedAt, Known, Sampled, Samples, Site};
use super::types::{Label, Types};
use super::{Binary, Error};

/// What is asked of dumps.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Holders that grew by less are left out, in bytes; of one dump those that hold less.
    pub least: u64,
    /// Of how many it is worked out what clearing them would free.
    pub what_if: usize,
    /// The stacks of a heap profile of the newest dump's moment.
    pub known: Known,
    /// The period of the profiler, where it is known.
    pub period: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { least: 64 << 10, what_if: 3, known: Known::default(), period: None }
    }
}

/// What the roots of one dump hold: what is left of it when it is no longer in memory.
#[derive(Debug)]
pub struct Held {
    roots: HashMap<Root, RootId>,
    /// Bytes and objects by root.
    sums: Vec<(u64, u64)>,
    /// Bytes by way: that of its holder, and its shape.
    paths: HashMap<(PathId, u64), (PathId, u64)>,
    of_roots: HashMap<RootId, PathId>,
    /// Bytes that samples stand for by root and stack.
    sampled: HashMap<(RootId, Site), f64>,
    reachable: u64,
    objects: u64,
    /// When it was taken, in seconds since 1970, where it tells.
    seconds: Option<f64>,
}

/// What holds the heap of the newest dump.
#[derive(Debug, Clone)]
pub struct Holders {
    /// Those that grew most first; of one dump those that hold most.
    pub holders: Vec<Holder>,
    /// Reachable bytes in each dump, oldest first.
    pub reachable: Vec<u64>,
    /// Reachable objects in each dump.
    pub objects: Vec<u64>,
    /// Whether variables and functions have names: a program was given.
    pub has_names: bool,
    /// Whether stacks of a profile of the same moment gave calls their right names.
    pub has_known_stacks: bool,
    /// For each stack of allocations that was sampled, who holds its objects: the most first.
    pub of_sites: HashMap<Site, Vec<HoldsOf>>,
    /// All holders, also those that did not grow, by their numbers in `of_sites`.
    pub all: Vec<Holder>,
}

/// What a root holds of one stack's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldsOf {
    /// Its number in [`Holders::all`].
    pub holder: usize,
    /// How many of the stack's sampled objects.
    pub samples: usize,
    /// Bytes that these stand for.
    pub bytes: u64,
    /// The way to most of them.
    pub path: Vec<Hop>,
}

/// A root, with what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// What kind of root it is.
    pub kind: Kind,
    /// What the user wrote: a variable, a function; else where it lies.
    pub name: String,
    /// What a goroutine waits for; else empty.
    pub state: String,
    /// Whether it is a goroutine that the function has started, not one that is in it.
    pub is_started_in: bool,
    /// Bytes in each dump, oldest first.
    pub bytes: Vec<u64>,
    /// Objects in each dump.
    pub objects: Vec<u64>,
    /// From the root to what grew most.
    pub path: Vec<Hop>,
    /// Which stack allocated most of that, as far as there are samples.
    pub allocated_at: Option<AllocatedAt>,
    /// How many of the samples of that stack lie at the end of this way, and how many there are.
    pub samples: (usize, usize),
    /// What clearing it would free, where it was asked.
    pub cleared: Option<Cleared>,
    /// Whether it goes on growing, of three dumps or more.
    pub trend: Option<Trend>,
}

/// Objects of one shape on a way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hop {
    /// What to call it: `[map]`, `closure pkg.F.func1`, a type, or its size.
    pub name: String,
    /// The field of its holder that leads to it, with its dot; empty where that is not known.
    pub field: String,
    /// Its type; empty where that is not known.
    pub type_name: String,
    /// How many such objects there are on the way.
    pub count: u64,
}

/// What clearing a holder would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Bytes that nothing else reaches.
    pub freed: u64,
    /// Who else reaches most of the rest.
    pub also_held_by: Option<String>,
}

impl Holder {
    /// By how many bytes it grew from the first to the last dump; of one dump what it holds.
    pub fn delta(&self) -> i64 {
        difference(&self.bytes)
    }

    /// By how many objects it grew.
    pub fn objects_delta(&self) -> i64 {
        difference(&self.objects)
    }

    /// What it is, in full: `goroutine [chan send] in pkg.F`.
    pub fn root(&self) -> String {
        let name = &self.name;
        match (self.kind, self.is_started_in) {
            (Kind::Global, _) => format!("global {name}"),
            (Kind::Goroutine, true) => format!("goroutine [{}] started in {name}", self.state),
            (Kind::Goroutine, false) => format!("goroutine [{}] in {name}", self.state),
            (Kind::Finalizer, _) => format!("finalizer {name}"),
            (Kind::Timer, _) => format!("timer {name}"),
            (Kind::Other, _) => name.clone(),
        }
    }
}

fn difference(values: &[u64]) -> i64 {
    let last = values.last().map_or(0, |last| *last as i64);
    match values {
        [_] | [] => last,
        [first, ..] => last - *first as i64,
    }
}

impl Held {
    /// What the roots of a dump hold.
    ///
    /// # Errors
    /// A program that did not write it.
    pub fn of(dump: &Dump<'_>, binary: Option<&Binary<'_>>, options: &Options) -> Result<Self, Error> {
        let names = Names::new(dump, binary)?;
        let marked = mark(dump, &names);
        let samples = Samples::of(dump, &options.known, options.period, reachable(&marked).0);
        Ok(Self::of_marked(dump, &marked, &samples))
    }

    fn of_marked(dump: &Dump<'_>, marked: &Marked, samples: &Samples) -> Self {
        let mut sums = vec![(0, 0); marked.roots.all.len()];
        for path in &marked.paths.all {
            let sum: &mut (u64, u64) = &mut sums[path.root.0 as usize];
            *sum = (sum.0 + path.bytes, sum.1 + path.objects);
        }
        let ids = (0_u32..).map(PathId);
        let mut paths = HashMap::default();
        let mut of_roots = HashMap::default();
        for (id, path) in ids.zip(&marked.paths.all) {
            match path.parent {
                PathId::NONE => {
                    of_roots.insert(path.root, id);
                }
                parent => {
                    paths.insert((parent, path.shape.0), (id, path.bytes));
                }
            }
        }
        let mut sampled: HashMap<(RootId, Site), f64> = HashMap::default();
        for stack in &samples.sites {
            for root in stack.objects.iter().filter_map(|object| marked.root_of(*object)) {
                *sampled.entry((root, stack.site.clone())).or_default() += stack.weight;
            }
        }
        let roots = marked.roots.all.iter().cloned().zip((0..).map(RootId)).collect();
        let (reachable, objects) = reachable(marked);
        Self { roots, sums, paths, of_roots, sampled, reachable, objects, seconds: dump.seconds() }
    }

    fn sum(&self, root: &Root) -> (u64, u64) {
        self.roots.get(root).map_or((0, 0), |id| self.sums[id.0 as usize])
    }
}

fn reachable(marked: &Marked) -> (u64, u64) {
    let add = |(bytes, objects), path: &super::paths::Path| (bytes + path.bytes, objects + path.objects);
    marked.paths.all.iter().fold((0, 0), add)
}

/// Who holds the heap of `dump`, compared with what was held before.
///
/// # Errors
/// A program that did not write the dump.
pub fn holders(
    dump: &Dump<'_>,
    binary: Option<&Binary<'_>>,
    before: &[Held],
    options: &Options,
) -> Result<Holders, Error> {
    let names = Names::new(dump, binary)?;
    let mut marked = mark(dump, &names);
    let (bytes, objects) = reachable(&marked);
    let samples = Samples::of(dump, &options.known, options.period, bytes);
    let now = Held::of_marked(dump, &marked, &samples);
    let series = |of: fn(&Held) -> u64| before.iter().chain([&now]).map(of).collect::<Vec<_>>();
    let reachable = series(|held| held.reachable);
    let mut found = Finding {
        dump,
        names: &names,
        marked: &marked,
        samples: &samples,
        before,
        now: &now,
        growth: Vec::new(),
        by_path: HashMap::default(),
        types: Types::new(dump, &names),
        makers: makers(&marked, &samples, &names),
    };
    found.compare();
    let mut order = found.order();
    let all: Vec<Holder> = order.iter().map(|root| found.holder(*root)).collect();
    let of_sites = found.of_sites(&order);
    let heap_growth = difference(&reachable).max(0) as u64;
    // What is small beside the growth of the whole explains nothing.
    let least = if before.is_empty() { options.least } else { options.least.max(heap_growth / 50) };
    let is_shown = |holder: &Holder| holder.delta() >= i64::try_from(least).unwrap_or(i64::MAX).max(1);
    let shown = all.iter().take_while(|holder| is_shown(holder)).count();
    let mut all = all;
    order.truncate(shown.min(options.what_if));
    let asked: Vec<RootId> = order;
    let clearings = clear(dump, &names, &mut marked, &asked);
    for (number, clearing) in clearings.into_iter().enumerate() {
        let also_held_by = clearing.also_held_by.map(|(root, _)| describe(marked.roots.get(root)).root());
        all[number].cleared = Some(Cleared { freed: clearing.freed, also_held_by });
    }
    Ok(Holders {
        holders: all[..shown].to_vec(),
        objects: before.iter().map(|held| held.objects).chain([objects]).collect(),
        reachable,
        has_names: names.has_binary(),
        has_known_stacks: !options.known.is_empty(),
        of_sites,
        all,
    })
}

/// A root as a holder of nothing yet.
fn describe(root: &Root) -> Holder {
    Holder {
        kind: root.kind,
        name: root.name.clone(),
        state: root.state.clone(),
        is_started_in: root.relation == Relation::StartedIn,
        bytes: Vec::new(),
        objects: Vec::new(),
        path: Vec::new(),
        allocated_at: None,
        samples: (0, 0),
        cleared: None,
        trend: None,
    }
}

/// The functions that allocated what lies at the end of each way, as far as samples tell, where one of them has most.
fn makers(marked: &Marked, samples: &Samples, names: &Names<'_>) -> HashMap<PathId, String> {
    /// Four in five.
    const MOST: (usize, usize) = (4, 5);
    let mut counts: HashMap<PathId, HashMap<&str, usize>> = HashMap::default();
    for sampled in &samples.sites {
        let Some(place) = sampled.allocated_at(names) else { continue };
        for object in &sampled.objects {
            let path = marked.path_of[object.index()];
            *counts.entry(path).or_default().entry(&place.function).or_default() += 1;
        }
    }
    let most = |(path, functions): (PathId, HashMap<&str, usize>)| {
        let all: usize = functions.values().sum();
        let (function, count) = functions.into_iter().max_by_key(|(function, count)| (*count, Reverse(*function)))?;
        (path != PathId::NONE && count * MOST.1 >= all * MOST.0).then(|| (path, function.to_owned()))
    };
    counts.into_iter().filter_map(most).collect()
}

/// The objects of a way that are looked at to tell what its hops are.
const LOOKED_AT: usize = 256;

struct Finding<'a> {
    dump: &'a Dump<'a>,
    names: &'a Names<'a>,
    marked: &'a Marked,
    samples: &'a Samples,
    before: &'a [Held],
    now: &'a Held,
    /// By how much each way grew since the first dump.
    growth: Vec<i64>,
    /// For each way in question some of the objects at its end.
    by_path: HashMap<PathId, Vec<ObjectId>>,
    types: Types<'a>,
    /// For each way the function that allocated what lies at its end, where it is nearly always the same.
    makers: HashMap<PathId, String>,
}

impl Finding<'_> {
    /// Compares the ways with those of the first dump, and looks for objects at the end of those that grew most.
    fn compare(&mut self) {
        let first = self.before.first();
        let mut was: Vec<Option<PathId>> = Vec::with_capacity(self.marked.paths.all.len());
        for path in &self.marked.paths.all {
            let (id, bytes) = match (first, path.parent) {
                (None, _) => (None, 0),
                (Some(held), PathId::NONE) => {
                    let root = held.roots.get(self.marked.roots.get(path.root));
                    (root.and_then(|root| held.of_roots.get(root)).copied(), 0)
                }
                (Some(held), parent) => {
                    let found = was[parent.index()].and_then(|parent| held.paths.get(&(parent, path.shape.0)));
                    found.map_or((None, 0), |(id, bytes)| (Some(*id), *bytes))
                }
            };
            was.push(id);
            self.growth.push(path.bytes as i64 - bytes as i64);
        }
        let mut leaves: HashMap<PathId, (u64, u64)> = HashMap::default();
        for leaf in self.leaves().into_iter().flatten() {
            let count = self.marked.paths.get(leaf).objects;
            leaves.insert(leaf, (0, count.div_ceil(LOOKED_AT as u64).max(1)));
        }
        for (index, path) in self.marked.path_of.iter().enumerate() {
            let Some((seen, step)) = leaves.get_mut(path) else { continue };
            if seen.is_multiple_of(*step) {
                self.by_path.entry(*path).or_default().push(ObjectId(index as u32));
            }
            *seen += 1;
        }
    }

    /// For each root the way that grew most.
    fn leaves(&self) -> Vec<Option<PathId>> {
        let mut leaves: Vec<Option<PathId>> = vec![None; self.marked.roots.all.len()];
        for (id, path) in (0..).map(PathId).zip(&self.marked.paths.all) {
            let leaf = &mut leaves[path.root.0 as usize];
            if path.objects > 0 && leaf.is_none_or(|leaf| self.growth[id.index()] > self.growth[leaf.index()]) {
                *leaf = Some(id);
            }
        }
        leaves
    }

    /// The roots, that which grew most first.
    fn order(&self) -> Vec<RootId> {
        let delta = |root: &RootId| {
            let holder = self.sums(*root);
            (Reverse(holder.delta()), Reverse(holder.objects_delta()))
        };
        let mut roots: Vec<RootId> = (0..self.marked.roots.all.len() as u32).map(RootId).collect();
        roots.sort_by_cached_key(|root| (delta(root), describe(self.marked.roots.get(*root)).root()));
        roots
    }

    /// A holder with what it holds in each dump.
    fn sums(&self, id: RootId) -> Holder {
        let root = self.marked.roots.get(id);
        let sums: Vec<(u64, u64)> = self.before.iter().chain([self.now]).map(|held| held.sum(root)).collect();
        let (bytes, objects): (Vec<u64>, Vec<u64>) = sums.into_iter().unzip();
        let trend = self.trend(&bytes, &objects);
        Holder { bytes, objects, trend, ..describe(root) }
    }

    /// Whether a sum goes on growing. It is exact: what one object stands for is its own size.
    fn trend(&self, bytes: &[u64], objects: &[u64]) -> Option<Trend> {
        let (last, count) = (*bytes.last()?, (*objects.last()?).max(1));
        let held = || self.before.iter().chain([self.now]);
        let times: Option<Vec<f64>> = held().map(|held| held.seconds).collect();
        let is_ascending = |times: &Vec<f64>| times.windows(2).all(|pair| pair[0] < pair[1]);
        let times = times.filter(is_ascending).filter(|times| times.len() > 2)?;
        let values: Vec<i64> = bytes.iter().map(|bytes| *bytes as i64).collect();
        let sample = (last / count).max(1) as f64;
        Some(Curve { values: &values, times: &times, sample, kept: None, change: Change::Real }.trend())
    }

    fn holder(&self, id: RootId) -> Holder {
        let mut holder = self.sums(id);
        let Some(leaf) = self.by_path.keys().copied().find(|leaf| self.marked.paths.get(*leaf).root == id) else {
            return holder;
        };
        holder.path = self.hops_to(self.by_path.get(&leaf).map_or(&[][..], Vec::as_slice));
        if let Some((sampled, through)) = self.allocated(id, leaf) {
            holder.samples = (through, sampled.objects.len());
            holder.allocated_at = sampled.allocated_at(self.names).cloned();
        }
        holder
    }

    /// The hops to objects, as most of them have them.
    fn hops_to(&self, objects: &[ObjectId]) -> Vec<Hop> {
        let mut told: Vec<(Vec<Hop>, usize)> = Vec::new();
        for object in objects.iter().take(LOOKED_AT) {
            let Some(chain) = chain(self.dump, self.marked, *object) else { continue };
            let hops = self.hops_of(&chain);
            match told.iter_mut().find(|(known, _)| *known == hops) {
                Some((_, count)) => *count += 1,
                None => told.push((hops, 1)),
            }
        }
        let most = told.iter().map(|(_, count)| *count).max();
        told.into_iter().find(|(_, count)| Some(*count) == most).map_or(Vec::new(), |(hops, _)| hops)
    }

    /// The hops of one chain, runs of alike ones once.
    fn hops_of(&self, chain: &Chain<'_>) -> Vec<Hop> {
        let mut hops: Vec<Hop> = Vec::new();
        let mut last = None;
        for (link, label) in chain.links.iter().zip(self.types.labels(chain)) {
            let path = self.marked.path_of[link.id.index()];
            let is_part = label.is_part && !hops.is_empty();
            let hop = self.hop(link, label, path);
            let is_run = last == Some(path)
                || hops.last().is_some_and(|last| (&last.name, &last.field) == (&hop.name, &hop.field));
            if !is_part && !is_run {
                hops.push(hop);
            }
            last = Some(path);
        }
        hops
    }

    fn hop(&self, link: &Link<'_>, label: Label, id: PathId) -> Hop {
        let path = self.marked.paths.get(id);
        let closure = path.shape.closure().and_then(|_| self.names.closure(first_word(&link.object)?));
        let size = link.object.contents.len();
        let name = match (closure, self.makers.get(&id)) {
            (Some(function), _) => format!("closure {}", name::short(function)),
            (None, _) if !label.name.is_empty() => label.name,
            (None, Some(function)) => format!("{size} B ({})", name::short(function)),
            (None, None) => format!("{size} B"),
        };
        Hop { name, field: label.field, type_name: label.type_name, count: path.objects }
    }

    /// The stack that allocated most of what lies at the end of a way, and how many of its samples do; where there is no sample
    /// there, that which allocated most of what the root holds.
    fn allocated(&self, root: RootId, leaf: PathId) -> Option<(&Sampled, usize)> {
        let counted = |is_there: &dyn Fn(&ObjectId) -> bool| {
            let stacks = self.samples.sites.iter().map(|sampled| {
                let count = sampled.objects.iter().filter(|object| is_there(object)).count();
                (sampled, count, self.grown(root, sampled, count))
            });
            let there = stacks.filter(|(_, count, _)| *count > 0);
            there.max_by(|a, b| a.2.total_cmp(&b.2).then_with(|| b.0.site.lines.cmp(&a.0.site.lines)))
        };
        let at_leaf = counted(&|object| self.marked.path_of[object.index()] == leaf);
        let found = at_leaf.or_else(|| counted(&|object| self.marked.root_of(*object) == Some(root)));
        found.map(|(sampled, count, _)| (sampled, count))
    }

    /// By how much the samples of a stack say that a root's objects of it grew.
    fn grown(&self, root: RootId, sampled: &Sampled, count: usize) -> f64 {
        let was = self.before.first().and_then(|held| {
            let root = held.roots.get(self.marked.roots.get(root))?;
            held.sampled.get(&(*root, sampled.site.clone())).copied()
        });
        count as f64 * sampled.weight - was.unwrap_or_default()
    }

    /// For each stack the holders of its objects, by their numbers in `order`.
    fn of_sites(&self, order: &[RootId]) -> HashMap<Site, Vec<HoldsOf>> {
        let number: HashMap<RootId, usize> = order.iter().enumerate().map(|(number, root)| (*root, number)).collect();
        let sampled = self.samples.sites.iter().filter(|sampled| !sampled.objects.is_empty());
        sampled.map(|sampled| (sampled.site.clone(), self.holds_of(sampled, &number))).collect()
    }

    fn holds_of(&self, sampled: &Sampled, number: &HashMap<RootId, usize>) -> Vec<HoldsOf> {
        let mut by_root: HashMap<RootId, HashMap<PathId, Vec<ObjectId>>> = HashMap::default();
        for object in &sampled.objects {
            if let Some(root) = self.marked.root_of(*object) {
                let path = self.marked.path_of[object.index()];
                by_root.entry(root).or_default().entry(path).or_default().push(*object);
            }
        }
        let of_root = |(root, ways): (RootId, HashMap<PathId, Vec<ObjectId>>)| {
            let most = ways.iter().max_by_key(|(path, objects)| (objects.len(), Reverse(**path)));
            let path = most.map_or(Vec::new(), |(_, objects)| self.hops_to(objects));
            let samples = ways.values().map(Vec::len).sum();
            HoldsOf { holder: number[&root], samples, bytes: (sampled.weight * samples as f64) as u64, path }
        };
        let mut holds: Vec<HoldsOf> = by_root.into_iter().map(of_root).collect();
        holds.sort_by_key(|holds| (Reverse(holds.samples), holds.holder));
        holds
    }
}
