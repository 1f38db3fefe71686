//! Some names are not valid UTF-8
//!
//! ## What was seen
//!
//! The profile contains text that is not valid UTF-8: a function name, a path or a label.
//!
//! ## Why it matters
//!
//! Each invalid byte is shown as U+FFFD. Names that differ only in such bytes become one row. A filter that spells
//! the name as in the source may not match.
//!
//! ## What to do
//!
//! Usually nothing: the numbers are right. Possible causes are a library that truncates labels in the middle of a
//! character, a path in another encoding, or a profile damaged in transfer. To rule out the last, fetch it again and
//! compare:
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
//! warning[invalid-text]: heap1.pb.gz: some names are not valid UTF-8; invalid bytes are shown as �
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::InvalidText;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("invalid_text.rs"));

/// The profile called `label` holds text that is not UTF-8.
pub fn warning(label: &str) -> Warning {
    Warning::about(label, CODE, "some names are not valid UTF-8; invalid bytes are shown as \u{fffd}")
}
