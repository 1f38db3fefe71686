//! The older profile is given last
//!
//! ## What was seen
//!
//! Of two profiles that follow each other on the command line, the second was taken before the first.
//!
//! ## Why it matters
//!
//! Every sign is turned round: what leaks is shown as shrinking, and what was freed is shown as growing. The top of the
//! table then names the wrong functions, and a gate passes on a leak.
//!
//! ## What to do
//!
//! Give the profiles oldest first:
//!
//! ```sh
//! leakdiff older.pb.gz newer.pb.gz
//! ```
//!
//! Two builds may be compared in any order of time: the base comes first, whenever it was measured. Then the warning can
//! be ignored.
//!
//! ## How it is decided
//!
//! Both profiles state when they were taken (`time_nanos`), and the time of the second is less than that of the first.
//! Equal times are no sign of anything. Where this is seen, `restart` and `stale-snapshot` are not looked for.
//!
//! Goroutine profiles in text form do not say when they were taken. Beside a heap that grew it is said of them that they
//! may be reversed where the last has less than half of the goroutines of the first. Goroutines in another order than
//! their heap tell nothing of its suspects: these stay as they are without them.
//!
//! ## Example
//!
//! ```text
//! warning[reversed-order]: heap1.pb.gz was taken 40 min before heap3.pb.gz: growth is read backwards; give the older profile first
//! ```

use crate::diff::Diff;
use crate::model::Series;
use crate::model::{Code, Page, Warning};
use crate::rows::goroutines;
use crate::units;

use super::{Guard, is_reversed, pairs};

const CODE: Code = Code::ReversedOrder;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("reversed_order.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (before, after) in pairs(diff).filter(|(before, after)| is_reversed(before, after)) {
        let (Some(earlier), Some(later)) = (before.time_nanos, after.time_nanos) else { continue };
        let span = units::format_span(earlier.abs_diff(later));
        let message = format!(
            "{} was taken {span} before {}: growth is read backwards; give the older profile first",
            after.label, before.label
        );
        warnings.push(Warning::about(&after.label, CODE, message));
    }
    warnings
}

/// What to know of goroutines beside a heap, where they do not say when they were taken.
pub(super) fn beside(heap: &Diff, of: &Diff) -> Option<Warning> {
    let [first, last] = [of.snapshots.first()?, of.snapshots.last()?].map(|snapshot| &snapshot.header);
    let is_dated = first.time_nanos.is_some() && last.time_nanos.is_some();
    let has_grown = Series(heap.totals(heap.metric)).delta() > 0;
    let message = format!(
        "{} has less than half of the goroutines of {} though the heap grew: they may be reversed; give the older \
         profile first",
        last.label, first.label
    );
    (!is_dated && has_grown && goroutines::have_fallen(of)).then(|| Warning::about(&last.label, CODE, message))
}
