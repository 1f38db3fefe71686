//! Why no suspect is named though memory changed, in a sentence.
//!
//! In: a report. Out: a sentence, or nothing where there is a suspect or nothing to explain. Invariant: nothing is said to be
//! spread over many places that went from one to another.

use crate::model::{Kind, State, name};
use crate::stats::Verdict;
use crate::units::{Scale, format_signed};

use super::{Moved, Report};

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
        (None, 2) => {
            "what grew is spread over many places, or each grew by too little to be told from chance".to_owned()
        }
        (None, _) => {
            "what grew did not go on growing through the series, or by too little to be told from chance".to_owned()
        }
    };
    report.suspects.is_empty().then(|| format!("No suspects: {why}."))
}

impl Moved {
    /// `memory moved from shop.images to shop.orders: -175.0 MiB there, +175.0 MiB here, in blocks of the same size`.
    fn words(&self, unit: &str, scale: Scale) -> String {
        let [went, came] = [-self.went, self.came].map(|change| format_signed(change, unit, scale));
        let [from, to] = [&self.from, &self.to].map(|name| name::short(name));
        format!("memory moved from {from} to {to}: {went} there, {came} here, in blocks of the same size")
    }
}
