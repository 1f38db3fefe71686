//! OpenTelemetry metrics have too many attributes
//!
//! ## What it detects
//!
//! Series of `go.opentelemetry.io/otel/sdk/metric` that become more: an attribute has ever new values.
//!
//! ## Why it grows
//!
//! Each set of attributes is a series with its own aggregation, and with exemplars a reservoir and a source of
//! random numbers. With cumulative temporality, which is the default, the SDK keeps them for good.
//!
//! ## Evidence
//!
//! - Heap: functions of `otel/sdk/metric/internal/aggregate` and `otel/sdk/metric/exemplar`, and
//!   `otel/attribute.computeDistinctFixed` below `NewSet`.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *The first minutes*: the sets of all routes and codes are made once each. From SDK 1.38 on the limit is 2,000
//!   sets for each instrument, unless it is set otherwise.
//! - *Spans that are not ended* grow in `otel/sdk/trace`.
//!
//! ## Fix
//!
//! Take attributes with few values, or drop them in a view.
//!
//! ```go
//! keep := attribute.NewAllowKeysFilter("http.route")
//! view := metric.NewView(
//!     metric.Instrument{Name: "http.server.*"},
//!     metric.Stream{AttributeFilter: keep},
//! )
//! ```
//!
//! ## How to confirm
//!
//! Count the series that are exported, by metric. `leakdiff BASE NEW --by line` shows the call of `Add` or
//! `Record`.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("otel-attributes", include_str!("otel_attributes.rs")),
    heap: Frames {
        any: &[
            "go.opentelemetry.io/otel/sdk/metric/internal/aggregate.*",
            "go.opentelemetry.io/otel/sdk/metric/internal/exemplar.*",
            "go.opentelemetry.io/otel/sdk/metric/exemplar.*",
            "go.opentelemetry.io/otel/attribute.computeDistinctFixed",
            "go.opentelemetry.io/otel/attribute.computeDistinctReflect",
        ],
        ..Frames::NONE
    },
    fix: "use attributes with few values; drop the others with a view; set a cardinality limit",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
