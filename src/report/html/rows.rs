//! The table of the rows: plain HTML that the script sorts, filters and opens.
//!
//! In: a report. Out: a table. Invariant: rows, remainder and total are those of the report; every cell that is sorted
//! by carries its number.

use std::io::{self, Write};

use crate::model::Status;
use crate::model::name;

use super::super::columns::{self, COLUMNS, Cells, Column, Line, TOTAL, WHERE};
use super::super::{Report, Row, Style, header, sentence};
use super::{breakable, chart, escape};

/// Writes the table.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section class=\"rows\" aria-labelledby=\"rows-title\">")?;
    writeln!(out, "<h2 id=\"rows-title\">{}</h2>", title(report))?;
    if report.rows.is_empty() && report.remainder.rows == 0 {
        return writeln!(out, "<p>There is nothing to show: no samples.</p>\n</section>");
    }
    let table = Table::new(report, style);
    writeln!(out, "<div class=\"scroll\">\n<table id=\"rows\">\n<thead><tr>")?;
    for column in &table.columns {
        let first = if column.class == "growth" { " aria-sort=\"descending\"" } else { "" };
        let Column { class, hint, .. } = column;
        let heading = sentence::capital(&(column.heading)(report).to_lowercase());
        writeln!(out, "<th scope=\"col\" class=\"{class}\"{first} title=\"{hint}\">{heading}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for (index, (line, row)) in columns::rows(report).zip(&report.rows).enumerate() {
        let class = if report.inputs.len() < 2 { "same" } else { class(row.standing(report)) };
        writeln!(out, "<tr data-row=\"{index}\" class=\"{class}\">{}</tr>", table.line(&line))?;
    }
    writeln!(out, "</tbody>\n<tfoot>")?;
    for line in columns::totals(report) {
        let class = if line.name == TOTAL { "total" } else { "rest" };
        writeln!(out, "<tr class=\"{class}\">{}</tr>", table.line(&line))?;
    }
    writeln!(out, "</tfoot>\n</table>\n</div>")?;
    writeln!(out, "<p class=\"more scripted\" hidden><button type=\"button\" id=\"all\"></button></p>\n</section>")
}

fn title(report: &Report) -> String {
    let what = match report.by {
        "function" if sentence::is_heap(report) => "Allocators",
        "function" => "Functions",
        "line" => "Lines",
        "file" => "Files",
        "package" => "Packages",
        "stack" => "Stacks",
        "label" => "Labels",
        _ => "Addresses",
    };
    format!("{what} <small>{}</small>", escape(&report.metric.name))
}

/// What style gives a row that stands so its colours by.
pub(super) fn class(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Grown => "grown",
        Status::Shrunk => "shrunk",
        Status::Gone => "gone",
        Status::Same => "same",
    }
}

/// The columns there are, and the scales of bars and lines.
struct Table<'a> {
    cells: Cells<'a>,
    style: &'a Style,
    columns: Vec<&'static Column>,
    most: i64,
    times: Vec<f64>,
}

impl<'a> Table<'a> {
    fn new(report: &'a Report, style: &'a Style) -> Self {
        let ends = |line: Line<'_>| line.change.map_or(0, |change| change.before.max(change.after));
        Self {
            cells: Cells::new(report, style.scale),
            style,
            columns: std::iter::once(&COLUMNS[0]).chain(columns::figures(report, None)).collect(),
            most: columns::rows(report).map(ends).max().unwrap_or(0),
            times: chart::times(report),
        }
    }

    fn line(&self, line: &Line<'a>) -> String {
        let cell = |column: &&'static Column| match (column.class == WHERE.class, line.row) {
            (true, Some(row)) => place_cell(row),
            (true, None) => format!("<th scope=\"row\" class=\"where\">{}</th>", line.name),
            (false, _) => self.figure(column, line),
        };
        self.columns.iter().map(cell).collect()
    }

    /// A figure, with the number that it sorts by, and what is drawn beside it.
    fn figure(&self, column: &Column, line: &Line<'a>) -> String {
        let number = (column.number)(&self.cells, line).map_or(String::new(), number);
        let text = escape(&(column.text)(&self.cells, line));
        let report = self.cells.report;
        let (text, picture) = match (column.class, line.row) {
            ("change", Some(_)) if report.inputs.len() > 1 => {
                (text, line.change.map_or(String::new(), |change| chart::bars(change, self.most)))
            }
            ("trend", Some(row)) => {
                let steps = row.shown_steps(report).unwrap_or_default();
                let label = header::values(steps, &report.metric.unit, self.style.scale);
                let word = row.trend.map_or("", |trend| trend.word());
                let text = format!("{} <small>{word}</small>", chart::line(steps, &self.times, &label));
                let class = column.class;
                return format!("<td class=\"{class}\" data-v=\"{number}\" title=\"{}\">{text}</td>", escape(&label));
            }
            _ => (text, String::new()),
        };
        format!("<td class=\"{}\" data-v=\"{number}\">{text}{picture}</td>", column.class)
    }
}

/// The name, its place, and who is responsible.
fn place_cell(row: &Row) -> String {
    let mut place = place(row.file.as_deref(), row.line);
    if let Some(frame) = columns::responsible(row) {
        let likely = frame.likely();
        let short = breakable(&name::short(&frame.function));
        let at = self::place(frame.file.as_deref().map(sentence::tail), frame.line);
        let full = escape(&frame.function);
        place.push_str(&format!("<span class=\"owner\" title=\"{full}\">← {likely}<b>{short}</b>{at}</span>"));
    }
    let sort = escape(&row.name);
    let name = name(&row.name);
    format!("<th scope=\"row\" class=\"where\" data-v=\"{sort}\"><button type=\"button\">{name}</button>{place}</th>")
}

/// A number as the script reads it.
fn number(number: f64) -> String {
    match number {
        infinite if infinite.is_infinite() => format!("{}Infinity", if infinite < 0.0 { "-" } else { "" }),
        whole if whole.fract() == 0.0 => format!("{whole}"),
        other => format!("{other:.4}"),
    }
}

/// A name with its import path set back.
fn name(name: &str) -> String {
    let short = name::short(name);
    match name.strip_suffix(&*short) {
        Some(path) if !path.is_empty() => {
            format!("<span class=\"dir\">{}</span><b>{}</b>", breakable(path), breakable(&short))
        }
        _ => format!("<b>{}</b>", breakable(name)),
    }
}

fn place(file: Option<&str>, line: Option<i64>) -> String {
    let Some(file) = file else { return String::new() };
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    format!(" <span class=\"place\">{}{line}</span>", breakable(file))
}
