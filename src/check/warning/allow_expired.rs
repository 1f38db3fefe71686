//! An allow-list entry has expired
//!
//! ## What was seen
//!
//! The `expires` date is today (in UTC) or earlier.
//!
//! ## Why it matters
//!
//! The entry no longer applies. Its growth counts against every limit again, so a gate that passed yesterday may fail
//! without a change to the program.
//!
//! ## What to do
//!
//! Fix the leak and delete the entry. If you still accept the growth, set a later date and say why:
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
//! The entry applies until the day before the date, in UTC. An entry without a date never expires.
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
