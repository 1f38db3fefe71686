//! The stated sampling period cannot be
//!
//! ## What was seen
//!
//! The profile says that a sample was taken every so many bytes, and the number is negative.
//!
//! ## Why it matters
//!
//! The values are compared as they are, which is right. How exact they are follows from the period, so that nothing can be
//! said about that: a row that is only noise looks like any other.
//!
//! ## What to do
//!
//! Compare the original profile, if a tool wrote this one; subtracting profiles sometimes leaves a negative period
//! behind. If the program itself wrote it, report it there.
//!
//! ## How it is decided
//!
//! `period` is less than 0. It is treated as not stated. A period of 0 is how a profile says that it has none; there is
//! no warning about that.
//!
//! ## Example
//!
//! ```text
//! warning[invalid-period]: heap1.pb.gz: the sampling period is -524288, which cannot be; it is treated as unknown
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::InvalidPeriod;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("invalid_period.rs"));

/// The profile called `label` states a negative period.
pub fn warning(label: &str, period: i64) -> Warning {
    Warning::about(label, CODE, format!("the sampling period is {period}, which cannot be; it is treated as unknown"))
}
