//! Locations refer to an undefined mapping
//!
//! ## What was seen
//!
//! Some locations refer to a mapping (a loaded binary or library) that the profile does not define.
//!
//! ## Why it matters
//!
//! It matters little if functions have names: rows are matched by name. But filters by binary do not match these
//! frames, and `--by address` cannot distinguish them by binary. It is also a sign that a tool rewrote the profile
//! incorrectly.
//!
//! ## What to do
//!
//! If a tool merged, filtered or symbolized the profiles, compare the originals. Otherwise nothing: all values are
//! counted.
//!
//! ## How it is decided
//!
//! A location has a `mapping_id` other than 0 that no mapping has as its `id`. It is treated as if it had no mapping,
//! as in pprof. A reference to an undefined function is an error instead, because the name is lost.
//!
//! ## Example
//!
//! ```text
//! warning[missing-mapping]: heap1.pb.gz: 2 locations refer to an undefined mapping
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::MissingMapping;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("missing_mapping.rs"));

/// So many locations of the profile called `label` name a mapping that is not defined.
pub fn warning(label: &str, locations: usize) -> Warning {
    Warning::about(label, CODE, format!("{locations} locations refer to an undefined mapping"))
}
