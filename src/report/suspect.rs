//! Named suspects, resolved for every format, and what is said of them in words.
//!
//! In: a diff and the suspects of its analysis. Out: data that owns its text and serialises to the JSON contract; lines
//! and sentences about it. Invariant: nothing is claimed that the data does not hold; what cannot be told is said.
//! Knows no markup and escapes nothing.

use serde::Serialize;
use std::sync::Arc;

use crate::check::{self, Outcome, Policy};
use crate::diagnose;
use crate::diagnose::signature::{Confidence, Kind};
use crate::diff::Diff;
use crate::model::{self, Series};
use crate::rows::Via;
use crate::rows::goroutines::METRICS;
use crate::units::{Scale, format, format_signed, thousands};

use super::explanation::{self, Facts};
use super::holders::Holder;
use super::resolve::{self, DEEPEST, NO_STACK};
use super::{Change, Metric, Report, Responsible, Trend, columns, percent};

/// One leak, as far as the profiles tell.
#[derive(Debug, Clone, Serialize)]
pub struct Suspect {
    /// Code of the signature: `leakdiff explain CODE` prints its page.
    pub code: &'static str,
    /// What it is in a few words.
    pub title: &'static str,
    /// `leak`, `churn` or `benign`.
    pub kind: Kind,
    /// `low`, `medium` or `high`.
    pub confidence: Confidence,
    /// What it grew by.
    pub delta: i64,
    /// Lower end of the 95 % interval of that; the same where it is exact or the error is unknown.
    pub low: i64,
    /// Upper end of that interval.
    pub high: i64,
    /// The metric that it grew in, where that is not the one compared: goroutines beside a heap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The goroutines that belong to it, where they were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goroutines: Option<Change>,
    /// The least that the stacks of those that came take, in bytes: no heap profile shows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack_bytes: Option<i64>,
    /// The number of its objects.
    pub objects: Option<Change>,
    /// Growth in use over growth allocated.
    pub kept_ratio: Option<f64>,
    /// How many units of what leaks there are more.
    pub units: Option<Units>,
    /// The accountable frame.
    pub responsible: Option<Responsible>,
    /// Its stacks that grew most, at most five.
    pub rows: Vec<SuspectRow>,
    /// Why it is suspected, and what cannot be told.
    pub explanation: String,
    /// What to do about it.
    pub fix: &'static str,
    /// What would raise the confidence.
    pub raise: &'static str,
    /// The patterns of the signature that were found.
    pub found: Vec<&'static str>,
    /// The value in every input, in a series of more than two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<i64>>,
    /// Whether it goes on growing.
    pub trend: Trend,
    /// Stable name of the suspect across builds.
    pub fingerprint: String,
    /// Who holds its objects, where a heap dump was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holders: Option<Vec<Holder>>,
    /// Why the allow-list of a gate sets it aside, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
    /// What the explanation is made from.
    #[serde(skip)]
    pub(super) facts: Facts,
}

/// A number of units.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Units {
    /// How many.
    pub count: i64,
    /// Half of the width of its 95 % interval.
    pub error: i64,
    /// What they are called: one of them, or several.
    pub name: &'static str,
}

/// One stack of a suspect.
#[derive(Debug, Clone, Serialize)]
pub struct SuspectRow {
    /// Where it was allocated.
    pub name: String,
    /// What it grew by.
    pub delta: i64,
    /// The stack, leaf first.
    #[serde(serialize_with = "super::resolve::names")]
    pub stack: Vec<Arc<str>>,
}

/// Functions of Go's runtime through which all that is allocated passes.
const ALLOCATING: &[&str] = &["runtime.mallocgc", "runtime.newobject", "runtime.newarray"];

impl SuspectRow {
    /// Where it was allocated, but for what all allocations pass through.
    fn allocated(&self) -> &str {
        let is_telling = |name: &&Arc<str>| !ALLOCATING.contains(&&***name);
        self.stack.iter().find(is_telling).map_or(&self.name, |name| name)
    }
}

/// The most stacks of a suspect that are listed.
const ROWS: usize = 5;

impl Suspect {
    pub(super) fn new(diff: &Diff, total: &Series, suspect: &diagnose::Suspect, reaches: Option<i64>) -> Self {
        let units = suspect.units.map(|units| Units {
            count: units.count,
            error: units.error,
            name: units.counted.word(units.count),
        });
        let responsible = suspect.responsible.as_ref().map(|frame| resolve::responsible(diff, frame));
        let mut resolved = Self {
            code: suspect.signature.code(),
            title: suspect.signature.title(),
            kind: suspect.signature.kind,
            confidence: suspect.confidence,
            delta: suspect.values.delta(),
            low: suspect.range.0,
            high: suspect.range.1,
            metric: None,
            goroutines: None,
            stack_bytes: None,
            objects: suspect.objects.as_ref().map(Change::from),
            kept_ratio: suspect.kept_ratio.map(|ratio| resolve::rounded(ratio, 1e4)),
            units,
            facts: Facts::new(diff, total, suspect, responsible.clone()),
            responsible,
            rows: suspect.stacks.iter().take(ROWS).map(|(entry, delta)| stack(diff, *entry, *delta)).collect(),
            explanation: String::new(),
            fix: suspect.signature.fix,
            raise: "",
            found: suspect.found.clone(),
            steps: (suspect.values.0.len() > 2).then(|| suspect.values.0.clone()),
            trend: Trend::new(&suspect.trend, suspect.values.after(), reaches),
            fingerprint: suspect.who.fingerprint.clone(),
            holders: None,
            allowed: None,
        };
        resolved.explain();
        resolved
    }

