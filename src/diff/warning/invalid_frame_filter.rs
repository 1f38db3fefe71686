//! The profile's own frame filter cannot be read
//!
//! ## What was seen
//!
//! A profile may name frames that are internals of its allocator (`drop_frames`) and exceptions (`keep_frames`). One of
//! these patterns is not a valid regular expression.
//!
//! ## Why it matters
//!
//! Rows are named after the function that allocated. Without the filter they are named after the allocator itself,
//! `operator new` or `malloc`, and everything the program allocates may end in that one row.
//!
//! ## What to do
//!
//! Hide these frames yourself; the ones that matter stand at the top of the table:
//!
//! ```sh
//! leakdiff heap1.pb.gz heap2.pb.gz --hide '^(operator new|malloc)'
//! ```
//!
//! The sums of all rows are right with or without it.
//!
//! ## How it is decided
//!
//! Only the newest profile's patterns are used, for all inputs, as in pprof. `drop_frames` is not empty, and it or
//! `keep_frames` is rejected by Rust's regex library, whose syntax is that of RE2: it knows no look-around and no
//! back-references. Neither of the two is applied then.
//!
//! ## Example
//!
//! ```text
//! warning[invalid-frame-filter]: heap1.pb.gz: drop_frames of the profile is not applied: regex parse error:
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::InvalidFrameFilter;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("invalid_frame_filter.rs"));

/// The rules of the profile called `label` are not valid.
pub fn warning(label: &str, cause: &regex::Error) -> Warning {
    Warning::about(label, CODE, format!("drop_frames of the profile is not applied: {cause}"))
}
