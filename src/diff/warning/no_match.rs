//! An option matched nothing
//!
//! ## What was seen
//!
//! A pattern matches no function, file, binary or label in any profile.
//!
//! ## Why it matters
//!
//! With `--focus`, `--show-from` or `--tagfocus` nothing is left, and an empty table looks like "nothing grew". With
//! `--ignore`, `--hide` or `--tagignore` everything is left, including what you meant to exclude.
//!
//! ## What to do
//!
//! Check how the profile spells the name. Patterns are case-sensitive regular expressions that match anywhere in the
//! name; a dot matches any character, and brackets, parentheses and stars need a backslash:
//!
//! ```sh
//! leakdiff heap1.pb.gz heap2.pb.gz -n 0 -f csv | grep -i cache
//! leakdiff heap1.pb.gz heap2.pb.gz --focus 'store\.\(\*Cache\)\.Put'
//! ```
//!
//! Go heap profiles have only the label `bytes`, the block size; no other label filter matches.
//!
//! ## How it is decided
//!
//! In all profiles, no location has a function, file or binary that matches; for label filters, no set of labels
//! matches. Frames hidden by an earlier filter are not checked. Empty patterns are not reported.
//!
//! ## Example
//!
//! ```text
//! warning[no-match]: --focus matched nothing in any input
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::NoMatch;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("no_match.rs"));

/// The pattern of `option` matched nothing.
pub fn warning(option: &str) -> Warning {
    Warning::general(CODE, format!("{option} matched nothing in any input"))
}
