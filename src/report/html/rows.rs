//! The table of the rows: plain HTML that the script sorts, filters and opens.
//!
//! In: a report. Out: a table. Invariant: rows, remainder and total are those of the report; every cell that is sorted
//! by carries its number.

use std::io::{self, Write};

use crate::model::Status;
use crate::model::name;
use crate::units::{format, format_signed, thousands};

use super::super::row::percent;
use super::super::texts::Headings;
use super::super::{Change, Report, Row, Style, header, sentence};
use super::{breakable, chart, escape};

/// Writes the table.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section class=\"rows\" aria-labelledby=\"rows-title\">")?;
    writeln!(out, "<h2 id=\"rows-title\">{}</h2>", title(report))?;
    let table = Table::new(report, style);
    if report.rows.is_empty() && report.remainder.rows == 0 {
        return writeln!(out, "<p>There is nothing to show: no samples.</p>\n</section>");
    }
    writeln!(out, "<div class=\"scroll\">\n<table id=\"rows\">\n<thead><tr>")?;
    for (name, column, hint) in table.columns() {
        let first = if column == "growth" { " aria-sort=\"descending\"" } else { "" };
        writeln!(out, "<th scope=\"col\" class=\"{column}\"{first} title=\"{hint}\">{name}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for (index, row) in report.rows.iter().enumerate() {
        let class = if table.is_single { "same" } else { class(row.standing(report)) };
        writeln!(out, "<tr data-row=\"{index}\" class=\"{class}\">{}</tr>", table.row(row))?;
    }
    writeln!(out, "</tbody>\n<tfoot>")?;
    let rest = &report.remainder;
    let change = Change { before: rest.before, after: rest.after, delta: rest.delta };
    if rest.rows > 0 || rest.delta != 0 || rest.after != 0 {
        let numbers = (!report.ranks_by_cum()).then_some(change);
        writeln!(out, "<tr class=\"rest\">{}</tr>", table.line(&header::more_rows(report), numbers, None))?;
    }
    writeln!(out, "<tr class=\"total\">{}</tr>", table.line("Total", Some(report.total), report.total_objects))?;
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

/// Which columns there are, and the scales of bars and lines.
struct Table<'a> {
    report: &'a Report,
    style: &'a Style,
    is_single: bool,
    has: Headings,
    most: i64,
    times: Vec<f64>,
}

impl<'a> Table<'a> {
    fn new(report: &'a Report, style: &'a Style) -> Self {
        let is_single = report.inputs.len() < 2;
        Self {
            report,
            style,
            is_single,
            has: Headings::new(report),
            most: report.rows.iter().map(|row| row.change(report)).map(|c| c.before.max(c.after)).max().unwrap_or(0),
            times: chart::times(report),
        }
    }

    /// Heading, class and explanation of each column.
    fn columns(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let (what, here) = match sentence::is_heap(self.report) {
            true => ("What allocated; below it the place, and the code that is accountable", "Allocated here"),
            false => ("The function; below it the place, and the code that is accountable", "Here, not below"),
        };
        let mut columns = vec![("Where", "where", what)];
        if self.is_single {
            let value = if self.report.is_state() { "Flat" } else { "Growth" };
            columns.push((value, "growth", here));
            columns.push(("%", "relative", "Share of the total"));
        } else {
            columns.push(match self.report.ranks_by_cum() {
                true => ("Cum growth", "growth", "After minus before, here and in all that was called from here"),
                false => ("Growth", "growth", "After minus before"),
            });
            columns.push(("%", "relative", "Growth relative to before"));
            columns.push(("Before → after", "change", "Upper bar before, lower bar after; sorts by after"));
        }
        if self.has.steps {
            columns.push(("Steps", "trend", "Value in every snapshot, from zero; sorts by the last change"));
        }
        if self.has.objects {
            columns.push(("Objects", "objects", "How many objects more or fewer"));
            columns.push(("B/obj", "size", "Mean size of the objects that came or went"));
        }
        if self.has.kept {
            columns.push(("Kept", "kept", "Growth in use per growth allocated: near 100% nothing was freed"));
        }
        if self.has.evidence {
            let hint = "Whether the change is real, with its 95% interval; ~ may be sampling noise";
            columns.push(("Evidence", "evidence", hint));
        }
        columns
    }

    fn row(&self, row: &Row) -> String {
        let mut cells = self.place(row);
        let (report, style) = (self.report, self.style);
        cells.push_str(&self.numbers(row.change(report), self.most));
        if self.has.steps {
            let steps = row.shown_steps(report).unwrap_or_default();
            let label = header::values(steps, &report.metric.unit, style.scale);
            let last = steps.last_chunk().map_or(0, |[old, new]| new - old);
            let line = chart::line(steps, &self.times, &label);
            let word = row.trend.map_or("", |trend| trend.word());
            cells.push_str(&format!(
                "<td class=\"trend\" data-v=\"{last}\" title=\"{}\">{line} <small>{word}</small></td>",
                escape(&label)
            ));
        }
        cells.push_str(&self.objects(row.counted(report), row.object_size(report)));
        if self.has.kept {
            let ratio = row.kept(report);
            let kept = ratio.map_or(String::new(), |kept| format!("{}%", percent(kept)));
            let value = ratio.map_or(String::new(), |kept| kept.to_string());
            cells.push_str(&format!("<td class=\"kept\" data-v=\"{value}\">{kept}</td>"));
        }
        if self.has.evidence {
            cells.push_str(&self.evidence(row));
        }
        cells
    }

