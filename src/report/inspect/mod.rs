//! What a profile is: its form, what it counts, when it was taken, what is missing in it and what that means.
//!
//! In: a diff of one profile. Out: an [`Inspection`] that owns its text and serialises to JSON; lines about it. Invariant: it
//! says what the profile states; what is concluded is called so.

mod missing;
mod producer;
mod text;

pub use missing::Missing;
pub use text::{write_inspections, write_inspections_json};

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::diff::Diff;
use crate::model::hash::HashSet;
use crate::model::{Kind, LabelValue, Snapshot, Warning};

use super::header;

/// What one profile is.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// What the user calls it.
    pub label: String,
    /// Where it came from.
    pub path: String,
    /// Why it could not be loaded; then nothing else is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it is, where it could be loaded.
    #[serde(flatten)]
    pub facts: Option<ProfileFacts>,
}

/// What is known of a profile that could be loaded.
#[derive(Debug, Clone, Serialize)]
pub struct ProfileFacts {
    /// Its form.
    pub format: &'static str,
    /// Whether it is compressed.
    pub compressed: bool,
    /// What wrote it, concluded from what it counts.
    pub producer: Option<&'static str>,
    /// The language of most of its functions, concluded from their files.
    pub language: Option<&'static str>,
    /// When it was taken: UTC, nanoseconds since 1970.
    pub time_nanos: Option<i64>,
    /// The span of time that it covers, in nanoseconds; 0 for the state at one moment.
    pub duration_nanos: i64,
    /// Whether it is a difference between two moments.
    pub is_delta: bool,
    /// How it was sampled.
    pub period: Option<Period>,
    /// Build id of the main binary.
    pub build_id: Option<String>,
    /// Path of the main binary.
    pub binary: Option<String>,
    /// What it counts.
    pub metrics: Vec<Counted>,
    /// How much of it there is.
    pub counts: Counts,
    /// Its labels, by key.
    pub labels: BTreeMap<String, Labelled>,
    /// Remarks of its producer.
    pub comments: Vec<String>,
    /// What it does not say, and what that means for the answers.
    pub missing: Vec<Missing>,
    /// What to know before trusting it.
    pub warnings: Vec<Warning>,
}

/// How often a sample was taken.
#[derive(Debug, Clone, Serialize)]
pub struct Period {
    /// What is counted.
    #[serde(rename = "type")]
    pub name: String,
    /// In which unit.
    pub unit: String,
    /// The mean distance of two samples.
    pub value: i64,
}

/// A sample type.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    /// Its name.
    pub name: String,
    /// The unit of its values.
    pub unit: String,
    /// What that means, where it is known.
    pub meaning: Option<&'static str>,
    /// The sum of its values.
    pub total: i64,
    /// Whether it is compared where the user does not say.
    pub is_default: bool,
}

/// How much of it there is.
#[derive(Debug, Clone, Serialize)]
pub struct Counts {
    /// Samples.
    pub samples: usize,
    /// Different stacks.
    pub stacks: usize,
    /// Frames of the deepest stack.
    pub deepest: usize,
    /// Functions in those stacks.
    pub functions: usize,
    /// Places in the program in those stacks.
    pub locations: usize,
    /// How many of the places have a function.
    pub named: usize,
    /// How many of the places have a line.
    pub with_lines: usize,
}

/// One label.
#[derive(Debug, Clone, Serialize)]
pub struct Labelled {
    /// Samples that have it.
    pub samples: usize,
    /// Different values.
    pub values: usize,
}

impl Inspection {
    /// One that could not be loaded.
    pub fn failed(label: &str, path: &str, error: String) -> Self {
        Self { label: label.to_owned(), path: path.to_owned(), error: Some(error), facts: None }
    }

    /// What the first snapshot of a diff is.
    pub fn new(diff: &Diff, warnings: Vec<Warning>) -> Option<Self> {
        let snapshot = diff.snapshots.first()?;
        let header = &snapshot.header;
        let stated = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let period = header.period.zip(header.period_type.as_ref());
        let counted = |(index, metric): (usize, &crate::diff::CommonMetric)| Counted {
            name: metric.metric.name.clone(),
            unit: metric.metric.unit.clone(),
            meaning: header::meaning(&metric.metric.name, metric.metric.kind()),
            total: diff.totals(index).first().copied().unwrap_or_default(),
            is_default: index == diff.metric,
        };
        let mut facts = ProfileFacts {
            format: header.format,
            compressed: header.is_gzip,
            producer: producer::producer(&snapshot.metrics, header.format),
            language: producer::language(&diff.symbols),
            time_nanos: header.time_nanos,
            duration_nanos: header.duration_nanos,
            is_delta: header.is_delta,
            period: period.map(|(value, of)| Period { name: of.name.clone(), unit: of.unit.clone(), value }),
            build_id: stated(&header.build_id),
            binary: stated(&header.binary),
            metrics: diff.metrics.iter().enumerate().map(counted).collect(),
            counts: counts(diff, snapshot),
            labels: labels(diff, snapshot),
            comments: header.comments.clone(),
            missing: Vec::new(),
            warnings,
        };
        let is_heap = diff.metrics.iter().any(|metric| matches!(metric.metric.kind(), Kind::Memory(..)));
        facts.missing = missing::missing(&facts, diff, is_heap);
        Some(Self { label: header.label.clone(), path: header.path.clone(), error: None, facts: Some(facts) })
    }
}

fn counts(diff: &Diff, snapshot: &Snapshot) -> Counts {
    let mut locations = HashSet::default();
    let mut deepest = 0;
    for row in 0..snapshot.len() {
        locations.extend(snapshot.stack(row).iter().copied());
        deepest = deepest.max(diff.keys.of_stack(snapshot.stack(row)).count());
    }
    let lines = || locations.iter().map(|location| &diff.symbols.location(*location).lines);
    let functions: HashSet<_> = lines().flatten().filter_map(|line| line.function).collect();
    Counts {
        samples: snapshot.len(),
        stacks: diff.stack_count(),
        deepest,
        functions: functions.len(),
        named: lines().filter(|lines| lines.iter().any(|line| line.function.is_some())).count(),
        with_lines: lines().filter(|lines| lines.iter().any(|line| line.line > 0)).count(),
        locations: locations.len(),
    }
}

fn labels(diff: &Diff, snapshot: &Snapshot) -> BTreeMap<String, Labelled> {
    let mut found: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    for row in 0..snapshot.len() {
        let mut last = "";
        for label in diff.symbols.labels(snapshot.labels(row)) {
            let key = diff.symbols.str(label.key);
            let text = match label.value {
                LabelValue::Text(text) => diff.symbols.str(text).to_owned(),
                LabelValue::Number(number, unit) => format!("{number} {}", diff.symbols.str(unit)),
            };
            let (samples, values) = found.entry(key.to_owned()).or_default();
            *samples += usize::from(last != key);
            values.insert(text);
            last = key;
        }
    }
    let labelled = |(key, (samples, values)): (String, (usize, BTreeSet<String>))| {
        (key, Labelled { samples, values: values.len() })
    };
    found.into_iter().map(labelled).collect()
}
