//! Why no suspect is named although memory changed, in a sentence.
//!
//! In: a report. Out: a sentence, or nothing where there is a suspect or nothing to explain. Invariant: nothing is said to be
//! spread over many places that went from one to another.

use crate::model::{Kind, State};
use crate::stats::Verdict;
use crate::units::Scale;

use super::Report;

/// Why there is no suspect though there is growth; `None` where there is one or nothing to explain.
pub(super) fn absence(report: &Report, scale: Scale) -> Option<String> {
    let may_leak = matches!(report.metric.kind, Kind::Memory(State::Live, _) | Kind::Goroutines);
    if !may_leak || report.inputs.len() < 2 || report.has_deltas || report.verdict.is_some() {
        return None;
    }
    let is_real = report.total_evidence.as_ref().is_none_or(|evidence| evidence.verdict != Verdict::Noise);
    let has_grown = report.total.delta > 0 && is_real;
    let why = match (report.moved.first(), report.inputs.len()) {
        (Some(moved), _) => moved.words(&report.metric.unit, scale),
        (None, _) if !has_grown => return None,
        (None, 2) => "the growth is spread over many functions, or each part of it may be sampling noise".to_owned(),
        (None, _) => "nothing keeps growing, as far as the samples tell".to_owned(),
    };
    report.suspects.is_empty().then(|| format!("No suspects: {why}."))
}
