//! A binary that was named is not the one that was profiled
//!
//! ## What was seen
//!
//! A binary that `--bin` or `--debug-dir` names would give the addresses of a profile names, but it is another build, or
//! no binary at all.
//!
//! ## Why it matters
//!
//! The same address is another function in another build. Names from the wrong binary look right and are wrong, so none
//! are taken from it: its addresses stay as they are.
//!
//! ## What to do
//!
//! Give the binary that ran, from the machine or image where it ran:
//!
//! ```sh
//! cp /proc/PID/exe server            # of a process that still runs
//! docker cp CONTAINER:/usr/local/bin/server server
//! leakdiff heap1.heap heap2.heap --bin server
//! ```
//!
//! `readelf -n server` prints its build id.
//!
//! ## How it is decided
//!
//! Where profile and binary both have a build id, the two are compared. Texts of allocators have none: there each part
//! that was mapped has to lie within a part of the binary (a segment).
//!
//! ## Example
//!
//! ```text
//! warning[binary-mismatch]: server: it gives no names: it is of another build: its parts are not as long as those that were mapped
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::BinaryMismatch;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("binary_mismatch.rs"));

/// The binary at `path` is not taken.
pub fn warning(path: &str, reason: &str) -> Warning {
    Warning::about(path, CODE, format!("it gives no names: {reason}"))
}
