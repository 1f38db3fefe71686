//! Most of a profile has no function names
//!
//! ## What was seen
//!
//! More than half of the profile has addresses without function names.
//!
//! ## Why it matters
//!
//! Such rows show only an address and a binary. Addresses change with every build, so between two builds every row is
//! new or gone. Filters by name match nothing.
//!
//! ## What to do
//!
//! Go writes names into its profiles. Profiles of C, C++ and Rust programs often lack them; add them from the binary
//! that was running:
//!
//! ```sh
//! leakdiff heap1.heap heap2.heap --bin ./server
//! leakdiff heap1.heap heap2.heap --bin server --debug-dir debug
//! ```
//!
//! pprof does not read the text format of jemalloc. Let jeprof write the names, and append the profile; ignore the
//! error `can only dump remote profiles` at the end:
//!
//! ```sh
//! (jeprof --raw ./server heap1.heap; cat heap1.heap) > heap1.symbolized
//! (jeprof --raw ./server heap2.heap; cat heap2.heap) > heap2.symbolized
//! leakdiff heap1.symbolized heap2.symbolized
//! ```
//!
//! Both need the debug information if the binary was stripped.
//!
//! ## How it is decided
//!
//! Samples whose innermost location has no function hold more than half of the sum of absolute values of the compared
//! metric. Filtered samples do not count.
//!
//! ## Example
//!
//! ```text
//! warning[unsymbolized]: heap1.pb.gz: most addresses have no function names; symbolize it first: go tool pprof -proto BINARY PROFILE > symbolized.pb.gz, or for jemalloc (jeprof --raw BINARY PROFILE; cat PROFILE) > symbolized
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::Guard;

const CODE: Code = Code::Unsymbolized;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("unsymbolized.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    const MESSAGE: &str = "most addresses have no function names; symbolize it first: \
                           go tool pprof -proto BINARY PROFILE > symbolized.pb.gz, or for jemalloc \
                           (jeprof --raw BINARY PROFILE; cat PROFILE) > symbolized";
    let nameless = (0..diff.snapshots.len()).filter(|snapshot| diff.is_mostly_nameless(*snapshot));
    nameless.map(|snapshot| Warning::about(&diff.snapshots[snapshot].header.label, CODE, MESSAGE)).collect()
}
