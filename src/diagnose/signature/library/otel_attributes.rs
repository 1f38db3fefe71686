//! OpenTelemetry attributes have too many values
//!
//! ## What it detects
//!
//! A growing number of series in `go.opentelemetry.io/otel/sdk/metric`: an attribute has ever new values.
//!
//! ## Why it grows
//!
//! Each set of attributes is a series with its own aggregation, and with exemplars a reservoir and a random number
//! source. With cumulative temporality, the default, the SDK retains them forever.
//!
//! ## Evidence
//!
//! - Heap: functions of `otel/sdk/metric/internal/aggregate` and `otel/sdk/metric/exemplar`, and
//!   `otel/attribute.computeDistinctFixed` below `NewSet`.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *The first minutes*: one set per route and code. From SDK 1.38 on the default limit is 2,000 sets per
//!   instrument.
//! - *Unfinished spans* grow in `otel/sdk/trace`.
//!
//! ## Fix
//!
//! Use attributes with few values, or drop them with a view.
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
//! Count the exported series by metric. `leakdiff BASE NEW --by line` shows the call of `Add` or `Record`.

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
    fix: "use attributes with few values; drop others with a view; set a cardinality limit",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
