//! A profile is a difference already
//!
//! ## What was seen
//!
//! A profile holds negative values, or it is a heap profile that covers a span of time. A snapshot does neither.
//!
//! ## Why it matters
//!
//! `/debug/pprof/heap?seconds=30` does not sample for 30 seconds: it takes two snapshots and writes their difference. So
//! do `pprof -proto -base`, `leakdiff -o delta.pb.gz` and some agents that upload profiles. Comparing two differences
//! tells how the growth itself changed, not what grew: a steady leak disappears from it.
//!
//! ## What to do
//!
//! Fetch two plain snapshots and compare those:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! sleep 600
//! curl -so heap2.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! leakdiff heap1.pb.gz heap2.pb.gz
//! ```
//!
//! Where there is only the difference, read it alone; its values are the growth:
//!
//! ```sh
//! leakdiff delta.pb.gz
//! ```
//!
//! ## How it is decided
//!
//! Some value of some metric is below zero; or `duration_nanos` is above zero and there is a metric `inuse_space`.
//!
//! ## Example
//!
//! ```text
//! warning[delta-profile]: heap2.pb.gz: this is a delta profile (taken with ?seconds=N, or a difference already): it is not the state at one moment; compare two plain snapshots
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Snapshot, Warning};

use super::Guard;

const CODE: Code = Code::DeltaProfile;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("delta_profile.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    const MESSAGE: &str = "this is a delta profile (taken with ?seconds=N, or a difference already): it is not the \
                           state at one moment; compare two plain snapshots";
    let deltas = diff.snapshots.iter().filter(|snapshot| is_delta(snapshot));
    deltas.map(|snapshot| Warning::about(&snapshot.header.label, CODE, MESSAGE)).collect()
}

/// Whether a profile is a difference of two and not the state at one moment.
pub fn is_delta(snapshot: &Snapshot) -> bool {
    let has_negative = (0..snapshot.metrics.len()).any(|metric| snapshot.column(metric).iter().any(|value| *value < 0));
    let is_go_heap = snapshot.metrics.iter().any(|metric| metric.name == "inuse_space");
    has_negative || (snapshot.header.duration_nanos > 0 && is_go_heap)
}
