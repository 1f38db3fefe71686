//! Laws that hold for any profiles: what comes in is generated, what is proven is that the numbers add up, that two
//! directions and two ways agree, and that how a profile is written down does not show.

#[path = "../support/mod.rs"]
mod support;

mod builds;
mod encoding;
mod exports;
mod formats;
mod generate;
mod series;
mod sums;

use serde_json::Value;

use support::cases;

/// The rows of a report.
pub fn rows(report: &Value) -> &[Value] {
    report["rows"].as_array().expect("rows is an array")
}

/// A number of a report; absent objects count as 0.
pub fn number(value: &Value) -> i64 {
    if value.is_null() { 0 } else { value.as_i64().unwrap_or_else(|| panic!("{value} is not an integer")) }
}
