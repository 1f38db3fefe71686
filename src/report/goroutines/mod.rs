//! The report on goroutines: how many more wait, for what, where, and who started them; in the formats it is written in.
//!
//! In: a diff of goroutine profiles and its table. Out: data that owns its text; bytes in any of [`FORMATS`]. Invariant:
//! the rows, those set apart and the remainder add up to the total.
//! Opens no files and asks no terminal.

mod markdown;
#[cfg(feature = "table")]
mod table;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::diff::Diff;
use crate::model::fingerprint;
use crate::model::{Warning, name};
use crate::rows::Place;
use crate::rows::goroutines::{self, Benign, Kind, LEAST_STACK, METRICS, State};

use crate::compare::Beside;
use crate::units::{Scale, format, format_signed, thousands};

use super::header;
use super::resolve::{self, DEEPEST, NO_STACK};
use super::{Change, Input, Metric, Remainder, Report, SetAside, Style, Suspect, Tool};

/// All goroutines, grouped by the place of the operation that blocks them.
#[derive(Debug, Clone, Serialize)]
pub struct Goroutines {
    /// All of them.
    pub total: Change,
    /// Whether the collector proved that all of them are blocked for ever.
    pub proven: bool,
    /// The least that the stacks of all of them take, in bytes: no heap profile shows it.
    pub stack_bytes: Change,
    /// Those that wait, then those that may be gone in a moment; what grew most first.
    pub rows: Vec<Row>,
    /// Those that every program has.
    pub benign: Vec<Row>,
    /// The rows not shown.
    pub remainder: Remainder,
}

/// Goroutines that wait for the same at the same place.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// `blocked`, `transient` (may be gone in a moment) or `benign`.
    pub kind: &'static str,
    /// What a benign one does.
    pub role: Option<&'static str>,
    #[serde(skip)]
    benign: Option<Benign>,
    /// What they wait for: `chan send`, `select`, `network`, ...; `not told` where the form of the profile has no names
    /// of the runtime's frames.
    pub state: State,
    /// The function that waits.
    pub function: String,
    /// Its file relative to its package.
    pub file: Option<String>,
    /// The line of the blocking operation.
    pub line: Option<i64>,
    /// How many before.
    pub before: i64,
    /// How many after.
    pub after: i64,
    /// After minus before.
    pub delta: i64,
    /// The function in which most of them began.
    pub entry: Option<String>,
    /// The frame of the user's own code nearest to the blocking operation.
    pub responsible: Option<Frame>,
    /// Who started most of them; only `debug=2` tells.
    pub created_by: Option<Creator>,
    /// The longest wait in minutes; only `debug=2` tells.
    pub longest_wait_minutes: Option<i64>,
    /// How many were proven to be blocked for ever.
    pub proven: i64,
    /// The stack that most of them have, leaf first.
    #[serde(serialize_with = "super::resolve::names")]
    pub stack: Vec<Arc<str>>,
    /// The count in every input, in a series of more than two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<i64>>,
    /// Stable name of the row across builds.
    pub fingerprint: String,
}

/// A function with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The function.
    pub function: String,
    /// Its file relative to its package.
    pub file: Option<String>,
    /// The line.
    pub line: Option<i64>,
}

/// The function with the `go` statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Creator {
    /// The function.
    pub function: String,
    /// `file:line`, the file relative to its package.
    pub at: String,
}

impl Goroutines {
    /// The table with its names.
    pub fn new(diff: &Diff, table: &goroutines::Table) -> Self {
        let total = Change::from(&table.total);
        let stacks = |count: i64| count.saturating_mul(LEAST_STACK);
        let rest = Change::from(&table.rest);
        Self {
            total,
            proven: diff.metric().name == METRICS[1],
            stack_bytes: Change {
                before: stacks(total.before),
                after: stacks(total.after),
                delta: stacks(total.delta),
            },
            rows: table.rows.iter().map(|row| resolve_row(diff, row)).collect(),
            benign: table.benign.iter().map(|row| resolve_row(diff, row)).collect(),
            remainder: Remainder { rows: table.left_out, before: rest.before, after: rest.after, delta: rest.delta },
        }
    }
}

