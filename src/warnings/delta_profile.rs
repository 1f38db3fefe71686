//! A profile is already a difference
//!
//! ## What was seen
//!
//! A profile has negative values, or it is a heap profile with a duration. A snapshot has neither.
//!
//! ## Why it matters
//!
//! `/debug/pprof/heap?seconds=30` does not sample for 30 seconds: it takes two snapshots and writes their difference.
//! `pprof -proto -base`, `leakdiff -o delta.pb.gz` and some upload agents also write differences. Comparing two of
//! them shows how the growth changed, not what grew: a steady leak cancels. So leakdiff names no suspects and
//! computes no rate.
//!
//! ## What to do
//!
//! Fetch two plain snapshots and compare them:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! sleep 600
//! curl -so heap2.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! leakdiff heap1.pb.gz heap2.pb.gz
//! ```
//!
//! If you only have the difference, read it alone; its values are shown as growth and shrinkage:
//!
//! ```sh
//! leakdiff delta.pb.gz
//! ```
//!
//! ## How it is decided
//!
//! A value other than a number of objects is negative; or `duration_nanos` is above zero, and the profile has the
//! metrics `inuse_space` and `alloc_space` of a Go heap, or one of goroutines.
//!
//! ## Example
//!
//! ```text
//! warning[delta-profile]: heap2.pb.gz: this is a delta profile (taken with ?seconds=N, or a difference already), not a snapshot; compare two plain snapshots
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::Guard;

const CODE: Code = Code::DeltaProfile;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("delta_profile.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    const ALONE: &str = "this is a delta profile (taken with ?seconds=N, or a difference already): its values \
                         are growth, not a snapshot";
    const COMPARED: &str = "this is a delta profile (taken with ?seconds=N, or a difference already), not a \
                           snapshot; compare two plain snapshots";
    let message = if diff.is_one_delta() { ALONE } else { COMPARED };
    let deltas = diff.snapshots.iter().filter(|snapshot| snapshot.header.is_delta);
    deltas.map(|snapshot| Warning::about(&snapshot.header.label, CODE, message)).collect()
}
