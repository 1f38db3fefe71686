//! Two snapshots show the same state of the heap
//!
//! ## What was seen
//!
//! Not a single stack has allocated anything between the two profiles, as far as they show.
//!
//! ## Why it matters
//!
//! Go publishes a heap profile when a garbage collection has ended: a profile is the state at that moment, however much
//! later it is fetched. Two profiles fetched between the same two collections are one state twice. A difference of
//! nothing then looks like proof that nothing leaks, when nothing was measured.
//!
//! ## What to do
//!
//! Fetch with `?gc=1`, which runs a collection first, or wait longer between the two:
//!
//! ```sh
//! curl -so heap2.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! ```
//!
//! In a test, call `runtime.GC()` before `pprof.WriteHeapProfile`. If the message says that both are the same snapshot,
//! one file was given twice, or copied.
//!
//! ## How it is decided
//!
//! Both profiles are of the same build (or state none), the first holds samples, and of the last metric that counts what
//! was allocated (in Go profiles `alloc_space`) the value of every stack and block size is the same in both, before any filter of
//! yours. Where both state the same time they are called the same snapshot. A process that truly allocates nothing is told apart by nothing in
//! its profiles; it is rare enough.
//!
//! ## Example
//!
//! ```text
//! warning[stale-snapshot]: nothing was allocated between heap1.pb.gz and heap2.pb.gz as far as the profiles show: no garbage collection ended in between; fetch with ?gc=1, or wait longer
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::{Guard, history};

const CODE: Code = Code::StaleSnapshot;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("stale_snapshot.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (before, after, _) in history(diff).filter(|(.., step)| step.fallen == 0 && step.risen == 0) {
        let message = if before.time_nanos.is_some() && before.time_nanos == after.time_nanos {
            format!("{} and {} are the same snapshot", before.label, after.label)
        } else {
            format!(
                "nothing was allocated between {} and {} as far as the profiles show: no garbage collection ended in \
                 between; fetch with ?gc=1, or wait longer",
                before.label, after.label
            )
        };
        warnings.push(Warning::about(&after.label, CODE, message));
    }
    warnings
}
