//! A server has merged many profiles into one
//!
//! ## What was seen
//!
//! A profile of memory has one sample type, such as `inuse_space` alone, and does not say how large the blocks are that
//! were sampled. Servers that store profiles (Pyroscope, Parca) give such profiles out.
//!
//! ## Why it matters
//!
//! A server adds up what it received for a query: many profiles, taken over a span of time, of one process or of many. The
//! values are sums of them, not what one process holds at one moment, and a longer span gives larger values. The number of
//! objects is not known, so that nothing can be counted in units, nor how far sampling alone explains a change, nor how
//! much of what was allocated was kept.
//!
//! A few libraries write such profiles too, such as `jemalloc_pprof` for Rust. There the values are those of one process; the
//! rest holds all the same.
//!
//! ## What to do
//!
//! Take profiles from the process itself:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! ```
//!
//! Where the server is all there is, query two spans that are equally long, with the same labels and as many processes.
//!
//! ## How it is decided
//!
//! There is exactly one sample type, it is one of memory, and no sample has the label `bytes` with a size.
//!
//! ## Example
//!
//! ```text
//! warning[server-merged]: heap1.pb.gz: it has one sample type and no block sizes, as servers that merge profiles give out: numbers of objects and the sampling error are unknown; take profiles from the process itself
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};
use crate::stats::is_merged;

use super::Guard;

const CODE: Code = Code::ServerMerged;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("server_merged.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    const MESSAGE: &str = "it has one sample type and no block sizes, as servers that merge profiles give out: numbers \
                           of objects and the sampling error are unknown; take profiles from the process itself";
    let is_server = |snapshot: &usize| is_merged(diff, *snapshot) && !diff.snapshots[*snapshot].header.has_one_metric;
    let merged = (0..diff.snapshots.len()).filter(is_server);
    merged.map(|snapshot| Warning::about(&diff.snapshots[snapshot].header.label, CODE, MESSAGE)).collect()
}
