//! JSON: the report as it is, one object, indented. Integers are in base units.

use std::io::{self, Write};

use super::{Report, Style};

/// Writes the report as JSON with a newline at its end.
pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}
