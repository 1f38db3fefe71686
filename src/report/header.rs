//! What stands above the rows in every format for people: inputs, times, metric, total and rate, in words.
//!
//! In: a report. Out: short texts. Knows no markup.

use crate::diff::Idle;
use crate::model::{Amount, Kind, State, Warning};
use crate::stats::Verdict;
use crate::units::{Scale, format, format_range, format_signed, format_span, format_time, thousands};

use super::{Basis, Change, DecidedBy, Evidence, Metric, Report, Sampling};

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

/// Whether the total goes on, where there are three inputs or more, or it was asked when it reaches a value.
pub(super) fn trend(report: &Report, scale: Scale) -> Option<String> {
    let trend = report.trend.filter(|trend| report.inputs.len() > 2 || trend.reaches.is_some())?;
    Some(trend.sentence(report, &report.metric, scale))
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
        small if small < 0.05 => "0%".to_owned(),
        small if small < 10.0 => format!("{sign}{value:.1}%"),
        _ => format!("{sign}{}%", thousands(value.round() as i64)),
    }
}

/// `12.1 → 48.4 MiB`.
pub(super) fn from_to(change: Change, unit: &str, scale: Scale) -> String {
    values(&[change.before, change.after], unit, scale)
}

/// Values one after another, `12.1 → 20.0 → 48.4 MiB`: where the next has the same unit it is said there, and 0 has none.
pub(super) fn values(values: &[i64], unit: &str, scale: Scale) -> String {
    let mut next_unit = None;
    let mut words = Vec::new();
    for value in values.iter().rev() {
        let text = format(*value, unit, scale);
        let (number, unit) = text.split_once(' ').unwrap_or((&text, ""));
        if next_unit.as_deref().is_some_and(|next| next == unit || *value == 0) {
            words.push(number.to_owned());
        } else {
            next_unit = Some(unit.to_owned());
            words.push(text);
        }
    }
    words.reverse();
    words.join(" → ")
}

/// The size of an object: in the unit asked for, where that does not make nothing of it.
pub(super) fn size(value: i64, unit: &str, scale: Scale) -> String {
    let text = format(value, unit, scale);
    if value != 0 && text.starts_with("0.00 ") { format(value, unit, Scale::Auto) } else { text }
}

/// What a metric means, where that is known.
pub(super) fn meaning(name: &str, kind: Kind) -> Option<&'static str> {
    match (name, kind) {
        ("alloc_space", _) => Some("bytes allocated since the start, freed or not"),
        ("alloc_objects", _) => Some("objects allocated since the start, freed or not"),
        ("goroutine", _) => Some("goroutines"),
        ("goroutineleak", _) => Some("goroutines proven to be blocked for ever"),
        (_, Kind::Memory(State::Live, Amount::Bytes)) => Some("live bytes"),
        (_, Kind::Memory(State::Live, Amount::Objects)) => Some("live objects"),
        (_, Kind::Memory(State::Allocated, Amount::Bytes)) => Some("bytes allocated, freed or not"),
        (_, Kind::Memory(State::Allocated, Amount::Objects)) => Some("objects allocated, freed or not"),
        (_, Kind::Goroutines | Kind::Other) => None,
    }
}

/// The metric with what it means, where that is known.
pub(super) fn metric(report: &Report) -> String {
    let Metric { name, unit, kind, idle, .. } = &report.metric;
    let meaning = meaning(name, *kind);
    let because = match idle {
        Some(Idle::Nothing) => "; nothing is in use",
        Some(Idle::NextToNothing) => "; next to nothing is in use",
        None => "",
    };
    match meaning {
        Some(meaning) => format!("{name} ({meaning}{because})"),
        None if unit.is_empty() => name.clone(),
        None => format!("{name} ({unit})"),
    }
}

/// The metrics that could be compared instead: `alloc_objects, alloc_space, inuse_objects`.
pub(super) fn other_metrics(report: &Report) -> Option<String> {
    let others = &report.metric.others;
    (!others.is_empty()).then(|| others.join(", "))
}

/// The filters in effect, as they were typed: `--focus cache --tagfocus tenant=acme`.
pub(super) fn filters(report: &Report) -> Option<String> {
    let filters: Vec<String> = report.filters.iter().map(|(option, text)| format!("--{option} {text}")).collect();
    (!filters.is_empty()).then(|| filters.join(" "))
}

/// What the samples say of a change: `certain 11.1…15.0 MiB`, `~ -1.2…+3.4 MiB` for noise, `exact`.
pub(super) fn evidence(evidence: &Evidence, unit: &str, scale: Scale) -> String {
    let verdict = match evidence.verdict {
        Verdict::Exact => return "exact".to_owned(),
        Verdict::Certain => "certain",
        Verdict::Likely => "likely",
        Verdict::Noise => "~",
    };
    format!("{verdict} {}", format_range(evidence.low, evidence.high, unit, scale))
}

/// How the evidence was computed, where there is a difference to judge.
pub(super) fn sampling(report: &Report) -> Option<String> {
    let Sampling { basis, decided_by, reason } = &report.sampling;
    let periods = report.inputs.iter().filter_map(|input| input.period);
    let (least, most) = (periods.clone().min().unwrap_or(0), periods.max().unwrap_or(0));
    let bytes = |period| format(period, "bytes", Scale::Auto).replace(".0 ", " ");
    let rate = if least == most { bytes(least) } else { format!("{} or {}", bytes(least), bytes(most)) };
    let forced = if *decided_by == DecidedBy::User { ", as told" } else { "" };
    let text = match *basis {
        _ if report.inputs.len() < 2 => return None,
        Basis::SameProcess => format!("1 per {rate} allocated; one process{forced}: what stayed cancels out"),
        Basis::Independent => format!("1 per {rate} allocated; separate runs{forced}: all errors add up"),
        Basis::Exact => "none: the values are exact".to_owned(),
        Basis::Unknown => format!("error unknown: {}", reason.unwrap_or("the profiles do not tell")),
    };
    Some(text)
}

/// `12.1 → 48.4 MiB   +36.3 MiB (+300%)   certain 30.1…43.0 MiB   +907.5 KiB per minute`, in parts.
pub(super) fn total(report: &Report, scale: Scale) -> Vec<String> {
    let unit = &report.metric.unit;
    if report.inputs.len() < 2 {
        let text = if report.is_state() { format } else { format_signed };
        return vec![text(report.total.after, unit, scale)];
    }
    let delta = format_signed(report.total.delta, unit, scale);
    let mut parts = vec![from_to(report.total, unit, scale), format!("{delta} ({})", relative(report.total))];
    let sampled = report.total_evidence.as_ref().filter(|proof| proof.verdict != Verdict::Exact);
    parts.extend(sampled.map(|proof| evidence(proof, unit, scale)));
    parts.extend(report.rate.filter(|rate| rate.value != 0).map(|rate| rate.words(unit, scale)));
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
