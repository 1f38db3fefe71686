//! The frame filter in the profile is invalid
//!
//! ## What was seen
//!
//! A profile may name internal frames of its allocator (`drop_frames`) and exceptions (`keep_frames`). One of these
//! patterns is not a valid regular expression.
//!
//! ## Why it matters
//!
//! Rows are named after the function that allocated. Without the filter that is the allocator itself, `operator new`
//! or `malloc`, so everything the program allocates may end up in one row.
//!
//! ## What to do
//!
//! Hide these frames yourself; they are at the top of the table:
//!
//! ```sh
//! leakdiff heap1.pb.gz heap2.pb.gz --hide '^(operator new|malloc)'
//! ```
//!
//! The sums of all rows are right either way.
//!
//! ## How it is decided
//!
//! As in pprof, the patterns of the newest profile are used for all inputs. `drop_frames` is not empty, and Rust's
//! regex library rejects it or `keep_frames`: its syntax is that of RE2, without look-around and back-references.
//! Then neither is applied.
//!
//! ## Example
//!
//! ```text
//! warning[invalid-frame-filter]: heap1.pb.gz: the profile's drop_frames is ignored: regex parse error:
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::InvalidFrameFilter;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("invalid_frame_filter.rs"));

/// The rules of the profile called `label` are not valid.
pub fn warning(label: &str, cause: &regex::Error) -> Warning {
    Warning::about(label, CODE, format!("the profile's drop_frames is ignored: {cause}"))
}
