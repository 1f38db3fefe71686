//! Whether a profile is a difference already, not the state at one moment.
//!
//! In: what a profile counts, over how long, and its values. Out: yes or no. Invariant: a snapshot is never taken for a
//! difference on account of numbers of objects, of which tools write odd ones.

use crate::model::{Kind, Metric};

/// What Go writes for `?seconds=N` covers a span of time, and so does no snapshot of its; a subtraction leaves values
/// below zero.
pub(super) fn is_delta(duration_nanos: i64, metrics: &[Metric], values: &[Vec<i64>]) -> bool {
    let has_negative =
        |(metric, column): (&Metric, &Vec<i64>)| !metric.is_objects() && column.iter().any(|value| *value < 0);
    let has = |name: &str| metrics.iter().any(|metric| metric.name == name);
    let is_go_heap = has("inuse_space") && has("alloc_space");
    let is_go_count = metrics.iter().any(|metric| metric.kind() == Kind::Goroutines);
    (duration_nanos > 0 && (is_go_heap || is_go_count)) || metrics.iter().zip(values).any(has_negative)
}
