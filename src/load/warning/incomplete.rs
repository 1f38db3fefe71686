//! A text profile holds less than its first line says
//!
//! ## What was seen
//!
//! The records of a profile in text form do not add up to the total that stands in its first line.
//!
//! ## Why it matters
//!
//! Stacks are missing. What they hold is missing from the total and from every row, and against a whole profile they are
//! shown as gone, or as new. A leak may be among them.
//!
//! ## What to do
//!
//! Fetch the text again, whole; look at how it was copied, filtered or logged. The binary form is smaller, and one that was
//! cut short is an error:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! ```
//!
//! ## How it is decided
//!
//! For counts of goroutines and the like, the sum of all records is less than the `total` of the first line. For heaps, the
//! records have fewer objects in use than the first line says; what a profiler itself leaves out or rounds is
//! allowed for. More than the first line says is no sign of anything missing. A text that ends in the middle of a record is
//! an error.
//!
//! ## Example
//!
//! ```text
//! warning[incomplete]: goroutine1.txt: its records add up to 4, but its header says 9: the text was cut short or filtered
//! ```

use crate::model::{Code, Page};

pub(in crate::load) const CODE: Code = Code::Incomplete;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("incomplete.rs"));

/// The records of a count profile add up to less than its total.
pub(in crate::load) fn of_counts(sum: i64, total: i64) -> String {
    format!("its records add up to {sum}, but its header says {total}: the text was cut short or filtered")
}

/// The records of a heap profile have fewer objects in use than its header says.
pub(in crate::load) fn of_objects(sum: i64, total: i64) -> String {
    format!(
        "its records add up to {sum} objects in use, but its header says {total}: the text was cut short or filtered, or \
         the profiler ran out of room"
    )
}
