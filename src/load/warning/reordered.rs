//! The profiles were sorted by time
//!
//! ## What was seen
//!
//! Three or more profiles were not given in order of time.
//!
//! ## Why it matters
//!
//! A shell sorts `heap*` by name: `heap1 heap10 heap2`. In that order, steady growth seems to go up and down, and the
//! last profile is not the newest.
//!
//! ## What to do
//!
//! Nothing: leakdiff sorts them by time. To keep the order given, label each profile:
//!
//! ```sh
//! leakdiff new=heap3.pb.gz old=heap1.pb.gz older=heap2.pb.gz
//! ```
//!
//! With leading zeros (`heap01`, `heap02`) the shell sorts correctly.
//!
//! ## How it is decided
//!
//! There are at least three profiles; each states its time (`time_nanos`), all times differ, and none has a label.
//! Two profiles are never reordered, nor are those of `leakdiff check`: there the first is the base, whenever it was
//! taken.
//!
//! ## Example
//!
//! ```text
//! warning[reordered]: the profiles are sorted by time: heap1.pb.gz, heap2.pb.gz, heap10.pb.gz; label them (name=path) to keep the order given
//! ```

use crate::model::{Code, Page, Snapshot, Warning};

const CODE: Code = Code::Reordered;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("reordered.rs"));

/// The snapshots stand in another order than they were given in.
pub fn warning(snapshots: &[Snapshot]) -> Warning {
    let labels: Vec<&str> = snapshots.iter().map(|snapshot| snapshot.header.label.as_str()).collect();
    let message = format!(
        "the profiles are sorted by time: {}; label them (name=path) to keep the order given",
        labels.join(", ")
    );
    Warning::general(CODE, message)
}
