//! Some names are not valid UTF-8
//!
//! ## What was seen
//!
//! The profile holds text that is not UTF-8, as the format asks for: a name of a function, a path, a label.
//!
//! ## Why it matters
//!
//! Each bad byte is shown as U+FFFD. Two names that differ in such bytes only become one, and their rows are added
//! up. A name may not be found by a filter that spells it as it is in the source.
//!
//! ## What to do
//!
//! Usually nothing: the numbers are right. Where names matter, look for what wrote them: a library that cuts long labels
//! in the middle of a character, a path in another encoding, or a profile that was damaged in transfer. The last is the
//! one to worry about; fetch it again, and compare:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! go tool pprof -raw heap1.pb.gz
//! ```
//!
//! ## How it is decided
//!
//! At least one element of the string table is not valid UTF-8, whether it is used or not.
//!
//! ## Example
//!
//! ```text
//! warning[invalid-text]: heap1.pb.gz: some names are not valid UTF-8; bad bytes are shown as �
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::InvalidText;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("invalid_text.rs"));

/// The profile called `label` holds text that is not UTF-8.
pub fn warning(label: &str) -> Warning {
    Warning::about(label, CODE, "some names are not valid UTF-8; bad bytes are shown as \u{fffd}")
}
