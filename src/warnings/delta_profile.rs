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
//! tells how the growth itself changed, not what grew: a steady leak disappears from it. So no suspects are named and no
//! rate is computed.
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
//! Where there is only the difference, read it alone; its values are shown as the growth, also of what shrank:
//!
//! ```sh
//! leakdiff delta.pb.gz
//! ```
//!
//! ## How it is decided
//!
//! Some value is below zero, numbers of objects set aside; or `duration_nanos` is above zero, and there are metrics
//! `inuse_space` and `alloc_space` of a Go heap, or one of goroutines.
//!
//! ## Example
//!
//! ```text
//! warning[delta-profile]: heap2.pb.gz: this is a delta profile (taken with ?seconds=N, or a difference already): it is not the state at one moment; compare two plain snapshots
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::Guard;

const CODE: Code = Code::DeltaProfile;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("delta_profile.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    const ALONE: &str = "this is a delta profile (taken with ?seconds=N, or a difference already): its values are \
                         growth, not the state at one moment";
    const COMPARED: &str = "this is a delta profile (taken with ?seconds=N, or a difference already): it is not the \
                           state at one moment; compare two plain snapshots";
    let message = if diff.is_one_delta() { ALONE } else { COMPARED };
    let deltas = diff.snapshots.iter().filter(|snapshot| snapshot.header.is_delta);
    deltas.map(|snapshot| Warning::about(&snapshot.header.label, CODE, message)).collect()
}
