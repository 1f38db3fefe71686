//! The sampling period is invalid
//!
//! ## What was seen
//!
//! The sampling period in the profile (bytes per sample) is negative.
//!
//! ## Why it matters
//!
//! The values are compared as they are, which is right. But without the period the sampling error is unknown: a row
//! of pure noise looks like any other.
//!
//! ## What to do
//!
//! If a tool wrote this profile, compare the original; subtracting profiles sometimes leaves a negative period. If
//! the program itself wrote it, report the bug there.
//!
//! ## How it is decided
//!
//! `period` is less than 0. It is treated as missing. A period of 0 means that there is none, and causes no warning.
//!
//! ## Example
//!
//! ```text
//! warning[invalid-period]: heap1.pb.gz: the sampling period -524288 is invalid and ignored
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::InvalidPeriod;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("invalid_period.rs"));

/// The profile called `label` states a negative period.
pub fn warning(label: &str, period: i64) -> Warning {
    Warning::about(label, CODE, format!("the sampling period {period} is invalid and ignored"))
}
