//! Ids to text: the one place where an analysis is given its names.
//!
//! In: a diff and its analysis. Out: a [`Report`] that owns everything it shows.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::Serializer;

use crate::compare::Analysis;
use crate::diff::{Diff, Granularity};
use crate::model::hash::HashMap;
use crate::model::{self, Header, Run};
use crate::model::{Series, Status, fingerprint};
use crate::rows::{Place, Sort, Subject};
use crate::stats::Regime;
use crate::{diagnose, rows, stats};

use super::{
    Basis, Change, DecidedBy, Evidence, Input, Memory, Metric, Moved, Rate, Remainder, Report, Resident, Responsible,
    Row, SCHEMA_VERSION, Sampling, SetAside, Suspect, Tool, Trend,
};

impl From<&Series> for Change {
    fn from(series: &Series) -> Self {
        Self { before: series.before(), after: series.after(), delta: series.delta() }
    }
}

impl Report {
    /// The report of an analysis.
    pub fn new(diff: &Diff, analysis: &Analysis) -> Self {
        let rest = Change::from(&analysis.remainder.flat);
        let total = Change::from(&analysis.total);
        let by = Granularity::ALL.iter().find(|(_, granularity)| *granularity == diff.by);
        let mut stacks = Stacks::default();
        Self {
            schema_version: SCHEMA_VERSION,
            tool: tool(),
            inputs: (0..diff.snapshots.len()).map(|index| input(diff, index)).collect(),
            metric: metric(diff),
            filters: diff.filters.iter().cloned().collect(),
            by: by.map_or("", |(name, _)| name),
            label: Some(diff.label.clone()).filter(|label| !label.is_empty()),
            sort: Sort::ALL.iter().find(|(_, sort)| *sort == analysis.sort).map_or("", |(name, _)| name),
            rate: rate(diff, total.delta).filter(|_| !is_of_separate_runs(analysis) && diff.grows_in_time()),
            total,
            total_objects: analysis.total_objects.as_ref().map(Change::from),
            total_evidence: analysis.total_evidence.map(Evidence::from),
            sampling: sampling(analysis),
            rows: analysis.rows.iter().map(|row| resolve_row(diff, &mut stacks, row, analysis.reaches)).collect(),
            remainder: Remainder {
                rows: analysis.remainder.rows,
                before: rest.before,
                after: rest.after,
                delta: rest.delta,
            },
            suspects: analysis.suspects.iter().map(|suspect| resolve_suspect(diff, analysis, suspect)).collect(),
            trend: analysis.trend.map(|trend| Trend::new(&trend, analysis.total.after(), analysis.reaches)),
            set_aside: analysis
                .set_aside
                .iter()
                .filter_map(|aside| Some(SetAside::new(diff, aside, aside.reason()?)))
                .collect(),
            goroutines: None,
            memory: analysis.memory.as_ref().map(Memory::from),
            rss: analysis.resident.as_ref().map(Resident::from),
            verdict: None,
            warnings: analysis.warnings.clone(),
            moved: analysis.moved.iter().map(|moved| self::moved(diff, moved)).collect(),
            sources: BTreeMap::new(),
            has_deltas: diff.has_deltas(),
            details: None,
        }
    }
}

impl From<stats::Evidence> for Evidence {
    fn from(evidence: stats::Evidence) -> Self {
        let stats::Evidence { verdict, z, low, high } = evidence;
        Self { verdict, z: z.map(|z| rounded(z, 1e3)), low, high }
    }
}

/// This tool.
pub(super) fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
}

fn metric(diff: &Diff) -> Metric {
    let others = diff.metrics.iter().enumerate().filter(|(index, _)| *index != diff.metric);
    let others = others.map(|(_, other)| other.metric.name.clone()).collect();
    Metric { others, idle: diff.idle, ..Metric::from(diff.metric().clone()) }
}

impl From<model::Metric> for Metric {
    /// The metric of inputs that have no other.
    fn from(metric: model::Metric) -> Self {
        let kind = metric.kind();
        Self { name: metric.name, unit: metric.unit, others: Vec::new(), kind, idle: None }
    }
}

fn moved(diff: &Diff, moved: &diagnose::Moved) -> Moved {
    let [from, to] = [moved.from, moved.to].map(|key| diff.keys.key(key).name.to_string());
    Moved { from, went: moved.went, to, came: moved.came }
}

/// A number to so many parts of one. No zero has a sign.
pub(super) fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts + 0.0
}

fn sampling(analysis: &Analysis) -> Sampling {
    let (basis, reason) = match analysis.basis {
        stats::Basis::Exact => (Basis::Exact, None),
        stats::Basis::Sampled(Regime::SameProcess) => (Basis::SameProcess, None),
        stats::Basis::Sampled(Regime::Independent) => (Basis::Independent, None),
        stats::Basis::Unknown(reason) => (Basis::Unknown, Some(reason)),
    };
    Sampling { basis, decided_by: if analysis.is_basis_decided { DecidedBy::Files } else { DecidedBy::User }, reason }
}

/// An input, with the runs that it is the mean of.
fn input(diff: &Diff, index: usize) -> Input {
    let snapshot = &diff.snapshots[index];
    let part = |header: &Header, rows: Range<usize>| {
        let mut is_in = vec![false; diff.stack_count()];
        for entry in &diff.entry_of_row(index)[rows.clone()] {
            is_in[diff.stack_of(*entry as usize)] = true;
        }
        Input {
            label: header.label.clone(),
            path: header.path.clone(),
            time_nanos: header.time_nanos,
            period: header.period,
            build_id: Some(header.build_id.clone()).filter(|build_id| !build_id.is_empty()),
            samples: rows.len(),
            stacks: is_in.into_iter().filter(|is_in| *is_in).count(),
            side: None,
            runs: Vec::new(),
        }
    };
    let side = if index + 1 < diff.snapshots.len() { "before" } else { "after" };
    let run =
        |(number, run): (usize, &Run)| Input { side: Some(side), ..part(&run.header, snapshot.rows_of_run(number)) };
    Input { runs: snapshot.runs.iter().enumerate().map(run).collect(), ..part(&snapshot.header, 0..snapshot.len()) }
}

