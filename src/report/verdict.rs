//! The verdict of a gate, resolved for every format.
//!
//! In: what the gate found. Out: data that owns its text and serialises to the JSON contract.
//! Invariant: integers in the base unit of their metric; a breach carries all that a format needs to show it alone.
//! Knows no format.

use serde::Serialize;
use std::sync::Arc;

use super::{Change, Evidence, Responsible};
use crate::check::Outcome;
use crate::model::Metric;

/// The verdict of a gate.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// How it ended, `--on-inconclusive` taken into account.
    pub result: Outcome,
    /// The limits that were exceeded, worst first.
    pub breaches: Vec<Breach>,
    /// Every limit that was checked, in the order given.
    pub checks: Vec<Check>,
    /// The limits whose pattern matches nothing, in the order given.
    pub unmatched: Vec<Unmatched>,
    /// What the allow-list set aside.
    pub allowed: Vec<Allowed>,
    /// How many limits were given; no part of the JSON contract.
    #[serde(skip)]
    pub limits: usize,
    /// The file of the repository that stands for the whole program, where a format demands a file and a culprit has
    /// none there: its `go.mod`. Found by [`Verdict::locate`]; no part of the JSON contract.
    #[serde(skip)]
    pub manifest: Option<String>,
    /// Where the configuration in effect lies, where that is not the working folder; no part of the JSON contract.
    #[serde(skip)]
    pub config: Option<String>,
}

impl Verdict {
    /// The breaches of one of its checks.
    pub fn breaches_of(&self, check: usize) -> impl Iterator<Item = &Breach> {
        self.breaches.iter().filter(move |breach| self.check_of(breach) == Some(check))
    }

    /// The check that a breach belongs to: the first of the same option, scope, metric and base whose limit has the part
    /// that was exceeded.
    fn check_of(&self, breach: &Breach) -> Option<usize> {
        let is_same = |check: &Check| {
            let base = check.base.as_deref().unwrap_or_default();
            (check.option, &check.scope, &check.metric) == (breach.option, &breach.scope, &breach.metric)
                && base == breach.base
        };
        let has_part = |check: &Check| check.limit.split('|').any(|part| part.trim() == breach.limit.trim());
        let same = || self.checks.iter().enumerate().filter(|(_, check)| is_same(check));
        let exact = same().find(|(_, check)| has_part(check));
        exact.or_else(|| same().next()).map(|(index, _)| index)
    }
}

/// A limit whose pattern matches no function of any input.
#[derive(Debug, Clone, Serialize)]
pub struct Unmatched {
    /// Its pattern.
    pub scope: String,
    /// The limit as the user wrote it.
    pub limit: String,
    /// The names there are that are nearest to the pattern, best first.
    pub nearest: Vec<String>,
}

/// The reason of a check whose pattern matches nothing.
pub const UNMATCHED: &str = "unmatched";

/// One limit and what was measured against it.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// The option it came from: `max-growth`, `max-total`, `max-objects`, `per-stack` or `limit`.
    pub option: &'static str,
    /// The limit as the user wrote it: `5MiB|10%`.
    pub limit: String,
    /// What it limits: `total`, `stack`, or the pattern of a `--limit`.
    pub scope: String,
    /// The metric measured; values are in its unit.
    pub metric: Metric,
    /// What the limit allows, in the metric's unit: the most growth, or for `max-total` the most that may be there.
    pub bound: i64,
    /// Label of the input compared with: the base, or the baseline; `null` for `max-total`.
    pub base: Option<String>,
    /// The value measured; for `per-stack` that of the stack that grew most. Without what the allow-list set aside.
    pub value: Change,
    /// What the samples say of its growth, or for `max-total` of its excess; `null` where that is not known.
    pub evidence: Option<Evidence>,
    /// The least that the growth, or for `max-total` the total, can be: the end of the interval that `--alpha` allows
    /// this limit; `null` where that is not known.
    pub at_least: Option<i64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why nothing was measured, where that is so: `empty-new`, `empty`, `nothing-in-use`, `delta-profile` or
    /// `unmatched`.
    pub reason: Option<&'static str>,
}

impl Check {
    /// Whether its pattern matches nothing, so that there was nothing to measure.
    pub fn is_unmatched(&self) -> bool {
        self.reason == Some(UNMATCHED)
    }
}

/// A limit that was exceeded.
#[derive(Debug, Clone, Serialize)]
pub struct Breach {
    /// The option it came from: `max-growth`, `max-total`, `max-objects`, `per-stack` or `limit`.
    pub option: &'static str,
    /// The part of the limit that was exceeded, as the user wrote it: `5MiB`.
    pub limit: String,
    /// The limit in the metric's unit: the most growth allowed, or for `max-total` the most that may be there.
    pub bound: i64,
    /// What it limits: `total`, `stack`, or the pattern of a `--limit`.
    pub scope: String,
    /// The metric measured; values are in its unit.
    pub metric: Metric,
    /// Label of the input compared with: the base, or the baseline.
    pub base: String,
    /// The value measured, without what the allow-list set aside.
    pub value: Change,
    /// Growth per unit of work in thousandths of the metric's unit, where `--per-op` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_op_milli: Option<i64>,
    /// `fail` or `inconclusive`.
    pub outcome: Outcome,
    /// Whether the growth is distinguishable from sampling noise.
    pub evidence: Option<Evidence>,
    /// As in [`Check::at_least`].
    pub at_least: Option<i64>,
    /// As in [`Check::reason`]: nothing was exceeded, but nothing was measured either.
    pub reason: Option<&'static str>,
    /// One sentence: what grew, by how much, against which limit, and how far the samples are from it.
    pub message: String,
    /// What would settle it, where it is inconclusive.
    pub advice: Option<String>,
    /// What grew most within it, best first.
    pub culprits: Vec<Culprit>,
}

/// What grew within a breach.
#[derive(Debug, Clone, Serialize)]
pub struct Culprit {
    /// The function that allocated.
    pub name: String,
    /// Its file relative to its package.
    pub file: Option<String>,
    /// The line.
    pub line: Option<i64>,
    /// By how much it grew, in the unit of the breach's metric.
    pub delta: i64,
    /// The frame of the user's own code that is accountable.
    pub responsible: Option<Responsible>,
    /// Path of the responsible frame's source, or of the function's where there is none, as the profile has it.
    pub source_path: Option<String>,
    /// That path relative to the root of the repository, where it is a file there. Found by [`Verdict::locate`].
    pub repository_path: Option<String>,
    /// Stable name across builds.
    pub fingerprint: String,
    /// Code of the suspect it belongs to.
    pub suspect: Option<String>,
    /// Names of the stack that carries most of it, leaf first.
    #[serde(serialize_with = "super::resolve::names")]
    pub stack: Vec<Arc<str>>,
}

/// What an entry of the allow-list set aside.
#[derive(Debug, Clone, Serialize)]
pub struct Allowed {
    /// The fingerprint or pattern.
    pub entry: String,
    /// Code of the suspect that it names by its fingerprint, if it does.
    pub suspect: Option<&'static str>,
    /// Why it is allowed.
    pub reason: String,
    /// The growth it set aside, in the unit of the metric compared.
    pub delta: i64,
}
