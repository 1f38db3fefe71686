//! Warnings: what is survivable but must be said, as values that travel with the result.
//!
//! Every code has a page of the manual (`leakdiff explain`), which stands where the warning is raised.

use serde::Serialize;

/// Declares the codes with their spelling in JSON and on the command line.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $spelling:literal,)*) => {
        /// What a warning is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $spelling)] $name,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The spelling used in JSON and on the command line.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$name => $spelling,)*
                }
            }
        }
    };
}

codes! {
    /// Memory profiling was off: the profile records no allocations.
    ProfilingOff = "profiling-off",
    /// The inputs are given newest first.
    ReversedOrder = "reversed-order",
    /// Two snapshots show the same state: no garbage collection ended in between.
    StaleSnapshot = "stale-snapshot",
    /// Cumulative counters fell: the process was restarted, or these are two processes.
    Restart = "restart",
    /// The sampling periods differ.
    DifferentPeriod = "different-period",
    /// The builds differ.
    DifferentBuild = "different-build",
    /// The profiles disagree on the metric to show by default.
    MetricMismatch = "metric-mismatch",
    /// Values are no whole numbers of samples at the stated period.
    RawCounts = "raw-counts",
    /// An input is a delta profile (it covers a span of time), not a snapshot.
    DeltaProfile = "delta-profile",
    /// Some text of the profile is not UTF-8; the bad bytes are shown as U+FFFD.
    InvalidText = "invalid-text",
    /// A location names a mapping that is not defined; it is treated as having none.
    MissingMapping = "missing-mapping",
    /// The sampling period is negative and is treated as unknown.
    InvalidPeriod = "invalid-period",
    /// The stated time is before the year 2000 and is treated as unknown.
    ImplausibleTime = "implausible-time",
    /// The inputs were put in the order of their times.
    Reordered = "reordered",
    /// Files of a folder, or of a long list, were not compared.
    PassedOver = "passed-over",
    /// A profile has one sample type and no block sizes, as servers that merge profiles give out.
    ServerMerged = "server-merged",
    /// `drop_frames` or `keep_frames` is not a valid regular expression and is not applied.
    InvalidFrameFilter = "invalid-frame-filter",
    /// An option of the user's matched nothing.
    NoMatch = "no-match",
    /// Much of the value stands at addresses without function names.
    Unsymbolized = "unsymbolized",
    /// A binary that was named is not the one that was profiled.
    BinaryMismatch = "binary-mismatch",
    /// A binary has no debug information: functions are named, lines and inlined calls are not.
    NoDebugInfo = "no-debug-info",
    /// Two goroutine profiles hold the same goroutines.
    SameGoroutines = "same-goroutines",
    /// Two goroutine profiles have different forms.
    MixedForms = "mixed-forms",
    /// The goroutines beside a heap are of another program.
    OtherProgram = "other-program",
    /// The records of a text profile do not add up to the totals of its header.
    Incomplete = "incomplete",
    /// A text of stacks does not say what its numbers count.
    UnstatedMetric = "unstated-metric",
    /// Bytes stand after the end of a gzip stream.
    TrailingBytes = "trailing-bytes",
    /// A heap dump is not whole.
    DumpEndsEarly = "dump-ends-early",
    /// A heap dump was given without the program that wrote it.
    DumpWithoutProgram = "dump-without-program",
    /// A heap dump has next to no sampled objects.
    DumpWithoutSamples = "dump-without-samples",
    /// Two heap dumps are of different programs.
    DumpsDiffer = "dumps-differ",
    /// The profile holds no samples.
    Empty = "empty",
    /// An entry of the allow-list has expired and no longer applies.
    AllowExpired = "allow-expired",
    /// An entry of the allow-list has a fingerprint of version 0.1.
    AllowRenamed = "allow-renamed",
    /// An entry of the allow-list applies to nothing.
    AllowUnused = "allow-unused",
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
