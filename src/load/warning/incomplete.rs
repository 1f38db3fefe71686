//! A text profile is incomplete
//!
//! ## What was seen
//!
//! The records of a text profile add up to less than the total in its first line.
//!
//! ## Why it matters
//!
//! What is missing in the older profile looks new, and what is missing in the newer one looks freed.
//!
//! ## What to do
//!
//! Fetch the whole profile again, not through `head`, `grep` or a log that truncates long text. The binary form of a
//! Go profile (the same URL without `debug=1`) cannot be truncated unnoticed.
//!
//! ## How it is decided
//!
//! A heap profile is incomplete if its records have fewer objects in use than the header says; a profile of counts,
//! if its records add up to less than the total. jemalloc rounds its numbers before they are scaled up: there the
//! records must hold fewer bytes than the header however they were rounded.
//!
//! ## Example
//!
//! ```text
//! warning[incomplete]: heap1.pb.gz: its records add up to 2, but its header says 3: the text was truncated or filtered
//! ```

use crate::model::{Code, Page};

/// Its code.
pub const CODE: Code = Code::Incomplete;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("incomplete.rs"));

/// The records of a text profile have fewer objects in use than its header.
pub fn objects(records: i64, header: i64) -> String {
    format!(
        "its records add up to {records} objects in use, but its header says {header}: the text was truncated or \
         filtered, or the profiler ran out of room"
    )
}

/// The records of a text profile of counts add up to less than its header.
pub fn counts(records: i64, header: i64) -> String {
    format!("its records add up to {records}, but its header says {header}: the text was truncated or filtered")
}

/// The records of jemalloc's text stand for fewer bytes in use than its header, at most for so many.
pub fn bytes(records: i64, header: i64) -> String {
    format!(
        "its records hold at most {records} bytes in use, but its header says {header}: the text was truncated or \
         filtered"
    )
}
