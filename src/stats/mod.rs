//! Is a change real, or can sampling alone have made it?
//!
//! In: a diff and two of its snapshots. Out: for any set of entries how far its change is certain ([`Sampling::test`]),
//! and for many of them together verdicts ([`Verdicts`]). Invariant: where the files do not tell, there is no number.
//! Knows nothing of rows and limits.

mod counts;
mod excess;
mod history;
mod moments;
mod regime;
mod series;
mod spread;
mod statistics;

use std::sync::Arc;

pub(super) use counts::chance;
pub use history::{Change, Course, Curve, Rate, Trend};
pub use moments::Moments;
pub use regime::Regime;
pub use series::{Grain, History};
pub use statistics::normal_tail;

use crate::diff::Diff;
use crate::model::{Kind, Metric};
use crate::units;
use counts::Counts;
use moments::Weights;
use statistics::{difference_interval, false_discovery, pair_test};

/// What the samples say of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing was sampled: the change is what it is.
    Exact,
    /// Of all changes called so, sampling alone has made at most one in a thousand.
    Certain,
    /// Of all changes called so, sampling alone has made at most one in twenty.
    Likely,
    /// Sampling alone may have made it.
    Noise,
}

/// A verdict with its numbers, in the unit of the metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// What the samples say.
    pub verdict: Verdict,
    /// The change over its standard error; `None` where there is no error.
    pub z: Option<f64>,
    /// Lower end of the 95 % interval of the change.
    pub low: i64,
    /// Upper end of the 95 % interval of the change.
    pub high: i64,
}

/// Which snapshots are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The base; `None` to ask how certain the values of `to` are in themselves.
    pub from: Option<usize>,
    /// The snapshot compared with it.
    pub to: usize,
}

impl Span {
    /// From the first to the last snapshot of a diff; of a single one, its values.
    pub fn whole(diff: &Diff) -> Self {
        let last = diff.snapshots.len().saturating_sub(1);
        Self { from: (last > 0).then_some(0), to: last }
    }
}

/// What the sampling error is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Nothing was sampled.
    Exact,
    /// Sampled counts, in this relation.
    Sampled(Regime),
    /// It cannot be computed; why, as the end of a sentence.
    Unknown(&'static str),
}

impl Basis {
    /// The relation of the sampled counts; `None` where nothing was sampled or nothing is known.
    pub fn regime(self) -> Option<Regime> {
        match self {
            Self::Sampled(regime) => Some(regime),
            Self::Exact | Self::Unknown(_) => None,
        }
    }
}

/// The sampling error of every entry.
pub struct Sampling {
    basis: Basis,
    /// Whether the regime was decided from the files.
    is_decided: bool,
    /// Whether the metric counts objects or goroutines, not bytes.
    of_objects: bool,
    counts: Option<(Arc<Counts>, Weights)>,
}

/// Why the period of a profile tells nothing of the memory in it, as the end of a sentence.
fn unknown(diff: &Diff, metric: usize, snapshot: usize) -> Option<&'static str> {
    let is_of_bytes = |period: &Metric| period.unit.is_empty() || units::is_bytes(&period.unit);
    let header = &diff.snapshots[snapshot].header;
    match () {
        () if !diff.metrics[metric].metric.is_memory() => None,
        () if is_merged(diff, snapshot) => {
            Some("a profile has one sample type and does not state how large its blocks are")
        }
        () if !header.period_type.as_ref().is_none_or(is_of_bytes) => Some("its sampling period is not one of memory"),
        () => None,
    }
}

/// Whether a profile of memory has one sample type and does not state how large its blocks are, as servers that merge
/// profiles give them out.
pub(crate) fn is_merged(diff: &Diff, snapshot: usize) -> bool {
    let snapshot = &diff.snapshots[snapshot];
    let has_size = |row: usize| diff.symbols.block_size(snapshot.labels(row)) > 0;
    let [metric] = snapshot.metrics.as_slice() else { return false };
    metric.is_memory() && !snapshot.is_empty() && !(0..snapshot.len()).any(has_size)
}

/// What the samples of one change tell, taken alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The change over its standard error; `None` where there is no error.
    pub z: Option<f64>,
    /// How likely sampling alone makes a growth as large.
    pub p_growth: f64,
    /// How likely sampling alone makes a change as low.
    pub p_shrink: f64,
    /// The least that either can be with so many samples.
    pub least_p: f64,
    /// Lower end of the 95 % interval.
    pub low: i64,
    /// Upper end of the 95 % interval.
    pub high: i64,
}

