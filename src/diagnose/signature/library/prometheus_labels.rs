//! Prometheus labels have too many values
//!
//! ## What it detects
//!
//! A growing number of series in `github.com/prometheus/client_golang`: a label has ever new values.
//!
//! ## Why it grows
//!
//! Each combination of label values is a series, and a vector retains it until it is deleted. A label with a user, an
//! address or a path that contains an ID creates one series per value: about 423 B for a counter, 1.2 KB for a
//! histogram. The Prometheus server stores them as well.
//!
//! ## Evidence
//!
//! - Heap: `(*metricMap).getOrCreateMetricWithLabelValues` (with a map of labels `getOrCreateMetricWithLabels`),
//!   `prometheus.MakeLabelPairs`, `newHistogram`, `newSummary`, `inlineLabelValues`.
//!
//! ## What looks alike
//!
//! - *The first minutes*: one series per route and code. Then it stops.
//! - *A registry or vector per request*: `prometheus.NewRegistry` or `NewCounterVec` grows in the same function.
//!
//! ## Fix
//!
//! Use labels with few values, and delete series you no longer need.
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
    fix: "use labels with few values (route, not path); delete series you no longer need",
    with_goroutines: Confidence::Medium,
    raise: Raise::Series,
    ..Signature::DEFAULT
};
