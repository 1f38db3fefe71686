//! Which stacks allocated the objects that are held.
//!
//! In: a dump, and the frames of a heap profile of the same moment where there is one. Out: for each stack of allocations its
//! sampled objects, what a sample stands for, and who allocated. Invariant: samples are scaled before anything is ranked by
//! them; buckets that print alike are one.
//! Knows nothing of holders.

use crate::load::heap_dump::{fitted_rate, profiled, scaled};
use crate::model::hash::HashMap;
use crate::model::name;

use super::dump::Dump;
use super::heap::ObjectId;
use super::names::Names;

/// A stack of allocations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Site {
    /// Bytes of an object.
    pub size: u64,
    /// File and line of each call, the leaf first, without those of the runtime around the program's: what a profile of the
    /// same moment has.
    pub lines: Vec<(String, u64)>,
}

/// A call, with its right name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AllocatedAt {
    /// The function.
    pub function: String,
    /// Its file.
    pub file: String,
    /// The line.
    pub line: u64,
}

/// The stacks of a heap profile of the same moment, whose names are right where those of the dump are not.
pub type Known = HashMap<Site, Vec<AllocatedAt>>;

/// The samples of a dump.
#[derive(Debug)]
pub(super) struct Samples {
    pub sites: Vec<Sampled>,
}

/// A stack, with what was sampled of it.
#[derive(Debug)]
pub(super) struct Sampled {
    pub site: Site,
    /// The calls as far as they are known, the leaf first.
    pub calls: Vec<AllocatedAt>,
    /// The objects that are there.
    pub objects: Vec<ObjectId>,
    /// Bytes that a sample stands for.
    pub weight: f64,
}

impl Samples {
    /// Those of a dump of whose heap so many bytes are reachable. `period` is that of the profiler, where it is known.
    pub fn of(dump: &Dump<'_>, known: &Known, period: Option<u64>, reachable: u64) -> Self {
        let mut sites: Vec<Sampled> = Vec::new();
        let mut ids: HashMap<Site, usize> = HashMap::default();
        let mut of_bucket: HashMap<u64, usize> = HashMap::default();
        for bucket in &dump.buckets {
            let calls = profiled(&bucket.calls).map(|(_, call)| AllocatedAt {
                function: call.function.clone().into_owned(),
                file: call.file.clone().into_owned(),
                line: call.line,
            });
            let calls: Vec<AllocatedAt> = calls.collect();
            let lines = calls.iter().map(|call| (call.file.clone(), call.line)).collect();
            let site = Site { size: bucket.size, lines };
            let id = *ids.entry(site.clone()).or_insert_with(|| {
                let calls = known.get(&site).cloned().unwrap_or(calls);
                sites.push(Sampled { site, calls, objects: Vec::new(), weight: 0.0 });
                sites.len() - 1
            });
            of_bucket.insert(bucket.id, id);
        }
        for sample in &dump.samples {
            if let (Some(site), Some(object)) = (of_bucket.get(&sample.bucket), dump.heap.find(sample.address)) {
                sites[*site].objects.push(object);
            }
        }
        let counts = sites.iter().map(|sampled| (sampled.site.size, sampled.objects.len() as u64));
        let rate = period.map_or_else(|| fitted_rate(counts, reachable as f64), |period| period as f64);
        for sampled in &mut sites {
            sampled.weight = scaled(sampled.site.size, rate);
        }
        Self { sites }
    }
}

impl Sampled {
    /// The call of the program's own that is nearest to the allocation; where there is none, the nearest.
    ///
    /// Inlined calls bear the name of what they were inlined into: where the file is of another package, that name is not theirs.
    pub fn allocated_at(&self, names: &Names<'_>) -> Option<&AllocatedAt> {
        let own = self.calls.iter().find(|call| names.is_own(&call.function) && is_of_package(call));
        own.or_else(|| self.calls.first())
    }
}

/// Whether a file can be of the package of the function, by the name of its folder.
fn is_of_package(call: &AllocatedAt) -> bool {
    let package = name::package(&call.function);
    let Some((folder, _)) = call.file.rsplit_once(['/', '\\']) else { return true };
    let last = |path: &str| path.rsplit(['/', '\\']).next().map(str::to_owned);
    // A folder may bear a version; package main lies anywhere but in the standard library.
    let versions = folder.rsplit_once('@').map_or(folder, |(module, _)| module);
    match &*package {
        "main" => {
            let inside = folder.rsplit("/src/").next().unwrap_or(folder);
            name::origin(&format!("{inside}.F"), "") == name::Origin::Application
        }
        package => last(package) == last(versions) || folder.ends_with(package),
    }
}
