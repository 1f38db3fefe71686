//! The report in a few sentences: what grew, how fast, since when, where, and whether it was freed.
//!
//! In: a report. Out: sentences in parts, so that every format marks numbers and names in its own way.
//! Invariant: nothing is claimed that the report does not hold; where nothing grew or times are missing, that is said.
//! Knows no markup and escapes nothing.

use crate::model::{Amount, Kind, State, name};
use crate::rows::Via;
use crate::stats::Verdict;
use crate::units::{Scale, format, format_range, format_signed, format_span};

use super::percent::{self, share};
use super::{Change, Report, Responsible, Row, header};

/// The share of all growth below which no function stands out.
const SPREAD: f64 = 0.1;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Words.
    Plain(String),
    /// A number that matters.
    Strong(String),
    /// A name from the profile.
    Code(String),
}

/// A sentence.
pub(super) type Sentence = Vec<Part>;

fn plain(text: impl Into<String>) -> Part {
    Part::Plain(text.into())
}

fn strong(text: impl Into<String>) -> Part {
    Part::Strong(text.into())
}

fn code(text: impl Into<String>) -> Part {
    Part::Code(text.into())
}

/// Whether the metric counts what is allocated.
pub(super) fn is_heap(report: &Report) -> bool {
    matches!(report.metric.kind, Kind::Memory(..))
}

/// What the metric measures, as the subject of a headline.
pub(super) fn subject(report: &Report) -> &str {
    match (report.metric.name.as_str(), report.metric.kind) {
        ("goroutine", _) => "Goroutines",
        ("goroutineleak", _) => "Leaked goroutines",
        (_, Kind::Memory(State::Live, Amount::Bytes)) => "Live heap",
        (_, Kind::Memory(State::Live, Amount::Objects)) => "Live objects",
        (_, Kind::Memory(State::Allocated, Amount::Bytes)) => "Allocated bytes",
        (_, Kind::Memory(State::Allocated, Amount::Objects)) => "Allocated objects",
        (name, Kind::Goroutines | Kind::Other) => name,
    }
}

/// `Live heap grew by 22.2 MiB (+315%)`.
pub(super) fn headline(report: &Report, scale: Scale) -> String {
    let subject = subject(report);
    let unit = &report.metric.unit;
    let Change { after, delta, .. } = report.total;
    let amount = format(delta.saturating_abs(), unit, scale);
    match delta {
        _ if report.is_state() => format!("{subject}: {} in one profile", format(after, unit, scale)),
        1.. if report.inputs.len() < 2 => format!("{subject} grew by {amount}"),
        ..0 if report.inputs.len() < 2 => format!("{subject} shrank by {amount}"),
        0 if after == 0 => format!("{subject}: nothing to compare"),
        0 => format!("{subject} did not grow"),
        1.. => format!("{subject} grew by {amount} ({})", percent::relative(report.total)),
        _ => format!("{subject} shrank by {amount} ({})", percent::relative(report.total)),
    }
}

/// The sentences under the headline.
pub(super) fn summary(report: &Report, scale: Scale) -> Vec<Sentence> {
    if report.inputs.len() < 2 {
        return single(report, scale);
    }
    let mut sentences = vec![what(report, scale)];
    sentences.extend(proof(report, scale));
    sentences.extend(intervals(report));
    sentences.extend(untimed(report));
    let culprit = Culprit::new(report);
    match &culprit {
        Some(culprit) => {
            sentences.push(culprit.place(report, scale));
            sentences.extend(culprit.doubt());
            sentences.extend(culprit.kept(report));
        }
        None if report.remainder.rows > 0 && !report.rows.is_empty() => {
            sentences.push(vec![plain("None of the rows shown grew.")])
        }
        None => sentences.push(vec![plain(format!("No {} grew.", report.by))]),
    }
    if matches!(report.metric.kind, Kind::Memory(State::Allocated, _)) && report.total.delta > 0 {
        sentences
            .push(vec![plain("It counts everything ever allocated, freed or not: its growth does not show a leak.")]);
    }
    sentences
}

fn single(report: &Report, scale: Scale) -> Vec<Sentence> {
    if !report.is_state() {
        return vec![vec![plain("This profile is a difference already: its values are growth.")]];
    }
    let unit = &report.metric.unit;
    let largest = report.rows.iter().filter(|row| row.flat.after > 0).max_by_key(|row| row.flat.after);
    let mut sentences = Vec::new();
    if let Some(row) = largest {
        let share = share(row.flat.after, report.total.after);
        let amount = format(row.flat.after, unit, scale);
        let allocated = if is_heap(report) { "was allocated" } else { "is" };
        let mut sentence = vec![strong(share), plain(format!(" of it ({amount}) {allocated} in "))];
        sentence.extend(named(&row.name, row.file.as_deref(), row.line));
        sentence.push(plain("."));
        sentences.push(sentence);
    }
    sentences.push(vec![plain("One profile cannot show growth: compare it with an older one of the same process.")]);
    sentences
}

