//! The profiles have different sampling periods
//!
//! ## What was seen
//!
//! The two profiles state different sampling periods (bytes per sample).
//!
//! ## Why it matters
//!
//! Values are estimates, scaled up from the samples. Both profiles are right on average and can be compared, but
//! their precision differs: 10 MiB of small objects have an error of about 22 % at a period of 512 KiB, and of about
//! 8 % at 64 KiB. A row may change by that much through sampling alone.
//!
//! ## What to do
//!
//! Set the same rate in both programs, once, before anything is allocated. A lower rate is more precise and costs
//! more:
//!
//! ```go
//! func init() { runtime.MemProfileRate = 64 << 10 }
//! ```
//!
//! A Go profile states the rate at the time it was written. If the program changes its rate while it runs, the period
//! is wrong for some samples; see `raw-counts`.
//!
//! ## How it is decided
//!
//! Both profiles have a positive `period`, and the two differ.
//!
//! ## Example
//!
//! ```text
//! warning[different-period]: heap2.pb.gz: the sampling period is 65536 here and 524288 in heap1.pb.gz: values are comparable, but their precision differs
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
                "the sampling period is {new} here and {old} in {}: values are comparable, but their \
                 precision differs",
                before.label
            );
            warnings.push(Warning::about(&after.label, CODE, message));
        }
    }
    warnings
}
