//! Whether two snapshots are of one process or of two.
//!
//! In: a diff and two of its snapshots. Out: a [`Regime`]. Invariant: one process is concluded only where every sign in
//! the files says so; what can't be told counts as two.
//! Knows nothing of counts.
//!
//! It matters because memory that is alive in both snapshots of one process is sampled once, and cancels exactly, while
//! two processes sample the same memory independently.

use crate::diff::{Diff, Step};
use crate::model::Header;

use super::Span;

/// How the samples of two snapshots relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Regime {
    /// One process at two times: what is in both snapshots is the same samples.
    SameProcess,
    /// Two processes: all samples are independent.
    Independent,
}

/// What the files say.
pub(super) fn regime(diff: &Diff, span: Span) -> Regime {
    let Some(from) = span.from else { return Regime::Independent };
    let steps = diff.history().get(from..span.to).unwrap_or_default();
    let headers = diff.snapshots[from..=span.to].windows(2).map(|pair| (&pair[0].header, &pair[1].header));
    let is_one = !diff.is_of_test_runs()
        && !steps.is_empty()
        && headers.zip(steps).all(|((old, new), step)| is_one_process(old, new, *step));
    if is_one { Regime::SameProcess } else { Regime::Independent }
}

/// The same build at the same place in memory, and counters of all that was ever allocated that only rose with time.
fn is_one_process(old: &Header, new: &Header, step: Step) -> bool {
    let is_one_program =
        old.build_id == new.build_id && old.binary == new.binary && old.memory_start == new.memory_start;
    let is_one_rate = old.period == new.period;
    let runs_on = match (old.time_nanos, new.time_nanos) {
        (Some(old), Some(new)) if new > old => step.fallen == 0,
        (Some(old), Some(new)) if new < old => step.risen == 0,
        _ => step.fallen == 0 || step.risen == 0,
    };
    is_one_program && is_one_rate && runs_on
}
