//! Is growth real? What the sampling room says of it, in the terms of a gate.
//!
//! In: the comparison and the entries whose growth is in question. Out: a [`Significance`].
//! Invariant: nothing is made up: where the sampling error is not known, that is what it says.

use crate::analyze;
use crate::diff::Diff;

use super::Span;

/// What the samples say of a growth.
#[derive(Debug, Clone, PartialEq)]
pub enum Significance {
    /// Nothing was sampled: the growth is what it is.
    Exact,
    /// The sampling error cannot be told.
    Unknown {
        /// Why.
        reason: String,
    },
    /// The growth is an estimate.
    Sampled {
        /// What they say in a word.
        verdict: analyze::Verdict,
        /// Growth over its standard error; `None` where it has none.
        z: Option<f64>,
        /// Probability of as much growth or more where nothing grew.
        p_growth: f64,
        /// Lower end of the 95 % interval of the growth.
        low: i64,
        /// Upper end of the 95 % interval of the growth.
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
pub(super) struct Evidence {
    is_exact: bool,
}

impl Evidence {
    pub fn new(diff: &Diff, metric: usize, _span: Span) -> Self {
        let name = diff.metrics[metric].metric.canonical_name();
        Self { is_exact: !name.starts_with("inuse_") && !name.starts_with("alloc_") }
    }

    /// What the samples of these entries say of their growth.
    pub fn of(&self, _growth: i64, _entries: impl Iterator<Item = usize>) -> Significance {
        match self.is_exact {
            true => Significance::Exact,
            false => Significance::Unknown { reason: "not computed".to_owned() },
        }
    }

    /// What the samples of these entries say of the excess of their value over a limit.
    pub fn of_excess(&self, value: i64, most: i64, entries: impl Iterator<Item = usize>) -> Significance {
        self.of(value - most, entries)
    }

    /// What the samples of each stack say of its growth.
    pub fn of_stacks(&self, _diff: &Diff, growth: &[i64]) -> Vec<Significance> {
        growth.iter().map(|growth| self.of(*growth, std::iter::empty())).collect()
    }
}

/// The probability by chance up to which growths tested together are real, so that the share of false ones is bounded.
pub(super) fn critical(_significances: &[Significance], alpha: f64) -> f64 {
    alpha
}

/// How many times as many samples would make a growth significant whose probability by chance is `p_growth`, if it is
/// as large as it seems: the relative standard error falls with the square root of their number. `None` where it is
/// significant already, or so likely that no number would.
pub fn settles_with(p_growth: f64, alpha: f64) -> Option<f64> {
    const HOPELESS: f64 = 0.49;
    (p_growth > alpha && p_growth < HOPELESS).then(|| (quantile(alpha) / quantile(p_growth)).powi(2))
}

/// The z at which a one-sided normal test reaches a probability of error, by bisection of the complementary error
/// function in the form of Abramowitz and Stegun 7.1.26, whose error is below 2e-7.
fn quantile(alpha: f64) -> f64 {
    let tail = |z: f64| {
        let x = z / std::f64::consts::SQRT_2;
        let t = 1.0 / (1.0 + 0.327_591_1 * x);
        let series = ((((1.061_405_429 * t - 1.453_152_027) * t + 1.421_413_741) * t - 0.284_496_736) * t
            + 0.254_829_592)
            * t;
        0.5 * series * (-x * x).exp()
    };
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if tail(middle) > alpha { low = middle } else { high = middle }
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
        let times = settles_with(0.205_423, 0.05).expect("a number");
        assert!((times - 4.0).abs() < 1e-3, "{times}");
        assert_eq!(settles_with(0.04, 0.05), None);
        assert_eq!(settles_with(0.5, 0.05), None);
    }
}
