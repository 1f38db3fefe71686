//! The columns of the table of rows: one entry each, which every format takes what it shows from.
//!
//! In: a report. Out: the lines of its table, and of each column the heading, the cell in words, the number behind it, and
//! the fields that a machine reads. Invariant: a column has one unit, and the lines add up to the total.
//! Knows nothing of markup or room, but how wide a terminal must be for a column to be worth it.

use std::borrow::Cow;

use crate::stats::Verdict;
use crate::units::{Common, Scale, thousands};

use super::{Change, Evidence, Report, Responsible, Row, escape, header, percent};

/// A column of the table.
pub(super) struct Column {
    /// What tells it apart: the class of its cells in a page.
    pub class: &'static str,
    /// What stands above it.
    pub heading: fn(&Report) -> &'static str,
    /// What that means.
    pub hint: &'static str,
    /// Whether it has anything to say to people.
    pub is_shown: fn(&Report) -> bool,
    /// How wide a terminal must be for it.
    pub least_width: fn(&Report) -> usize,
    /// The cell in words.
    pub text: fn(&Cells<'_>, &Line<'_>) -> String,
    /// What it is sorted by.
    pub number: fn(&Cells<'_>, &Line<'_>) -> Option<f64>,
    /// What of it a machine reads.
    pub fields: &'static [Field],
}

/// A field of a row for a machine: its name, and its value as text, integers in base units.
pub(super) struct Field {
    pub name: &'static str,
    pub value: fn(&Report, &Row) -> String,
}

const fn field(name: &'static str, value: fn(&Report, &Row) -> String) -> Field {
    Field { name, value }
}

