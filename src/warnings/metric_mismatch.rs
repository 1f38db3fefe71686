//! The profiles want different metrics shown
//!
//! ## What was seen
//!
//! A profile may name the metric that it is about. The two name different ones, or only one of them does.
//!
//! ## Why it matters
//!
//! Go writes the same four columns under `/debug/pprof/heap`, which is about what is in use, and under
//! `/debug/pprof/allocs`, which is about all that was ever allocated. One of each can be compared in every column, so
//! nothing fails; but somebody probably fetched another page than he meant to. A profile that a tool has rewritten
//! may have lost the name of its metric too.
//!
//! ## What to do
//!
//! Look at how the two were fetched. Where that is right, say which metric you mean; the warning stays, the numbers are
//! right:
//!
//! ```sh
//! leakdiff heap1.pb.gz heap2.pb.gz --sample-index inuse_space
//! ```
//!
//! ## How it is decided
//!
//! The texts of `default_sample_type` differ, an absent one being called none.
//!
//! ## Example
//!
//! ```text
//! warning[metric-mismatch]: heap2.pb.gz: its default metric is alloc_space, that of heap1.pb.gz is none: check that both are profiles of the same kind
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::{Guard, pairs};

const CODE: Code = Code::MetricMismatch;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("metric_mismatch.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    let or_none = |name: &str| if name.is_empty() { "none".to_owned() } else { name.to_owned() };
    let mut warnings = Vec::new();
    for (before, after) in pairs(diff).filter(|(before, after)| before.default_metric != after.default_metric) {
        let message = format!(
            "its default metric is {}, that of {} is {}: check that both are profiles of the same kind",
            or_none(&after.default_metric),
            before.label,
            or_none(&before.default_metric)
        );
        warnings.push(Warning::about(&after.label, CODE, message));
    }
    warnings
}
