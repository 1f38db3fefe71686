//! The rows of the table in words: every number as it is printed, before it is known how much room there is.
//!
//! In: a report and a scale. Out: texts, safe for a terminal, and the headings above them.
//! Knows nothing of widths.

use crate::model::Status;
use crate::units::{Scale, format, format_signed, thousands};

use super::escape::terminal;
use super::fit::shorten;
use super::header;
use super::row::percent;
use super::{Change, Report, Row};

/// One row as texts.
pub(super) struct Texts {
    pub growth: String,
    pub relative: String,
    pub from_to: String,
    pub steps: Option<String>,
    pub objects: String,
    pub per_object: String,
    pub kept: String,
    pub evidence: String,
    pub name: String,
    pub place: String,
    pub caller: Option<(String, String)>,
    pub status: Status,
}

/// A row in words.
pub(super) fn texts(report: &Report, row: &Row, scale: Scale) -> Texts {
    let unit = &report.metric.unit;
    let is_single = report.inputs.len() < 2;
    let value = if report.is_state() { format } else { format_signed };
    let change = row.change(report);
    let responsible = row.responsible.as_ref().filter(|frame| frame.function != row.name);
    let caller = responsible.map(|frame| {
        let mark = format!("← {}", frame.likely());
        (format!("{mark}{}", shown(&frame.function)), place(frame.file.as_deref(), frame.line))
    });
    Texts {
        growth: value(change.delta, unit, scale),
        relative: relative(report, change),
        from_to: if is_single { value(row.cum.after, unit, scale) } else { header::from_to(change, unit, scale) },
        steps: row.shown_steps(report).map(|steps| {
            let steps = steps_text(steps, unit, scale);
            row.trend.map_or(steps.clone(), |trend| format!("{steps} {}", trend.word()))
        }),
        objects: row.counted(report).map_or(String::new(), |objects| objects_text(objects, report.is_state())),
        per_object: row.object_size(report).map_or(String::new(), |size| header::size(size, unit, scale)),
        kept: row.kept(report).map_or(String::new(), |kept| format!("{}%", percent(kept))),
        evidence: row.proof(report).map_or(String::new(), |proof| header::evidence(proof, unit, scale)),
        name: shown(&row.name),
        // A row that is a file says so already.
        place: if report.by == "file" { String::new() } else { place(row.file.as_deref(), row.line) },
        caller,
        status: row.standing(report),
    }
}

/// The change relative to before; of the state at one moment the share of the total. A difference has neither.
fn relative(report: &Report, change: Change) -> String {
    match report.inputs.len() {
        0 | 1 if report.is_state() => share(change.after, report.total.after),
        0 | 1 => "-".to_owned(),
        _ => header::relative(change),
    }
}

/// A name or a path for a terminal. What fits on no screen is not laid out.
fn shown(text: &str) -> String {
    const MOST_COLUMNS: usize = 4096;
    shorten(&terminal(text), MOST_COLUMNS)
}

fn share(part: i64, whole: i64) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.1}%", part as f64 / whole as f64 * 100.0) }
}

fn place(file: Option<&str>, line: Option<i64>) -> String {
    match (file, line) {
        (Some(file), Some(line)) => format!("{}:{line}", shown(file)),
        (Some(file), None) => shown(file),
        (None, _) => String::new(),
    }
}

/// The value in every snapshot, `1.0 → 8.2 → 36.3 MiB`, or for a long series the shape of these.
fn steps_text(values: &[i64], unit: &str, scale: Scale) -> String {
    const MOST: usize = 5;
    if values.len() <= MOST { header::values(values, unit, scale) } else { sparkline(values) }
}

/// The shape of a series, a character a value: `▁▃▅█`.
pub fn sparkline(values: &[i64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let (low, high) =
        values.iter().fold((i64::MAX, i64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
    let bar = |value: &i64| BARS[((value - low) as f64 / (high - low).max(1) as f64 * 7.0).round() as usize];
    values.iter().map(bar).collect()
}

fn objects_text(objects: Change, is_single: bool) -> String {
    let value = if is_single { objects.after } else { objects.delta };
    let sign = if value > 0 && !is_single { "+" } else { "" };
    match value.unsigned_abs() {
        0..100_000 => format!("{sign}{}", thousands(value)),
        100_000..10_000_000 => format!("{sign}{}k", thousands(value / 1_000)),
        _ => format!("{sign}{}M", thousands(value / 1_000_000)),
    }
}

/// The name of the line with the total.
pub(super) const TOTAL: &str = "TOTAL";

/// The lines under the rows: what is not shown, and the total.
pub(super) fn totals(report: &Report, scale: Scale) -> Vec<Texts> {
    let unit = &report.metric.unit;
    let is_single = report.inputs.len() < 2;
    let value = if report.is_state() { format } else { format_signed };
    let line = |change: Change, objects: Option<Change>, name: String| Texts {
        growth: value(change.delta, unit, scale),
        relative: relative(report, change),
        from_to: if is_single { String::new() } else { header::from_to(change, unit, scale) },
        steps: None,
        objects: objects.map_or(String::new(), |objects| objects_text(objects, report.is_state())),
        per_object: String::new(),
        kept: String::new(),
        evidence: String::new(),
        name,
        place: String::new(),
        caller: None,
        status: Status::Same,
    };
    let mut lines = Vec::new();
    let rest = &report.remainder;
    if rest.rows > 0 || rest.delta != 0 || rest.after != 0 {
        let change = Change { before: rest.before, after: rest.after, delta: rest.delta };
        let mut rest = line(change, None, header::more_rows(report));
        if report.ranks_by_cum() {
            (rest.growth, rest.relative, rest.from_to) = Default::default();
        }
        lines.push(rest);
    }
    lines.push(line(report.total, report.total_objects, TOTAL.to_owned()));
    lines
}

/// What stands above the columns.
pub(super) struct Headings {
    pub growth: &'static str,
    pub relative: &'static str,
    pub from_to: &'static str,
    pub subject: String,
    pub steps: bool,
    pub objects: bool,
    pub kept: bool,
    pub evidence: bool,
}

impl Headings {
    pub fn new(report: &Report) -> Self {
        let is_single = report.inputs.len() < 2;
        Self {
            growth: match (report.is_state(), report.ranks_by_cum()) {
                (true, _) => "FLAT",
                (false, true) => "CUM GROWTH",
                (false, false) => "GROWTH",
            },
            relative: "%",
            from_to: match is_single {
                true if report.is_state() => "CUM",
                true => "CUM GROWTH",
                false => "BEFORE → AFTER",
            },
            subject: match report.by {
                "stack" => "LEAF OF STACK".to_owned(),
                "line" => "FUNCTION".to_owned(),
                by => by.to_uppercase(),
            },
            steps: report.inputs.len() > 2 && !report.ranks_by_cum(),
            objects: report.total_objects.is_some() && !report.ranks_by_cum(),
            kept: report.rows.iter().any(|row| row.kept(report).is_some()),
            evidence: report.rows.iter().any(|row| row.proof(report).is_some()),
        }
    }
}
