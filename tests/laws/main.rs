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

use proptest::test_runner::Config;
use serde_json::Value;

/// A run of each law over this many generated cases (`PROPTEST_CASES` asks for another number), without files of
/// earlier failures.
pub fn cases(count: u32) -> Config {
    let asked = std::env::var_os("PROPTEST_CASES").map(|_| Config::default().cases);
    Config { failure_persistence: None, ..Config::with_cases(asked.unwrap_or(count)) }
}

/// The rows of a report.
pub fn rows(report: &Value) -> &[Value] {
    report["rows"].as_array().expect("rows is an array")
}

/// A number of a report; absent objects count as 0.
pub fn number(value: &Value) -> i64 {
    if value.is_null() { 0 } else { value.as_i64().unwrap_or_else(|| panic!("{value} is not an integer")) }
}
