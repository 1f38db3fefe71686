//! Does a growth exceed its limit? What the sampling room says of it, in the terms of a gate.
//!
//! In: the comparison, the entries whose growth is in question, what is allowed. Out: an [`Outcome`] and its
//! [`Significance`]. Invariant: nothing is made up: where the sampling error is not known, that is what it says, and the
//! growth is taken for what it seems.

use crate::diff::Diff;
use crate::stats::{Basis, Moments, Regime, Sampling, Test, Verdicts, normal_tail};

use super::{Bound, Outcome, Span};

/// What the samples say of a growth and of its limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Significance {
    /// Nothing was sampled: the growth is what it is.
    Exact,
    /// The sampling error cannot be told.
    Unknown {
        /// Why, as the end of a sentence.
        reason: &'static str,
    },
    /// The value is an estimate.
    Sampled {
        /// Whether there is growth at all, or for a limit of the total an excess, with the 95 % interval of the value.
        evidence: crate::stats::Evidence,
        /// Probability of such an excess over the limit where there is none.
        chance: f64,
        /// The least that the value can be: the lower end of its interval at the probability of a false alarm that this
        /// limit may have.
        at_least: i64,
        /// The variance between runs over that of sampling alone.
        spread: f64,
        /// Whether both snapshots are of one process, so that what stayed cancels out.
        is_one_process: bool,
    },
}

/// The samples of a metric in a comparison.
pub(super) struct Evidence<'a> {
    diff: &'a Diff,
    sampling: Sampling,
    is_growth: bool,
}

impl<'a> Evidence<'a> {
    pub fn new(diff: &'a Diff, metric: usize, span: Span, regime: Option<Regime>) -> Self {
        // A recorded baseline is no snapshot of the process it is compared with.
        let is_recorded = span.from.is_some_and(|from| diff.snapshots[from].header.baseline.is_some());
        let regime = if is_recorded { Some(Regime::Independent) } else { regime };
        Self { diff, sampling: Sampling::new(diff, metric, span, regime), is_growth: span.from.is_some() }
    }

    /// The samples behind a set of entries.
    pub fn moments(&self, entries: impl Iterator<Item = usize>) -> Moments {
        self.sampling.moments(entries)
    }

    /// The samples behind each stack.
    pub fn of_stacks(&self, entries: impl Iterator<Item = usize>) -> Vec<Moments> {
        let mut moments = vec![Moments::default(); self.diff.stack_count()];
        for entry in entries {
            moments[self.diff.stack_of(entry)].add(&self.sampling.of_entry(entry));
        }
        moments
    }

    /// How many of these growths could be called real whatever their limit, so many samples have they: the others cannot
    /// make a false alarm (Tarone 1990).
    pub fn testable(&self, growths: impl Iterator<Item = (i64, Moments)>, alpha: f64) -> usize {
        let tests = growths.filter_map(|(growth, moments)| self.sampling.test(growth, &moments));
        tests.filter(|test| test.least_p <= alpha).count()
    }

    /// How a value stands to a bound: whether it exceeds it, and whether that is real.
    pub fn outcome(&self, value: i64, bound: &Bound, moments: &Moments, alpha: f64) -> Outcome {
        let excess = value.saturating_sub(bound.most);
        if excess <= 0 {
            return Outcome::Pass;
        }
        match self.sampling.chance_of_excess(excess as f64, bound.share, moments) {
            Some(chance) if chance > alpha => Outcome::Inconclusive,
            _ => Outcome::Fail,
        }
    }

    /// What the samples say of a value and its bound.
    pub fn significance(&self, value: i64, bound: &Bound, moments: &Moments, alpha: f64) -> Significance {
        let excess = value.saturating_sub(bound.most);
        let sampling = &self.sampling;
        let known = || {
            let test = sampling.test(value, moments)?;
            let chance = sampling.chance_of_excess(excess as f64, bound.share, moments)?;
            Some((test, chance, sampling.least_excess(alpha, bound.share, moments)?))
        };
        match (sampling.basis(), known()) {
            (Basis::Unknown(reason), _) => Significance::Unknown { reason },
            (Basis::Exact, _) | (_, None) => Significance::Exact,
            (Basis::Sampled(regime), Some((test, chance, least_excess))) => {
                let test = if self.is_growth { test } else { of_excess(test, value, excess, chance) };
                Significance::Sampled {
                    evidence: Verdicts::alone(sampling).evidence(&test),
                    chance,
                    at_least: (value as f64 - least_excess).ceil() as i64,
                    spread: sampling.spread(),
                    is_one_process: regime == Regime::SameProcess,
                }
            }
        }
    }
}

/// The test of a value, said of its excess over a bound. The value over its error is known, and so the error.
fn of_excess(test: Test, value: i64, excess: i64, chance: f64) -> Test {
    let z = test.z.filter(|z| *z > 0.0).map(|z| excess as f64 * z / value as f64);
    Test { z, p_growth: chance, p_shrink: 1.0 - chance, ..test }
}

/// How many times as many samples would make an excess real whose probability by chance is `chance`, if it is as large
/// as it seems: the relative standard error falls with the square root of their number. `None` where it is real already,
/// or so likely that no number would.
pub fn settles_with(chance: f64, alpha: f64) -> Option<f64> {
    const HOPELESS: f64 = 0.49;
    (chance > alpha && chance < HOPELESS).then(|| (quantile(alpha) / quantile(chance)).powi(2))
}

/// The z whose upper tail of the normal distribution is a probability below one half, by bisection.
fn quantile(tail: f64) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if normal_tail(middle) > tail { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_normal_distribution() {
        for (alpha, z) in [(0.05, 1.644_854), (0.025, 1.959_964), (0.001, 3.090_232)] {
            assert!((quantile(alpha) - z).abs() < 1e-4, "{alpha}: {}", quantile(alpha));
        }
    }

    #[test]
    fn half_the_z_takes_four_times_the_samples() {
        // The upper tail at half of 1.644854.
        let times = settles_with(0.205_416, 0.05).expect("a number");
        assert!((times - 4.0).abs() < 1e-3, "{times}");
        assert_eq!(settles_with(0.04, 0.05), None);
        assert_eq!(settles_with(0.5, 0.05), None);
    }
}
