//! An allow-list entry has a fingerprint of version 0.1
//!
//! ## What was seen
//!
//! Version 0.1 gave this fingerprint to a stack, a function or a suspect that has a different fingerprint now.
//!
//! ## Why it matters
//!
//! The entry still applies. The next version will ignore it, and its growth will count against every limit.
//!
//! ## What to do
//!
//! Replace the old fingerprint with the one in the warning.
//!
//! ## How it is decided
//!
//! Version 0.1 built the fingerprint of a suspect from the signature and the responsible function, so it changed when
//! more was known; now only the function counts. Version 0.1 treated names of other languages like Go names, and did
//! not distinguish file-local names by file; now the file is part of the fingerprint.
//!
//! ## Example
//!
//! ```text
//! warning[allow-renamed]: the entry '4ae55809a55d9cd3' (known) is a fingerprint of version 0.1; replace it with '3ad486fdc7113aa1'
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
    Warning::general(
        CODE,
        format!("the entry '{matcher}' ({reason}) is a fingerprint of version 0.1; replace it with {today}"),
    )
}
