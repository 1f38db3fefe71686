//! The goroutine table for a terminal.
//!
//! In: the report, a width and whether to colour. Out: text. Invariant: no line is wider than the width (down to 60
//! columns), and no byte of the profile reaches the terminal unescaped.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::model::Status;
use crate::report::escape::terminal;
use crate::report::fit::{fit_name, fit_path, shorten, wrap};
use crate::report::header::from_to;
use crate::report::table::{colored, new_table, write_header, write_suspects, write_warnings};
use crate::report::{Change, Style};
use crate::units::{Scale, format, format_signed, thousands};

use super::{Answer, Goroutines, Row, note, set_apart, stacks};

/// Room in which a function and its place stand on one line.
const WIDE: usize = 70;
/// Least room for a name.
const NARROWEST: usize = 16;
/// Columns between two columns.
const GAP: usize = 2;

pub(super) fn write(answer: &Answer<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Answer { report, goroutines } = answer;
    write_header(report, style, out)?;
    writeln!(out)?;
    if goroutines.rows.is_empty() {
        let verb = if report.inputs.len() < 2 { "waits anywhere" } else { "became more anywhere" };
        writeln!(out, "No goroutine {verb}.")?;
    } else {
        let is_single = report.inputs.len() < 2;
        writeln!(out, "{}", rows(goroutines, is_single, style).trim_fmt())?;
    }
    let rest = &goroutines.remainder;
    let rest = (rest.rows > 0).then(|| {
        let rows = if rest.rows == 1 { "place" } else { "places" };
        let growth = format_signed(rest.delta, "count", Scale::Auto);
        format!("Not shown: {} more {rows} ({growth}); -n 0 shows all.", thousands(rest.rows as i64))
    });
    let notes = [rest, set_apart(goroutines), stacks(answer, style.scale), Some(note(goroutines).to_owned())];
    for note in notes.into_iter().flatten().filter(|note| !note.is_empty()) {
        writeln!(out, "{}", wrap(&terminal(&note), style.width))?;
    }
    write_suspects(report, style, out)?;
    write_warnings(report, style, out)
}

fn counts(row: &Row) -> String {
    from_to(Change { before: row.before, after: row.after, delta: row.delta }, "count", Scale::Auto)
}

fn rows(goroutines: &Goroutines, is_single: bool, style: &Style) -> crate::report::table::Rows {
    let growth = |row: &Row| match is_single {
        true => format(row.after, "count", Scale::Auto),
        false => format_signed(row.delta, "count", Scale::Auto),
    };
    let heading = if is_single { "COUNT" } else { "GROWTH" };
    let mut headings = vec![heading.to_owned()];
    headings.extend((!is_single).then(|| "BEFORE → AFTER".to_owned()));
    headings.extend(["STATE", "WHERE"].map(str::to_owned));
    let widest =
        |text: &dyn Fn(&Row) -> usize, least: usize| goroutines.rows.iter().map(text).max().unwrap_or(0).max(least);
    let mut taken = widest(&|row| growth(row).width(), heading.len()) + GAP;
    taken += widest(&|row| row.state.name().width(), "STATE".len()) + GAP;
    if !is_single {
        taken += widest(&|row| counts(row).width(), "BEFORE → AFTER".width()) + GAP;
    }
    let room = style.width.map(|width| width.saturating_sub(taken).max(NARROWEST));
    let mut table = new_table(if is_single { 1 } else { 2 }, headings, style);
    for row in &goroutines.rows {
        let mut cells = vec![colored(growth(row), Status::of(row.before, row.after))];
        cells.extend((!is_single).then(|| counts(row).into()));
        cells.extend([row.state.name().into(), place(row, room).join("\n").into()]);
        table.add_row(cells);
    }
    table
}

/// The function, its file and line, and what else is known, each on a line; where there is room the first two on one.
fn place(row: &Row, room: Option<usize>) -> Vec<String> {
    let most = room.unwrap_or(usize::MAX);
    let function = fit_name(&terminal(&row.function), most, most >= WIDE);
    let at = row.file.as_ref().map(|file| {
        let line = row.line.map_or(String::new(), |line| format!(":{line}"));
        terminal(&format!("{file}{line}")).into_owned()
    });
    let mut lines = match at {
        Some(at) if most >= WIDE && function.width() + GAP + at.width() <= most => vec![format!("{function}  {at}")],
        at => std::iter::once(function).chain(at.map(|at| fit_path(&at, most))).collect(),
    };
    let indent = |text: &str| format!("  {text}");
    for remark in row.remarks() {
        let remark = terminal(&remark).into_owned();
        // A function and its place: the place goes below where both have no room.
        match remark.rsplit_once(' ') {
            Some((name, at)) if remark.width() + 2 > most && at.contains(':') => {
                lines.push(indent(&shorten(name, most.saturating_sub(2))));
                lines.push(indent(&indent(&fit_path(at, most.saturating_sub(4)))));
            }
            _ => lines.push(indent(&shorten(&remark, most.saturating_sub(2)))),
        }
    }
    lines
}
