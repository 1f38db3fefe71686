//! Whether two snapshots are of one process or of two.
//!
//! In: a diff and two of its snapshots. Out: a [`Regime`]. Invariant: one process is concluded only where every sign in
//! the files says so; what can't be told counts as two.
//! Knows nothing of counts.
//!
//! It matters because memory that is alive in both snapshots of one process is sampled once, and cancels exactly, while
//! two processes sample the same memory independently.

use crate::diff::Diff;

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
    if diff.is_of_one_process(from, span.to) { Regime::SameProcess } else { Regime::Independent }
}
