//! Who holds how much, how much that grew, and by which way.
//!
//! In: the newest dump, and what the ones before it held. Out: [`Holders`], what grew most first. Invariant: holders are matched
//! by what they are called, never by address; bytes and objects are exact; a way is that of most objects of the shape that
//! grew most.
//! Knows nothing of text for people.

use crate::model::hash::HashMap;
use crate::stats::Trend;

use super::clear::clear;
use super::dump::Dump;
use super::finding::Finding;
use super::mark::{Marked, mark};
use super::names::Names;
use super::paths::PathId;
use super::roots::{Kind, Relation, Root, RootId};
use super::samples::{AllocatedAt, Known, Samples, Site};
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
    pub(super) roots: HashMap<Root, RootId>,
    /// Bytes and objects by root.
    pub(super) sums: Vec<(u64, u64)>,
    /// Bytes by way: that of its holder, and its shape.
    pub(super) paths: HashMap<(PathId, u64), (PathId, u64)>,
    pub(super) of_roots: HashMap<RootId, PathId>,
    /// Bytes that samples stand for by root and stack.
    pub(super) sampled: HashMap<(RootId, Site), f64>,
    pub(super) reachable: u64,
    pub(super) objects: u64,
    /// When it was taken, in seconds since 1970, where it tells.
    pub(super) seconds: Option<f64>,
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

    /// Bytes and objects of a root.
    pub(super) fn sum(&self, root: &Root) -> (u64, u64) {
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
    let found = Finding::new(dump, &names, &marked, &samples, (before, &now));
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
pub(super) fn describe(root: &Root) -> Holder {
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
