//! JSON for a reader that pays by the byte: the headline, the suspects, what to do next.
//!
//! In: a report. Out: one line of JSON of at most [`MOST_BYTES`]. Invariant: keys that the JSON contract has mean the same
//! here; what does not fit is left out from the end and counted.

use std::io::{self, Write};

use serde::Serialize;

use crate::check::Outcome;
use crate::diagnose::signature::Confidence;
use crate::stats::{self, Course};

use super::{Change, Rate, Report, SCHEMA_VERSION, Style, escape, next, sentence};

/// The most bytes that it takes.
pub const MOST_BYTES: usize = 3000;

/// All of it.
#[derive(Debug, Serialize)]
struct Brief {
    schema_version: u32,
    headline: String,
    inputs: usize,
    metric: String,
    unit: String,
    total: Change,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<stats::Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<Rate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trend: Option<Course>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Outcome>,
    /// The limits that were exceeded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breaches: Vec<String>,
    suspects: Vec<Suspect>,
    /// How many suspects there was no room for.
    more_suspects: usize,
    rows: Vec<Row>,
    set_aside: usize,
    warnings: Vec<&'static str>,
    /// What to do next, the most telling first.
    next: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Suspect {
    code: &'static str,
    title: &'static str,
    confidence: Confidence,
    delta: i64,
    /// What `delta` counts, where that is not the metric compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<String>,
    responsible: Option<String>,
    /// Who holds most of its objects, where a heap dump was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_by: Option<String>,
    trend: Course,
    fix: &'static str,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    delta: i64,
}

/// The most characters of a name.
const LONGEST: usize = 100;
/// The most bytes of a step.
const LONGEST_STEP: usize = 300;
/// The most rows: what grew most where no suspect explains it.
const ROWS: usize = 3;
/// The most exceeded limits and suspects.
const MOST: usize = 8;

/// Writes the report so.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut most = MOST;
    loop {
        let text = serde_json::to_string(&brief(report, style, most)).map_err(io::Error::from)?;
        let text = escape::json(&text);
        if text.len() < MOST_BYTES || most == 0 {
            return writeln!(out, "{text}");
        }
        most -= 1;
    }
}

/// With at most so many suspects, rows and exceeded limits.
fn brief(report: &Report, style: &Style, most: usize) -> Brief {
    let verdict = report.verdict.as_ref();
    let breach = |breach: &super::Breach| cut(&format!("{} {} of {}", breach.option, breach.limit, breach.metric.name));
    let grown = report.rows.iter().filter(|row| row.flat.delta > 0 || report.inputs.len() < 2);
    let codes: std::collections::BTreeSet<&'static str> =
        report.warnings.iter().map(|warning| warning.code.as_str()).collect();
    Brief {
        schema_version: SCHEMA_VERSION,
        headline: cut(&sentence::headline(report, style.scale)),
        inputs: report.inputs.len(),
        metric: cut(&report.metric.name),
        unit: cut(&report.metric.unit),
        total: report.total,
        evidence: report.total_evidence.as_ref().map(|evidence| evidence.verdict),
        rate: report.rate,
        trend: report.trend.map(|trend| trend.verdict),
        verdict: verdict.map(|verdict| verdict.result),
        breaches: verdict.map_or(&[][..], |verdict| &verdict.breaches).iter().take(most).map(breach).collect(),
        suspects: report.suspects.iter().take(most).map(one).collect(),
        more_suspects: report.suspects.len().saturating_sub(most),
        rows: grown.take(ROWS.min(most)).map(|row| Row { name: cut(&row.name), delta: row.flat.delta }).collect(),
        set_aside: report.set_aside.len(),
        warnings: codes.into_iter().collect(),
        next: next::steps(report).into_iter().filter(|step| step.len() <= LONGEST_STEP).collect(),
    }
}

fn one(suspect: &super::Suspect) -> Suspect {
    let place = |frame: &super::Responsible| match (&frame.file, frame.line) {
        (Some(file), Some(line)) => format!("{} {}:{line}", cut(&frame.function), cut(file)),
        _ => cut(&frame.function),
    };
    Suspect {
        code: suspect.code,
        title: suspect.title,
        confidence: suspect.confidence,
        delta: suspect.delta,
        metric: suspect.metric.clone(),
        responsible: suspect.responsible.as_ref().map(place),
        held_by: suspect.holders.as_ref().and_then(|holders| holders.first()).map(|holder| cut(&holder.root)),
        trend: suspect.trend.verdict,
        fix: suspect.fix,
    }
}

/// A text of which the beginning may be missing: names end with what tells them apart.
fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        text.to_owned()
    } else {
        format!("…{}", text.chars().skip(length - LONGEST + 1).collect::<String>())
    }
}
