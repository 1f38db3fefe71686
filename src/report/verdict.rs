//! The verdict of a gate, resolved for every format.
//!
//! In: what the gate found. Out: data that owns its text and serialises to the JSON contract.
//! Invariant: integers in the base unit of their metric; a breach carries all that a format needs to show it alone.
//! Knows no format.

use serde::Serialize;

use super::{Change, Evidence, Responsible};
use crate::model::Metric;

/// How a gate ended, or how one of its limits did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// No limit was exceeded.
    Pass,
    /// A limit was exceeded, and the growth is real.
    Fail,
    /// A limit was exceeded, but the samples cannot tell the growth from noise.
    Inconclusive,
}

/// The verdict of a gate.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// How it ended, `--on-inconclusive` taken into account.
    pub result: Outcome,
    /// The limits that were exceeded, worst first.
    pub breaches: Vec<Breach>,
    /// Every limit that was checked, in the order given.
    pub checks: Vec<Check>,
    /// What the allow-list set aside.
    pub allowed: Vec<Allowed>,
}

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
    /// The value measured; for `per-stack` that of the stack that grew most. Without what the allow-list set aside.
    pub value: Change,
    /// How it ended.
    pub outcome: Outcome,
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
    /// One sentence: what grew, by how much, against which limit.
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
    /// Stable name across builds.
    pub fingerprint: String,
    /// Code of the suspect it belongs to.
    pub suspect: Option<String>,
    /// Names of the stack that carries most of it, leaf first.
    pub stack: Vec<String>,
}

/// What an entry of the allow-list set aside.
#[derive(Debug, Clone, Serialize)]
pub struct Allowed {
    /// The fingerprint or pattern.
    pub entry: String,
    /// Why it is allowed.
    pub reason: String,
    /// The growth it set aside, in the unit of the metric compared.
    pub delta: i64,
}
