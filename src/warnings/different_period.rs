//! The profiles were sampled at different rates
//!
//! ## What was seen
//!
//! One profile says that it took a sample every so many bytes, the other states another number.
//!
//! ## Why it matters
//!
//! Values are estimates, scaled up from the samples. Those of both profiles are right on average, so that they may be
//! compared, but not equally exact: at a period of 512 KiB an allocator of 10 MiB of small objects is known to about
//! 22 %, at a period of 64 KiB to about 8 %. A row may change by that much with nothing behind it.
//!
//! ## What to do
//!
//! Set the same rate in both programs, as the first statement of `main` and never again. A lower one is more exact and
//! costs more:
//!
//! ```go
//! func init() { runtime.MemProfileRate = 64 << 10 }
//! ```
//!
//! A Go profile states the rate at the moment it was written. A program that changes its rate while it runs writes a
//! period that holds for only some of its samples; see `raw-counts`.
//!
//! ## How it is decided
//!
//! Both profiles state a positive `period`, and the two numbers differ.
//!
//! ## Example
//!
//! ```text
//! warning[different-period]: heap2.pb.gz: the sampling period is 65536 here and 524288 in heap1.pb.gz: values are comparable, their precision is not
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::{Guard, pairs};

const CODE: Code = Code::DifferentPeriod;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("different_period.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (before, after) in pairs(diff) {
        if let (Some(old), Some(new)) = (before.period, after.period)
            && old != new
        {
            let message = format!(
                "the sampling period is {new} here and {old} in {}: values are comparable, their precision is not",
                before.label
            );
            warnings.push(Warning::about(&after.label, CODE, message));
        }
    }
    warnings
}
