//! Prometheus metrics have too many label values
//!
//! ## What it detects
//!
//! Series of `github.com/prometheus/client_golang` that become more: a label has ever new values.
//!
//! ## Why it grows
//!
//! Each combination of label values is a series, and a vector keeps it until it is deleted. A label with a user, an
//! address or a path with an id in it makes a series for each: about 423 B for a counter, 1.2 KB for a histogram.
//! The server that scrapes them pays as well.
//!
//! ## Evidence
//!
//! - Heap: `(*metricMap).getOrCreateMetricWithLabelValues` (with a map of labels `getOrCreateMetricWithLabels`),
//!   `prometheus.MakeLabelPairs`, `newHistogram`, `newSummary`, `inlineLabelValues`.
//!
//! ## What looks alike
//!
//! - *The first minutes*: series of all routes and codes are made once each. Then it stops.
//! - *A registry or vector for each request*: `prometheus.NewRegistry` or `NewCounterVec` grows in the same
//!   function.
//!
//! ## Fix
//!
//! Take labels with few values, and delete series of what is gone.
//!
//! ```go
//! // The pattern of the route, not r.URL.Path.
//! requests.WithLabelValues(route.Pattern, strconv.Itoa(code)).Inc()
//! requests.DeletePartialMatch(prometheus.Labels{"tenant": id})
//! ```
//!
//! ## How to confirm
//!
//! `curl -s HOST/metrics | grep -v '^#' | cut -d'{' -f1 | sort | uniq -c | sort -n` counts the series of each
//! metric.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Raise, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("prometheus-labels", include_str!("prometheus_labels.rs")),
    heap: Frames {
        any: &[
            "github.com/prometheus/client_golang/prometheus.(*metricMap).getOrCreateMetricWithLabelValues",
            "github.com/prometheus/client_golang/prometheus.(*metricMap).getOrCreateMetricWithLabels",
            "github.com/prometheus/client_golang/prometheus.MakeLabelPairs",
            "github.com/prometheus/client_golang/prometheus.makeLabelPairs",
            "github.com/prometheus/client_golang/prometheus.newHistogram",
            "github.com/prometheus/client_golang/prometheus.newSummary",
            "github.com/prometheus/client_golang/prometheus.inlineLabelValues",
            "github.com/prometheus/client_golang/prometheus.extractLabelValues",
        ],
        ..Frames::NONE
    },
    fix: "use labels with few values (a route, not a path); delete series that are gone",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
