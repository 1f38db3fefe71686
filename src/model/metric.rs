//! A metric: what one column of a profile counts, and in which unit.
//!
//! In: the `sample_type` of a profile. Out: names that compare equal where producers mean the same thing, and what a
//! metric measures. Invariant: what is not known to be of memory is not called so.

use serde::Serialize;

use crate::units;

/// A sample type: `inuse_space` in `bytes`, `goroutine` in `count`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Metric {
    /// The type as the producer spelled it.
    pub name: String,
    /// The unit as the producer spelled it.
    pub unit: String,
}

/// What a metric measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Memory.
    Memory(State, Amount),
    /// Goroutines or threads.
    Goroutines,
    /// Anything else: time, locks, events.
    Other,
}

/// Which memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// What is in use.
    Live,
    /// What was ever allocated, freed or not.
    Allocated,
}

/// How memory is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// In bytes.
    Bytes,
    /// In objects.
    Objects,
}

/// What a word in the name of a sample type says.
#[derive(Clone, Copy)]
enum Word {
    /// It is about something else than the memory of a heap, or about raw samples.
    Foreign,
    Goroutines,
    /// In use, whatever else the name says: of `Unreleased malloc size`.
    Live,
    Allocated,
    /// Memory, which is in use where nothing else is said: of `heap-space`.
    Memory,
}

/// The words in the names of sample types. Go, gperftools, jemalloc, V8: `inuse_space`, `alloc_objects`, `space`; the
/// profilers of Datadog: `heap-live-size`, `heap-space`, `inuse-space`, `alloc-samples` beside `gpu-space` and
/// `file-io-read-size`; Pyroscope for the JVM: `alloc_in_new_tlab_bytes`, `malloc_bytes`, `live`; Perfetto: `Unreleased
/// malloc size`, `Total malloc count`, `Total size`; snapshots of heaps: `live_size`, `retained_size`.
const WORDS: &[(Word, &[&str])] = &[
    (Word::Foreign, &["gpu", "io", "read", "write", "send", "receive", "unscaled", "time", "cpu", "wall", "lock"]),
    (Word::Goroutines, &["goroutine", "goroutines", "goroutineleak", "threadcreate"]),
    (Word::Live, &["inuse", "live", "unreleased", "retained", "unfreed", "leaked", "outstanding", "used", "use"]),
    (Word::Allocated, &["alloc", "allocs", "allocated", "allocation", "allocations", "malloc", "mallocs", "total"]),
    (Word::Memory, &["heap", "memory", "mem", "space", "objects", "shallow", "rss"]),
];

impl Metric {
    /// What it measures, by the words of its name and its unit.
    ///
    /// ```
    /// use leakdiff::model::{Amount, Kind, Metric, State};
    ///
    /// let metric = Metric { name: "heap-live-size".into(), unit: "bytes".into() };
    /// assert_eq!(metric.kind(), Kind::Memory(State::Live, Amount::Bytes));
    /// ```
    pub fn kind(&self) -> Kind {
        let name = self.name.to_lowercase();
        let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
        let is_said = |(_, known): &&(Word, &[&str])| words.iter().any(|word| known.contains(word));
        let state = match WORDS.iter().find(is_said) {
            Some((Word::Live | Word::Memory, _)) => State::Live,
            Some((Word::Allocated, _)) => State::Allocated,
            Some((Word::Goroutines, _)) => return Kind::Goroutines,
            Some((Word::Foreign, _)) | None => return Kind::Other,
        };
        match () {
            () if units::is_bytes(&self.unit) => Kind::Memory(state, Amount::Bytes),
            () if units::is_time(&self.unit) => Kind::Other,
            () => Kind::Memory(state, Amount::Objects),
        }
    }

    /// Whether it measures memory, in bytes or in objects.
    pub fn is_memory(&self) -> bool {
        matches!(self.kind(), Kind::Memory(..))
    }

    /// Whether it measures what was ever allocated.
    pub fn is_allocated(&self) -> bool {
        matches!(self.kind(), Kind::Memory(State::Allocated, _))
    }

    /// Whether it counts only what is proven to have leaked: of nothing it says that nothing did.
    pub fn is_of_proven_leaks(&self) -> bool {
        self.name == "goroutineleak"
    }

