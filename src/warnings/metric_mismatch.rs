//! The profiles have different default metrics
//!
//! ## What was seen
//!
//! A profile may name its default metric. The two name different ones, or only one names any.
//!
//! ## Why it matters
//!
//! Go writes the same four columns under `/debug/pprof/heap` (default: memory in use) and `/debug/pprof/allocs`
//! (default: all memory ever allocated). They can be compared, so nothing fails; but one was probably fetched from
//! the wrong URL. A tool that rewrites profiles may also drop the default metric.
//!
//! ## What to do
//!
//! Check how the two were fetched. If that was intended, choose the metric; the warning stays, but the numbers are
//! right:
//!
//! ```sh
//! leakdiff heap1.pb.gz heap2.pb.gz --sample-index inuse_space
//! ```
//!
//! ## How it is decided
//!
//! The values of `default_sample_type` differ; a missing one is called none.
//!
//! ## Example
//!
//! ```text
//! warning[metric-mismatch]: heap2.pb.gz: its default metric is alloc_space, that of heap1.pb.gz is none: check that both profiles are of the same kind
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
            "its default metric is {}, that of {} is {}: check that both profiles are of the same kind",
            or_none(&after.default_metric),
            before.label,
            or_none(&before.default_metric)
        );
        warnings.push(Warning::about(&after.label, CODE, message));
    }
    warnings
}
