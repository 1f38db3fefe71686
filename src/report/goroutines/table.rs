//! The goroutine table for a terminal.
//!
//! In: the report, a width and whether to colour. Out: text. Invariant: no line is wider than the width (down to 60
//! columns), and no byte of the profile reaches the terminal unescaped.

use std::cmp::Ordering;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::model::name;
use crate::report::escape::terminal;
use crate::report::fit::{fit_path, shorten, wrap};
use crate::report::header::from_to;
use crate::report::paint::{Ink, paint};
use crate::report::site::{self, Detail, Site};
use crate::report::table::{new_table, section, write_aside, write_header, write_next, write_suspects, write_warnings};
use crate::report::{Change, Style};
use crate::units::{Scale, format, format_signed, thousands};

use super::{Answer, Goroutines, Row, note, set_apart, stacks};

/// Least room for a name.
const NARROWEST: usize = 16;
/// Columns between two columns.
const GAP: usize = 2;
/// Columns before a remark.
const INDENT: usize = 2;

pub(super) fn write(answer: &Answer<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Answer { report, goroutines } = answer;
    write_header(report, style, out)?;
    section(out, |out| write_suspects(report, style, out))?;
    section(out, |out| write_rows(answer, style, out))?;
    section(out, |out| {
        for note in [set_apart(goroutines), stacks(answer, style.scale), Some(note(goroutines).to_owned())] {
            let note = note.filter(|note| !note.is_empty());
            note.map_or(Ok(()), |note| writeln!(out, "{}", wrap(&terminal(&note), style.width)))?;
        }
        write_aside(report, style, out)?;
        write_warnings(report, style, out)?;
        write_next(report, style, out)
    })
}

fn write_rows(answer: &Answer<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Answer { report, goroutines } = answer;
    let is_single = report.inputs.len() < 2;
    if goroutines.rows.is_empty() {
        let verb = if is_single { "waits anywhere" } else { "became more anywhere" };
        writeln!(out, "No goroutine {verb}.")?;
    } else {
        let title = if is_single { "WHERE THEY WAIT" } else { "GROWTH BY PLACE" };
        writeln!(out, "{}", paint(title, Ink::Bold, style))?;
        writeln!(out, "{}", rows(goroutines, is_single, style).trim_fmt())?;
    }
    let rest = &goroutines.remainder;
    if rest.rows == 0 {
        return Ok(());
    }
    let rows = if rest.rows == 1 { "place" } else { "places" };
    let growth = format_signed(rest.delta, "count", Scale::Auto);
    writeln!(out, "Not shown: {} more {rows} ({growth}); -n 0 shows all.", thousands(rest.rows as i64))
}

fn counts(row: &Row) -> String {
    from_to(Change { before: row.before, after: row.after, delta: row.delta }, "count", Scale::Auto)
}

fn rows(goroutines: &Goroutines, is_single: bool, style: &Style) -> comfy_table::Table {
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
        let ink = match row.after.cmp(&row.before) {
            Ordering::Greater if !is_single => Ink::Red,
            Ordering::Less => Ink::Blue,
            _ => Ink::Plain,
        };
        let mut cells: Vec<comfy_table::Cell> = vec![paint(&growth(row), ink, style).into()];
        cells.extend((!is_single).then(|| counts(row).into()));
        cells.extend([row.state.name().into(), place(row, room, style).join("\n").into()]);
        table.add_row(cells);
    }
    table
}

/// The function with its place, and what else is known, each on a line.
fn place(row: &Row, room: Option<usize>, style: &Style) -> Vec<String> {
    let most = room.unwrap_or(usize::MAX);
    let site = Site::of_function(&row.function, row.file.as_deref(), row.line).fitted(most, Detail::Full);
    let mut lines = vec![site::painted(&site, None, style)];
    for remark in row.remarks() {
        let text = terminal(&remark.text()).into_owned();
        let room = most.saturating_sub(INDENT);
        // The place of a function goes below it where both have no room.
        match &remark.function {
            Some((function, at)) if text.width() > room && !at.is_empty() => {
                let name = format!("{} {}", remark.words, terminal(&name::short(function)));
                lines.push(format!("{:INDENT$}{}", "", shorten(&name, room)));
                lines.push(format!("{:1$}{2}", "", 2 * INDENT, fit_path(&terminal(at), room.saturating_sub(INDENT))));
            }
            _ => lines.push(format!("{:INDENT$}{}", "", shorten(&text, room))),
        }
    }
    lines
}
