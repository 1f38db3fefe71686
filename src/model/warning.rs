//! Warnings: what is survivable but must be said, as values that travel with the result.

use serde::Serialize;

/// What a warning is about. Spelled in kebab-case in JSON and by `leakdiff explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The inputs are given newest first.
    ReversedOrder,
    /// No garbage collection ended between two snapshots: they show the same moment.
    StaleSnapshot,
    /// Cumulative counters fell: the process was restarted, or these are two processes.
    Restart,
    /// The sampling periods differ.
    DifferentPeriod,
    /// The builds differ.
    DifferentBuild,
    /// The profiles disagree on the metric to show by default.
    MetricMismatch,
    /// Values cannot be whole numbers of samples at the stated period.
    RawCounts,
    /// An input is a delta profile (it covers a span of time), not a snapshot.
    DeltaProfile,
    /// Some text of the profile is not UTF-8; the bad bytes are shown as U+FFFD.
    InvalidText,
    /// A location names a mapping that is not defined; it is treated as having none.
    MissingMapping,
    /// The sampling period is negative and is treated as unknown.
    InvalidPeriod,
    /// `drop_frames` or `keep_frames` is not a valid regular expression and is not applied.
    InvalidFrameFilter,
    /// An option of the user's matched nothing.
    NoMatch,
    /// Much of the value stands at addresses without function names.
    Unsymbolized,
    /// The records of a text profile do not add up to the totals of its header.
    Incomplete,
    /// The profile holds no samples.
    Empty,
}

impl Code {
    /// The spelling used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::ReversedOrder => "reversed-order",
            Code::StaleSnapshot => "stale-snapshot",
            Code::Restart => "restart",
            Code::DifferentPeriod => "different-period",
            Code::DifferentBuild => "different-build",
            Code::MetricMismatch => "metric-mismatch",
            Code::RawCounts => "raw-counts",
            Code::DeltaProfile => "delta-profile",
            Code::InvalidText => "invalid-text",
            Code::MissingMapping => "missing-mapping",
            Code::InvalidPeriod => "invalid-period",
            Code::InvalidFrameFilter => "invalid-frame-filter",
            Code::NoMatch => "no-match",
            Code::Unsymbolized => "unsymbolized",
            Code::Incomplete => "incomplete",
            Code::Empty => "empty",
        }
    }
}

/// One thing the reader should know before trusting the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What it is about.
    pub code: Code,
    /// One sentence: what was seen, and what to do about it.
    pub message: String,
    /// The label of the input it concerns, when it is one.
    pub input: Option<String>,
}

impl Warning {
    /// A warning about the run as a whole.
    pub fn general(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), input: None }
    }

    /// A warning about one input.
    pub fn about(input: &str, code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), input: Some(input.to_owned()) }
    }
}
