//! What stands above the rows in every format for people: inputs, times, metric, total and rate, in words.
//!
//! In: a report. Out: short texts. Knows no markup.

use crate::diff::Idle;
use crate::model::{Amount, Kind, State, Warning};
use crate::stats::{Course, Verdict};
use crate::units::{Scale, format, format_range, format_signed, format_span, format_time, parts, thousands};

use super::escape::terminal;
use super::fit::fit_path;
use super::{Basis, Change, DecidedBy, Evidence, Metric, Report, Row, Sampling, percent, sentence};

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
    Some(match trend.verdict {
        Course::Stopped => "the total has stopped growing".to_owned(),
        _ => format!("the total is {}", trend.sentence(report, &report.metric, scale)),
    })
}

/// `12.1 → 48.4 MiB`.
pub(super) fn from_to(change: Change, unit: &str, scale: Scale) -> String {
    values(&[change.before, change.after], unit, scale)
}

/// Values one after another, `12.1 → 20.0 → 48.4 MiB`: where the next has the same unit it is said there, and 0 has none.
pub(super) fn values(values: &[i64], unit: &str, scale: Scale) -> String {
    each(values, unit, scale).join(" → ")
}

/// The values of such a line one by one.
pub(super) fn each(values: &[i64], unit: &str, scale: Scale) -> Vec<String> {
    let mut next_unit = None;
    let mut words = Vec::new();
    for value in values.iter().rev() {
        let (number, unit) = parts(*value, unit, scale);
        let is_said = unit.is_empty() || next_unit.is_some_and(|next| next == unit || *value == 0);
        if is_said {
            words.push(number);
        } else {
            next_unit = Some(unit);
            words.push(format!("{number} {unit}"));
        }
    }
    words.reverse();
    words
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

/// How the samples of the inputs were taken and compared, where there is a difference to judge.
pub(super) fn sampling(report: &Report) -> Option<String> {
    let Sampling { basis, decided_by, reason } = &report.sampling;
    let periods = report.inputs.iter().filter_map(|input| input.period);
    let (least, most) = (periods.clone().min().unwrap_or(0), periods.max().unwrap_or(0));
    let bytes = |period: i64| match (period % 1024, period / 1024) {
        (0, kib @ 1..1024) => format!("{kib} KiB"),
        _ => format(period, "bytes", Scale::Auto),
    };
    let rate = if least == most { bytes(least) } else { format!("{} or {}", bytes(least), bytes(most)) };
    let forced = if *decided_by == DecidedBy::User { " (as told)" } else { "" };
    let text = match *basis {
        _ if report.inputs.len() < 2 => return None,
        Basis::SameProcess => format!("same process{forced}, 1 sample per {rate}"),
        Basis::Independent => format!("separate runs{forced}, 1 sample per {rate}"),
        Basis::Exact => "exact values".to_owned(),
        Basis::Unknown => format!("error unknown: {}", reason.unwrap_or("the profiles do not tell")),
    };
    Some(text)
}

/// What the metric measures, in capitals for the beginning of the answer.
fn subject(report: &Report) -> String {
    match report.metric.kind {
        Kind::Memory(State::Live, Amount::Bytes) => "HEAP".to_owned(),
        _ => sentence::subject(report).to_uppercase(),
    }
}

/// What it comes to, in parts: `HEAP +36.3 MiB (+300%)`, `12.1 → 48.4 MiB in 40 s`, `real: 30.1…43.0 MiB (95%)`, and of two
/// inputs how fast.
pub(super) fn total(report: &Report, scale: Scale) -> Vec<String> {
    let unit = &report.metric.unit;
    let subject = subject(report);
    if report.inputs.len() < 2 {
        let text = if report.is_state() { format } else { format_signed };
        return vec![format!("{subject} {}", text(report.total.after, unit, scale))];
    }
    let delta = format_signed(report.total.delta, unit, scale);
    let span = sentence::span(report).filter(|span| *span > 0);
    let span = span.map_or(String::new(), |span| format!(" in {}", format_span(span.unsigned_abs())));
    let mut parts = vec![
        format!("{subject} {delta} ({})", percent::relative(report.total)),
        format!("{}{span}", from_to(report.total, unit, scale)),
    ];
    parts.extend(report.total_evidence.as_ref().filter(|_| report.total.delta != 0).and_then(|proof| {
        let start = match proof.verdict {
            Verdict::Exact => return None,
            Verdict::Certain => "real",
            Verdict::Likely => "likely real",
            Verdict::Noise => "may be sampling noise",
        };
        Some(format!("{start}: {} (95%)", format_range(proof.low, proof.high, unit, scale)))
    }));
    let is_pair = report.inputs.len() == 2;
    parts.extend(report.rate.filter(|rate| is_pair && rate.value != 0).map(|rate| rate.words(unit, scale)));
    parts
}

/// The lines on top, each in parts: what it comes to; what was compared; whether it goes on; what else could be asked.
pub(super) fn lines(report: &Report, scale: Scale, width: Option<usize>) -> Vec<Vec<String>> {
    let mut about = vec![inputs(report, width)];
    about.extend((report.inputs.len() > 2).then(|| format!("{} snapshots", report.inputs.len())));
    about.push(taken(report));
    about.push(metric(report));
    about.extend(sampling(report));
    let mut lines = vec![total(report, scale), about];
    lines.extend(trend(report, scale).map(|trend| vec![trend]));
    lines.extend(other_metrics(report).map(|others| vec![format!("other metrics: {others}")]));
    lines.extend(filters(report).map(|filters| vec![format!("filters: {filters}")]));
    lines
}

/// The inputs by their labels: what the last has of the folders of the first is not said again.
fn inputs(report: &Report, width: Option<usize>) -> String {
    const BETWEEN: usize = 3;
    let labels: Vec<&str> = report.inputs.iter().map(|input| input.label.as_str()).collect();
    let room = |parts: usize| width.map_or(usize::MAX, |width| width.saturating_sub(2 + BETWEEN) / parts);
    let (first, last) = match labels[..] {
        [] => return String::new(),
        [one] => return fit_path(one, room(1)),
        [first, .., last] => (first, last),
    };
    let folder = first.rfind('/').map_or(0, |slash| slash + 1);
    let last = last.strip_prefix(&first[..folder]).unwrap_or(last);
    let between = if labels.len() == 2 { "→" } else { "…" };
    format!("{} {between} {}", fit_path(first, room(2)), fit_path(last, room(2)))
}

/// When the inputs were taken, in one piece.
fn taken(report: &Report) -> String {
    let last = report.inputs.len() - 1;
    let first = report.inputs[0].time_nanos;
    match (first.and_then(format_time), later(report, last)) {
        (None, _) => time(first),
        (Some(first), None) => first,
        (Some(first), Some(later)) => match sentence::span(report) {
            Some(1..) => format!("since {first}"),
            _ => format!("{first}, the last {}", later),
        },
    }
}

/// What stands above the rows: `GROWTH BY FUNCTION`.
pub(super) fn title(report: &Report) -> String {
    let what = match report.sort {
        _ if report.is_state() => "LARGEST",
        "cum" => "CUMULATIVE GROWTH",
        "shrink" => "SHRUNK",
        "abs" => "CHANGE",
        _ => "GROWTH",
    };
    let is_noise = |row: &Row| row.proof(report).is_some_and(|proof| proof.verdict == Verdict::Noise);
    let noise = if report.rows.iter().any(is_noise) { "   (~ may be sampling noise)" } else { "" };
    let key = report.label.as_ref().map_or(String::new(), |key| format!(" {}", terminal(key)));
    format!("{what} BY {}{key}{noise}", report.by.to_uppercase())
}

/// Why there are no rows.
pub(super) fn nothing(report: &Report) -> String {
    const CHANGED: &str = "; --sort abs shows what changed";
    let rows = more_rows(report);
    match report.total.delta {
        0 if report.remainder.rows == 0 => match report.inputs.len() {
            1 => "Nothing to show: no samples.".to_owned(),
            _ => "Nothing to compare: no samples.".to_owned(),
        },
        _ if report.inputs.len() < 2 => format!("No {} holds anything: {rows}.", report.by),
        _ => {
            let (verb, or) = match report.sort {
                "shrink" => ("shrank", CHANGED),
                "abs" => ("changed", ""),
                "objects" if report.total_objects.is_some() => ("holds more objects", CHANGED),
                _ => ("grew", CHANGED),
            };
            format!("No {} {verb}: {rows}{or}.", report.by)
        }
    }
}

/// `27 more rows (-n 0 shows all)`, in the number the count asks for.
pub(super) fn more_rows(report: &Report) -> String {
    let rows = thousands(report.remainder.rows as i64);
    format!("{rows} more {} (-n 0 shows all)", if report.remainder.rows == 1 { "row" } else { "rows" })
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
