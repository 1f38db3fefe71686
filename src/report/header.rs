//! What stands above the rows in every format for people: inputs, times, metric, total and rate, in words.
//!
//! In: a report. Out: short texts. Knows no markup.

use crate::model::Warning;
use crate::units::{Scale, format, format_signed, format_span, format_time, thousands};

use super::{Change, Report};

/// `2026-11-20 10:51:03 UTC`, or that the profile does not say.
pub(super) fn time(nanos: Option<i64>) -> String {
    nanos.and_then(format_time).unwrap_or_else(|| "time not stated".to_owned())
}

/// How long after the oldest input this one was taken: `40 min later`.
pub(super) fn later(report: &Report, index: usize) -> Option<String> {
    let span = report.inputs[index].time_nanos?.checked_sub(report.inputs.first()?.time_nanos?)?;
    match span {
        0 => (index > 0).then(|| "at the same time".to_owned()),
        span if span > 0 => Some(format!("{} later", format_span(span.unsigned_abs()))),
        span => Some(format!("{} earlier", format_span(span.unsigned_abs()))),
    }
}

/// Growth relative to before: `+12%`, `new`, `gone`, or `-` where there is nothing to compare.
pub(super) fn relative(change: Change) -> String {
    match change {
        Change { before: 0, after: 0, .. } => "-".to_owned(),
        Change { before: 0, .. } => "new".to_owned(),
        Change { after: 0, .. } => "gone".to_owned(),
        Change { before, delta, .. } => percent(delta as f64 / before.unsigned_abs() as f64 * 100.0),
    }
}

fn percent(value: f64) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    match value.abs() {
        0.0 => "0%".to_owned(),
        small if small < 0.05 => format!("{}0%", if value > 0.0 { "+" } else { "-" }),
        small if small < 10.0 => format!("{sign}{value:.1}%"),
        _ => format!("{sign}{}%", thousands(value.round() as i64)),
    }
}

/// `12.1 → 48.4 MiB`: the unit is said once where both have it.
pub(super) fn from_to(change: Change, unit: &str, scale: Scale) -> String {
    let (before, after) = (format(change.before, unit, scale), format(change.after, unit, scale));
    match (before.split_once(' '), after.split_once(' ')) {
        (Some((number, before_unit)), Some((_, after_unit))) if before_unit == after_unit => {
            format!("{number} → {after}")
        }
        (Some((number, _)), Some(_)) if change.before == 0 => format!("{number} → {after}"),
        _ => format!("{before} → {after}"),
    }
}

/// The metric with what it means, where it is one of the well-known ones.
pub(super) fn metric(report: &Report) -> String {
    let meaning = match report.metric.name.as_str() {
        "inuse_space" | "space" => Some("live bytes"),
        "inuse_objects" | "objects" => Some("live objects"),
        "alloc_space" => Some("bytes allocated since the start, freed or not"),
        "alloc_objects" => Some("objects allocated since the start, freed or not"),
        "goroutine" => Some("goroutines"),
        "goroutineleak" => Some("goroutines proven to be blocked for ever"),
        _ => None,
    };
    let unit = &report.metric.unit;
    match meaning {
        Some(meaning) => format!("{} ({meaning})", report.metric.name),
        None if unit.is_empty() => report.metric.name.clone(),
        None => format!("{} ({unit})", report.metric.name),
    }
}

/// `12.1 → 48.4 MiB   +36.3 MiB (+300%)   +54.5 MiB per hour`, in parts.
pub(super) fn total(report: &Report, scale: Scale) -> Vec<String> {
    let unit = &report.metric.unit;
    if report.inputs.len() < 2 {
        return vec![format(report.total.after, unit, scale)];
    }
    let delta = format_signed(report.total.delta, unit, scale);
    let mut parts = vec![from_to(report.total, unit, scale), format!("{delta} ({})", relative(report.total))];
    if let Some(rate) = report.rate_per_hour.filter(|rate| *rate != 0) {
        parts.push(format!("{} per hour", format_signed(rate, unit, scale)));
    }
    parts
}

/// `and 412 more rows`, in the number the count asks for.
pub(super) fn more_rows(report: &Report) -> String {
    let rows = thousands(report.remainder.rows as i64);
    format!("{rows} {}", if report.remainder.rows == 1 { "row not shown" } else { "rows not shown" })
}

/// A warning as one line of text. The input is named in front where the message does not name it itself.
pub(crate) fn warning(warning: &Warning) -> String {
    let unnamed = warning.input.as_ref().filter(|input| !warning.message.contains(*input));
    let input = unnamed.map_or(String::new(), |input| format!("{input}: "));
    format!("warning[{}]: {input}{}", warning.code.as_str(), warning.message)
}

/// Where to read more about the warnings: a command to copy. `None` when there are none.
pub(crate) fn explain(warnings: &[Warning]) -> Option<String> {
    let mut codes: Vec<&str> = Vec::new();
    for warning in warnings {
        if !codes.contains(&warning.code.as_str()) {
            codes.push(warning.code.as_str());
        }
    }
    (!codes.is_empty()).then(|| format!("leakdiff explain {}", codes.join(" ")))
}
