//! A server merged many profiles into one
//!
//! ## What was seen
//!
//! A memory profile has only one sample type, such as `inuse_space`, and no sizes of the sampled blocks. Profile
//! servers (Pyroscope, Parca) export such profiles.
//!
//! ## Why it matters
//!
//! A server answers a query with the sum of many profiles, taken over a period, of one or many processes. Such a sum
//! is not what one process holds at one time, and a longer period gives larger values. The numbers of objects, the
//! sampling error and the retained share of allocations are unknown.
//!
//! A few libraries write such profiles too, such as `jemalloc_pprof` for Rust. Their values are those of one process;
//! the rest applies to them as well.
//!
//! ## What to do
//!
//! Take profiles from the process itself:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! ```
//!
//! If you only have the server, query two periods of equal length, with the same labels and the same number of
//! processes.
//!
//! ## How it is decided
//!
//! There is exactly one sample type, it is a memory metric, and no sample has the label `bytes` with a size.
//!
//! ## Example
//!
//! ```text
//! warning[server-merged]: heap1.pb.gz: one sample type and no block sizes, as from a server that merges profiles: numbers of objects and the sampling error are unknown; take profiles from the process itself
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};
use crate::stats::is_merged;

use super::Guard;

const CODE: Code = Code::ServerMerged;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("server_merged.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    const MESSAGE: &str = "one sample type and no block sizes, as from a server that merges profiles: numbers of \
                           objects and the sampling error are unknown; take profiles from the process itself";
    let is_server = |snapshot: &usize| is_merged(diff, *snapshot) && !diff.snapshots[*snapshot].header.has_one_metric;
    let merged = (0..diff.snapshots.len()).filter(is_server);
    merged.map(|snapshot| Warning::about(&diff.snapshots[snapshot].header.label, CODE, MESSAGE)).collect()
}
