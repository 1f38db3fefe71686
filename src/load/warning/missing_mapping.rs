//! Locations lie in a binary that the profile does not describe
//!
//! ## What was seen
//!
//! Some locations name a mapping (a loaded binary or library) by a number that no mapping of the profile has.
//!
//! ## Why it matters
//!
//! Little, where functions have names: rows are matched by name. But filters that match the path of a binary do not find
//! these frames, and with `--by address` they cannot be told apart by binary. It is also a sign that a tool has
//! rewritten the profile and not done it well.
//!
//! ## What to do
//!
//! Compare the original profiles, if a tool merged, cut or symbolized these. Otherwise nothing: the values are counted in
//! full.
//!
//! ## How it is decided
//!
//! A location has a `mapping_id` other than 0 that no mapping has as its `id`. It is treated as having none, as pprof
//! does. A location that refers to a function that is not there is an error instead, because its name is lost.
//!
//! ## Example
//!
//! ```text
//! warning[missing-mapping]: heap1.pb.gz: 2 locations name a mapping that is not defined
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::MissingMapping;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("missing_mapping.rs"));

/// So many locations of the profile called `label` name a mapping that is not defined.
pub fn warning(label: &str, locations: usize) -> Warning {
    Warning::about(label, CODE, format!("{locations} locations name a mapping that is not defined"))
}
