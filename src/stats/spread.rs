//! How much more runs of one build differ than sampling alone makes them.
//!
//! In: the samples of each run of each side. Out: one factor for the variance of every sum. Invariant: 1 or more; 1 where
//! no side has two runs.
//! Knows nothing of what is compared with what.
//!
//! Of `n` blocks a run samples a binomial number with the variance `n p q`. What two runs keep differs a little besides:
//! by timing, by load, by the collector. The variance of the whole between runs over the binomial one says by how much,
//! estimated from the stacks one by one and summed up over all of them, so that two runs already tell: a test of each
//! limit on its own would have a single degree of freedom.

/// What the runs of one side show, summed over all stacks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Deviations {
    /// Squared deviations of the number of samples from its mean over the runs.
    squares: f64,
    /// What sampling alone is expected to make of that.
    expected: f64,
}

impl Deviations {
    /// Of the counts of each run by entry, given the stack of an entry and how often a block of it is missed.
    pub fn new(
        runs: &[Vec<u32>],
        stacks: usize,
        stack_of: impl Fn(usize) -> usize,
        missed: impl Fn(usize) -> f64,
    ) -> Self {
        if runs.len() < 2 {
            return Self::default();
        }
        let count = runs.len() as f64;
        let mut sums = vec![0.0; stacks * runs.len()];
        let mut expected = 0.0;
        for entry in 0..runs[0].len() {
            let at = stack_of(entry) * runs.len();
            let mut samples = 0.0;
            for (sum, run) in sums[at..at + runs.len()].iter_mut().zip(runs) {
                *sum += f64::from(run[entry]);
                samples += f64::from(run[entry]);
            }
            if samples > 0.0 {
                expected += (count - 1.0) * missed(entry) * samples / count;
            }
        }
        let of_stack = |sums: &[f64]| {
            let mean = sums.iter().sum::<f64>() / count;
            sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f64>()
        };
        Self { squares: sums.chunks(runs.len()).map(of_stack).sum(), expected }
    }
}

/// The factor that both sides together tell.
pub(super) fn factor(sides: [Deviations; 2]) -> f64 {
    let [squares, expected] = [sides.map(|side| side.squares), sides.map(|side| side.expected)];
    let (squares, expected): (f64, f64) = (squares.iter().sum(), expected.iter().sum());
    if expected > 0.0 { (squares / expected).max(1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(runs: &[Vec<u32>], missed: f64) -> f64 {
        let side = Deviations::new(runs, runs[0].len(), |entry| entry, |_| missed);
        factor([side, Deviations::default()])
    }

    #[test]
    fn it_is_the_variance_between_runs_over_that_of_sampling() {
        // Means 100 and 10, squared deviations 2 * 20^2 and 2 * 2^2, expected 100 + 10.
        assert!((spread(&[vec![80, 8], vec![120, 12]], 1.0) - 808.0 / 110.0).abs() < 1e-12);
        // Blocks that are sampled every other time scatter half as much.
        assert!((spread(&[vec![80, 8], vec![120, 12]], 0.5) - 808.0 / 55.0).abs() < 1e-12);
    }

    #[test]
    fn it_is_never_below_one() {
        assert_eq!(spread(&[vec![100], vec![101]], 1.0), 1.0);
        assert_eq!(spread(&[vec![0, 0], vec![0, 0]], 1.0), 1.0);
        assert_eq!(spread(&[vec![7, 9]], 1.0), 1.0);
    }
}