/// All columns, in the order of the fields. Tables show that of the function where their readers look for it.
pub(super) const COLUMNS: &[Column] = &[
    Column {
        class: "where",
        heading: |report| match report.by {
            "stack" => "LEAF OF STACK",
            "file" => "FILE",
            "package" => "PACKAGE",
            "address" => "ADDRESS",
            "label" => "LABEL",
            _ => "FUNCTION",
        },
        hint: "The function and its place; after the arrow the code that is responsible",
        text: |_, line| line.name.clone().into_owned(),
        fields: &[
            field("name", |_, row| text(&row.name)),
            field("file", |_, row| row.file.as_deref().map_or(String::new(), text)),
            field("line", |_, row| optional(row.line)),
        ],
        ..PLAIN
    },
    Column {
        class: "growth",
        heading: |report| match (report.is_state(), report.ranks_by_cum()) {
            (true, _) => "FLAT",
            (false, true) => "CUM GROWTH",
            (false, false) => "GROWTH",
        },
        hint: "After minus before; ~ where sampling alone may have made it",
        text: |cells, line| match line.change {
            Some(change) if cells.report.is_state() => cells.unit.plain(change.after),
            Some(change) => format!("{}{}", cells.doubt(line), cells.unit.signed(change.delta)),
            None => String::new(),
        },
        number: |_, line| line.change.map(|change| change.delta as f64),
        fields: &[
            field("status", |_, row| word(&row.status)),
            field("unit", |report, _| text(&report.metric.unit)),
            field("flat_before", |_, row| row.flat.before.to_string()),
            field("flat_after", |_, row| row.flat.after.to_string()),
            field("flat_delta", |_, row| row.flat.delta.to_string()),
            field("cum_before", |_, row| row.cum.before.to_string()),
            field("cum_after", |_, row| row.cum.after.to_string()),
            field("cum_delta", |_, row| row.cum.delta.to_string()),
        ],
        ..PLAIN
    },
    Column {
        class: "relative",
        heading: |_| "%",
        hint: "Growth relative to before; of one profile the share of the total",
        least_width: |report| if report.is_state() { 0 } else { 140 },
        text: |cells, line| match line.change {
            Some(change) if cells.report.is_state() => percent::share(change.after, cells.report.total.after),
            Some(change) if cells.report.inputs.len() > 1 => percent::relative(change),
            _ => String::new(),
        },
        number: |cells, line| match line.change? {
            Change { after, .. } if cells.report.is_state() => Some(after as f64 / cells.report.total.after as f64),
            Change { before: 0, delta, .. } => Some(delta as f64 * f64::INFINITY).filter(|number| !number.is_nan()),
            Change { before, delta, .. } => Some(delta as f64 / before.unsigned_abs() as f64),
        },
        ..PLAIN
    },
    Column {
        class: "before",
        heading: |_| "BEFORE",
        hint: "In the oldest profile",
        is_shown: |report| report.inputs.len() > 1,
        least_width: |_| 140,
        text: |cells, line| line.change.map_or(String::new(), |change| cells.unit.plain(change.before)),
        number: |_, line| line.change.map(|change| change.before as f64),
        ..PLAIN
    },
    Column {
        class: "change",
        heading: |report| match (report.inputs.len(), report.is_state()) {
            (0 | 1, true) => "CUM",
            (0 | 1, false) => "CUM GROWTH",
            _ => "NOW",
        },
        hint: "In the newest profile; of one profile here and in all that was called from here",
        text: |cells, line| match (cells.report.inputs.len(), line.row) {
            (0 | 1, Some(row)) if cells.report.is_state() => cells.unit.plain(row.cum.after),
            (0 | 1, Some(row)) => cells.unit.signed(row.cum.after),
            (0 | 1, None) => String::new(),
            _ => line.change.map_or(String::new(), |change| cells.unit.plain(change.after)),
        },
        number: |_, line| line.change.map(|change| change.after as f64),
        ..PLAIN
    },
    Column {
        class: "objects",
        heading: |_| "OBJECTS",
        hint: "How many objects more or fewer",
        is_shown: |report| report.total_objects.is_some() && !report.ranks_by_cum(),
        least_width: |_| 140,
        text: |cells, line| line.objects.map_or(String::new(), |objects| cells.count(objects)),
        number: |_, line| line.objects.map(|objects| objects.delta as f64),
        fields: &[
            field("objects_before", |_, row| optional(row.objects.map(|objects| objects.before))),
            field("objects_after", |_, row| optional(row.objects.map(|objects| objects.after))),
            field("objects_delta", |_, row| optional(row.objects.map(|objects| objects.delta))),
        ],
    },
    Column {
        class: "size",
        heading: |_| "B/OBJ",
        hint: "Mean size in bytes of the objects that came or went",
        is_shown: |report| report.total_objects.is_some() && !report.ranks_by_cum(),
        least_width: |_| 140,
        text: |cells, line| cells.size(line).map_or(String::new(), thousands),
        number: |cells, line| cells.size(line).map(|size| size as f64),
        ..PLAIN
    },
    Column {
        class: "kept",
        heading: |_| "KEPT",
        hint: "Growth in use per growth allocated: near 100% nothing was freed",
        is_shown: |report| report.rows.iter().any(|row| row.kept(report).is_some()),
        least_width: |report| if report.inputs.len() > 2 { 120 } else { 80 },
        text: |cells, line| cells.kept(line).map_or(String::new(), percent::whole),
        number: |cells, line| cells.kept(line),
        fields: &[field("kept_ratio", |_, row| row.kept_ratio.map_or(String::new(), |ratio| ratio.to_string()))],
    },
    Column {
        class: "evidence",
        heading: |_| "95% RANGE",
        hint: "What the true growth is in 19 of 20 cases, by the samples",
        is_shown: |report| report.rows.iter().any(|row| row.proof(report).is_some()),
        least_width: |report| if report.inputs.len() > 2 { 120 } else { 100 },
        text: |cells, line| match cells.proof(line) {
            Some(proof) if proof.verdict == Verdict::Exact => "exact".to_owned(),
            Some(proof) => cells.unit.range(proof.low, proof.high),
            None => String::new(),
        },
        number: |cells, line| {
            let proof = cells.proof(line)?;
            Some(proof.z.unwrap_or(f64::INFINITY.copysign(line.change?.delta as f64)))
        },
        fields: &[
            field("evidence", |_, row| row.evidence.as_ref().map_or(String::new(), |proof| word(&proof.verdict))),
            field("z", |_, row| row.evidence.as_ref().map_or(String::new(), z)),
            field("low", |_, row| optional(row.evidence.as_ref().map(|proof| proof.low))),
            field("high", |_, row| optional(row.evidence.as_ref().map(|proof| proof.high))),
        ],
    },
    Column {
        class: "responsible",
        is_shown: |_| false,
        fields: &[
            field("responsible", |_, row| of_frame(row, |frame| text(&frame.function))),
            field("responsible_file", |_, row| {
                of_frame(row, |frame| frame.file.as_deref().map_or(String::new(), text))
            }),
            field("responsible_line", |_, row| of_frame(row, |frame| optional(frame.line))),
            field("responsible_via", |_, row| of_frame(row, |frame| word(&frame.via))),
            field("fingerprint", |_, row| row.fingerprint.clone()),
            field("cum_evidence", |_, row| {
                row.cum_evidence.as_ref().map_or(String::new(), |proof| word(&proof.verdict))
            }),
            field("cum_z", |_, row| row.cum_evidence.as_ref().map_or(String::new(), z)),
            field("cum_low", |_, row| optional(row.cum_evidence.as_ref().map(|proof| proof.low))),
            field("cum_high", |_, row| optional(row.cum_evidence.as_ref().map(|proof| proof.high))),
        ],
        ..PLAIN
    },
    Column {
        class: "trend",
        heading: |_| "TREND",
        hint: "The value in every snapshot, and whether it goes on growing",
        is_shown: |report| report.inputs.len() > 2 && !report.ranks_by_cum(),
        least_width: |_| 80,
        text: |cells, line| {
            let steps = line.row.and_then(|row| row.shown_steps(cells.report)).map(sparkline);
            let word = line.row.and_then(|row| row.trend).map(|trend| trend.word().to_owned());
            steps.into_iter().chain(word).collect::<Vec<_>>().join(" ")
        },
        number: |cells, line| line.row?.shown_steps(cells.report)?.last_chunk().map(|[old, new]| (new - old) as f64),
        fields: &[
            field("trend", |_, row| row.trend.map_or(String::new(), |trend| trend.word().to_owned())),
            field("slope_per_hour", |_, row| optional(row.trend.and_then(|trend| trend.slope_per_hour))),
            field("slope_low", |_, row| optional(row.trend.and_then(|trend| trend.low))),
            field("slope_high", |_, row| optional(row.trend.and_then(|trend| trend.high))),
        ],
    },
];

