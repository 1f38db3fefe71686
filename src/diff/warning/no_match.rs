//! An option matched nothing
//!
//! ## What was seen
//!
//! A pattern of yours fits no function, file, binary or label in any of the profiles.
//!
//! ## Why it matters
//!
//! With `--focus`, `--show-from` or `--tagfocus` nothing is left, and a table without rows is easily read as "nothing grew".
//! With `--ignore`, `--hide` or `--tagignore` everything is left, also what you believe to have taken out.
//!
//! ## What to do
//!
//! Look at how the profile spells the name. Patterns are regular expressions, found anywhere in the name, and case
//! counts; a dot stands for any character, and brackets, parentheses and stars need a backslash:
//!
//! ```sh
//! leakdiff heap1.pb.gz heap2.pb.gz -n 0 -f csv | grep -i cache
//! leakdiff heap1.pb.gz heap2.pb.gz --focus 'store\.\(\*Cache\)\.Put'
//! ```
//!
//! Go's heap profiles have no labels but `bytes`, the size of a block: a filter by label finds nothing else in them.
//!
//! ## How it is decided
//!
//! Over all profiles, no location has a line whose function or file matches, nor a binary whose path does; for labels, no
//! set of labels matches. Frames that an earlier filter hides are not looked at. Options without a value match nothing
//! and are not reported.
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
