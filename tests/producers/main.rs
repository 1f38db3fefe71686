//! Profiles of every producer: native addresses with names from binaries, the formats of other languages, metrics that come
//! one by one, and the memory of the process beside them.

#![allow(clippy::print_stderr, reason = "a skipped test has to be seen")]

#[path = "../support/mod.rs"]
mod support;

mod beside;
mod formats;
mod hostile;
mod names;
mod oracle;

use serde_json::Value;

use support::fixture;

/// The line of a source that holds the mark of the leak.
pub fn leak_line(source: &str) -> i64 {
    let text = std::fs::read_to_string(fixture(source)).unwrap_or_else(|error| panic!("{source}: {error}"));
    let line = text.lines().position(|line| line.contains("LEAK")).expect("a mark");
    line as i64 + 1
}

/// The codes of the warnings of a report.
pub fn codes(report: &Value) -> Vec<&str> {
    report["warnings"].as_array().expect("warnings").iter().filter_map(|warning| warning["code"].as_str()).collect()
}

/// Who the first suspect of a report says it is: function, file, line.
pub fn first(report: &Value) -> (&str, &str, i64) {
    let who = &report["suspects"][0]["responsible"];
    let text = |key: &str| who[key].as_str().unwrap_or_default();
    (text("function"), text("file"), who["line"].as_i64().unwrap_or(0))
}