/// Metrics of events that are sampled in time: their counts are scaled, and the file does not say by what.
const SAMPLED_EVENTS: &[&str] = &["contentions", "delay", "samples", "cpu", "wall"];

impl Sampling {
    /// Prepares the sampling errors of a metric between two snapshots. The regime is decided from the files where it
    /// is not forced.
    pub fn new(diff: &Diff, metric: usize, span: Span, forced: Option<Regime>) -> Self {
        let Metric { name, .. } = &diff.metrics[metric].metric;
        let kind = diff.metrics[metric].metric.kind();
        let of_objects = diff.metrics[metric].metric.is_objects() || kind == Kind::Goroutines;
        let new = |basis, counts| Self { basis, is_decided: forced.is_none(), of_objects, counts };
        let period = |snapshot: usize| diff.snapshots[snapshot].header.period;
        let mut periods = span.from.into_iter().chain([span.to]).map(period);
        let is_exact = periods.all(|period| period == Some(1));
        if SAMPLED_EVENTS.contains(&&**name) || (kind == Kind::Other && !is_exact) {
            return new(Basis::Unknown("events are sampled in time"), None);
        }
        if diff.has_deltas() {
            return new(Basis::Unknown("a profile holds differences already"), None);
        }
        if let Some(reason) = span.from.into_iter().chain([span.to]).find_map(|at| unknown(diff, metric, at)) {
            return new(Basis::Unknown(reason), None);
        }
        if is_exact {
            return new(Basis::Exact, None);
        }
        let regime = forced.unwrap_or_else(|| regime::regime(diff, span));
        match Counts::new(diff, metric, span, regime) {
            Ok(counts) => {
                let weights = Moments::weights(&counts, diff.metrics[metric].metric.is_objects());
                new(Basis::Sampled(regime), Some((Arc::new(counts), weights)))
            }
            Err(reason) => new(Basis::Unknown(reason), None),
        }
    }

    /// The sampling errors of the numbers of objects between the same snapshots. They are of the same samples, and each
    /// stands for other amounts.
    pub fn of_objects(&self, diff: &Diff, span: Span) -> Self {
        let metric = diff.objects().unwrap_or(diff.metric);
        let Some((counts, _)) = &self.counts else { return Self::new(diff, metric, span, self.basis.regime()) };
        let of_objects = diff.metrics[metric].metric.is_objects();
        let weights = Moments::weights(counts, of_objects);
        Self { of_objects, counts: Some((Arc::clone(counts), weights)), ..*self }
    }

    /// What the errors are computed from.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// Whether the files decided on the regime, not the user.
    pub fn is_decided(&self) -> bool {
        self.is_decided
    }

    /// The samples behind one entry.
    pub fn of_entry(&self, entry: usize) -> Moments {
        self.counts.as_ref().map_or_else(Moments::default, |(counts, weights)| Moments::of(counts, weights, entry))
    }

    /// The samples behind a set of entries, each given once.
    pub fn moments(&self, entries: impl IntoIterator<Item = usize>) -> Moments {
        let mut sum = Moments::default();
        if let Some((counts, weights)) = &self.counts {
            entries.into_iter().for_each(|entry| sum.add(&Moments::of(counts, weights, entry)));
        }
        sum
    }

    /// Tests a change of `delta` against the samples behind it; `None` where the error is unknown.
    pub fn test(&self, delta: i64, moments: &Moments) -> Option<Test> {
        let (grew, shrank) = (delta > 0, delta < 0);
        let impossible = |happened: bool| if happened { 0.0 } else { 1.0 };
        let (p_growth, p_shrink) = (impossible(grew), impossible(shrank));
        // What did not change without any error is never called real.
        let least_p = impossible(grew || shrank);
        let exact = Test { z: None, p_growth, p_shrink, least_p, low: delta, high: delta };
        let counts = match (&self.basis, &self.counts) {
            (Basis::Exact, _) => return Some(exact),
            (Basis::Unknown(_), _) | (_, None) => return None,
            (_, Some((counts, _))) => counts,
        };
        let (came, went) = moments.variances();
        let (came, went) = (came * counts.spread, went * counts.spread);
        let (low, high) = difference_interval(delta as f64, came, went, moments.grain() * counts.spread);
        let (low, high) = (low.round() as i64, high.round() as i64);
        if moments.is_exact() {
            return Some(Test { low, high, ..exact });
        }
        let typical = moments.typical_sample();
        let z = delta as f64 / (came + went).sqrt();
        let size = (delta as f64).abs();
        let p = self.tail(counts, size, moments);
        let (p_growth, p_shrink) = if delta < 0 { (1.0 - p, p) } else { (p, 1.0 - p) };
        // Blocks that are all but never missed show more than the samples of the others can.
        let most = typical.samples * typical.weight;
        let least_p = if size < most { self.tail(counts, most, moments) } else { p };
        Some(Test { z: Some(z), p_growth, p_shrink, least_p, low, high })
    }

