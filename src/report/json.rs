//! JSON: the report as it is, one object, indented. Integers are in base units.
//!
//! Invariant: what a terminal would obey is written as `\u` escapes, so that the text is kept and harmless; it is written
//! as it comes, since all rows with their stacks may be more than fits in memory.

use std::io::{self, Write};

use serde::Serialize;

use super::{Report, Style, escape};

/// Writes the report as JSON with a newline at its end.
pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_value(report, out)
}

/// Writes any value so.
pub(super) fn write_value(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(Escaped(out), value)?;
    writeln!(out)
}

/// Takes JSON in pieces of whole characters, as its encoder writes it.
struct Escaped<'a>(&'a mut dyn Write);

impl Write for Escaped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.0.write_all(escape::json(text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
