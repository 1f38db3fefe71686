//! What to beware of: signs in the inputs that the numbers may not mean what they seem to. One file per sign.
//!
//! In: a diff. Out: warnings. Invariant: a warning states what was seen in the files, then what to do.
//! Nothing is changed on account of a warning.

mod delta_profile;
mod different_build;
mod different_period;
mod metric_mismatch;
mod raw_counts;
mod restart;
mod reversed_order;
mod stale_snapshot;
mod unsymbolized;

use crate::diff::{CommonMetric, Diff};
use crate::model::{Header, Page, Warning};

/// A sign, and what it looks for.
struct Guard {
    page: Page,
    check: fn(&Seen<'_>) -> Vec<Warning>,
}

/// All guards, in the order in which they speak.
const GUARDS: &[Guard] = &[
    reversed_order::GUARD,
    restart::GUARD,
    stale_snapshot::GUARD,
    different_period::GUARD,
    different_build::GUARD,
    metric_mismatch::GUARD,
    delta_profile::GUARD,
    raw_counts::GUARD,
    unsymbolized::GUARD,
];

/// The pages of all guards.
pub(super) fn pages() -> impl Iterator<Item = Page> {
    GUARDS.iter().map(|guard| guard.page)
}

/// All warnings about a diff.
pub(super) fn guard(diff: &Diff) -> Vec<Warning> {
    let seen = Seen { diff, steps: steps(diff) };
    GUARDS.iter().flat_map(|guard| (guard.check)(&seen)).collect()
}

/// What the guards look at.
struct Seen<'a> {
    diff: &'a Diff,
    steps: Vec<Step>,
}

impl Seen<'_> {
    /// The headers of each two snapshots that follow each other.
    fn pairs(&self) -> impl Iterator<Item = (&Header, &Header)> {
        self.diff.snapshots.windows(2).map(|pair| (&pair[0].header, &pair[1].header))
    }

    /// The same for those that may be of one process, in the order in which they were taken, with what the cumulative
    /// counters tell of the time between them.
    fn history(&self) -> impl Iterator<Item = (&Header, &Header, Step)> {
        let steps = self.pairs().zip(&self.diff.snapshots).zip(&self.steps);
        let comparable = steps.filter(|(((before, after), oldest), _)| {
            !is_reversed(before, after) && before.build_id == after.build_id && !oldest.is_empty()
        });
        comparable.map(|(((before, after), _), step)| (before, after, *step))
    }
}

/// Whether the first of two was taken after the second.
fn is_reversed(before: &Header, after: &Header) -> bool {
    before.time_nanos.zip(after.time_nanos).is_some_and(|(earlier, later)| later < earlier)
}

/// How many entries have allocated less after than before, and how many more.
#[derive(Clone, Copy)]
struct Step {
    fallen: usize,
    risen: usize,
}

fn steps(diff: &Diff) -> Vec<Step> {
    let is_alloc = |metric: &CommonMetric| metric.metric.name.starts_with("alloc_");
    let Some(alloc) = diff.metrics.iter().rposition(is_alloc) else { return Vec::new() };
    let columns: Vec<Vec<i64>> = (0..diff.snapshots.len()).map(|snapshot| diff.column(alloc, snapshot)).collect();
    let step = |pair: &[Vec<i64>]| {
        let changes = || pair[0].iter().zip(&pair[1]);
        Step {
            fallen: changes().filter(|(old, new)| new < old).count(),
            risen: changes().filter(|(old, new)| new > old).count(),
        }
    };
    columns.windows(2).map(step).collect()
}