    /// A line that sums rows up, as far as they add up: on the scale of the rows it has no bars.
    fn line(&self, name: &str, change: Option<Change>, objects: Option<Change>) -> String {
        let numbers = change.map_or("<td></td><td></td><td></td>".to_owned(), |change| self.numbers(change, 0));
        let mut cells = format!("<th scope=\"row\" class=\"where\">{name}</th>{numbers}");
        if self.has.steps {
            cells.push_str("<td></td>");
        }
        cells.push_str(&self.objects(objects, None));
        cells.push_str(if self.has.kept { "<td></td>" } else { "" });
        cells.push_str(if self.has.evidence { "<td></td>" } else { "" });
        cells
    }

    /// The verdict and its interval. It sorts by the change over its standard error.
    fn evidence(&self, row: &Row) -> String {
        let Some(evidence) = row.proof(self.report) else {
            return "<td class=\"evidence\" data-v=\"\"></td>".to_owned();
        };
        let text = header::evidence(evidence, &self.report.metric.unit, self.style.scale);
        let z = evidence.z.unwrap_or(f64::INFINITY.copysign(row.change(self.report).delta as f64));
        let value = if z.is_infinite() { format!("{}Infinity", if z < 0.0 { "-" } else { "" }) } else { z.to_string() };
        format!("<td class=\"evidence\" data-v=\"{value}\">{text}</td>")
    }

    /// The name, its place, and who is accountable.
    fn place(&self, row: &Row) -> String {
        let mut place = place(row.file.as_deref(), row.line);
        if let Some(frame) = row.responsible.as_ref().filter(|frame| frame.function != row.name) {
            let likely = frame.likely();
            let short = breakable(&name::short(&frame.function));
            let at = self::place(frame.file.as_deref().map(sentence::tail), frame.line);
            let full = escape(&frame.function);
            place.push_str(&format!("<span class=\"owner\" title=\"{full}\">← {likely}<b>{short}</b>{at}</span>"));
        }
        let sort = escape(&row.name);
        let name = name(&row.name);
        format!(
            "<th scope=\"row\" class=\"where\" data-v=\"{sort}\"><button type=\"button\">{name}</button>{place}</th>"
        )
    }

    fn numbers(&self, change: Change, most: i64) -> String {
        let (unit, scale) = (&self.report.metric.unit, self.style.scale);
        if self.is_single {
            let share = change.after as f64 / self.report.total.after as f64 * 100.0;
            let share = if share.is_finite() { share } else { 0.0 };
            return format!(
                "<td class=\"growth\" data-v=\"{}\">{}</td><td class=\"relative\" data-v=\"{share:.4}\">{share:.1}%</td>",
                change.after,
                if self.report.is_state() { format } else { format_signed }(change.after, unit, scale)
            );
        }
        format!(
            concat!(
                "<td class=\"growth\" data-v=\"{}\">{}</td><td class=\"relative\" data-v=\"{}\">{}</td>",
                "<td class=\"change\" data-v=\"{}\">{}{}</td>"
            ),
            change.delta,
            format_signed(change.delta, unit, scale),
            relative(change),
            header::relative(change),
            change.after,
            header::from_to(change, unit, scale),
            if most > 0 { chart::bars(change, most) } else { String::new() },
        )
    }

    fn objects(&self, objects: Option<Change>, size: Option<i64>) -> String {
        let Some(objects) = objects.filter(|_| self.has.objects) else {
            return if self.has.objects { "<td></td><td></td>".to_owned() } else { String::new() };
        };
        let value = if self.is_single { objects.after } else { objects.delta };
        let sign = if value > 0 && !self.is_single { "+" } else { "" };
        let size_text =
            size.map_or(String::new(), |size| header::size(size, &self.report.metric.unit, self.style.scale));
        let size = size.map_or(String::new(), |size| size.to_string());
        format!(
            "<td class=\"objects\" data-v=\"{value}\">{sign}{}</td><td class=\"size\" data-v=\"{size}\">{size_text}</td>",
            thousands(value)
        )
    }
}

/// The number that rows are sorted by, as the script reads it.
fn relative(change: Change) -> String {
    match change {
        Change { before: 0, after: 0, .. } => "0".to_owned(),
        Change { before: 0, .. } => "Infinity".to_owned(),
        Change { before, delta, .. } => format!("{:.4}", delta as f64 / before.unsigned_abs() as f64),
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
