//! What the samples of a set of entries add up to.
//!
//! In: counts of entries. Out: [`Moments`]: variances and the weights of samples. Invariant: sums of integers, so that
//! they are the same in whatever order entries are added.
//! Knows nothing of verdicts.

use crate::model::hash::HashMap;

use super::counts::{Counts, chance};

/// Fixed point: a unit is 2^-16.
const ONE: f64 = 65_536.0;

/// What one sample of an entry adds to the sums, before and after. Sizes of blocks are few and logarithms are slow: it is
/// worked out once for each size.
pub(super) struct Weights {
    of_sizes: Vec<[Moments; 2]>,
    /// The number of the size of each entry.
    size_of: Vec<u32>,
}

/// Sums over samples. A sample stands for `w` units of the metric, and a block is missed with the probability `q`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    /// Variance of what came: the sum of `w² q`.
    came: u128,
    /// Variance of what went.
    went: u128,
    /// Variance of what stayed.
    stayed: u128,
    /// Of both that changed, the sum of `w q`.
    weight: u128,
    /// Of both, the sum of `w² q²`.
    missed: u128,
    /// The largest `w q` of any entry, changed or not.
    grain: u128,
}

impl Moments {
    /// Adds those of another set of entries.
    pub fn add(&mut self, other: &Self) {
        self.came = self.came.saturating_add(other.came);
        self.went = self.went.saturating_add(other.went);
        self.stayed = self.stayed.saturating_add(other.stayed);
        self.weight = self.weight.saturating_add(other.weight);
        self.missed = self.missed.saturating_add(other.missed);
        self.grain = self.grain.max(other.grain);
    }

    /// What samples add for each size of a block; `of_objects` where the metric counts blocks, not bytes.
    pub(super) fn weights(counts: &Counts, of_objects: bool) -> Weights {
        let sides = [(counts.periods.0, counts.runs.0), (counts.periods.1, counts.runs.1)];
        // Number 0 is that of entries without samples.
        let mut of_sizes = vec![[Self::default(); 2]];
        let mut numbers: HashMap<u32, u32> = HashMap::from_iter([(0_f32.to_bits(), 0)]);
        let (mut last, mut number) = (0.0, 0);
        let number_of = |size: &f32| {
            // Successive entries often have blocks of one size.
            if *size != last {
                last = *size;
                number = *numbers.entry(size.to_bits()).or_insert_with(|| {
                    let of_sample = |(period, runs)| Self::of_sample(f64::from(*size), period, runs, of_objects);
                    of_sizes.push(sides.map(of_sample));
                    of_sizes.len() as u32 - 1
                });
            }
            number
        };
        let size_of = counts.sizes.iter().map(number_of).collect();
        Weights { of_sizes, size_of }
    }

    /// One sample that came. Of a mean over several runs it is a part.
    fn of_sample(size: f64, period: f64, runs: usize, of_objects: bool) -> Self {
        let amount = if of_objects { 1.0 } else { size } / runs as f64;
        let (weight, missed) = (amount / chance(size, period), (-size / period).exp());
        // Bounded, so that the product with a number of samples fits.
        let fixed = |value: f64| ((value * ONE).round() as u128).min(1 << 90);
        Self {
            came: fixed(weight * weight * missed),
            went: 0,
            stayed: 0,
            weight: fixed(weight * missed),
            missed: fixed(weight * weight * missed * missed),
            grain: fixed(weight * missed),
        }
    }

    /// Those of one entry.
    pub(super) fn of(counts: &Counts, weights: &Weights, entry: usize) -> Self {
        let [before, after] = &weights.of_sizes[weights.size_of[entry] as usize];
        let (came, went) = (u128::from(counts.came[entry]), u128::from(counts.went[entry]));
        Self {
            came: after.came * came,
            went: before.came * went,
            stayed: before.came * u128::from(counts.stayed[entry]),
            weight: after.weight * came + before.weight * went,
            missed: after.missed * came + before.missed * went,
            grain: after.grain.max(before.grain),
        }
    }

    /// Whether no sample came or went that could have been missed, but for less than a byte's worth.
    pub(super) fn is_exact(&self) -> bool {
        (self.came == 0 && self.went == 0) || self.weight == 0 || self.missed == 0
    }

    /// Variance of what came and of what went.
    pub(super) fn variances(&self) -> (f64, f64) {
        (self.came as f64 / ONE, self.went as f64 / ONE)
    }

    /// Variance of what stayed.
    pub(super) fn stayed(&self) -> f64 {
        self.stayed as f64 / ONE
    }

    /// Variance per unit of what changed; where nothing did, of a unit that might have.
    pub(super) fn grain(&self) -> f64 {
        if self.weight == 0 { self.grain as f64 / ONE } else { self.missed as f64 / self.weight as f64 }
    }

    /// What a sample stands for, how often a block is missed, and how many samples changed: of equal samples with the
    /// same variance.
    pub(super) fn typical_sample(&self) -> TypicalSample {
        let (came, went) = self.variances();
        let variance = came + went;
        let weight = variance / (self.weight as f64 / ONE);
        let missed = (self.missed as f64 / ONE / variance).min(1.0);
        TypicalSample { weight, missed, samples: variance / (weight * weight * missed) }
    }
}

/// Many samples of different weights as if they were equal.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypicalSample {
    pub weight: f64,
    pub missed: f64,
    pub samples: f64,
}