/// Whether that is real: `By the samples the change is 14.1…31.0 MiB (95%).`
fn proof(report: &Report, scale: Scale) -> Option<Sentence> {
    let evidence = report.total_evidence.as_ref().filter(|_| report.total.delta != 0)?;
    let range = strong(format_range(evidence.low, evidence.high, &report.metric.unit, scale));
    let start = match evidence.verdict {
        Verdict::Exact => return None,
        Verdict::Certain => "It is real: by the samples, the true change is ",
        Verdict::Likely => "It is likely real: by the samples, the true change is ",
        Verdict::Noise => "Sampling alone may have made it: the true change may be ",
    };
    Some(vec![plain(start), range, plain(" (95%).")])
}

/// `inuse_space grew from 7.0 to 29.2 MiB in 7.2 s (since 2026-11-20 11:09:04 UTC), +185.0 MiB per minute.`
fn what(report: &Report, scale: Scale) -> Sentence {
    let Change { after, delta, .. } = report.total;
    let unit = &report.metric.unit;
    let mut sentence = vec![code(&report.metric.name)];
    let ends = header::each(&[report.total.before, after], unit, scale);
    match delta {
        0 => sentence.extend([plain(" is "), strong(format(after, unit, scale)), plain(" before and after")]),
        delta => {
            let verb = if delta > 0 { " grew from " } else { " shrank from " };
            sentence.extend([plain(verb), strong(&*ends[0]), plain(" to "), strong(&*ends[1])]);
        }
    }
    match span(report) {
        Some(span @ 1..) => {
            let since = header::time(report.inputs[0].time_nanos);
            let span = format_span(span.unsigned_abs());
            sentence.extend([plain(" in "), strong(span), plain(format!(" (since {since})"))]);
        }
        Some(0) if report.inputs.len() > 2 => sentence.push(plain(", the first and the last taken at the same time")),
        Some(0) => sentence.push(plain(", both taken at the same time")),
        Some(_) | None => {}
    }
    if let Some(rate) = report.rate.filter(|rate| rate.value != 0) {
        sentence.extend([plain(", "), strong(rate.words(unit, scale))]);
    }
    sentence.push(plain("."));
    sentence
}

/// Nanoseconds from the oldest to the newest input.
pub(super) fn span(report: &Report) -> Option<i64> {
    report.inputs.last()?.time_nanos?.checked_sub(report.inputs.first()?.time_nanos?)
}

/// In how many intervals of a series it grew.
fn intervals(report: &Report) -> Option<Sentence> {
    let totals = &report.details.as_ref().filter(|_| report.total.delta > 0)?.totals;
    let intervals = totals.len() - 1;
    let grown = totals.windows(2).filter(|pair| pair[1] > pair[0]).count();
    let text = match intervals {
        0 | 1 => return None,
        _ if grown == intervals => format!("It grew in each of the {intervals} intervals."),
        _ => format!("It grew in {grown} of {intervals} intervals."),
    };
    Some(vec![plain(text)])
}

fn untimed(report: &Report) -> Option<Sentence> {
    let text = match span(report) {
        None => "The profiles do not say when they were taken, so the rate of growth is not known.",
        Some(span) if span < 0 => "The last profile was taken before the first one: growth is read backwards.",
        Some(_) => return None,
    };
    Some(vec![plain(text)])
}

/// The rows that one function is accountable for.
pub(super) struct Culprit<'a> {
    /// The accountable function, if it is another than that of the row.
    frame: Option<&'a Responsible>,
    /// Its rows, as they are ordered in the report; the largest is among them.
    rows: Vec<&'a Row>,
    /// What they grew by.
    delta: i64,
}

impl<'a> Culprit<'a> {
    /// The function that the most growth of the rows is owed to: one that is known to have grown, where there is one.
    pub fn new(report: &'a Report) -> Option<Self> {
        let mut culprits: Vec<(&str, Self)> = Vec::new();
        for row in report.rows.iter().filter(|row| row.flat.delta > 0) {
            let name = row.responsible.as_ref().map_or(&row.name, |frame| &frame.function);
            let known = culprits.iter().position(|(known, _)| known == name);
            let at = known.unwrap_or_else(|| {
                culprits.push((name, Self { frame: row.responsible.as_ref(), rows: Vec::new(), delta: 0 }));
                culprits.len() - 1
            });
            culprits[at].1.rows.push(row);
            culprits[at].1.delta += row.flat.delta;
        }
        let rank = |culprit: &Self| (!culprit.is_doubtful(), culprit.delta);
        let largest = culprits.iter().map(|(_, culprit)| rank(culprit)).max()?;
        culprits.into_iter().map(|(_, culprit)| culprit).find(|culprit| rank(culprit) == largest)
    }

    /// Whether sampling alone may have made each of its rows.
    fn is_doubtful(&self) -> bool {
        let is_noise = |row: &&Row| row.evidence.as_ref().is_some_and(|evidence| evidence.verdict == Verdict::Noise);
        self.rows.iter().all(is_noise)
    }

