//! An entry of the allow-list has a fingerprint of version 0.1
//!
//! ## What was seen
//!
//! The fingerprint of the entry is one that version 0.1 gave to a stack, a function or a suspect, and that is another now.
//!
//! ## Why it matters
//!
//! The entry still applies. The next version will not know it any more, and the growth that it sets aside will count for
//! every limit.
//!
//! ## What to do
//!
//! Write the fingerprint that the warning names in place of the old one.
//!
//! ## How it is decided
//!
//! Version 0.1 made the fingerprint of a suspect from what it was taken for and who is responsible, so that it changed when
//! more was known; now it is made of who alone. Names of other languages than Go were treated as if they were Go's, and a
//! name that reaches no further than its file was one in all files; now its file is part of it.
//!
//! ## Example
//!
//! ```text
//! warning[allow-renamed]: the entry '4ae55809a55d9cd3' (known) is a fingerprint of version 0.1; write '3ad486fdc7113aa1'
//! ```

use std::collections::BTreeSet;

use crate::check::Allow;
use crate::model::{Code, Page, Warning};

const CODE: Code = Code::AllowRenamed;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("allow_renamed.rs"));

/// An entry has a fingerprint of version 0.1, which is now called `fingerprints`.
pub fn warning(Allow { matcher, reason, .. }: &Allow, fingerprints: &BTreeSet<String>) -> Warning {
    let today: Vec<String> = fingerprints.iter().map(|fingerprint| format!("'{fingerprint}'")).collect();
    let today = today.join(" and ");
    Warning::general(CODE, format!("the entry '{matcher}' ({reason}) is a fingerprint of version 0.1; write {today}"))
}
