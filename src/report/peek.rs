//! Callers and callees with growth, as pprof's `peek`, but signed.
//!
//! In: functions with their calls, a report for what stands around them. Out: text or JSON. Invariant: no line is wider
//! than the width, and no byte of a profile reaches the terminal unescaped.

use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::diff::{Diff, KeyId};
use crate::rows::peek::{Call, Peeked};
use crate::units::{format, format_signed, thousands};

use super::json::write_value;
use super::paint::{Ink, paint};
use super::site::{Detail, Site, painted};
use super::table::{write_header, write_warnings};
use super::{Change, Report, Style, percent};

/// What is shown of a call graph. In JSON it stands beside what every report says of its inputs.
#[derive(Debug, Clone, Serialize)]
pub struct Peek<'a> {
    schema_version: u32,
    tool: &'a super::Tool,
    #[serde(serialize_with = "super::resolve::each_run")]
    inputs: &'a [super::Input],
    metric: &'a super::Metric,
    filters: &'a std::collections::BTreeMap<&'static str, String>,
    total: Change,
    functions: Vec<Function>,
    warnings: &'a [crate::model::Warning],
    #[serde(skip)]
    report: &'a Report,
}

/// A function with its neighbours.
#[derive(Debug, Clone, Serialize)]
struct Function {
    #[serde(flatten)]
    named: Named,
    flat: Change,
    cum: Change,
    callers: Vec<Neighbour>,
    callees: Vec<Neighbour>,
}

/// What a function is called.
#[derive(Debug, Clone, Serialize)]
struct Named {
    name: String,
    file: Option<String>,
    line: Option<i64>,
}

/// A function at the other end of a call.
#[derive(Debug, Clone, Serialize)]
struct Neighbour {
    #[serde(flatten)]
    named: Named,
    weight: Change,
}

impl<'a> Peek<'a> {
    /// Gives functions their names.
    pub fn new(diff: &Diff, report: &'a Report, functions: &[Peeked]) -> Self {
        let call = |call: &Call| Neighbour { named: named(diff, call.key), weight: Change::from(&call.weight) };
        let function = |function: &Peeked| Function {
            named: named(diff, function.key),
            flat: Change::from(&function.flat),
            cum: Change::from(&function.cum),
            callers: function.callers.iter().map(call).collect(),
            callees: function.callees.iter().map(call).collect(),
        };
        let Report { schema_version, tool, inputs, metric, filters, total, warnings, .. } = report;
        Self {
            schema_version: *schema_version,
            tool,
            inputs,
            metric,
            filters,
            total: *total,
            functions: functions.iter().map(function).collect(),
            warnings,
            report,
        }
    }
}

fn named(diff: &Diff, key: KeyId) -> Named {
    let key = diff.keys.key(key);
    let file = Some(key.file.clone()).filter(|file| !file.is_empty());
    Named { name: key.name.to_string(), file, line: Some(key.line).filter(|line| *line > 0) }
}

/// Writes all of it as JSON.
///
/// # Errors
/// Those of `out`.
pub fn write_peek_json(peek: &Peek<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_value(peek, out)
}

