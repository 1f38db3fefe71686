//! One goroutine profile is given twice
//!
//! ## What was seen
//!
//! Two goroutine profiles that follow each other hold the same goroutines, each stack as often.
//!
//! ## Why it matters
//!
//! Nothing became more between a profile and itself, and a leak of goroutines is then not seen. Beside a heap they tell
//! nothing: its suspects stay as they are without them.
//!
//! ## What to do
//!
//! Fetch the second profile some minutes after the first, each at the moment of its heap profile:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! curl -so goroutine1.pb.gz http://host:6060/debug/pprof/goroutine
//! ```
//!
//! A program that waits and does nothing has the same goroutines for hours. Where the profiles were taken at different
//! times nothing is said; texts do not tell when they were taken.
//!
//! ## How it is decided
//!
//! The count of every stack is the same in both, there is at least one goroutine, and both were taken at the same time or
//! at least one of them does not say when.
//!
//! ## Example
//!
//! ```text
//! warning[same-goroutines]: goroutine1.txt and goroutine2.txt hold the same goroutines: if that is one profile given twice, nothing can be compared
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
                "{} and {} hold the same goroutines: if that is one profile given twice, nothing can be compared",
                one.label, other.label
            );
            warnings.push(Warning::about(&other.label, CODE, message));
        }
    }
    warnings
}
