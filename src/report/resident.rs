//! The memory of the process as the system counts it, in words: how much of its growth the heap explains.
//!
//! In: the resident memory of an analysis. Out: data for the JSON contract, lines for people. Invariant: bytes; what the heap
//! explains and what is outside add up to the growth.

use serde::Serialize;

use crate::model::Series;
use crate::rows::resident::{self, Outside};
use crate::units::{Scale, format};

use super::Change;

/// The memory of a process as the system counts it, in bytes.
#[derive(Debug, Clone, Serialize)]
pub struct Resident {
    /// All of it.
    pub total: Change,
    /// What belongs to no file, where the system tells.
    pub anonymous: Option<Change>,
    /// Mapped files and page cache, where the system tells.
    pub file: Option<Change>,
    /// Live bytes of the profiles.
    pub heap: Option<Change>,
    /// The share of the growth that the heap explains; `None` where nothing grew.
    pub explained: Option<f64>,
    /// Growth that it does not explain.
    pub outside: i64,
    /// Where that is, most first.
    pub growth: Vec<OutsideGrowth>,
    /// That in words.
    pub explanation: Option<String>,
}

/// Growth of memory that no heap profile shows.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct OutsideGrowth {
    /// Where: `stacks`, `idle`, `runtime`, `files`, `other`.
    pub place: Outside,
    /// How much, in bytes.
    pub delta: i64,
}

impl From<&resident::Resident> for Resident {
    fn from(resident: &resident::Resident) -> Self {
        let change = |series: &Option<Series>| series.as_ref().map(Change::from);
        let heap = change(&resident.heap);
        let explained =
            heap.filter(|_| resident.has_grown()).map(|heap| heap.delta as f64 / resident.total.delta() as f64);
        Self {
            total: Change::from(&resident.total),
            anonymous: change(&resident.anonymous),
            file: change(&resident.file),
            heap,
            explained,
            outside: resident.outside_delta(),
            growth: resident
                .outside
                .iter()
                .map(|(place, delta)| OutsideGrowth { place: *place, delta: *delta })
                .collect(),
            explanation: explanation(resident, explained),
        }
    }
}

impl Resident {
    /// The whole and its parts, each with its name.
    pub(super) fn parts(&self) -> Vec<(&'static str, Change)> {
        let parts =
            [("process", Some(self.total)), ("heap", self.heap), ("anonymous", self.anonymous), ("files", self.file)];
        parts.into_iter().filter_map(|(name, change)| Some((name, change?))).collect()
    }
}

fn explanation(resident: &resident::Resident, explained: Option<f64>) -> Option<String> {
    let bytes = |value: i64| format(value, "bytes", Scale::Auto);
    let grown = resident.has_grown().then(|| bytes(resident.total.delta()))?;
    let first = match (explained, resident.heap.as_ref()) {
        (Some(share), _) if share >= 1.0 => format!("The process grew by {grown}, less than its heap."),
        (Some(share), Some(heap)) if heap.delta() > 0 => format!(
            "The process grew by {grown}; the heap in the profiles explains {} of it ({:.0} %).",
            bytes(heap.delta()),
            100.0 * share
        ),
        _ => format!("The process grew by {grown}; the heap in the profiles explains nothing of it."),
    };
    let places = resident.outside.iter().map(|(place, growth)| format!("{}: {}", sentence(*place), bytes(*growth)));
    let places: Vec<String> = places.collect();
    Some(match places.is_empty() {
        true => first,
        false => format!("{first} Outside of it grew {}.", places.join("; ")),
    })
}

fn sentence(place: Outside) -> &'static str {
    match place {
        Outside::Stacks => "stacks of goroutines and threads",
        Outside::Idle => "idle spans of Go's heap that were not given back",
        Outside::Runtime => "the tables of Go's runtime",
        Outside::Files => "mapped files and page cache",
        Outside::Other => "memory of C code, stacks of threads, garbage, or what the allocator keeps",
    }
}
