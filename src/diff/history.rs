//! What happened between two successive snapshots, as far as the cumulative counters tell.
//!
//! In: aligned snapshots. Out: a [`Step`] for each two that follow each other. Invariant: nothing is judged here; a
//! counter that fell is counted, whatever the reason.
//! Knows nothing of what is in use.

use crate::model::{Header, Snapshot};

use super::align::Alignment;
use super::metric::CommonMetric;

/// The cumulative counters of two successive snapshots compared, entry by entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// How many entries have allocated less after than before, which one process never does.
    pub fallen: usize,
    /// How many have allocated more.
    pub risen: usize,
}

/// Whether what was allocated is counted since the process began. Profiles that cover a span of time count it from the
/// beginning of that span.
pub(super) fn is_cumulative(snapshots: &[Snapshot]) -> bool {
    snapshots.iter().all(|snapshot| snapshot.header.duration_nanos == 0)
}

impl Step {
    /// Whether two snapshots are of one process, as far as the files tell: one program at one place in memory, and counters
    /// of all that was ever allocated that only rose with time.
    fn is_of_one_process(self, old: &Header, new: &Header) -> bool {
        let is_one_program =
            old.build_id == new.build_id && old.binary == new.binary && old.memory_start == new.memory_start;
        let is_one_rate = old.period == new.period;
        let runs_on = match (old.time_nanos, new.time_nanos) {
            (Some(old), Some(new)) if new > old => self.fallen == 0,
            (Some(old), Some(new)) if new < old => self.risen == 0,
            _ => self.fallen == 0 || self.risen == 0,
        };
        is_one_program && is_one_rate && runs_on
    }
}

/// Whether all snapshots are of one process, as far as the files tell; `steps` are those between them.
pub(super) fn are_of_one_process(snapshots: &[Snapshot], steps: &[Step]) -> bool {
    let headers = snapshots.windows(2).map(|pair| (&pair[0].header, &pair[1].header));
    !steps.is_empty() && headers.zip(steps).all(|((old, new), step)| step.is_of_one_process(old, new))
}

/// One step for each two snapshots that follow each other; empty where they do not all count what was allocated, or
/// where some are of several runs, which have no history in common.
pub(super) fn steps(snapshots: &[Snapshot], metrics: &[CommonMetric], alignment: &Alignment) -> Vec<Step> {
    let Some(alloc) = metrics.iter().rfind(|metric| metric.metric.is_allocated()) else {
        return Vec::new();
    };
    let is_pooled = snapshots.iter().any(|snapshot| snapshot.run_count() > 1);
    if is_pooled || !is_cumulative(snapshots) {
        return Vec::new();
    }
    let column = |snapshot: usize| {
        let (column, factor) = alloc.columns[snapshot];
        let mut sums = vec![0_i64; alignment.len()];
        for (entry, value) in alignment.entry_of_row[snapshot].iter().zip(snapshots[snapshot].column(column)) {
            sums[*entry as usize] += value * factor;
        }
        sums
    };
    let step = |before: &[i64], after: &[i64]| {
        let changes = || before.iter().zip(after);
        Step {
            fallen: changes().filter(|(old, new)| new < old).count(),
            risen: changes().filter(|(old, new)| new > old).count(),
        }
    };
    // Two columns at a time: there may be hundreds.
    let mut before = column(0);
    let steps = (1..snapshots.len()).map(|number| {
        let after = column(number);
        let step = step(&before, &after);
        before = after;
        step
    });
    steps.collect()
}