    /// How likely sampling alone makes a surplus as large, where as much came as went.
    fn tail(&self, counts: &Counts, surplus: f64, moments: &Moments) -> f64 {
        let typical = moments.typical_sample();
        let surplus = surplus / counts.spread.sqrt();
        match counts.is_balanced() {
            true => pair_test(surplus / typical.weight, typical.samples, typical.missed),
            // Samples of different weights on both sides: one more sample than there is keeps the test cautious.
            false => {
                let (came, went) = moments.variances();
                normal_tail(surplus / (came + went + typical.weight.powi(2) * typical.missed).sqrt())
            }
        }
    }

    /// What one sample of an entry stands for, in the unit of the metric; one object where nothing was sampled, and `None`
    /// where the error is unknown.
    pub(super) fn sample(&self, diff: &Diff, entry: usize) -> Option<f64> {
        match (&self.counts, self.basis) {
            (Some((counts, _)), _) => {
                let size = f64::from(counts.sizes[entry]);
                let amount = if self.of_objects { 1.0 } else { size };
                Some(if size > 0.0 { amount / chance(size, counts.periods.1) } else { 0.0 })
            }
            (None, Basis::Exact) if self.of_objects => Some(1.0),
            (None, Basis::Exact) => Some(diff.block_size(entry).max(1) as f64),
            (None, _) => None,
        }
    }

    /// The variance between runs over that of sampling alone: 1 or more, and 1 where there is one run a side.
    pub fn spread(&self) -> f64 {
        self.counts.as_ref().map_or(1.0, |(counts, _)| counts.spread)
    }
}

/// Of changes called likely, the share that may be noise.
pub const LIKELY: f64 = 0.05;
/// Of changes called certain, the share that may be noise.
pub const CERTAIN: f64 = 0.001;
/// The part of that share which is spent on growth, which is what is looked for; the rest is for what shrank.
const ON_GROWTH: f64 = 0.8;

/// The bounds below which p-values are called likely and certain.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bounds {
    growth: f64,
    shrink: f64,
}

impl Bounds {
    /// Whether a change is real within them. One whose interval holds 0 is not, whatever its p-value.
    fn admit(&self, test: &Test) -> bool {
        (test.low > 0 && test.p_growth <= self.growth) || (test.high < 0 && test.p_shrink <= self.shrink)
    }
}

/// How p-values become verdicts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdicts {
    is_exact: bool,
    likely: Bounds,
    certain: Bounds,
}

impl Verdicts {
    /// For changes tested together.
    pub fn together(sampling: &Sampling, tests: &[Test]) -> Self {
        let bounds = |rate: f64| Bounds {
            growth: critical_p(tests, |test| test.p_growth, rate * ON_GROWTH),
            shrink: critical_p(tests, |test| test.p_shrink, rate * (1.0 - ON_GROWTH)),
        };
        Self { is_exact: sampling.basis == Basis::Exact, likely: bounds(LIKELY), certain: bounds(CERTAIN) }
    }

    /// For one change that was singled out beforehand.
    pub fn alone(sampling: &Sampling) -> Self {
        let bounds = |rate: f64| Bounds { growth: rate * ON_GROWTH, shrink: rate * (1.0 - ON_GROWTH) };
        Self { is_exact: sampling.basis == Basis::Exact, likely: bounds(LIKELY), certain: bounds(CERTAIN) }
    }

    /// The verdict on one of them.
    pub fn evidence(&self, test: &Test) -> Evidence {
        let verdict = match test {
            _ if self.is_exact => Verdict::Exact,
            test if self.certain.admit(test) => Verdict::Certain,
            test if self.likely.admit(test) => Verdict::Likely,
            _ => Verdict::Noise,
        };
        Evidence { verdict, z: test.z, low: test.low, high: test.high }
    }
}

/// The largest p-value to call real among tests made together, so that at most the share `rate` of those called real is
/// expected to be noise; 0 when none is.
///
/// Tests with so few samples that they could not be called real whatever the samples showed do not count among them
/// (Tarone 1990, Gilbert 2005): they would only raise the bar for the others.
pub fn critical_p(tests: &[Test], p_value: impl Fn(&Test) -> f64, rate: f64) -> f64 {
    let testable = tests.iter().filter(|test| test.least_p <= rate);
    false_discovery(&mut testable.map(p_value).collect::<Vec<_>>(), rate)
}
