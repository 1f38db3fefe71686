//! What to beware of: signs in the inputs that the numbers may not mean what they seem to. One file per sign.
//!
//! In: a diff, of goroutines also that of the heap they stand beside. Out: warnings. Invariant: a warning states what was seen in the files, then what to do.
//! Nothing is changed on account of a warning, but that goroutines which do not belong to a heap tell nothing of it.

mod delta_profile;
mod different_build;
mod different_period;
mod metric_mismatch;
mod mixed_forms;
mod other_program;
mod profiling_off;
mod raw_counts;
mod restart;
mod reversed_order;
mod same_goroutines;
mod server_merged;
mod stale_snapshot;
mod unsymbolized;

use crate::diff::{Diff, Step};
use crate::model::{Code, Header, Page, Warning};

/// A sign, and what it looks for.
struct Guard {
    page: Page,
    check: fn(&Diff) -> Vec<Warning>,
}

/// All guards, in the order in which they speak.
const GUARDS: &[Guard] = &[
    profiling_off::GUARD,
    reversed_order::GUARD,
    restart::GUARD,
    stale_snapshot::GUARD,
    different_period::GUARD,
    different_build::GUARD,
    metric_mismatch::GUARD,
    delta_profile::GUARD,
    raw_counts::GUARD,
    server_merged::GUARD,
    unsymbolized::GUARD,
    same_goroutines::GUARD,
    mixed_forms::GUARD,
];

/// The pages of all guards.
pub fn pages() -> impl Iterator<Item = Page> {
    GUARDS.iter().map(|guard| guard.page).chain([other_program::PAGE])
}

/// What to know before trusting the numbers of a diff.
pub fn warnings(diff: &Diff) -> Vec<Warning> {
    let mut warnings = diff.warnings.clone();
    warnings.extend(guard(diff));
    warnings
}

/// What to know before trusting what goroutines tell of a heap.
pub fn warnings_beside(heap: &Diff, goroutines: &Diff) -> Vec<Warning> {
    let mut warnings = warnings(goroutines);
    warnings.extend(reversed_order::beside(heap, goroutines));
    warnings.extend(other_program::check(heap, goroutines));
    warnings
}

/// Whether goroutines are those of a heap, as far as can be seen: of its process, at two moments, in its order. `beside` are
/// the warnings of both.
pub(crate) fn belong(heap: &Diff, beside: &[Warning]) -> bool {
    // Two builds may be given in any order of time.
    let is_either_order = pairs(heap).any(|(before, after)| is_reversed(before, after));
    beside.iter().all(|warning| match warning.code {
        Code::ReversedOrder => is_either_order,
        Code::SameGoroutines => false,
        _ => true,
    })
}

/// All warnings about a diff.
fn guard(diff: &Diff) -> Vec<Warning> {
    GUARDS.iter().flat_map(|guard| (guard.check)(diff)).collect()
}

/// The headers of each two snapshots that follow each other.
fn pairs(diff: &Diff) -> impl Iterator<Item = (&Header, &Header)> {
    diff.snapshots.windows(2).map(|pair| (&pair[0].header, &pair[1].header))
}

/// The same for those that may be of one process, in the order in which they were taken, with what the cumulative
/// counters tell of the time between them.
fn history(diff: &Diff) -> impl Iterator<Item = (&Header, &Header, Step)> {
    let steps = pairs(diff).zip(&diff.snapshots).zip(diff.history());
    let comparable = steps.filter(|(((before, after), oldest), _)| {
        // A baseline is of no process.
        let is_recorded = before.baseline.is_some() || after.baseline.is_some();
        !is_recorded && !is_reversed(before, after) && before.build_id == after.build_id && !oldest.is_empty()
    });
    comparable.map(|(((before, after), _), step)| (before, after, *step))
}

/// Whether the first of two was taken after the second.
fn is_reversed(before: &Header, after: &Header) -> bool {
    before.time_nanos.zip(after.time_nanos).is_some_and(|(earlier, later)| later < earlier)
}
