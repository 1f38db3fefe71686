//! How much of the growth of a process, as the system counts it, the heap of the profiles explains.
//!
//! In: a diff whose snapshots have the memory of the process beside them; for Go also the counters in the profiles. Out:
//! series in bytes, and where growth outside of the heap is. Invariant: heap and outside add up to the growth of the whole.

use std::cmp::Reverse;

use crate::diff::{CommonMetric, Diff};
use crate::model::{Amount, Kind, Resident as Counted, Series, State};
use crate::units;

use super::Memory;
use super::memory::LEAST;

/// The memory of a process beside the heap that its profiles show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// What the system counts in all.
    pub total: Series,
    /// What belongs to no file, where all snapshots tell.
    pub anonymous: Option<Series>,
    /// What is of files, where all snapshots tell.
    pub file: Option<Series>,
    /// Live bytes of the profiles, where they count them.
    pub heap: Option<Series>,
    /// Where memory outside of the heap grew by a part of the whole that matters; most first.
    pub outside: Vec<(Outside, i64)>,
}

/// Memory that no heap profile shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// Stacks of goroutines and threads, as Go counts them.
    Stacks,
    /// Idle spans of Go's heap that were not given back.
    Idle,
    /// The tables of Go's runtime.
    Runtime,
    /// Mapped files and page cache.
    Files,
    /// The rest: C code, stacks of threads, garbage, what the allocator keeps or lost to fragmentation.
    Other,
}

/// A part that is less than one of so many of the growth of the whole is nothing to speak of.
const PARTS: i64 = 10;

/// The memory of the process, where all of several snapshots have it beside them.
pub fn resident(diff: &Diff, memory: Option<&Memory>) -> Option<Resident> {
    let counted: Option<Vec<Counted>> = diff.snapshots.iter().map(|snapshot| snapshot.header.resident).collect();
    let counted = counted.filter(|counted| !counted.is_empty())?;
    let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX / 8);
    let series = |value: fn(&Counted) -> Option<u64>| {
        counted.iter().map(|counted| value(counted).map(signed)).collect::<Option<Vec<i64>>>().map(Series)
    };
    let total = series(|counted| Some(counted.total))?;
    let mut resident = Resident {
        total,
        anonymous: series(|counted| counted.anonymous),
        file: series(|counted| counted.file),
        heap: heap(diff),
        outside: Vec::new(),
    };
    resident.outside = resident.find_outside(memory);
    Some(resident)
}

/// Live bytes in every snapshot.
fn heap(diff: &Diff) -> Option<Series> {
    let is_live = |metric: &CommonMetric| {
        metric.metric.kind() == Kind::Memory(State::Live, Amount::Bytes) && units::is_bytes(&metric.metric.unit)
    };
    let (index, metric) = diff.metrics.iter().enumerate().find(|(_, metric)| is_live(metric))?;
    let factor = units::factor(&metric.metric.unit, "bytes")?;
    Some(Series(diff.totals(index).into_iter().map(|value| (value as f64 * factor) as i64).collect()))
}

impl Resident {
    /// Growth that the heap of the profiles does not explain.
    pub fn outside_delta(&self) -> i64 {
        self.total.delta() - self.heap.as_ref().map_or(0, Series::delta)
    }

    fn find_outside(&self, memory: Option<&Memory>) -> Vec<(Outside, i64)> {
        let of_go = |part: fn(&Memory) -> i64| memory.map_or(0, part).max(0);
        let mut parts = vec![
            (Outside::Stacks, of_go(|memory| memory.stacks.delta())),
            (Outside::Idle, of_go(Memory::idle)),
            (Outside::Runtime, of_go(|memory| memory.runtime.delta())),
            (Outside::Files, self.file.as_ref().map_or(0, Series::delta).max(0)),
        ];
        let known: i64 = parts.iter().map(|(_, growth)| *growth).fold(0, i64::saturating_add);
        parts.push((Outside::Other, self.outside_delta().saturating_sub(known)));
        let matters = |growth: i64| growth >= LEAST && growth >= self.total.delta() / PARTS;
        parts.retain(|(_, growth)| matters(*growth));
        parts.sort_by_key(|(_, growth)| Reverse(*growth));
        parts
    }

    /// Whether growth is of an amount to speak of.
    pub fn has_grown(&self) -> bool {
        self.total.0.len() > 1 && self.total.delta() >= LEAST
    }
}
