//! The same goroutine profile is given twice
//!
//! ## What was seen
//!
//! Two successive goroutine profiles contain the same goroutines, with the same count for each stack.
//!
//! ## Why it matters
//!
//! A profile compared with itself shows no growth, so a goroutine leak stays hidden. Given with a heap, they are
//! ignored for its suspects.
//!
//! ## What to do
//!
//! Fetch the second profile some minutes after the first, each together with its heap profile:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! curl -so goroutine1.pb.gz http://host:6060/debug/pprof/goroutine
//! ```
//!
//! An idle program has the same goroutines for hours. There is no warning if the profiles state different times; text
//! forms state none.
//!
//! ## How it is decided
//!
//! The count of every stack is the same in both, there is at least one goroutine, and the times are equal or missing
//! in at least one.
//!
//! ## Example
//!
//! ```text
//! warning[same-goroutines]: goroutine1.txt and goroutine2.txt contain the same goroutines: check that they are not the same profile
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};
use crate::rows::goroutines::METRICS;

use super::Guard;

const CODE: Code = Code::SameGoroutines;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("same_goroutines.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    if !METRICS.contains(&diff.metric().name.as_str()) {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    for after in 1..diff.snapshots.len() {
        let [before, after] = [after - 1, after];
        let [one, other] = [before, after].map(|number| &diff.snapshots[number].header);
        let times = one.time_nanos.zip(other.time_nanos);
        let counts = diff.column(diff.metric, before);
        let is_same = counts == diff.column(diff.metric, after) && counts.iter().any(|count| *count > 0);
        if is_same && times.is_none_or(|(one, other)| one == other) {
            let message = format!(
                "{} and {} contain the same goroutines: check that they are not the same profile",
                one.label, other.label
            );
            warnings.push(Warning::about(&other.label, CODE, message));
        }
    }
    warnings
}
