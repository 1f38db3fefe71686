//! What profiles are, as text and as JSON.
//!
//! In: inspections. Out: lines. Invariant: no line is wider than the width, and no byte of a profile reaches the terminal
//! unescaped.

use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::model::text::shell_quoted;
use crate::units::{format, format_span, thousands};

use super::super::escape::terminal;
use super::super::fit::{fit_path, join, pad};
use super::super::json::write_value;
use super::super::paint::{Ink, paint};
use super::super::{SCHEMA_VERSION, Style, Tool, header, resolve};
use super::{Inspection, ProfileFacts};

/// Columns before a heading.
const INDENT: usize = 2;
/// Columns of a heading.
const HEADING: usize = 9;

/// Writes all of them as JSON.
///
/// # Errors
/// Those of `out`.
pub fn write_inspections_json(inspections: &[Inspection], out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct All<'a> {
        schema_version: u32,
        tool: Tool,
        profiles: &'a [Inspection],
    }
    write_value(&All { schema_version: SCHEMA_VERSION, tool: resolve::tool(), profiles: inspections }, out)
}

/// Writes one after the other.
///
/// # Errors
/// Those of `out`.
pub fn write_inspections(inspections: &[Inspection], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (number, inspection) in inspections.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let Inspection { label, path, error, facts } = inspection;
        let name = if label == path || path == "-" { label.clone() } else { format!("{label} ({path})") };
        let name = fit_path(&terminal(&name), style.width.unwrap_or(usize::MAX));
        writeln!(out, "{}", paint(&name, Ink::Bold, style))?;
        let lines = facts
            .iter()
            .flat_map(|facts| lines(facts, style))
            .chain(error.iter().map(|error| ("error", error.clone())));
        let mut last = "";
        for (heading, text) in lines {
            let shown = if heading == last { "" } else { heading };
            let width = style.width.map(|width| width.saturating_sub(INDENT + HEADING));
            let words: Vec<String> =
                terminal(&text).split(' ').map(|word| fit_path(word, width.unwrap_or(usize::MAX))).collect();
            let text = join(words.iter().map(String::as_str), " ", width, 0);
            let text = text.replace('\n', &format!("\n{}", " ".repeat(INDENT + HEADING)));
            writeln!(out, "{}{}{text}", " ".repeat(INDENT), pad(shown, HEADING))?;
            last = heading;
        }
    }
    Ok(())
}

/// What is said of a profile, each with its heading.
fn lines(facts: &ProfileFacts, style: &Style) -> Vec<(&'static str, String)> {
    let mut lines = vec![("format", form(facts)), ("taken", taken(facts)), ("period", period(facts))];
    lines.extend(build(facts).map(|build| ("build", build)));
    let names = facts.metrics.iter().map(|metric| metric.name.width()).max().unwrap_or(0);
    for metric in &facts.metrics {
        let total = format(metric.total, &metric.unit, style.scale);
        let meaning = metric.meaning.map_or_else(|| format!("in {}", metric.unit), str::to_owned);
        let compared = if metric.is_default && facts.metrics.len() > 1 { "; compared by default" } else { "" };
        lines.push(("counts", format!("{}  {total} ({meaning}{compared})", pad(&metric.name, names))));
    }
    lines.push(("samples", counts(facts)));
    for (key, labelled) in &facts.labels {
        let [values, samples] = [labelled.values, labelled.samples].map(|count| thousands(count as i64));
        let noun = if labelled.values == 1 { "value" } else { "values" };
        let by = format!("--by {}", shell_quoted(&format!("label:{key}")));
        lines.push(("labels", format!("{key}: {values} {noun} in {samples} samples ({by})")));
    }
    lines.extend(facts.comments.iter().map(|comment| ("comments", comment.clone())));
    lines.extend(facts.missing.iter().map(|missing| ("missing", format!("{}: {}", missing.what, missing.so))));
    lines.extend(
        facts.warnings.iter().map(|warning| ("warning", format!("[{}] {}", warning.code.as_str(), warning.message))),
    );
    lines
}

fn form(facts: &ProfileFacts) -> String {
    let gzip = if facts.compressed { ", gzip" } else { "" };
    let producer = facts.producer.map_or_else(String::new, |producer| format!("; as {producer} writes it"));
    let language = facts.language.map_or_else(String::new, |language| format!("; code in {language}"));
    format!("{}{gzip}{producer}{language}", facts.format)
}

fn taken(facts: &ProfileFacts) -> String {
    let time = header::time(facts.time_nanos);
    match facts.duration_nanos {
        span if span > 0 => format!("{time}, over {}", format_span(span.unsigned_abs())),
        _ => time,
    }
}

fn period(facts: &ProfileFacts) -> String {
    match &facts.period {
        None => "not stated".to_owned(),
        Some(period) if period.value == 1 => {
            format!("every one ({}, {}): the values are exact", period.name, period.unit)
        }
        Some(period) => {
            let value = format(period.value, &period.unit, crate::units::Scale::Auto);
            format!("one sample per {value} ({})", period.name)
        }
    }
}

fn build(facts: &ProfileFacts) -> Option<String> {
    let id = facts.build_id.as_ref();
    let binary = facts.binary.as_ref();
    match (id, binary) {
        (Some(id), Some(binary)) => Some(format!("{id} ({binary})")),
        (one, other) => one.or(other).cloned(),
    }
}

fn counts(facts: &ProfileFacts) -> String {
    let counts = &facts.counts;
    let [samples, stacks, deepest, functions, locations] =
        [counts.samples, counts.stacks, counts.deepest, counts.functions, counts.locations]
            .map(|count| thousands(count as i64));
    format!(
        "{samples}, in {stacks} different stacks of up to {deepest} frames; {functions} functions at {locations} places"
    )
}
