//! What is to be told of each root: how much, by which way, from which stack.
//!
//! In: what was marked in the newest dump, its samples, and what was held before. Out: holders, in the order of their growth.
//! Invariant: ways are compared with those of the first dump, one by one; of a way's objects some are looked at, evenly, so
//! that what is told of it is true of most.
//! Knows nothing of what clearing a root would free.

use std::cmp::Reverse;

use crate::model::hash::HashMap;
use crate::model::name;
use crate::stats::{Change, Curve, Trend};

use super::chain::{Chain, Link, chain};
use super::dump::Dump;
use super::heap::ObjectId;
use super::holders::{Held, Holder, HoldsOf, Hop, describe};
use super::mark::Marked;
use super::names::Names;
use super::paths::{PathId, first_word};
use super::roots::RootId;
use super::samples::{Sampled, Samples, Site};
use super::types::{Label, Types};

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

/// What is known of a dump when its roots are to be told.
pub(super) struct Finding<'a> {
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

impl<'a> Finding<'a> {
    /// Compares the ways with those of the first dump before.
    pub fn new(
        dump: &'a Dump<'a>,
        names: &'a Names<'a>,
        marked: &'a Marked,
        samples: &'a Samples,
        (before, now): (&'a [Held], &'a Held),
    ) -> Self {
        let (types, makers) = (Types::new(dump, names), makers(marked, samples, names));
        let (growth, by_path) = Default::default();
        let mut found = Self { dump, names, marked, samples, before, now, growth, by_path, types, makers };
        found.compare();
        found
    }
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
    pub fn order(&self) -> Vec<RootId> {
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

    pub fn holder(&self, id: RootId) -> Holder {
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
        let root = chain.links.last().and_then(|link| self.marked.root_of(link.id));
        for (link, label) in chain.links.iter().zip(self.types.labels(chain)) {
            let path = self.marked.path_of[link.id.index()];
            // By which ways the runtime comes to a timer says nothing of whom it is for.
            if self.marked.root_of(link.id) != root {
                continue;
            }
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
    pub fn of_sites(&self, order: &[RootId]) -> HashMap<Site, Vec<HoldsOf>> {
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
