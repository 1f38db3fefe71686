//! What grew and is no leak, as far as can be told: with the reason, apart from the suspects.
//!
//! In: what the diagnosis set aside. Out: the JSON contract of it, and a sentence each.
//! Invariant: a sentence says what was seen; that it is no leak is said of nothing that may be one.

use serde::Serialize;

use crate::diagnose::{self, Reason};
use crate::diff::Diff;
use crate::model::{Series, name};
use crate::units::{Scale, format, format_signed};

use super::resolve;
use super::{Moved, Outcome, Report, Responsible, percent};

/// One that is set aside.
#[derive(Debug, Clone, Serialize)]
pub struct SetAside {
    /// Code of the signature, or `churn`.
    pub code: &'static str,
    /// Why.
    pub reason: Reason,
    /// That in a sentence.
    pub text: String,
    /// What it grew by; of churn what was allocated.
    pub delta: i64,
    /// The accountable frame.
    pub responsible: Option<Responsible>,
    /// Stable name of it across builds.
    pub fingerprint: String,
}

impl SetAside {
    pub(super) fn new(diff: &Diff, aside: &diagnose::Suspect, reason: Reason) -> Self {
        let responsible = aside.responsible.as_ref().map(|frame| resolve::responsible(diff, frame));
        Self {
            code: aside.signature.code(),
            reason,
            text: text(diff, aside, reason, responsible.as_ref()),
            delta: aside.values.delta(),
            responsible,
            fingerprint: aside.who.fingerprint.clone(),
        }
    }
}

fn text(diff: &Diff, aside: &diagnose::Suspect, reason: Reason, responsible: Option<&Responsible>) -> String {
    let unit = &diff.metric().unit;
    let title = aside.signature.title();
    let who = responsible.map_or_else(|| title.to_owned(), |frame| name::short(&frame.function).into_owned());
    let growth = format(aside.values.delta(), unit, Scale::Auto);
    let kept = aside.kept_ratio.map_or(String::new(), |kept| format!(", {} of it kept", percent::whole(kept)));
    match reason {
        Reason::Churn => format!("{who} allocates {growth} and frees it again{kept}"),
        Reason::Benign => format!("{title}: {}", format_signed(aside.values.delta(), unit, Scale::Auto)),
        Reason::Stopped => format!("{who} grew by {growth} and no longer grows"),
        Reason::Fluctuating => {
            let Series(values) = &aside.values;
            let [low, high] = [values.iter().min(), values.iter().max()]
                .map(|value| format(value.copied().unwrap_or_default(), unit, Scale::Auto));
            format!("{who} goes up and down between {low} and {high}")
        }
    }
}

/// What stands below the suspects: that and why these are none, and what only moved. Nothing where a gate passed.
pub(super) fn listed(report: &Report, scale: Scale) -> Vec<String> {
    let is_passed = report.verdict.as_ref().is_some_and(|verdict| verdict.result == Outcome::Pass);
    let words = |aside: &SetAside| format!("{} ({})", aside.text, aside.reason.word());
    // Where there is no suspect, that is why.
    let moved = report.moved.iter().filter(|_| !report.suspects.is_empty());
    let moved = moved.map(|moved| moved.words(&report.metric.unit, scale));
    report.set_aside.iter().map(words).chain(moved).filter(|_| !is_passed).collect()
}

impl Moved {
    /// `memory moved from shop.images to shop.orders: -175.0 MiB there, +175.0 MiB here, in blocks of the same size`.
    pub(super) fn words(&self, unit: &str, scale: Scale) -> String {
        let [went, came] = [-self.went, self.came].map(|change| format_signed(change, unit, scale));
        let [from, to] = [&self.from, &self.to].map(|name| name::short(name));
        format!("memory moved from {from} to {to}: {went} there, {came} here, in blocks of the same size")
    }
}