/// The inputs as the user named them.
pub(super) fn each_run<S: Serializer>(inputs: &[Input], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(inputs.iter().flat_map(|input| match &input.runs[..] {
        [] => std::slice::from_ref(input),
        runs => runs,
    }))
}

/// Names that are shared.
pub(super) fn names<S: Serializer>(names: &[Arc<str>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(names.iter().map(|name| &**name))
}

/// As [`names`], or none.
pub(super) fn names_or_none<S: Serializer>(names: &Option<Arc<[Arc<str>]>>, serializer: S) -> Result<S::Ok, S::Error> {
    match names {
        Some(names) => self::names(names, serializer),
        None => serializer.serialize_none(),
    }
}

/// What two processes hold did not grow from one to the other in the time between them.
fn is_of_separate_runs(analysis: &Analysis) -> bool {
    analysis.basis == stats::Basis::Sampled(Regime::Independent)
}

/// How fast the total grew between the oldest and the newest of several inputs.
fn rate(diff: &Diff, delta: i64) -> Option<Rate> {
    let (oldest, newest) = (diff.snapshots.first()?, diff.snapshots.last()?);
    Rate::new(delta, newest.header.time_nanos?.checked_sub(oldest.header.time_nanos?)?)
}

/// What two processes allocated is no part of each other, and so is what one of them kept.
fn resolve_suspect(diff: &Diff, analysis: &Analysis, suspect: &diagnose::Suspect) -> Suspect {
    let kept_ratio = suspect.kept_ratio.filter(|_| !is_of_separate_runs(analysis));
    Suspect::new(diff, &analysis.total, &diagnose::Suspect { kept_ratio, ..suspect.clone() }, analysis.reaches)
}

/// The names of stacks by entry.
type Stacks = HashMap<usize, Arc<[Arc<str>]>>;

fn resolve_row(diff: &Diff, stacks: &mut Stacks, row: &rows::Row, reaches: Option<i64>) -> Row {
    let names = |entry| diff.stack_keys(entry).take(DEEPEST).map(|key| diff.keys.key(key).name.clone()).collect();
    let (file, line) = place(diff, row.place.as_ref());
    let stack = row.heaviest.map(|entry| stacks.entry(entry).or_insert_with(|| names(entry)).clone());
    let (name, fingerprint) = named(diff, row.subject);
    let is_place = matches!(diff.by, Granularity::Package | Granularity::Label);
    Row {
        name,
        file: file.filter(|_| !is_place),
        line: line.filter(|_| !is_place),
        status: match row.status() {
            // Nothing is known of before.
            Status::New if diff.is_one_delta() => {
                let change = if row.flat.is_zero() { row.cum.delta() } else { row.flat.delta() };
                if change > 0 { Status::Grown } else { Status::Shrunk }
            }
            status => status,
        },
        flat: Change::from(&row.flat),
        cum: Change::from(&row.cum),
        objects: row.objects.as_ref().map(Change::from),
        kept_ratio: row.kept_ratio.map(|ratio| rounded(ratio, 1e4)),
        evidence: row.evidence.map(Evidence::from),
        cum_evidence: row.cum_evidence.map(Evidence::from),
        responsible: row.responsible.as_ref().map(|frame| responsible(diff, frame)),
        stack,
        stacks: None,
        fingerprint,
        steps: (row.flat.0.len() > 2).then(|| row.flat.0.clone()),
        trend: row.trend.map(|trend| Trend::new(&trend, row.flat.after(), reaches)),
    }
}

/// The most frames of a stack that a row names, from the leaf on: all that Go records (128), and a bound where a
/// recursion is as deep as there are rows.
pub(super) const DEEPEST: usize = 256;

/// The name of the row that holds samples without a stack.
pub(super) const NO_STACK: &str = "(no stack)";

/// The name of a row and its fingerprint.
pub(super) fn named(diff: &Diff, subject: Subject) -> (String, String) {
    match subject {
        Subject::Group(group) => {
            let group = diff.keys.group(group);
            (group.name.clone(), fingerprint([group.canonical.as_str()]))
        }
        Subject::Stack(entry) => {
            let leaf = diff.stack_keys(entry).next().map(|key| diff.keys.key(key).name.to_string());
            let names = diff.stack_keys(entry).map(|key| diff.keys.key(key).canonical.as_str());
            (leaf.unwrap_or_else(|| NO_STACK.to_owned()), fingerprint(names))
        }
        Subject::NoStack => (NO_STACK.to_owned(), fingerprint([NO_STACK])),
    }
}

/// An accountable frame with its name and place.
pub(super) fn responsible(diff: &Diff, responsible: &rows::Responsible) -> Responsible {
    let (file, line) = place(diff, Some(&responsible.place));
    let via = responsible.via;
    Responsible { function: diff.keys.key(responsible.place.key).name.to_string(), file, line, via }
}

/// File and line of a place, as far as they are stated.
pub(super) fn place(diff: &Diff, place: Option<&Place>) -> (Option<String>, Option<i64>) {
    let Some(Place { spot, .. }) = place else { return (None, None) };
    let file = Some(diff.keys.file(*spot)).filter(|file| !file.is_empty());
    (file.map(str::to_owned), Some(spot.line).filter(|line| *line > 0))
}
