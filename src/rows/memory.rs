//! The whole memory of a Go process before and after, where the profiles carry it, and where its growth is.
//!
//! In: the counters that Go's heap profile in text form ends with. Out: named parts in bytes. Invariant: heap in use, heap
//! idle, stacks and runtime add up to what was obtained from the system (`Sys`), in every snapshot.
//! Source of the sums: the documentation of `runtime.MemStats`.

use std::cmp::Reverse;

use crate::diff::Diff;
use crate::model::MemStats;

use crate::model::Series;

/// The memory of a process in every snapshot, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// Spans of the heap with objects, live ones and garbage.
    pub heap_in_use: Series,
    /// Spans of the heap without objects.
    pub heap_idle: Series,
    /// What of the idle spans was given back to the system.
    pub heap_released: Series,
    /// Stacks of goroutines and threads.
    pub stacks: Series,
    /// What the runtime keeps for itself: span records, caches, the collector, the profiler.
    pub runtime: Series,
    /// All that was obtained from the system.
    pub sys: Series,
    /// The largest resident set so far, where every snapshot has it.
    pub max_rss: Option<Series>,
    /// Where it grew by a part of the whole that matters, or at least doubled; most first.
    pub growth: Vec<Growth>,
}

/// Where memory grew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Growth {
    /// In the heap in use, which the profile shows.
    Heap,
    /// In the stacks of goroutines.
    Stacks,
    /// In idle spans that were not given back: fragmentation, or a peak that is over.
    Idle,
    /// In the runtime's own tables.
    Runtime,
    /// Outside of what Go obtained: C code, memory maps.
    Outside,
}

/// Growth below this is nothing to speak of, in bytes.
pub(super) const LEAST: i64 = 1 << 20;
/// Nor is a part that is less than one of so many, unless it at least doubled.
const PARTS: i64 = 5;

/// The memory of the process, where all of several snapshots tell it.
pub fn memory(diff: &Diff) -> Option<Memory> {
    let stats: Option<Vec<MemStats>> = diff.snapshots.iter().map(|snapshot| snapshot.header.mem_stats).collect();
    let stats = stats.filter(|stats| stats.len() > 1 && stats.iter().all(|stats| stats.sys > 0))?;
    let series = |value: fn(&MemStats) -> u64| {
        Series(stats.iter().map(|stats| i64::try_from(value(stats)).unwrap_or(i64::MAX / 8)).collect())
    };
    let max_rss = stats.iter().all(|stats| stats.max_rss.is_some());
    let mut memory = Memory {
        heap_in_use: series(|stats| stats.heap_inuse),
        heap_idle: series(|stats| stats.heap_idle),
        heap_released: series(|stats| stats.heap_released),
        stacks: series(|stats| stats.stack_sys),
        runtime: series(|stats| {
            let parts = [stats.mspan_sys, stats.mcache_sys, stats.buck_hash_sys, stats.gc_sys, stats.other_sys];
            parts.into_iter().fold(0, u64::saturating_add)
        }),
        sys: series(|stats| stats.sys),
        max_rss: max_rss.then(|| series(|stats| stats.max_rss.unwrap_or_default())),
        growth: Vec::new(),
    };
    memory.growth = memory.find_growth();
    Some(memory)
}

impl Memory {
    /// Growth of what is resident at most: obtained and not given back.
    pub fn kept(&self) -> i64 {
        self.sys.delta() - self.heap_released.delta()
    }

    /// Growth of the resident set that Go did not obtain.
    pub fn outside(&self) -> i64 {
        self.max_rss.as_ref().map_or(0, |rss| rss.delta() - self.kept().max(0))
    }

    /// Growth of idle spans that were not given back.
    pub fn idle(&self) -> i64 {
        self.heap_idle.delta() - self.heap_released.delta()
    }

    fn find_growth(&self) -> Vec<Growth> {
        let idle = self.heap_idle.before() - self.heap_released.before();
        // What is outside of Go is known by its peak alone, which is no size that could double.
        let mut parts = vec![
            (self.heap_in_use.delta(), Some(self.heap_in_use.before()), Growth::Heap),
            (self.stacks.delta(), Some(self.stacks.before()), Growth::Stacks),
            (self.idle(), Some(idle), Growth::Idle),
            (self.runtime.delta(), Some(self.runtime.before()), Growth::Runtime),
            (self.outside(), None, Growth::Outside),
        ];
        let all = parts.iter().fold(0_i64, |sum, (growth, ..)| sum.saturating_add((*growth).max(0)));
        let has_doubled = |growth: i64, before: Option<i64>| before.is_some_and(|before| growth >= before);
        parts.retain(|(growth, before, _)| {
            *growth >= LEAST && (*growth >= all / PARTS || has_doubled(*growth, *before))
        });
        parts.sort_by_key(|(growth, ..)| Reverse(*growth));
        parts.into_iter().map(|(.., place)| place).collect()
    }
}
