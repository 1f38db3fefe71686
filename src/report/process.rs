//! The memory of the whole process in a table: what the profiles carry of it, and what the system counts.
//!
//! In: a report. Out: lines for people. Invariant: numbers stand below each other.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::fit::{pad, wrap};
use super::memory::lines;
use super::paint::{Ink, paint};
use super::{Change, Report, Style};

/// The memory of the whole process, and where it grew if the rows do not show it.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(memory) = &report.memory {
        write_parts("MEMORY OF THE PROCESS", memory.parts(), memory.explanation.as_deref(), style, out)?;
    }
    match &report.rss {
        Some(rss) => write_parts("RESIDENT MEMORY", rss.parts(), rss.explanation.as_deref(), style, out),
        None => Ok(()),
    }
}

/// Parts of memory, each with what it was, is and grew by, and a sentence on them.
fn write_parts(
    heading: &str,
    parts: Vec<(&'static str, Change)>,
    explanation: Option<&str>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let lines = lines(parts, style.scale);
    let widest = |column: usize| lines.iter().map(|line| line[column].width()).max().unwrap_or(0);
    let [name, from_to, growth] = [0, 1, 2].map(widest);
    writeln!(out, "{}", paint(heading, Ink::Bold, style))?;
    for line in &lines {
        let [name, from_to] = [pad(&line[0], name), pad(&line[1], from_to)];
        writeln!(out, "{name}  {from_to}  {:>growth$}", line[2])?;
    }
    match explanation {
        Some(explanation) => writeln!(out, "{}", wrap(explanation, style.width)),
        None => Ok(()),
    }
}
