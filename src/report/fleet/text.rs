//! A fleet's ranking as text and as JSON.
//!
//! In: a report of a fleet. Out: lines. Invariant: no line is wider than the width, and no byte of a profile reaches the terminal
//! unescaped.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::fleet;
use crate::model::name::short;
use crate::units::{format_signed, thousands};

use super::super::escape::terminal;
use super::super::fit::{shorten, wrap, wrap_below};
use super::super::json::write_value;
use super::super::paint::{Ink, paint};
use super::super::{Style, header};
use super::{FleetReport, FleetRow};

/// Writes all of it as JSON.
///
/// # Errors
/// Those of `out`.
pub fn write_fleet_json(report: &FleetReport, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_value(report, out)
}

/// Writes the header, suspects, functions, and what to know.
///
/// # Errors
/// Those of `out`.
pub fn write_fleet(report: &FleetReport, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let line = |out: &mut dyn Write, text: &str| writeln!(out, "{}", wrap(&terminal(text), style.width));
    line(out, &report.fleet.headline())?;
    if report.rows.is_empty() {
        writeln!(out)?;
        line(out, "Nothing grew.")?;
    }
    for (heading, rows) in [("SUSPECTS", &report.suspects), ("GROWTH BY FUNCTION", &report.rows)] {
        if !rows.is_empty() {
            writeln!(out, "\n{}", paint(heading, Ink::Bold, style))?;
            write_rows(rows, style, out)?;
        }
    }
    if report.more > 0 {
        line(out, &format!("{} more rows (-n 0 shows all)", thousands(report.more as i64)))?;
    }
    for warning in &report.warnings {
        line(out, &header::warning(warning))?;
    }
    if let Some(explain) = header::explain(&report.warnings) {
        line(out, &format!("for more: {explain}"))?;
    }
    Ok(())
}

fn write_rows(rows: &[FleetRow], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<[String; 4]> = rows
        .iter()
        .map(|row| {
            let per_hour = format_signed(row.per_host_hour, "bytes", style.scale);
            let growth = format_signed(row.growth, "bytes", style.scale);
            // Of chance alone only whole hosts are told.
            let hosts = format!("{} of {} ({:.0})", row.hosts.growing, row.hosts.all, row.hosts.by_chance);
            [growth, per_hour, format!("{:.1}", row.z), hosts]
        })
        .collect();
    let headings = ["GROWTH", "PER HOST-HOUR", "Z", "HOSTS (BY CHANCE)"];
    let width = |at: usize| cells.iter().map(|cells| cells[at].width()).max().unwrap_or(0).max(headings[at].width());
    let widths = [width(0), width(1), width(2), width(3)];
    let left = |text: &str, at: usize| format!("{}{text}", " ".repeat(widths[at].saturating_sub(text.width())));
    let joined = |texts: [&str; 4]| (0..4).map(|at| left(texts[at], at)).collect::<Vec<_>>().join("  ");
    writeln!(out, "{}", paint(&format!("{}  FUNCTION", joined(headings)), Ink::Dim, style))?;
    for (row, cells) in rows.iter().zip(&cells) {
        let numbers = joined(cells.each_ref().map(String::as_str));
        let room = style.width.map_or(usize::MAX, |width| width.saturating_sub(numbers.width() + 2));
        let name = terminal(&short(&row.name)).into_owned();
        let is_sure = row.z > fleet::SURE_OF_HOST;
        let ink = if is_sure { Ink::Red } else { Ink::Dim };
        // A name needs some columns to say anything.
        if room >= 20 {
            writeln!(out, "{}  {}", paint(&numbers, ink, style), shorten(&name, room))?;
        } else {
            writeln!(out, "{}\n   {}", paint(&numbers, ink, style), wrap_below(&name, style.width, 3))?;
        }
        for text in lines(row, is_sure) {
            writeln!(out, "   {}", wrap_below(&terminal(&text), style.width, 3))?;
        }
    }
    Ok(())
}

fn lines(row: &FleetRow, is_sure: bool) -> Vec<String> {
    let title = row.title.zip(row.code).map(|(title, code)| format!("{title}   leakdiff explain {code}"));
    let responsible =
        row.responsible.as_ref().filter(|name| **name != row.name).map(|name| format!("← {}", short(name)));
    let build = row.first_build.as_ref().filter(|_| is_sure).map(|build| format!("since build {build}"));
    [title, responsible, build, row.outlier().filter(|_| is_sure)].into_iter().flatten().collect()
}
