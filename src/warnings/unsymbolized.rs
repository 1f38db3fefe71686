//! Most of a profile has no function names
//!
//! ## What was seen
//!
//! More than half of what the profile holds was allocated at addresses that it gives no function name for.
//!
//! ## Why it matters
//!
//! Nothing can be said about such rows but their address and binary. Addresses change with every build, so that
//! two builds have nothing in common, and every row is new or gone. Filters by name match nothing either.
//!
//! ## What to do
//!
//! Go writes names into its profiles. Profiles of C, C++ and Rust programs often lack them; add them with the binary that
//! was running:
//!
//! ```sh
//! go tool pprof -proto ./server heap1.pb.gz > heap1.symbolized.pb.gz
//! go tool pprof -proto ./server heap2.pb.gz > heap2.symbolized.pb.gz
//! leakdiff heap1.symbolized.pb.gz heap2.symbolized.pb.gz
//! ```
//!
//! pprof does not read jemalloc's texts. For those jeprof writes the names, and the text goes behind them; the error
//! that jeprof ends with, `can only dump remote profiles`, means nothing here:
//!
//! ```sh
//! (jeprof --raw ./server heap1.heap; cat heap1.heap) > heap1.symbolized
//! (jeprof --raw ./server heap2.heap; cat heap2.heap) > heap2.symbolized
//! leakdiff heap1.symbolized heap2.symbolized
//! ```
//!
//! A binary that was stripped needs its debug information for either.
//!
//! ## How it is decided
//!
//! The magnitudes of the compared metric are added up, all of them and those whose innermost location lists no function;
//! the second sum is more than half of the first. What the filter leaves out is not counted.
//!
//! ## Example
//!
//! ```text
//! warning[unsymbolized]: heap1.pb.gz: most of it stands at addresses without function names; symbolize it first: go tool pprof -proto BINARY PROFILE > symbolized.pb.gz, or of jemalloc (jeprof --raw BINARY PROFILE; cat PROFILE) > symbolized
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::Guard;

const CODE: Code = Code::Unsymbolized;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("unsymbolized.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    const MESSAGE: &str = "most of it stands at addresses without function names; symbolize it first: \
                           go tool pprof -proto BINARY PROFILE > symbolized.pb.gz, or of jemalloc \
                           (jeprof --raw BINARY PROFILE; cat PROFILE) > symbolized";
    let nameless = (0..diff.snapshots.len()).filter(|snapshot| diff.is_mostly_nameless(*snapshot));
    nameless.map(|snapshot| Warning::about(&diff.snapshots[snapshot].header.label, CODE, MESSAGE)).collect()
}