impl Goroutines {
    /// `Goroutines: 404 → 4,404 (+4,000). Their stacks take at least 7.8 MiB more, ...`
    pub(super) fn sentence(&self, scale: Scale) -> String {
        let counts = header::from_to(self.total, "count", Scale::Auto);
        let growth = format_signed(self.total.delta, "count", Scale::Auto);
        let stacks = match self.stack_bytes.delta {
            ..=0 => String::new(),
            bytes => format!(
                " Their stacks take at least {} more, which the heap profile does not show.",
                format(bytes, "bytes", scale)
            ),
        };
        format!("Goroutines: {counts} ({growth}).{stacks}")
    }
}

impl Report {
    /// Adds what goroutines tell of the suspects of this report, and those that are suspects of their own.
    pub fn add_goroutines(&mut self, diff: &Diff, beside: &Beside) {
        for (suspect, witness) in self.suspects.iter_mut().zip(&beside.witnesses) {
            let Some(witness) = witness else {
                suspect.know_goroutines();
                continue;
            };
            let responsible = witness.responsible.as_ref().map(|frame| resolve::responsible(diff, frame));
            suspect.add_goroutines(Change::from(&witness.counts), witness.stack_bytes(), responsible);
        }
        for suspect in &beside.alone {
            let mut alone = Suspect::new(diff, &beside.table.total, suspect, None);
            alone.metric = Some(diff.metric().name.clone());
            alone.stack_bytes = Some(suspect.values.delta().saturating_mul(LEAST_STACK));
            let at = self.suspects.iter().position(|other| other.weight(&self.metric) < alone.weight(&self.metric));
            self.suspects.insert(at.unwrap_or(self.suspects.len()), alone);
        }
        self.goroutines = Some(Goroutines::new(diff, &beside.table));
        self.warnings.extend(beside.warnings.iter().cloned());
    }
}

fn resolve_row(diff: &Diff, row: &goroutines::Row) -> Row {
    let counts = Change::from(&row.counts);
    let key_name = |key| diff.keys.key(key).name.to_string();
    let frame = |place: &Place| {
        let (file, line) = resolve::place(diff, Some(place));
        Frame { function: key_name(place.key), file, line }
    };
    let place = row.place.as_ref().map(frame);
    let (kind, benign) = match row.kind {
        Kind::Blocked => ("blocked", None),
        Kind::Transient => ("transient", None),
        Kind::Benign(benign) => ("benign", Some(benign)),
    };
    let canonical = row.place.as_ref().map(|place| diff.keys.key(place.key).canonical.as_str());
    Row {
        kind,
        role: benign.map(Benign::words),
        benign,
        state: row.state,
        fingerprint: fingerprint(canonical),
        function: place.as_ref().map_or_else(|| NO_STACK.to_owned(), |place| place.function.clone()),
        file: place.as_ref().and_then(|place| place.file.clone()),
        line: place.and_then(|place| place.line),
        before: counts.before,
        after: counts.after,
        delta: counts.delta,
        entry: row.entry.map(key_name),
        responsible: row.responsible.as_ref().map(frame),
        created_by: row.creator.clone().map(|(function, at)| Creator { function, at }),
        longest_wait_minutes: row.longest_wait,
        proven: row.proven,
        stack: diff.stack_keys(row.heaviest).take(DEEPEST).map(|key| diff.keys.key(key).name.clone()).collect(),
        steps: (row.counts.0.len() > 2).then(|| row.counts.0.clone()),
    }
}

/// What is said of a row below its place.
pub(super) struct Remark<'a> {
    words: String,
    /// A function that it is about, with its place.
    function: Option<(&'a str, String)>,
}

impl Remark<'_> {
    /// It in one line.
    fn text(&self) -> String {
        let Self { words, function } = self;
        match function {
            Some((function, at)) if at.is_empty() => format!("{words} {}", name::short(function)),
            Some((function, at)) => format!("{words} {} {at}", name::short(function)),
            None => words.clone(),
        }
    }
}

impl Row {
    /// What is said of a row below its place, part by part.
    fn remarks(&self) -> Vec<Remark<'_>> {
        let of = |words: &str, function, at: String| Remark { words: words.to_owned(), function: Some((function, at)) };
        let frame = self.responsible.as_ref().filter(|frame| frame.function != self.function).map(|frame| {
            let line = frame.line.map_or(String::new(), |line| format!(":{line}"));
            of(
                "for",
                frame.function.as_str(),
                frame.file.as_ref().map_or(String::new(), |file| format!("{file}{line}")),
            )
        });
        let is_said = |entry: &str| self.responsible.as_ref().is_some_and(|frame| frame.function == *entry);
        let entry = self.entry.as_deref().filter(|entry| *entry != self.function && !is_said(entry));
        let entry = entry.map(|entry| of("began in", entry, String::new()));
        let created =
            self.created_by.as_ref().map(|creator| of("created by", creator.function.as_str(), creator.at.clone()));
        let wait = self.longest_wait_minutes.map(|minutes| format!("longest wait {minutes} min"));
        let proven = (self.proven > 0).then(|| match self.proven {
            all if all == self.after => "proven leaked".to_owned(),
            some => format!("{some} proven leaked"),
        });
        let transient = (self.kind == "transient").then(|| "may be gone in a moment".to_owned());
        let plain = [wait, proven, transient].into_iter().flatten().map(|words| Remark { words, function: None });
        [frame, entry, created].into_iter().flatten().chain(plain).collect()
    }
}

