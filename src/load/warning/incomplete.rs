//! A text profile says it holds more than its records do
//!
//! ## What was seen
//!
//! The first line of a text profile states a total, and the records below it add up to less.
//!
//! ## Why it matters
//!
//! What is missing before looks new after, and what is missing after looks freed. Neither happened.
//!
//! ## What to do
//!
//! Fetch the profile again, and whole: not through `head`, `grep` or a log that cuts long texts. The binary form of a Go
//! profile (the same URL without `debug=1`) cannot be cut without notice.
//!
//! ## How it is decided
//!
//! A heap profile is incomplete when its records have fewer objects in use than the header says; a profile of counts,
//! when its records add up to less than the total. jemalloc writes numbers that add up only once they are scaled up, each
//! rounded before: there the records must stand for fewer bytes than the header, whichever way all were rounded.
//!
//! ## Example
//!
//! ```text
//! warning[incomplete]: heap1.pb.gz: its records add up to 2, but its header says 3: the text was cut short or filtered
//! ```

use crate::model::{Code, Page};

/// Its code.
pub const CODE: Code = Code::Incomplete;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("incomplete.rs"));

/// The records of a text profile have fewer objects in use than its header.
pub fn objects(records: i64, header: i64) -> String {
    format!(
        "its records add up to {records} objects in use, but its header says {header}: the text was cut short or \
         filtered, or the profiler ran out of room"
    )
}

/// The records of a text profile of counts add up to less than its header.
pub fn counts(records: i64, header: i64) -> String {
    format!("its records add up to {records}, but its header says {header}: the text was cut short or filtered")
}

/// The records of jemalloc's text stand for fewer bytes in use than its header, at most for so many.
pub fn bytes(records: i64, header: i64) -> String {
    format!(
        "its records stand for at most {records} bytes in use, but its header for {header}: the text was cut short or \
         filtered"
    )
}