/// A column that says nothing.
const PLAIN: Column = Column {
    class: "",
    heading: |_| "",
    hint: "",
    is_shown: |_| true,
    least_width: |_| 0,
    text: |_, _| String::new(),
    number: |_, _| None,
    fields: &[],
};

/// The column of the function.
pub(super) const WHERE: &Column = &COLUMNS[0];

/// The columns with figures that have something to say, in a terminal of so many columns.
pub(super) fn figures(report: &Report, width: Option<usize>) -> impl Iterator<Item = &'static Column> {
    let fits = move |column: &&Column| width.is_none_or(|width| (column.least_width)(report) <= width);
    COLUMNS[1..].iter().filter(|column| (column.is_shown)(report)).filter(fits)
}

/// A line of the table: a row, the rows that are not shown, or the total.
pub(super) struct Line<'a> {
    /// The row, where it is one.
    pub row: Option<&'a Row>,
    /// What it is called.
    pub name: Cow<'a, str>,
    /// What is shown of it; nothing of rows that do not add up.
    pub change: Option<Change>,
    /// Its objects.
    pub objects: Option<Change>,
}

/// The name of the line with the total.
pub(super) const TOTAL: &str = "TOTAL";

/// The lines of the rows.
pub(super) fn rows(report: &Report) -> impl Iterator<Item = Line<'_>> {
    report.rows.iter().map(|row| Line {
        row: Some(row),
        name: Cow::Borrowed(&row.name),
        change: Some(row.change(report)),
        objects: row.counted(report),
    })
}

