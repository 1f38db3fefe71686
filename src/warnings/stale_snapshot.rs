//! Two snapshots show the same heap state
//!
//! ## What was seen
//!
//! No stack allocated anything between the two profiles.
//!
//! ## Why it matters
//!
//! A Go heap profile shows the state at the end of the last garbage collection, however much later it is fetched. Two
//! profiles fetched between the same two collections show the same state. No difference then looks like proof of no
//! leak, but nothing was measured.
//!
//! ## What to do
//!
//! Fetch with `?gc=1`, which runs a garbage collection first, or wait longer between the two:
//!
//! ```sh
//! curl -so heap2.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! ```
//!
//! In a test, call `runtime.GC()` before `pprof.WriteHeapProfile`. If the message says that both are the same
//! snapshot, one file was given twice or copied.
//!
//! ## How it is decided
//!
//! Both profiles come from the same build (or state none), the first has samples, and the last cumulative metric (in
//! Go `alloc_space`) is equal for every stack and block size, before your filters. If both state the same time, they
//! are called the same snapshot. A process that really allocates nothing looks the same; this is rare.
//!
//! ## Example
//!
//! ```text
//! warning[stale-snapshot]: heap1.pb.gz and heap2.pb.gz show the same heap state: no garbage collection ended in between; fetch with ?gc=1, or wait longer
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
                "{} and {} show the same heap state: no garbage collection ended in between; fetch with ?gc=1, or \
                 wait longer",
                before.label, after.label
            )
        };
        warnings.push(Warning::about(&after.label, CODE, message));
    }
    warnings
}
