//! Was anything compared at all? A gate that saw no samples has not passed.
//!
//! In: a diff, a metric, two snapshots. Out: why nothing can be concluded from them. Invariant: looks at the profiles as
//! they are, before anything is set aside.

use crate::diff::Diff;
use crate::model::{Kind, Snapshot, State};

use super::Span;

/// Why a limit could not be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unchecked {
    /// The profile after has no samples, others have.
    EmptyNew,
    /// No profile has any.
    Empty,
    /// There are samples, but the metric is 0 after, or no more than the end of a test leaves over.
    NothingInUse,
    /// The newest process has fewer than three snapshots with a time.
    TooFew,
    /// A profile, given by its snapshot, is no state of a program but a difference of two.
    Delta(usize),
}

impl Unchecked {
    /// Its code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::EmptyNew => "empty-new",
            Self::Empty => "empty",
            Self::NothingInUse => "nothing-in-use",
            Self::TooFew => "too-few-snapshots",
            Self::Delta(_) => "delta-profile",
        }
    }
}

/// Why the values of a metric tell nothing; `None` where they do.
pub(super) fn unchecked(diff: &Diff, metric: usize, span: Span) -> Option<Unchecked> {
    let mut sides = span.from.into_iter().chain([span.to]);
    if let Some(delta) = sides.find(|side| diff.snapshots[*side].header.is_delta) {
        return Some(Unchecked::Delta(delta));
    }
    if diff.metrics[metric].metric.is_of_proven_leaks() {
        return None;
    }
    let is_live = matches!(diff.metrics[metric].metric.kind(), Kind::Memory(State::Live, _));
    let is_left_over = is_live && diff.is_idle();
    let holds = || diff.row_values(metric, span.to).any(|value| value != 0);
    match (diff.snapshots[span.to].is_empty(), diff.snapshots.iter().all(Snapshot::is_empty)) {
        (true, true) => Some(Unchecked::Empty),
        (true, false) => Some(Unchecked::EmptyNew),
        (false, _) => (is_left_over || !holds()).then_some(Unchecked::NothingInUse),
    }
}