/// The lines below the rows: what is not shown, and the total.
pub(super) fn totals(report: &Report) -> Vec<Line<'_>> {
    let rest = &report.remainder;
    let is_all = rest.rows == 0 && rest.delta == 0 && rest.after == 0;
    let rest = Change { before: rest.before, after: rest.after, delta: rest.delta };
    let line = |name, change, objects| Line { row: None, name, change, objects };
    let rest = line(header::more_rows(report).into(), Some(rest).filter(|_| !report.ranks_by_cum()), None);
    let total = line(TOTAL.into(), Some(report.total), report.total_objects);
    if is_all { vec![total] } else { vec![rest, total] }
}

/// What the cells of one table have in common.
pub(super) struct Cells<'a> {
    pub report: &'a Report,
    /// The unit of all values.
    unit: Common,
}

impl<'a> Cells<'a> {
    /// The cells of a report.
    pub fn new(report: &'a Report, scale: Scale) -> Self {
        let shown = rows(report).filter_map(|line| line.change).map(|change| change.delta);
        let shown: Vec<i64> = if report.rows.is_empty() { vec![report.total.delta] } else { shown.collect() };
        Self { report, unit: Common::of(shown, &report.metric.unit, scale) }
    }

    fn proof(&self, line: &Line<'a>) -> Option<&'a Evidence> {
        line.row?.proof(self.report)
    }

    fn kept(&self, line: &Line<'_>) -> Option<f64> {
        line.row?.kept(self.report)
    }

    fn size(&self, line: &Line<'_>) -> Option<i64> {
        line.row?.object_size(self.report)
    }

    /// The mark of what sampling alone may have made.
    fn doubt(&self, line: &Line<'_>) -> &'static str {
        let proof = line.row.and_then(|row| row.proof(self.report));
        if proof.is_some_and(|proof| proof.verdict == Verdict::Noise) { "~ " } else { "" }
    }

    fn count(&self, objects: Change) -> String {
        if self.report.is_state() {
            return thousands(objects.after);
        }
        format!("{}{}", if objects.delta > 0 { "+" } else { "" }, thousands(objects.delta))
    }
}

/// Who is responsible for a row, where that is another than the row itself.
pub(super) fn responsible(row: &Row) -> Option<&Responsible> {
    row.responsible.as_ref().filter(|frame| frame.function != row.name)
}

/// The shape of a series: of a long one the highest value of each part.
pub fn sparkline(values: &[i64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const MOST: usize = 12;
    let parts = values.chunks(values.len().div_ceil(MOST).max(1));
    let values: Vec<i64> = parts.filter_map(|part| part.iter().max().copied()).collect();
    let low = values.iter().min().copied().unwrap_or_default() as f64;
    let range = values.iter().max().copied().unwrap_or_default() as f64 - low;
    let bar = |value: &i64| BARS[((*value as f64 - low) / range.max(1.0) * 7.0).round() as usize];
    values.iter().map(bar).collect()
}

fn of_frame(row: &Row, text: impl Fn(&Responsible) -> String) -> String {
    row.responsible.as_ref().map_or(String::new(), text)
}

/// Text of a profile that no spreadsheet runs.
fn text(text: &str) -> String {
    escape::spreadsheet(text).into_owned()
}

fn z(evidence: &Evidence) -> String {
    evidence.z.map_or(String::new(), |z| z.to_string())
}

fn optional(value: Option<i64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// The word that JSON has for it.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
