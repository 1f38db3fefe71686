//! A binary has no debug information
//!
//! ## What was seen
//!
//! The binary fits the profile, but where its debug information should be there is none that can be read, neither in it
//! nor in a file of its own.
//!
//! ## Why it matters
//!
//! Functions are named by the symbol table alone, as far as it was not stripped: there are no files and lines, and a
//! function that was inlined counts as the one it was inlined into. The leaking function may be one of those.
//!
//! ## What to do
//!
//! Build with debug information, which costs no speed: `-g` for C and C++, for Rust
//!
//! ```toml
//! [profile.release]
//! debug = "line-tables-only"
//! ```
//!
//! Debug information that was split off is found beside the binary, in `.debug` there, below `/usr/lib/debug` and below
//! each `--debug-dir`, by build id or by the name that the binary gives. Of a program of macOS it lies in `APP.dSYM`,
//! which `dsymutil APP` writes.
//!
//! ## How it is decided
//!
//! The binary has no section `.debug_info`, and no file with one and with the same build id was found; or it is damaged,
//! or larger than what there is memory for.
//!
//! ## Example
//!
//! ```text
//! warning[no-debug-info]: orders: it has no debug information, so that there are no lines and no inlined functions: build it with debug information (-g, of Rust debug = "line-tables-only") and do not strip it
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::NoDebugInfo;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("no_debug_info.rs"));

/// The binary at `path` names functions only.
pub fn warning(path: &str, reason: &str) -> Warning {
    let message = format!("it has no debug information, so that there are no lines and no inlined functions: {reason}");
    Warning::about(path, CODE, message)
}