    /// Writes what follows from its facts.
    fn explain(&mut self) {
        self.raise = explanation::raise(self);
        self.explanation = explanation::explanation(self);
    }

    /// Adds that goroutines were given beside the heap.
    pub(super) fn know_goroutines(&mut self) {
        self.facts.has_goroutines = true;
        self.explain();
    }

    /// Adds the goroutines that belong to it, and the accountable frame that they tell better than the heap.
    pub(super) fn add_goroutines(&mut self, counts: Change, stack_bytes: i64, responsible: Option<Responsible>) {
        self.goroutines = Some(counts);
        self.stack_bytes = Some(stack_bytes);
        self.facts.waiting = responsible.clone();
        self.responsible = responsible.or(self.responsible.take());
        self.know_goroutines();
    }

    /// What the suspects are ordered by: leaks first, the surer before the others, then how many bytes grew at least, those
    /// of stacks included. Where the heap is counted in something else, goroutines come after it.
    pub(super) fn weight(&self, metric: &Metric) -> (bool, Confidence, i32, i64) {
        let stacks = self.stack_bytes.unwrap_or_default();
        let bytes = match (&self.metric, metric.unit == "bytes") {
            (None, true) => self.facts.least.saturating_add(stacks),
            (Some(_), true) => stacks,
            (None, false) => self.facts.least,
            (Some(_), false) => 0,
        };
        (self.kind == Kind::Leak, self.confidence, self.facts.score, bytes)
    }

    /// Whether its goroutines are blocked beyond doubt: no cache that fills up has such.
    fn is_blocked(&self, metric: &Metric) -> bool {
        let metric = self.metric.as_ref().unwrap_or(&metric.name);
        (self.goroutines.is_some() || METRICS.contains(&metric.as_str())) && self.confidence == Confidence::High
    }

    /// What a list for a terminal says below how much and where: what it is, and whether it goes on.
    pub(super) fn what(&self, report: &Report, scale: Scale) -> String {
        let details = self.details(scale);
        let details = if details.is_empty() { String::new() } else { format!(": {}", details.join(", ")) };
        let shape = self.steps.as_deref().map_or(String::new(), |steps| format!("{} ", columns::sparkline(steps)));
        let course = self.course(report, scale).map_or(String::new(), |course| format!("; {shape}{course}"));
        format!("{}{details}{course}", self.title)
    }

    /// Who holds its objects, in words; nothing where no dump was given.
    pub(super) fn held(&self, scale: Scale) -> Vec<String> {
        let Some(holders) = &self.holders else { return Vec::new() };
        let none = "held by: no object of these stacks was sampled in the dump".to_owned();
        let some = holders.iter().map(|holder| format!("held by {}", holder.held_words(scale)));
        if holders.is_empty() { vec![none] } else { some.collect() }
    }

    /// Where most of it was allocated, where no function is responsible and that tells anything.
    pub(super) fn allocated(&self) -> Option<&str> {
        self.rows.first().filter(|_| self.kind == Kind::Leak).map(SuspectRow::allocated)
    }

    /// Whether goroutine profiles would make it surer.
    pub(super) fn wants_goroutines(&self) -> bool {
        explanation::wants_goroutines(self)
    }

    /// Whether it goes on, in a series or where it was asked when it reaches a value.
    pub(super) fn course(&self, report: &Report, scale: Scale) -> Option<String> {
        let is_told = report.inputs.len() > 2 || self.trend.reaches.is_some();
        let metric = if self.metric.is_some() { goroutines() } else { report.metric.clone() };
        is_told.then(|| self.trend.sentence(report, &metric, scale))
    }

    /// Whether it is counted in goroutines.
    fn is_of_goroutines(&self, report: &Report) -> bool {
        self.metric.is_some() || METRICS.contains(&report.metric.name.as_str())
    }

    /// `HTTP response bodies are not closed: +38.1 MiB, ≈ 2,827 ± 350 connections`.
    pub(super) fn headline(&self, report: &Report, scale: Scale) -> String {
        let details: String = self.details(scale).iter().map(|detail| format!(", {detail}")).collect();
        format!("{}: {}{details}", self.title, self.growth(report, scale))
    }