/// Writes each function between its callers and its callees, at most `most` of each, with the header of the report above
/// and its warnings below.
///
/// # Errors
/// Those of `out`.
pub fn write_peek(peek: &Peek<'_>, most: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let numbers = Numbers::new(peek, style);
    write_header(peek.report, style, out)?;
    let heading = numbers.line(numbers.headings(), "FUNCTION");
    writeln!(out, "\n{}", paint(heading.trim_end(), Ink::Dim, style))?;
    for (number, function) in peek.functions.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let neighbour = |call: &Neighbour, word: &str| {
            let name = format!("  {word} {}", numbers.name(&call.named, word.len() + 3, Some(Ink::Plain)));
            let share = share(call.weight, function.cum, numbers.is_state);
            numbers.line([numbers.value(call.weight), share, numbers.now(call.weight)], &name)
        };
        let more = |count: usize, what: &str| match count.saturating_sub(most) {
            0 => String::new(),
            more => format!("{}  … {} more {what} (-n 0)\n", " ".repeat(numbers.room()), thousands(more as i64)),
        };
        for call in function.callers.iter().take(most) {
            writeln!(out, "{}", neighbour(call, "from"))?;
        }
        write!(out, "{}", more(function.callers.len(), "callers"))?;
        let own = format!("  own {}", numbers.value(function.flat));
        let name = numbers.name(&function.named, own.width(), None);
        let values = [numbers.value(function.cum), String::new(), numbers.now(function.cum)];
        writeln!(out, "{}", numbers.line(values, &format!("{name}{own}")))?;
        for call in function.callees.iter().take(most) {
            writeln!(out, "{}", neighbour(call, "to"))?;
        }
        write!(out, "{}", more(function.callees.len(), "callees"))?;
    }
    write_warnings(peek.report, style, out)
}

/// How values are written, and the columns they take.
struct Numbers<'a> {
    unit: &'a str,
    style: &'a Style,
    is_state: bool,
    widths: [usize; 3],
}

impl<'a> Numbers<'a> {
    fn new(peek: &'a Peek<'_>, style: &'a Style) -> Self {
        let is_state = peek.report.is_state();
        let mut numbers = Self { unit: &peek.metric.unit, style, is_state, widths: [0; 3] };
        let calls = |function: &'a Function| function.callers.iter().chain(&function.callees).map(|call| call.weight);
        let all: Vec<Change> =
            peek.functions.iter().flat_map(|function| std::iter::once(function.cum).chain(calls(function))).collect();
        let widest =
            |text: &dyn Fn(Change) -> String| all.iter().map(|change| text(*change).width()).max().unwrap_or(0);
        let widths = [widest(&|change| numbers.value(change)), "100%".len(), widest(&|change| numbers.now(change))];
        let headings = numbers.headings();
        numbers.widths = [0, 1, 2].map(|at| if is_state && at == 2 { 0 } else { widths[at].max(headings[at].width()) });
        numbers
    }

    fn headings(&self) -> [String; 3] {
        let texts = if self.is_state { ["CUM", "SHARE", ""] } else { ["GROWTH", "SHARE", "NOW"] };
        texts.map(str::to_owned)
    }

    fn value(&self, change: Change) -> String {
        let write = if self.is_state { format } else { format_signed };
        write(change.delta, self.unit, self.style.scale)
    }

    fn now(&self, change: Change) -> String {
        if self.is_state { String::new() } else { format(change.after, self.unit, self.style.scale) }
    }

    /// Columns before a name.
    fn room(&self) -> usize {
        self.widths.iter().map(|width| if *width > 0 { width + 2 } else { 0 }).sum()
    }

    fn line(&self, cells: [String; 3], name: &str) -> String {
        let cells = cells.iter().zip(self.widths).filter(|(_, width)| *width > 0);
        let cells: Vec<String> =
            cells.map(|(cell, width)| format!("{}{cell}  ", " ".repeat(width.saturating_sub(cell.width())))).collect();
        format!("{}{name}", cells.concat())
    }

    /// A function in what room is left beside so many columns more.
    fn name(&self, named: &Named, beside: usize, ink: Option<Ink>) -> String {
        let file = named.file.as_deref().filter(|_| named.line.is_some());
        let room = self.style.width.unwrap_or(usize::MAX).saturating_sub(self.room() + beside);
        let pieces = Site::of_function(&named.name, file, named.line).fitted(room, Detail::Full);
        painted(&pieces, ink, self.style)
    }
}

/// What part of a function's growth goes through a call; nothing where they have different signs.
fn share(call: Change, function: Change, is_state: bool) -> String {
    let (call, whole) = if is_state { (call.after, function.after) } else { (call.delta, function.delta) };
    match whole {
        0 => String::new(),
        _ if call.signum() != whole.signum() => String::new(),
        _ => percent::share(call, whole),
    }
}
