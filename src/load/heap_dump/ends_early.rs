//! A heap dump is not whole
//!
//! ## What was seen
//!
//! The dump ends in the middle of a record, or has a record of a kind that `runtime/debug.WriteHeapDump` does not write. What
//! stands before that was read.
//!
//! ## Why it matters
//!
//! A dump has its objects first, then what holds them (goroutines, variables, finalizers), then the statistics and the
//! samples. What is missing at the end is missing in the answer: an object whose holder was not written seems to be held by
//! nothing, and is not counted.
//!
//! ## What to do
//!
//! Take the dump again. The usual reasons are a full disk, a pod that was killed while it wrote (the process is stopped for as
//! long as that takes, so that its health check may fail), and a copy that was made too early.
//!
//! ## How it is decided
//!
//! A whole dump ends with a record of kind 0. A dump without one whole object, or that ends before all of its holders, is an
//! error.
//!
//! ## Example
//!
//! ```text
//! warning[dump-ends-early]: after.dump: the heap dump ends early, in the record at byte 4526; what follows is missing in the answer
//! ```

use crate::model::{Code, Page};

use super::records::Broken;

/// Its code.
pub const CODE: Code = Code::DumpEndsEarly;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("ends_early.rs"));

/// What is said of a dump.
pub fn message(broken: Broken) -> String {
    format!("the heap dump {broken}; what follows is missing in the answer")
}
