//! A resolved report, and the formats it is written in: one file per format, one table of them.
//!
//! In: a diff and its analysis. Out: a [`Report`] that owns its text and serialises to the JSON contract; bytes in any
//! of [`FORMATS`]. Invariant: the report holds data only (integers in base units, totals and remainder as fields); how
//! it looks is decided by the format.
//! Opens no files and asks no terminal: width and colour are parameters.

// Without a format, what only it uses lies idle.
#![cfg_attr(not(all(feature = "csv", feature = "junit", feature = "table")), allow(dead_code, unused_imports))]

mod absence;
mod ascii;
mod aside;
mod brief;
mod columns;
#[cfg(feature = "csv")]
mod csv;
mod details;
mod escape;
mod explanation;
mod figures;
mod finding;
mod fit;
pub mod fleet;
mod gate;
mod github;
mod gitlab;
pub mod goroutines;
mod header;
pub mod holders;
mod html;
mod inspect;
mod json;
#[cfg(feature = "junit")]
mod junit;
#[cfg(feature = "table")]
mod list;
mod markdown;
mod memory;
mod next;
mod openmetrics;
mod page;
mod paint;
#[cfg(feature = "table")]
mod peek;
mod percent;
#[cfg(feature = "table")]
mod process;
mod rate;
mod remainder;
mod resident;
mod resolve;
mod row;
mod ruling;
mod sampling;
mod sarif;
mod sentence;
mod site;
mod source_path;
mod stacks;
mod suspect;
#[cfg(feature = "table")]
mod table;
mod trend;
mod verdict;

#[cfg(feature = "cli")]
pub(crate) use {
    escape::terminal,
    gate::word as verdict_word,
    header::{explain as explain_text, warning as warning_text},
};

pub use crate::check::Outcome;
pub use ascii::Ascii;
pub use aside::SetAside;
pub use details::{CallTree, Details, Frame, Stack};
pub use goroutines::Goroutines;
pub use inspect::{
    Counted, Counts, Inspection, Labelled, Missing, Period, ProfileFacts, write_inspections, write_inspections_json,
};
#[cfg(feature = "table")]
pub use list::{Listing, Source, write_list};
pub use memory::Memory;
pub use page::{Chapter, write_contents, write_page};
#[cfg(feature = "table")]
pub use peek::{Peek, write_peek, write_peek_json};
pub use rate::Rate;
pub use remainder::Remainder;
pub use resident::{OutsideGrowth, Resident};
pub use sampling::{Basis, DecidedBy, Evidence, Sampling};
pub use stacks::RowStack;
pub use suspect::{Suspect, SuspectRow, Units};
pub use verdict::{Allowed, Breach, Check, Culprit, Unmatched, Verdict};
pub use {columns::sparkline, trend::Reaches, trend::Trend};

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::diff::Idle;
use crate::model::{Kind, Status, Warning};
use crate::rows::Via;
use crate::units::Scale;

/// The JSON contract's version. Keys are only ever added within one.
pub const SCHEMA_VERSION: u32 = 2;

/// What a run found, ready to be rendered.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Which tool made it.
    pub tool: Tool,
    /// The inputs, oldest first. In JSON the runs of a side stand one by one.
    #[serde(serialize_with = "resolve::each_run")]
    pub inputs: Vec<Input>,
    /// The metric compared; all values are in its unit.
    pub metric: Metric,
    /// The filters in effect: the name of the option, and what was given with it.
    pub filters: BTreeMap<&'static str, String>,
    /// What a row stands for: `function`, `line`, ...
    pub by: &'static str,
    /// The key of the label whose values rows stand for, where `by` is `label`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What the rows are ranked by: `growth`, `cum`, ...
    pub sort: &'static str,
    /// The total of the metric.
    pub total: Change,
    /// The total number of objects, where the profiles count them.
    pub total_objects: Option<Change>,
    /// How fast the total grows, where the times of the inputs allow it.
    pub rate: Option<Rate>,
    /// Whether the change of the total is real.
    pub total_evidence: Option<Evidence>,
    /// What the evidence is computed from.
    pub sampling: Sampling,
    /// The rows shown, best first.
    pub rows: Vec<Row>,
    /// The rows not shown.
    pub remainder: Remainder,
    /// Whether the total goes on growing; absent of a single input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
    /// Named suspects.
    pub suspects: Vec<Suspect>,
    /// What grew and is no leak, as far as can be told.
    pub set_aside: Vec<SetAside>,
    /// The goroutines beside the heap, where they were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goroutines: Option<Goroutines>,
    /// The memory of the whole process, where the profiles carry it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
    /// The memory of the process as the system counts it, where it was given beside the profiles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rss: Option<Resident>,
    /// The verdict of a gate, where one was asked for.
    pub verdict: Option<Verdict>,
    /// What to know before trusting the numbers.
    pub warnings: Vec<Warning>,
    /// What only went from one function to another.
    #[serde(skip)]
    pub moved: Vec<Moved>,
    /// Files on this machine, by the function and the file that they are for: what a terminal may link to.
    #[serde(skip)]
    pub sources: BTreeMap<(String, String), String>,
    /// Whether an input is a difference already, not the state at one moment.
    #[serde(skip)]
    pub has_deltas: bool,
    /// What only a page that is explored needs; no part of the JSON contract.
    #[serde(skip)]
    pub details: Option<Details>,
}

impl Report {
    /// Writes it as JSON, as the contract has it.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(self, &Style::default(), out)
    }
}

