//! The memory of the whole process in words: what grew beside the heap that the profile shows.
//!
//! In: the memory of an analysis. Out: data for the JSON contract, lines for people. Invariant: bytes; heap in use, heap
//! idle, stacks and runtime add up to `sys`.

use serde::Serialize;

use crate::rows::memory::{self, Growth};
use crate::units::{Scale, format, format_signed};

use super::{Change, header};

/// The memory of a process, in bytes.
#[derive(Debug, Clone, Serialize)]
pub struct Memory {
    /// Spans of the heap with objects.
    pub heap_in_use: Change,
    /// Spans of the heap without objects.
    pub heap_idle: Change,
    /// What of those was given back to the system.
    pub heap_released: Change,
    /// Stacks of goroutines and threads.
    pub stacks: Change,
    /// What the runtime keeps for itself.
    pub runtime: Change,
    /// All that Go obtained from the system.
    pub sys: Change,
    /// The largest resident set so far, where the system tells.
    pub max_rss: Option<Change>,
    /// Where it grew by a part of the whole that matters, or at least doubled; most first: `heap`, `stacks`, `idle`, `runtime`, `outside`.
    pub growth: Vec<Growth>,
    /// That in words, where the heap profile does not show it.
    pub explanation: Option<String>,
}

impl From<&memory::Memory> for Memory {
    fn from(memory: &memory::Memory) -> Self {
        Self {
            heap_in_use: Change::from(&memory.heap_in_use),
            heap_idle: Change::from(&memory.heap_idle),
            heap_released: Change::from(&memory.heap_released),
            stacks: Change::from(&memory.stacks),
            runtime: Change::from(&memory.runtime),
            sys: Change::from(&memory.sys),
            max_rss: memory.max_rss.as_ref().map(Change::from),
            growth: memory.growth.clone(),
            explanation: explanation(memory),
        }
    }
}

impl Memory {
    /// Each part with its name.
    pub(super) fn parts(&self) -> Vec<(&'static str, Change)> {
        let parts = [
            ("heap in use", Some(self.heap_in_use)),
            ("heap idle", Some(self.heap_idle)),
            ("released", Some(self.heap_released)),
            ("stacks", Some(self.stacks)),
            ("runtime", Some(self.runtime)),
            ("sys", Some(self.sys)),
            ("max RSS", self.max_rss),
        ];
        parts.into_iter().filter_map(|(name, change)| Some((name, change?))).collect()
    }
}

/// Parts in words: the name of each, before and after, and how much it grew.
pub(super) fn lines(parts: Vec<(&'static str, Change)>, scale: Scale) -> Vec<[String; 3]> {
    let line = |(name, change): (&str, Change)| {
        let growth = format_signed(change.delta, "bytes", scale);
        [name.to_owned(), header::from_to(change, "bytes", scale), growth]
    };
    parts.into_iter().map(line).collect()
}

/// A sentence for each part that the heap profile does not show.
fn explanation(memory: &memory::Memory) -> Option<String> {
    let sentences: Vec<String> = memory.growth.iter().filter_map(|growth| sentence(memory, *growth)).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn sentence(memory: &memory::Memory, growth: Growth) -> Option<String> {
    let bytes = |value: i64| format(value, "bytes", Scale::Auto);
    Some(match growth {
        Growth::Heap => return None,
        Growth::Stacks => format!(
            "Stacks grew by {}, which the heap profile does not show: goroutines.",
            bytes(memory.stacks.delta())
        ),
        Growth::Idle => format!(
            "Go holds {} more of heap without objects: fragmentation, or spans of a peak that were not given back.",
            bytes(memory.idle())
        ),
        Growth::Runtime => format!(
            "The runtime's own tables grew by {}: spans, the collector, the profiler.",
            bytes(memory.runtime.delta())
        ),
        Growth::Outside => format!(
            "The largest resident set grew by {} more than what Go holds: memory outside of Go, such as C code, or a \
             peak in between.",
            bytes(memory.outside())
        ),
    })
}
