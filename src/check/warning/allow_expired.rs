//! An entry of the allow-list has expired
//!
//! ## What was seen
//!
//! The date under `expires` has come: today, in UTC, is that day or a later one.
//!
//! ## Why it matters
//!
//! The entry no longer applies. The growth that it set aside counts for every limit again, so that a gate may fail that
//! passed yesterday, without any change of the program.
//!
//! ## What to do
//!
//! Mend what the entry is about and delete it. If it is still to be tolerated, give it a later date, and say why:
//!
//! ```toml
//! [[allow]]
//! pattern = "store.Put"
//! reason = "INC-123: the cache is rewritten in March"
//! expires = 2027-04-01
//! ```
//!
//! ## How it is decided
//!
//! The entry applies up to the day before the date and not on the date itself. Days are those of UTC. An entry without
//! a date never expires.
//!
//! ## Example
//!
//! ```text
//! warning[allow-expired]: the entry 'store.Put' (known) expired on 2026-01-31 and no longer applies
//! ```

use jiff::civil::Date;

use crate::check::Allow;
use crate::model::{Code, Page, Warning};

const CODE: Code = Code::AllowExpired;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("allow_expired.rs"));

/// An entry expired on a day.
pub fn warning(Allow { matcher, reason, .. }: &Allow, day: Date) -> Warning {
    Warning::general(CODE, format!("the entry '{matcher}' ({reason}) expired on {day} and no longer applies"))
}
