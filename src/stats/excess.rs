//! Does a growth exceed what is allowed, or can sampling alone have made it?
//!
//! In: by how much a growth lies above a limit, and the samples behind it. Out: how likely that is where the growth is
//! within; and the least excess that would not be. Invariant: the probability falls as the excess rises, so that a higher
//! limit is never exceeded more surely.
//! Knows nothing of how limits are written.
//!
//! A limit may be a share `s` of what was before, `B`. Then the sum in question is `came - (1 + s) went - s B'`, where
//! `B'` is what stayed. If the limit just holds, `came` is on average `(1 + s) went`, and given both numbers together
//! their difference has the variance `(1 + s) (v(came) + v(went))`; what stayed adds `s² v(B')`. Without a share that is
//! the test of a change against zero, moved by the limit. Beyond the limit it is on the cautious side.

use super::statistics::normal_tail;
use super::{Basis, Moments, Sampling};

impl Sampling {
    /// How likely sampling alone makes a growth exceed by `excess` what allows the share `share` of what was before,
    /// where it is within; `None` where the error is unknown.
    pub fn chance_of_excess(&self, excess: f64, share: f64, moments: &Moments) -> Option<f64> {
        let certainly = if excess > 0.0 { 0.0 } else { 1.0 };
        let counts = match (self.basis, &self.counts) {
            (Basis::Unknown(_), _) => return None,
            (Basis::Sampled(_), Some((counts, _))) => counts,
            _ => return Some(certainly),
        };
        let (came, went) = moments.variances();
        let (changed, stayed) = (came + went, share.powi(2) * moments.stayed());
        Some(match (moments.is_exact(), stayed > 0.0) {
            (true, false) => certainly,
            (true, true) => normal_tail(excess / (stayed * counts.spread).sqrt()),
            (false, _) => {
                let wider = 1.0 + share + stayed / changed;
                self.tail(counts, excess / wider.sqrt(), moments)
            }
        })
    }

    /// The least excess that sampling alone makes with a probability of at most `alpha`; `None` where the error is
    /// unknown.
    pub fn least_excess(&self, alpha: f64, share: f64, moments: &Moments) -> Option<f64> {
        let is_real = |excess: f64| self.chance_of_excess(excess, share, moments).map(|chance| chance <= alpha);
        let (mut low, mut high) = (0.0, 1.0);
        // No profile holds 2^63 of anything.
        while !is_real(high)? && high < i64::MAX as f64 {
            (low, high) = (high, high * 2.0);
        }
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if is_real(middle)? { high = middle } else { low = middle }
        }
        Some(high)
    }
}
