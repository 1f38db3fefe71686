//! Is a change real, or can sampling alone have made it?
//!
//! In: a diff and two of its snapshots. Out: for any set of entries how far its change is certain ([`Sampling::test`]),
//! and for many of them together verdicts ([`Verdicts`]). Invariant: where the files do not tell, there is no number.
//! Knows nothing of rows and limits.

mod counts;
mod moments;
mod regime;
mod statistics;

pub use moments::Moments;
pub use regime::Regime;

use crate::diff::Diff;
use counts::Counts;
use statistics::{difference_interval, false_discovery, normal_tail, pair_test};

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

/// The sampling error of every entry.
pub struct Sampling {
    basis: Basis,
    /// Whether the regime was decided from the files.
    is_decided: bool,
    counts: Option<Counts>,
    of_objects: bool,
}

/// What the samples of one change tell, taken alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The change over its standard error; `None` where there is no error.
    pub z: Option<f64>,
    /// How likely sampling alone makes a growth as large. One-sided: near 1 for what shrank.
    pub p_growth: f64,
    /// The least [`Test::p_value`] that so many samples can have.
    pub least_p: f64,
    /// Lower end of the 95 % interval.
    pub low: i64,
    /// Upper end of the 95 % interval.
    pub high: i64,
}

impl Test {
    /// How likely sampling alone makes a change as large, whichever its sign.
    pub fn p_value(&self) -> f64 {
        (2.0 * self.p_growth.min(1.0 - self.p_growth)).min(1.0)
    }
}

/// Metrics of events that are sampled in time: their counts are scaled, and the file does not say by what.
const SAMPLED_EVENTS: &[&str] = &["contentions", "delay", "samples", "cpu", "wall"];

impl Sampling {
    /// Prepares the sampling errors of a metric between two snapshots. The regime is decided from the files where it
    /// is not forced.
    pub fn new(diff: &Diff, metric: usize, span: Span, forced: Option<Regime>) -> Self {
        let name = &diff.metrics[metric].metric.canonical_name();
        let of_objects = name.ends_with("objects");
        let new = |basis, counts| Self { basis, is_decided: forced.is_none(), counts, of_objects };
        let period = |snapshot: usize| diff.snapshots[snapshot].header.period;
        let mut periods = span.from.into_iter().chain([span.to]).map(period);
        if SAMPLED_EVENTS.contains(&&**name) {
            return new(Basis::Unknown("events are sampled in time"), None);
        }
        if periods.all(|period| period == Some(1)) {
            return new(Basis::Exact, None);
        }
        let regime = forced.unwrap_or_else(|| regime::regime(diff, span));
        match Counts::new(diff, metric, span, regime) {
            Ok(counts) => new(Basis::Sampled(regime), Some(counts)),
            Err(reason) => new(Basis::Unknown(reason), None),
        }
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
        self.counts.as_ref().map_or_else(Moments::default, |counts| Moments::of(counts, entry, self.of_objects))
    }

    /// The samples behind a set of entries, each given once.
    pub fn moments(&self, entries: impl IntoIterator<Item = usize>) -> Moments {
        let mut sum = Moments::default();
        for entry in entries {
            sum.add(&self.of_entry(entry));
        }
        sum
    }

    /// Tests a change of `delta` against the samples behind it; `None` where the error is unknown.
    pub fn test(&self, delta: i64, moments: &Moments) -> Option<Test> {
        let exact = |p_growth| Test { z: None, p_growth, least_p: 0.0, low: delta, high: delta };
        let certain = match delta.signum() {
            1 => 0.0,
            0 => 0.5,
            _ => 1.0,
        };
        let counts = match (&self.basis, &self.counts) {
            (Basis::Exact, _) => return Some(exact(certain)),
            (Basis::Unknown(_), _) | (_, None) => return None,
            (_, Some(counts)) => counts,
        };
        let (came, went) = moments.variances();
        let (low, high) = difference_interval(delta as f64, came, went, moments.grain());
        let (low, high) = (low.round() as i64, high.round() as i64);
        if moments.is_exact() {
            return Some(Test { low, high, ..exact(certain) });
        }
        let typical = moments.typical_sample();
        let z = delta as f64 / (came + went).sqrt();
        let p_growth = if counts.periods.0 == counts.periods.1 {
            pair_test(delta as f64 / typical.weight, typical.samples, typical.missed)
        } else {
            // Samples of different weights on both sides: one more sample than there is keeps the test cautious.
            normal_tail(delta as f64 / (came + went + typical.weight.powi(2) * typical.missed).sqrt())
        };
        let least_p = (2.0 * pair_test(typical.samples, typical.samples, typical.missed)).min(1.0);
        Some(Test { z: Some(z), p_growth, least_p, low, high })
    }
}

/// The bounds below which p-values are called likely and certain, over all changes looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdicts {
    is_exact: bool,
    likely: f64,
    certain: f64,
}

/// Of changes called likely, the share that may be noise.
pub const LIKELY: f64 = 0.05;
/// Of changes called certain, the share that may be noise.
pub const CERTAIN: f64 = 0.001;

impl Verdicts {
    /// For changes tested together. Those with so few samples that they could not be called real whatever the samples
    /// showed do not count among them (Tarone 1990, Gilbert 2005): they would only raise the bar for the others.
    pub fn together<'a>(sampling: &Sampling, tests: impl IntoIterator<Item = &'a Test> + Clone) -> Self {
        let bound = |rate| {
            let testable = tests.clone().into_iter().filter(|test| test.least_p <= rate);
            false_discovery(&mut testable.map(Test::p_value).collect::<Vec<_>>(), rate)
        };
        Self { is_exact: sampling.basis == Basis::Exact, likely: bound(LIKELY), certain: bound(CERTAIN) }
    }

    /// For one change that was singled out beforehand.
    pub fn alone(sampling: &Sampling) -> Self {
        Self { is_exact: sampling.basis == Basis::Exact, likely: LIKELY, certain: CERTAIN }
    }

    /// The verdict on one of them.
    pub fn evidence(&self, test: &Test) -> Evidence {
        let p_value = test.p_value();
        let verdict = match p_value {
            _ if self.is_exact => Verdict::Exact,
            p if p <= self.certain => Verdict::Certain,
            p if p <= self.likely => Verdict::Likely,
            _ => Verdict::Noise,
        };
        Evidence { verdict, z: test.z, low: test.low, high: test.high }
    }
}

/// The largest p-value to call real among `p_values`, so that at most the share `rate` of those called so is expected
/// to be noise; 0 when none is.
pub fn critical_p(p_values: &[f64], rate: f64) -> f64 {
    false_discovery(&mut p_values.to_vec(), rate)
}
