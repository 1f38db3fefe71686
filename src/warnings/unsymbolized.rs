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
//! Go writes names into its profiles. Profiles of C, C++ and Rust programs often lack them; give the binary that was
//! running, whose debug information names functions, lines and inlined calls:
//!
//! ```sh
//! leakdiff heap1.heap heap2.heap --bin ./server
//! leakdiff heap1.heap heap2.heap --bin server --debug-dir debug
//! ```
//!
//! Where the program ran on this machine, `--bin auto` opens what the profiles name.
//!
//! Of a binary that was stripped, the debug information is looked for beside it and below `--debug-dir`.
//!
//! ## How it is decided
//!
//! The magnitudes of the compared metric are added up, all of them and those whose innermost location lists no function;
//! the second sum is more than half of the first. What the filter leaves out is not counted.
//!
//! ## Example
//!
//! ```text
//! warning[unsymbolized]: heap1.pb.gz: most of it stands at addresses without function names; give the binary that was running: --bin APP
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::Guard;

const CODE: Code = Code::Unsymbolized;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("unsymbolized.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    const MESSAGE: &str =
        "most of it stands at addresses without function names; give the binary that was running: --bin APP";
    let nameless = (0..diff.snapshots.len()).filter(|snapshot| diff.is_mostly_nameless(*snapshot));
    nameless.map(|snapshot| Warning::about(&diff.snapshots[snapshot].header.label, CODE, MESSAGE)).collect()
}