    /// Whether it counts objects of memory.
    pub fn is_objects(&self) -> bool {
        matches!(self.kind(), Kind::Memory(_, Amount::Objects))
    }

    /// The name under which metrics of different producers are compared: tcmalloc's and jemalloc's `space` and
    /// `objects` are Go's `inuse_space` and `inuse_objects`.
    pub fn canonical_name(&self) -> &str {
        match self.name.as_str() {
            "space" => "inuse_space",
            "objects" => "inuse_objects",
            name => name,
        }
    }

    /// Whether a user who writes `name` means this metric: exact, or without the `inuse_` prefix as in pprof.
    pub fn answers_to(&self, name: &str) -> bool {
        let bare = |name: &str| name.strip_prefix("inuse_").unwrap_or(name).to_owned();
        self.name == name || bare(&self.name) == bare(name)
    }

    /// The position of the one of several metrics that measures `kind` and belongs to this one; where several do, that
    /// whose name begins most like its own: `alloc_in_new_tlab_objects` goes with `alloc_in_new_tlab_bytes`, not with
    /// `alloc_outside_tlab_bytes`.
    pub fn companion<'a>(&self, metrics: impl Iterator<Item = &'a Self>, kind: Kind) -> Option<usize> {
        let shared = |other: &Self| self.name.bytes().zip(other.name.bytes()).take_while(|(a, b)| a == b).count();
        let fitting = metrics.enumerate().filter(|(_, metric)| metric.kind() == kind);
        fitting.max_by_key(|(at, metric)| (shared(metric), std::cmp::Reverse(*at))).map(|(at, _)| at)
    }

    /// The kind of the same memory, counted the other way: the objects of its bytes, the bytes of its objects.
    pub fn counted_as(&self, amount: Amount) -> Option<Kind> {
        match self.kind() {
            Kind::Memory(state, own) if own != amount => Some(Kind::Memory(state, amount)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_types_of_every_ecosystem_are_told_apart() {
        const LIVE_BYTES: Kind = Kind::Memory(State::Live, Amount::Bytes);
        const LIVE_OBJECTS: Kind = Kind::Memory(State::Live, Amount::Objects);
        const ALLOCATED_BYTES: Kind = Kind::Memory(State::Allocated, Amount::Bytes);
        const ALLOCATED_OBJECTS: Kind = Kind::Memory(State::Allocated, Amount::Objects);
        let table: &[(Kind, &str, &[&str])] = &[
            (
                LIVE_BYTES,
                "bytes",
                &["inuse_space", "space", "inuse-space", "heap-live-size", "heap-space", "live_size"],
            ),
            (LIVE_BYTES, "bytes", &["retained_size", "Unreleased malloc size", "Unreleased size", "memory"]),
            (LIVE_BYTES, "kilobytes", &["inuse_space"]),
            (LIVE_OBJECTS, "count", &["inuse_objects", "objects", "heap-live-samples", "live", "Unreleased count"]),
            (ALLOCATED_BYTES, "bytes", &["alloc_space", "alloc-space", "alloc_size", "alloc_in_new_tlab_bytes"]),
            (
                ALLOCATED_BYTES,
                "bytes",
                &["alloc_outside_tlab_bytes", "alloc_sample_bytes", "malloc_bytes", "allocations"],
            ),
            (
                ALLOCATED_BYTES,
                "bytes",
                &["heap_alloc_bytes", "Total malloc size", "Total size", "Total allocation size"],
            ),
            (ALLOCATED_OBJECTS, "count", &["alloc_objects", "alloc-samples", "malloc_objects", "Total malloc count"]),
            (Kind::Goroutines, "count", &["goroutine", "goroutineleak", "threadcreate"]),
            (Kind::Other, "bytes", &["gpu-space", "file-io-read-size", "socket-write-size"]),
            (Kind::Other, "count", &["samples", "cpu-samples", "exception", "lock_count", "contentions"]),
            (Kind::Other, "count", &["alloc-samples-unscaled", "lock-acquire", "gpu-alloc-samples"]),
            (Kind::Other, "nanoseconds", &["cpu", "wall", "delay", "timeline", "lock_time", "alloc_time"]),
        ];
        for (kind, unit, names) in table {
            for name in *names {
                let metric = Metric { name: (*name).to_owned(), unit: (*unit).to_owned() };
                assert_eq!(metric.kind(), *kind, "{name} in {unit}");
            }
        }
    }
}