/// What `leakdiff goroutines` found: the goroutines and what stands around them.
#[derive(Debug)]
pub struct Answer<'a> {
    /// Inputs, metric, suspects and warnings.
    pub report: &'a Report,
    /// The table.
    pub goroutines: &'a Goroutines,
}

/// A format of this report.
pub struct Format {
    /// Its name, that of a format of a [`Report`].
    pub name: &'static str,
    /// Writes it.
    pub write: fn(&Answer<'_>, &Style, &mut dyn Write) -> io::Result<()>,
}

/// The formats of this report.
pub const FORMATS: &[Format] = &[
    #[cfg(feature = "table")]
    Format { name: "table", write: table::write },
    Format { name: "json", write: write_json },
    Format { name: "markdown", write: markdown::write },
];

/// One object: what a heap's report has of these keys, and the table.
#[derive(Serialize)]
struct Json<'a> {
    schema_version: u32,
    tool: &'a Tool,
    inputs: &'a [Input],
    metric: &'a Metric,
    filters: &'a BTreeMap<&'static str, String>,
    #[serde(flatten)]
    goroutines: &'a Goroutines,
    suspects: &'a [Suspect],
    set_aside: &'a [SetAside],
    warnings: &'a [Warning],
}

fn write_json(answer: &Answer<'_>, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Answer { report, goroutines } = answer;
    let value = Json {
        schema_version: report.schema_version,
        tool: &report.tool,
        inputs: &report.inputs,
        metric: &report.metric,
        filters: &report.filters,
        goroutines,
        suspects: &report.suspects,
        set_aside: &report.set_aside,
        warnings: &report.warnings,
    };
    super::json::write_value(&value, out)
}

/// `1 runs main, 10 write this profile`: what is set apart, in words. Those that do the same at several places are one
/// part, at the position of the first.
fn set_apart(goroutines: &Goroutines) -> Option<String> {
    let mut counts: Vec<(Benign, i64)> = Vec::new();
    for row in goroutines.benign.iter().filter(|row| row.after > 0) {
        let Some(role) = row.benign else { continue };
        match counts.iter_mut().find(|(other, _)| *other == role) {
            Some((_, count)) => *count += row.after,
            None => counts.push((role, row.after)),
        }
    }
    let part = |(role, count): &(Benign, i64)| {
        let words = if *count == 1 { role.words() } else { role.words_of_many() };
        format!("{} {words}", thousands(*count))
    };
    let parts: Vec<String> = counts.iter().map(part).collect();
    (!parts.is_empty()).then(|| format!("Not counted as growth, since every program has them: {}.", parts.join(", ")))
}

/// What the stacks of all take that became more, or of all that a single profile has.
fn stacks(answer: &Answer<'_>, scale: Scale) -> Option<String> {
    let bytes = answer.goroutines.stack_bytes.delta;
    let more = if answer.report.inputs.len() < 2 { "" } else { " more" };
    let words =
        || format!("Their stacks take at least {}{more}, which no heap profile shows.", format(bytes, "bytes", scale));
    (bytes > 0).then(words)
}

/// What the numbers are and what they cannot tell.
fn note(goroutines: &Goroutines) -> &'static str {
    if goroutines.proven && goroutines.total.after == 0 {
        return "The garbage collector found no goroutine that can never wake: none has leaked.";
    }
    if goroutines.proven {
        return "The garbage collector proved that these can never wake: each is a leak.";
    }
    if goroutines.rows.iter().any(|row| row.state == State::Select) {
        return "A profile does not show the cases of a select: one with a timer or a context may end by itself.";
    }
    if goroutines.rows.iter().any(|row| row.state == State::Unknown) {
        return "This form of profile does not say what goroutines wait for: fetch it without debug=1, or with debug=2.";
    }
    ""
}
