//! Why snapshots cannot be compared.
//!
//! In: what was found. Out: one [`Error`]. Invariant: it names the inputs, and what is wrong with them.
//! Knows nothing of the command line.

use thiserror::Error;

/// Why snapshots cannot be compared.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The snapshots measure different things.
    #[error("the inputs have no metric in common: {inputs}")]
    NoCommonMetric {
        /// What each has.
        inputs: String,
    },
    /// A metric is measured in units that do not convert.
    #[error("{input}: {metric} is in {other}, which does not convert to {unit}")]
    IncompatibleUnits {
        /// The metric.
        metric: String,
        /// Its unit in the newest input.
        unit: String,
        /// Its unit in the other input.
        other: String,
        /// The other input.
        input: String,
    },
    /// No metric answers to what the user asked for.
    #[error("unknown metric '{asked}'; the inputs have {available} in common")]
    UnknownMetric {
        /// What was asked for.
        asked: String,
        /// What there is.
        available: String,
    },
    /// A recorded baseline is given as one of several runs.
    #[error("{input}: a recorded baseline cannot be used as a run; use --baseline")]
    BaselineAmongRuns {
        /// The baseline.
        input: String,
    },
    /// Runs of one side are not sampled alike.
    #[error("{input} and {other} have different sampling periods: sample all runs of one side at the same period")]
    UnlikeRuns {
        /// One run.
        input: String,
        /// Another.
        other: String,
    },
    /// The values are too large to add up.
    #[error("{inputs}: the values of {metric} are too large: their sum does not fit in 64 bits")]
    Overflow {
        /// The input whose values are too large, or all whose values are together.
        inputs: String,
        /// The metric.
        metric: String,
    },
}
