//! The profiles were put in the order of their times
//!
//! ## What was seen
//!
//! Three or more profiles were given in another order than the one in which they were taken.
//!
//! ## Why it matters
//!
//! A shell sorts `heap*` by name: `heap1 heap10 heap2`. Read in that order, a series that grows all the time seems to jump
//! up and down, and the last profile of the list is not the newest.
//!
//! ## What to do
//!
//! Nothing: the order of their times is used, and this says so. To compare in another order, give each profile a label of
//! your own; then they stay as they are given:
//!
//! ```sh
//! leakdiff new=heap3.pb.gz old=heap1.pb.gz older=heap2.pb.gz
//! ```
//!
//! Numbers with leading zeros (`heap01`, `heap02`) are sorted by a shell as you mean them.
//!
//! ## How it is decided
//!
//! There are three profiles or more; each states when it was taken (`time_nanos`), no two state the same time, and none has
//! a label. Two profiles are never put in another order, nor is anything by `leakdiff check`: there the first is the base,
//! whenever it was taken.
//!
//! ## Example
//!
//! ```text
//! warning[reordered]: the profiles are put in the order of their times: heap1.pb.gz, heap2.pb.gz, heap10.pb.gz; label them (name=path) to keep the order given
//! ```

use crate::model::{Code, Page, Snapshot, Warning};

const CODE: Code = Code::Reordered;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("reordered.rs"));

/// The snapshots stand in another order than they were given in.
pub fn warning(snapshots: &[Snapshot]) -> Warning {
    let labels: Vec<&str> = snapshots.iter().map(|snapshot| snapshot.header.label.as_str()).collect();
    let message = format!(
        "the profiles are put in the order of their times: {}; label them (name=path) to keep the order given",
        labels.join(", ")
    );
    Warning::general(CODE, message)
}
