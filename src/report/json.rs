//! JSON: the report as it is, one object, indented. Integers are in base units.
//!
//! Invariant: what a terminal would obey is written as `\u` escapes, so that the text is kept and harmless.

use std::io::{self, Write};

use super::{Report, Style, escape};

/// Writes the report as JSON with a newline at its end.
pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(report)?;
    writeln!(out, "{}", escape::json(&text))
}
