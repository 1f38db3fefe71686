//! What samples tell of a change, as the JSON contract has it.
//!
//! In: what the analysis says. Out: data that serialises.

use serde::Serialize;

use crate::stats;

/// What the evidence was computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Snapshots of one process: what stayed cancels out.
    SameProcess,
    /// Separate runs: all errors add up.
    Independent,
    /// Nothing was sampled.
    Exact,
    /// It cannot be told.
    Unknown,
}

/// Who said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DecidedBy {
    /// The files.
    Files,
    /// The user.
    User,
}

/// How the evidence was computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sampling {
    /// `same-process`, `independent`, `exact` (nothing was sampled) or `unknown`.
    pub basis: Basis,
    /// Whether that was read off the files (`files`) or said by the user (`user`).
    pub decided_by: DecidedBy,
    /// Why it is unknown.
    pub reason: Option<&'static str>,
}

/// Sampling evidence of a change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// `exact`, `certain`, `likely` or `noise`.
    pub verdict: stats::Verdict,
    /// Change over its standard error; `null` where the change is exact.
    pub z: Option<f64>,
    /// Lower end of the 95 % interval of the change.
    pub low: i64,
    /// Upper end of the 95 % interval of the change.
    pub high: i64,
}
