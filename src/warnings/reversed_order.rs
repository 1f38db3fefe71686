//! The newer profile comes first
//!
//! ## What was seen
//!
//! Of two successive profiles on the command line, the second was taken before the first.
//!
//! ## Why it matters
//!
//! Every sign is reversed: leaks show as shrinkage, and freed memory shows as growth. The table names the wrong
//! functions, and a gate passes a leak.
//!
//! ## What to do
//!
//! Give the profiles oldest first:
//!
//! ```sh
//! leakdiff older.pb.gz newer.pb.gz
//! ```
//!
//! When you compare two builds, the base comes first, whenever it was measured. Then ignore the warning.
//!
//! ## How it is decided
//!
//! Both profiles state their time (`time_nanos`), and the second is earlier than the first. Equal times prove
//! nothing. If this warning appears, `restart` and `stale-snapshot` are not checked.
//!
//! Goroutine profiles in text form have no time. If the heap grew and the last of them has less than half of the
//! goroutines of the first, they may be reversed. Goroutine profiles in the wrong order are ignored for the suspects
//! of the heap.
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
