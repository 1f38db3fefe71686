//! Who holds what grew, as text and as JSON.
//!
//! In: a report of holders. Out: lines. Invariant: no line is wider than the width, and no byte of a dump reaches the terminal
//! unescaped.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::units::{format_signed, thousands};

use super::super::escape::terminal;
use super::super::fit::{pad, wrap, wrap_below};
use super::super::json::write_value;
use super::super::paint::{Ink, paint};
use super::super::{Style, header};
use super::{DumpFacts, HolderReport};

/// Columns before the lines about a holder but the first.
const INDENT: usize = 3;

/// Writes all of it as JSON.
///
/// # Errors
/// Those of `out`.
pub fn write_holders_json(report: &HolderReport, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_value(report, out)
}

/// Writes the header, the holders, and what to do next.
///
/// # Errors
/// Those of `out`.
pub fn write_holders(report: &HolderReport, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let line = |out: &mut dyn Write, text: &str| writeln!(out, "{}", wrap(&terminal(text), style.width));
    let is_change = report.dumps.len() > 1;
    line(out, &total(report, is_change, style))?;
    line(out, &of_what(report))?;
    writeln!(out)?;
    if report.holders.is_empty() {
        line(out, &nothing(report, is_change, style))?;
    } else {
        let heading = if is_change { "WHO HOLDS WHAT GREW" } else { "WHO HOLDS THE HEAP" };
        writeln!(out, "{}", paint(heading, Ink::Bold, style))?;
        write_all(report, is_change, style, out)?;
    }
    if report.more > 0 {
        line(out, &format!("{} more (-n 0 shows all)", thousands(report.more as i64)))?;
    }
    for warning in &report.warnings {
        line(out, &header::warning(warning))?;
    }
    if let Some(explain) = header::explain(&report.warnings) {
        line(out, &format!("for more: {explain}"))?;
    }
    if let Some(next) = next(report, is_change) {
        writeln!(out)?;
        line(out, &format!("Next: {next}"))?;
    }
    Ok(())
}

fn total(report: &HolderReport, is_change: bool, style: &Style) -> String {
    let reachable = header::from_to(report.reachable, "bytes", style.scale);
    let objects = thousands(report.objects.after);
    match is_change {
        true => {
            let growth = format_signed(report.reachable.delta, "bytes", style.scale);
            format!("REACHABLE HEAP {growth}   {reachable}   {objects} objects")
        }
        false => format!(
            "REACHABLE HEAP {}   {objects} objects",
            header::values(&[report.reachable.after], "bytes", style.scale)
        ),
    }
}

/// `before.dump … after.dump   go1.27.3, amd64; names from app`.
fn of_what(report: &HolderReport) -> String {
    let labels: Vec<&str> = report.dumps.iter().map(|dump| dump.label.as_str()).collect();
    let labels = match &labels[..] {
        [first, .., last] => format!("{first} … {last}"),
        _ => labels.concat(),
    };
    let facts =
        report.dumps.last().map_or(String::new(), |DumpFacts { go, architecture, .. }| format!("{go}, {architecture}"));
    let program = match &report.program {
        Some(program) => format!("names from {program}, which wrote it"),
        None => "no program, so no names of variables".to_owned(),
    };
    format!("{labels}   {facts}; {program}")
}

fn nothing(report: &HolderReport, is_change: bool, style: &Style) -> String {
    let least = crate::units::format(report.least as i64, "bytes", style.scale);
    let what = if is_change { "No holder grew by" } else { "No holder holds" };
    format!("{what} {least} or more (--min).")
}

fn write_all(report: &HolderReport, is_change: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let growths: Vec<[String; 2]> = report.holders.iter().map(|holder| holder.growth(is_change, style.scale)).collect();
    let widest = |at: usize| growths.iter().map(|growth| growth[at].width()).max().unwrap_or(0);
    let widths = [widest(0), widest(1)];
    for (number, (holder, [bytes, objects])) in report.holders.iter().zip(&growths).enumerate() {
        let objects = format!("{}{objects}", " ".repeat(widths[1] - objects.width()));
        let start = format!("{:<INDENT$}{}  {objects}  ", number + 1, pad(bytes, widths[0]));
        let room = style.width.map(|width| width.saturating_sub(start.width()));
        // A name that does not fit beside the numbers stands below them.
        let fits = room.is_none_or(|room| holder.root.width() <= room);
        let root = terminal(&holder.root).into_owned();
        if fits {
            writeln!(out, "{}{}", paint(&start, Ink::Red, style), paint(&root, Ink::Bold, style))?;
        } else {
            writeln!(out, "{}", paint(start.trim_end(), Ink::Red, style))?;
            writeln!(out, "{}{}", " ".repeat(INDENT), wrap_below(&root, style.width, INDENT))?;
        }
        for line in holder.lines(style.scale) {
            writeln!(out, "{}{}", " ".repeat(INDENT), wrap_below(&terminal(&line), style.width, INDENT))?;
        }
    }
    Ok(())
}

/// What to do next, where there is something.
fn next(report: &HolderReport, is_change: bool) -> Option<String> {
    let newest = report.dumps.last()?;
    match report.dumps.len() {
        1 => Some(format!("take another dump later, then leakdiff holders {} LATER to see what grew", newest.label)),
        2 if is_change && !report.holders.is_empty() => {
            Some("leak or filling cache? Two dumps cannot tell; take a third and give all three".to_owned())
        }
        _ => None,
    }
}