    /// The row that grew most.
    pub fn largest(&self) -> &'a Row {
        let first = self.rows[0];
        self.rows.iter().fold(first, |best, row| if row.flat.delta > best.flat.delta { row } else { best })
    }

    /// `93% of the growth was allocated in pages.Rendered (pages/cache.go:37), called from ...`.
    fn place(&self, report: &Report, scale: Scale) -> Sentence {
        let largest = self.largest();
        let owner = self.frame.filter(|frame| self.rows.len() > 1 || frame.function != largest.name);
        let amount = format_signed(self.delta, &report.metric.unit, scale);
        let total = report.total.delta;
        let mut sentence = match self.delta as f64 / total as f64 {
            _ if total <= 0 || self.delta > total => vec![plain("The largest growth, "), strong(amount), plain(", ")],
            small if small < SPREAD => {
                let spread = format!("The growth is spread out; its largest part ({}, ", share(self.delta, total));
                vec![plain(spread), strong(amount), plain(") ")]
            }
            _ => vec![strong(share(self.delta, total)), plain(format!(" of the growth ({amount}) "))],
        };
        match owner {
            None => {
                sentence.push(plain(if is_heap(report) { "was allocated in " } else { "is in " }));
                sentence.extend(named(&largest.name, largest.file.as_deref(), largest.line));
            }
            Some(frame) => {
                let likely = if self.is_seen() { "" } else { "likely " };
                sentence.push(plain(match is_heap(report) {
                    true => format!("was {likely}allocated on behalf of "),
                    false => format!("is {likely}owed to "),
                }));
                sentence.extend(named(&frame.function, frame.file.as_deref(), frame.line));
            }
        }
        if let Some((caller, place)) = self.caller(report) {
            sentence.extend([plain(", called for example from "), code(name::short(caller))]);
            sentence.extend([plain(" ("), code(place), plain(")")]);
        }
        let is_function = !matches!(report.by, "file" | "package" | "label");
        if owner.is_some_and(|frame| is_function && frame.function != largest.name) {
            sentence.extend([plain(", the largest part of it in "), code(name::short(&largest.name))]);
        }
        sentence.push(plain("."));
        sentence
    }

    /// The next function of the user's own code above the accountable one, on the heaviest stack of its largest row.
    fn caller<'r>(&self, report: &'r Report) -> Option<(&'r str, String)> {
        let details = report.details.as_ref()?;
        let largest = self.largest();
        let owner = self.frame.map_or(&largest.name, |frame| &frame.function);
        let row = report.rows.iter().position(|row| std::ptr::eq(row, largest))?;
        let stack = details.stacks[row].frames.iter().map(|(frame, line)| (&details.frames[*frame], line));
        let mut above = stack.skip_while(|(frame, _)| frame.name != *owner);
        let (caller, line) =
            above.find(|(frame, _)| frame.name != *owner && frame.origin == name::Origin::Application)?;
        Some((&caller.name, format!("{}:{line}", tail(&caller.file))))
    }

    /// That it may be nothing, where no row is real.
    fn doubt(&self) -> Option<Sentence> {
        const DOUBT: &str = "Sampling alone may have made that: no growth stands out from its noise.";
        self.is_doubtful().then(|| vec![plain(DOUBT)])
    }

    /// Whether the accountable function stands in the stacks that most of the growth has.
    fn is_seen(&self) -> bool {
        let is_seen = |row: &&&Row| row.responsible.as_ref().is_none_or(|frame| frame.via == Via::Stack);
        let seen: i64 = self.rows.iter().filter(is_seen).map(|row| row.flat.delta).sum();
        seen >= self.delta - seen
    }

    /// How much of what was allocated in between is still there: a fact about load. What is kept may leak however little
    /// of all it is.
    fn kept(&self, report: &Report) -> Option<Sentence> {
        let kept = self.largest().kept(report)?;
        let start = match kept {
            0.9.. => "Almost nothing allocated there since was freed (",
            0.5..0.9 => "Most of what was allocated there since is still in use (",
            0.2..0.5 => "More than half of what was allocated there since was freed again (",
            _ => "Most of what was allocated there since was freed again (",
        };
        Some(vec![plain(start), strong(percent::whole(kept)), plain(" kept).")])
    }
}

fn named(function: &str, file: Option<&str>, line: Option<i64>) -> Vec<Part> {
    let mut parts = vec![code(name::short(function))];
    if let Some(file) = file {
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        parts.extend([plain(" ("), code(format!("{}{line}", tail(file))), plain(")")]);
    }
    parts
}

/// A sentence that begins with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

/// The last two elements of a path.
pub(super) fn tail(path: &str) -> &str {
    let slash = path.rmatch_indices('/').nth(1);
    slash.map_or(path, |(slash, _)| &path[slash + 1..])
}