/// The metric compared.
#[derive(Debug, Clone, Serialize)]
pub struct Metric {
    /// Its name, as the newest input spells it.
    pub name: String,
    /// The unit of its values.
    pub unit: String,
    /// The names of the other metrics that all inputs have.
    pub others: Vec<String>,
    /// What it measures.
    #[serde(skip)]
    pub kind: Kind,
    /// How little is in use, where it was chosen because of that.
    #[serde(skip)]
    pub idle: Option<Idle>,
}

/// Memory that went from one function to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The function that had most of it before.
    pub from: String,
    /// What went.
    pub went: i64,
    /// The function that has it now.
    pub to: String,
    /// What came.
    pub came: i64,
}

/// The tool that made a report.
#[derive(Debug, Clone, Serialize)]
pub struct Tool {
    /// `leakdiff`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// One input.
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    /// What the user calls it.
    pub label: String,
    /// Where it came from.
    pub path: String,
    /// When it was taken: UTC, nanoseconds since 1970.
    pub time_nanos: Option<i64>,
    /// The sampling period.
    pub period: Option<i64>,
    /// Build id of the main binary.
    pub build_id: Option<String>,
    /// How many samples it holds, as far as the filter let them through.
    pub samples: usize,
    /// How many different stacks they have.
    pub stacks: usize,
    /// Of a run of several: whether it stands `before` or `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<&'static str>,
    /// The runs whose mean it is; none where it is one profile.
    #[serde(skip)]
    pub runs: Vec<Input>,
}

/// A quantity before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// In the oldest input; 0 when there is only one.
    pub before: i64,
    /// In the newest input.
    pub after: i64,
    /// After minus before.
    pub delta: i64,
}

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Function, file or package.
    pub name: String,
    /// File relative to its package, where most of the change happened.
    pub file: Option<String>,
    /// Line in that file.
    pub line: Option<i64>,
    /// How it stands after compared with before.
    pub status: Status,
    /// At the row itself.
    pub flat: Change,
    /// At the row or below it.
    pub cum: Change,
    /// Number of objects of `flat`.
    pub objects: Option<Change>,
    /// Growth in use over growth allocated.
    pub kept_ratio: Option<f64>,
    /// Whether the change of `flat` is real, whatever the rows are sorted by.
    pub evidence: Option<Evidence>,
    /// Whether the change of `cum` is real, where the rows are sorted by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cum_evidence: Option<Evidence>,
    /// The frame of the user's own code that is accountable.
    pub responsible: Option<Responsible>,
    /// Names of the stack that carries most of the change, leaf first; at most 256. Rows of one stack share it.
    #[serde(serialize_with = "resolve::names_or_none")]
    pub stack: Option<Arc<[Arc<str>]>>,
    /// Its heaviest stacks, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stacks: Option<Vec<RowStack>>,
    /// Stable name of the row across builds.
    pub fingerprint: String,
    /// The flat value in every input, in a series of more than two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<i64>>,
    /// Whether `flat` goes on growing, in a series of more than two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
}

/// The accountable frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Responsible {
    /// The function.
    pub function: String,
    /// Its file relative to its package.
    pub file: Option<String>,
    /// The line of the call towards the allocation.
    pub line: Option<i64>,
    /// Whether it stands in the growing stacks (`stack`) or in others that enter the same package (`sibling`).
    pub via: Via,
}

/// How a report is to look.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Style {
    /// Columns of the terminal; `None` for as wide as it needs.
    pub width: Option<usize>,
    /// Whether to colour.
    pub color: bool,
    /// The unit of values for people.
    pub scale: Scale,
}

/// An output format.
pub struct Format {
    /// Its name for `--format`.
    pub name: &'static str,
    /// Endings of files in this format, or whole names. The longest that fits a file decides.
    pub endings: &'static [&'static str],
    /// How many rows it shows where the user does not say.
    pub rows: usize,
    /// Whether it shows what shrank beside what grew, and wants [`Details`].
    pub is_page: bool,
    /// Whether it tells of the verdict of a gate and of nothing else.
    pub needs_verdict: bool,
    /// Writes a report.
    pub write: fn(&Report, &Style, &mut dyn Write) -> io::Result<()>,
}

/// All output formats. The first is the default.
pub const FORMATS: &[Format] = &[
    #[cfg(feature = "table")]
    Format { name: "table", endings: &["txt"], write: table::write, ..PLAIN },
    Format { name: "json", endings: &["json"], write: json::write, ..PLAIN },
    Format { name: "brief", endings: &[], write: brief::write, ..PLAIN },
    Format { name: "markdown", endings: &["md", "markdown"], write: markdown::write, ..PLAIN },
    #[cfg(feature = "csv")]
    Format { name: "csv", endings: &["csv"], write: csv::write, ..PLAIN },
    Format { name: "html", endings: &["html", "htm"], rows: 200, is_page: true, write: html::write, ..PLAIN },
    Format { name: "openmetrics", endings: &["prom"], write: openmetrics::write, ..PLAIN },
    #[cfg(feature = "junit")]
    Format { name: "junit", endings: &["xml"], write: junit::write, ..VERDICT },
    Format { name: "sarif", endings: &["sarif", "sarif.json"], write: sarif::write, ..VERDICT },
    Format { name: "github", endings: &[], write: github::write, ..VERDICT },
    Format { name: "gitlab", endings: &["gl-code-quality-report.json"], write: gitlab::write, ..VERDICT },
];

/// A format of a few rows.
const PLAIN: Format =
    Format { name: "", endings: &[], rows: 10, is_page: false, needs_verdict: false, write: json::write };

/// A format of a verdict.
const VERDICT: Format = Format { needs_verdict: true, ..PLAIN };