    /// What it grew by.
    pub(super) fn growth(&self, report: &Report, scale: Scale) -> String {
        let growth = match self.is_of_goroutines(report) {
            true => counted(self.delta, scale),
            false => format_signed(self.delta, &report.metric.unit, scale),
        };
        if self.kind == Kind::Churn { format!("{growth} allocated") } else { growth }
    }

    /// What else is known of how much it is: units, what was kept, goroutines and their stacks.
    fn details(&self, scale: Scale) -> Vec<String> {
        let units = self.units.map(Units::words);
        let kept = self.kept_ratio.filter(|_| self.found.is_empty()).map(|kept| match kept {
            0.5.. if self.kind == Kind::Leak => format!("retained, not churned (kept {})", percent::whole(kept)),
            _ => format!("kept {}", percent::whole(kept)),
        });
        let is_counted = self.units.is_some_and(|units| units.name.starts_with("goroutine"));
        let goroutines = self.goroutines.filter(|_| !is_counted).map(|goroutines| counted(goroutines.delta, scale));
        let stacks = self.stack_bytes.filter(|bytes| *bytes > 0);
        let stacks = stacks.map(|bytes| format!("at least {} of stacks", format(bytes, "bytes", scale)));
        [units, kept, goroutines, stacks].into_iter().flatten().collect()
    }
}

impl Units {
    /// `≈ 412 ± 40 connections`.
    pub(super) fn words(self) -> String {
        let error = if self.error > 0 { format!(" ± {}", thousands(self.error)) } else { String::new() };
        let about = if self.error > 0 { "≈ " } else { "" };
        format!("{about}{}{error} {}", thousands(self.count), self.name)
    }
}

impl Responsible {
    /// What stands before its name: `likely ` where it was told from other stacks.
    pub(super) fn likely(&self) -> &'static str {
        match self.via {
            Via::Stack => "",
            Via::Sibling => "likely ",
        }
    }
}

impl Report {
    /// Says of the suspects that the allow-list of a gate sets aside for what reason.
    pub fn set_aside(&mut self, policy: &Policy, found: &check::Verdict) {
        // Those of goroutines alone, which stand between the others, are in no metric that a limit holds.
        let of_heap = self.suspects.iter_mut().filter(|suspect| suspect.metric.is_none());
        for (suspect, entry) in of_heap.zip(&found.suspects) {
            let Some(reason) = entry.map(|entry| &policy.allow[entry].reason) else { continue };
            suspect.allowed = Some(reason.clone());
            suspect.explain();
        }
    }
}

/// The suspects that text lists: none where a gate passed, and of one that did not pass those that it does not set aside.
pub(super) fn listed(report: &Report) -> Vec<&Suspect> {
    let is_passed = report.verdict.as_ref().is_some_and(|verdict| verdict.result == Outcome::Pass);
    report.suspects.iter().filter(|suspect| !is_passed && suspect.allowed.is_none()).collect()
}

/// What stands above the suspects: those of low confidence alone are an honest question.
pub(super) fn heading(suspects: &[&Suspect]) -> &'static str {
    let is_likely = suspects.iter().any(|suspect| suspect.confidence > Confidence::Low);
    if is_likely { "Likely leaks" } else { "Possible leaks" }
}

/// What to do about suspects of a comparison of two, which may be no leaks; of goroutines that are blocked nobody asks.
pub(super) fn caution(report: &Report, suspects: &[&Suspect]) -> Option<String> {
    let leaks = suspects.iter().filter(|suspect| suspect.kind == Kind::Leak);
    let (blocked, other): (Vec<&Suspect>, Vec<&Suspect>) =
        leaks.partition(|suspect| suspect.is_blocked(&report.metric));
    let first = other.first().filter(|_| report.inputs.len() == 2)?;
    let when = first.trend.later().unwrap_or("later".to_owned());
    let alike = match METRICS.contains(&report.metric.name.as_str()) {
        true if blocked.is_empty() => "a burst of work",
        _ => "a cache that is still filling up",
    };
    let what = if blocked.is_empty() { "a leak" } else { "the leaks without blocked goroutines" };
    Some(format!("take a third snapshot {when}: two cannot tell {what} from {alike}"))
}

/// What goroutines beside a heap are counted in.
fn goroutines() -> Metric {
    Metric::from(model::Metric { name: METRICS[0].to_owned(), unit: "count".to_owned() })
}

/// `+1 goroutine`, `+4,000 goroutines`.
fn counted(goroutines: i64, scale: Scale) -> String {
    let noun = if goroutines == 1 { "goroutine" } else { "goroutines" };
    format!("{} {noun}", format_signed(goroutines, "count", scale))
}

fn stack(diff: &Diff, entry: usize, delta: i64) -> SuspectRow {
    let names = diff.stack_keys(entry).take(DEEPEST).map(|key| diff.keys.key(key).name.clone());
    let stack: Vec<Arc<str>> = names.collect();
    SuspectRow { name: stack.first().map_or(NO_STACK, |name| name).to_owned(), delta, stack }
}
