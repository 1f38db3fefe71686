//! Is growth real? What the sampling room says of it, in the terms of a gate.
//!
//! In: the comparison and the entries whose growth is in question. Out: a [`Significance`].
//! Invariant: nothing is made up: where the sampling error is not known, that is what it says.

use crate::analyze::Verdict;
use crate::analyze::evidence::{Basis, CERTAIN, Moments, Regime, Sampling, Test, critical_p, normal_tail};
use crate::diff::Diff;

use super::Span;

/// What the samples say of a growth.
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
        /// What the samples say in a word.
        verdict: Verdict,
        /// Growth, or excess of a total over its limit, over its standard error; `None` where it has none.
        z: Option<f64>,
        /// Probability of as much growth or excess or more where there is none.
        p_growth: f64,
        /// Lower end of the 95 % interval: of the growth, or of the total.
        low: i64,
        /// Upper end of the 95 % interval.
        high: i64,
    },
}

impl Significance {
    /// Whether the growth is to be taken for real: not sampled, not told from its samples, or hardly to be had by chance.
    pub fn is_real(&self, alpha: f64) -> bool {
        match self {
            Significance::Exact | Significance::Unknown { .. } => true,
            Significance::Sampled { p_growth, .. } => *p_growth <= alpha,
        }
    }
}

/// The samples of a metric in a comparison.
pub(super) struct Evidence<'a> {
    diff: &'a Diff,
    sampling: Sampling,
}

impl<'a> Evidence<'a> {
    pub fn new(diff: &'a Diff, metric: usize, span: Span, regime: Option<Regime>) -> Self {
        // A recorded baseline is no snapshot of the process it is compared with.
        let is_recorded = span.from.is_some_and(|from| diff.snapshots[from].header.baseline.is_some());
        let regime = if is_recorded { Some(Regime::Independent) } else { regime };
        Self { diff, sampling: Sampling::new(diff, metric, span, regime) }
    }

    /// What the samples of these entries say of their growth.
    pub fn of(&self, growth: i64, entries: impl Iterator<Item = usize>, alpha: f64) -> Significance {
        match self.sampling.test(growth, &self.sampling.moments(entries)) {
            Some(test) => self.sampled(&test, alpha),
            None => self.unknown(),
        }
    }

    /// What the samples of these entries say of the excess of their value over a limit.
    pub fn of_excess(&self, value: i64, most: i64, entries: impl Iterator<Item = usize>, alpha: f64) -> Significance {
        let Some(test) = self.sampling.test(value, &self.sampling.moments(entries)) else { return self.unknown() };
        // The value over its error is known, and so the error.
        let z = test.z.filter(|z| *z > 0.0).map(|z| value.saturating_sub(most) as f64 * z / value as f64);
        let certain = |happened: bool| if happened { 0.0 } else { 1.0 };
        let p_growth = z.map_or(certain(value > most), normal_tail);
        let p_shrink = z.map_or(certain(value < most), |z| normal_tail(-z));
        self.sampled(&Test { z, p_growth, p_shrink, ..test }, alpha)
    }

    /// What the samples of each stack say of its growth; and the probability by chance up to which growth is real, so
    /// that of what is called so at most the share `alpha` is expected to be noise.
    pub fn of_stacks(
        &self,
        growth: &[i64],
        entries: impl Iterator<Item = usize>,
        alpha: f64,
    ) -> (Vec<Significance>, f64) {
        let mut moments = vec![Moments::default(); growth.len()];
        for entry in entries {
            moments[self.diff.stack_of(entry)].add(&self.sampling.of_entry(entry));
        }
        let test = |(growth, moments): (&i64, &Moments)| self.sampling.test(*growth, moments);
        let Some(tests) = growth.iter().zip(&moments).map(test).collect::<Option<Vec<Test>>>() else {
            return (vec![self.unknown(); growth.len()], alpha);
        };
        let critical = critical_p(&tests, |test| test.p_growth, alpha);
        (tests.iter().map(|test| self.sampled(test, critical)).collect(), critical)
    }

    fn unknown(&self) -> Significance {
        match self.sampling.basis() {
            Basis::Unknown(reason) => Significance::Unknown { reason },
            Basis::Exact | Basis::Sampled(_) => Significance::Exact,
        }
    }

    /// In a word, as the gate decides: with a bound of `critical` for what is real.
    fn sampled(&self, test: &Test, critical: f64) -> Significance {
        if self.sampling.basis() == Basis::Exact {
            return Significance::Exact;
        }
        let Test { z, p_growth, p_shrink, low, high, .. } = *test;
        let verdict = match p_growth.min(p_shrink) {
            p if p > critical => Verdict::Noise,
            p if p > CERTAIN => Verdict::Likely,
            _ => Verdict::Certain,
        };
        Significance::Sampled { verdict, z, p_growth, low, high }
    }
}

/// How many times as many samples would make a growth significant whose probability by chance is `p_growth`, if it is
/// as large as it seems: the relative standard error falls with the square root of their number. `None` where it is
/// significant already, or so likely that no number would.
pub fn settles_with(p_growth: f64, alpha: f64) -> Option<f64> {
    const HOPELESS: f64 = 0.49;
    (p_growth > alpha && p_growth < HOPELESS).then(|| (quantile(alpha) / quantile(p_growth)).powi(2))
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
