//! What a profile does not say, and what that means for the answers.
//!
//! In: the facts of a profile. Out: each thing that is missing, in words. Invariant: only what would change an answer.

use serde::Serialize;

use crate::diff::Diff;
use crate::model::{Amount, Kind, Metric, State};

use super::ProfileFacts;

/// Something that a profile does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// What.
    pub what: &'static str,
    /// What that means.
    pub so: &'static str,
}

/// All that is missing.
pub(super) fn missing(facts: &ProfileFacts, diff: &Diff, is_heap: bool) -> Vec<Missing> {
    let has = |kind: Kind| diff.metrics.iter().any(|metric| metric.metric.kind() == kind);
    let is_of_goroutines = diff.metrics.iter().any(|metric| metric.metric.kind() == Kind::Goroutines);
    let is_sampled = facts.period.as_ref().is_some_and(|period| period.value > 1);
    let is_leak = diff.metrics.iter().any(|metric| Metric::is_of_proven_leaks(&metric.metric));
    let counts = &facts.counts;
    let empty = counts.samples == 0;
    let most = |part: usize| part * 2 >= counts.locations;
    let table: &[(bool, &'static str, &'static str)] = &[
        (
            facts.time_nanos.is_none(),
            "when it was taken",
            "the rate of growth is not told, and a series keeps the order of its names",
        ),
        (is_heap && facts.period.is_none(), "the sampling period", "growth is not told from chance"),
        (
            is_heap && facts.build_id.is_none(),
            "the build id",
            "whether two profiles are of one build is concluded from their names",
        ),
        (
            is_heap
                && !has(Kind::Memory(State::Live, Amount::Bytes))
                && !has(Kind::Memory(State::Live, Amount::Objects)),
            "what is in use",
            "growth of what was allocated, freed or not, is no leak",
        ),
        (
            is_heap && !has(Kind::Memory(State::Allocated, Amount::Bytes)),
            "what was allocated and freed again",
            "how much of it is kept is not told, nor whether the process was restarted",
        ),
        (
            is_heap
                && !has(Kind::Memory(State::Live, Amount::Objects))
                && !has(Kind::Memory(State::Allocated, Amount::Objects)),
            "numbers of objects",
            "growth is stated in bytes only, and how sure it is cannot be told",
        ),
        (
            is_heap && is_sampled && !empty && !facts.labels.contains_key("bytes"),
            "the sizes of blocks",
            "the number of samples is estimated from mean sizes",
        ),
        (!empty && !most(counts.named), "names of functions", "symbolize it first: leakdiff explain unsymbolized"),
        (
            !empty && most(counts.named) && !most(counts.with_lines),
            "line numbers",
            "rows have no place, and list shows no source",
        ),
        (
            is_of_goroutines && !is_leak && !facts.format.contains("dump"),
            "who created goroutines, and for how long they wait",
            "a dump says it: /debug/pprof/goroutine?debug=2",
        ),
        (empty && !is_leak, "samples", "there is nothing to compare"),
    ];
    table.iter().filter(|(is_missing, ..)| *is_missing).map(|(_, what, so)| Missing { what, so }).collect()
}
