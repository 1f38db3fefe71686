//! The statistics of sampled counts.
//!
//! In: sums over samples. Out: probabilities and intervals. Invariant: pure functions, finite for any finite input.
//! Knows nothing of profiles.
//!
//! Every block of memory is sampled on its own with a probability `p`, and a sample stands for `w` units of the metric
//! (`w = size / p` bytes). So the number `n` of samples of `N` blocks is binomial, `n w` estimates the memory, and its
//! variance is estimated by `w² (1 - p) n`.

/// The 97.5 % quantile of the normal distribution: half of what a 95 % interval leaves out.
const Z95: f64 = 1.959_963_984_540_054;

/// Pairs up to which the test is exact; beyond, the normal distribution is the same to three digits.
const EXACT_PAIRS: f64 = 100.0;

/// The upper tail of the standard normal distribution, `P(Z >= z)`, to 1e-7 relative.
///
/// By the continued fraction of Laplace for large `z`, and by the series of the error function for small.
pub fn normal_tail(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - normal_tail(-z);
    }
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if z > 3.0 {
        let fraction = (1..=60).rev().fold(z, |fraction, k| z + f64::from(k) / fraction);
        return density / fraction;
    }
    let (mut term, mut sum) = (z, z);
    for k in 1..60 {
        term *= z * z / f64::from(2 * k + 1);
        sum += term;
    }
    0.5 - density * sum
}

/// How many standard deviations are exceeded with a probability of at most `tail`, which is below one half.
pub(super) fn normal_quantile(tail: f64) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if normal_tail(middle) > tail { low = middle } else { high = middle }
    }
    high
}

/// How likely it is that equally many blocks came as went (or that two runs hold equally many) and yet the samples
/// show a surplus of `surplus` among `samples` of them, or a larger one. One-sided; `missed` is `1 - p`.
///
/// Under that hypothesis the blocks form pairs, one of either side. A pair of which at least one is sampled shows a
/// surplus of +1 or -1 with probability `(1 - p) / (2 - p)` each, else 0 because both were sampled. Where `p` is small
/// this is the exact conditional (binomial, 1/2) test of two Poisson counts; where it is near 1 every surplus is real.
pub(super) fn pair_test(surplus: f64, samples: f64, missed: f64) -> f64 {
    if surplus <= 0.0 {
        return if surplus < 0.0 { 1.0 - pair_test(-surplus, samples, missed) } else { 0.5 };
    }
    let pairs = (samples * (1.0 + missed) / 2.0).max(surplus);
    let one_side = missed / (1.0 + missed);
    if pairs > EXACT_PAIRS {
        return normal_tail(surplus / (samples * missed).sqrt());
    }
    let (pairs, surplus) = (pairs.round() as usize, surplus.round() as usize);
    if surplus >= pairs {
        return one_side.powi(pairs as i32);
    }
    // The distribution of the surplus after each pair, from -pairs to +pairs, with a place more on either side.
    let mut now = vec![0.0; 2 * pairs + 3];
    let mut next = now.clone();
    now[pairs + 1] = 1.0;
    for _ in 0..pairs {
        for (next, chances) in next[1..].iter_mut().zip(now.windows(3)) {
            *next = chances[1] * (1.0 - 2.0 * one_side) + (chances[0] + chances[2]) * one_side;
        }
        std::mem::swap(&mut now, &mut next);
    }
    now[pairs + 1 + surplus..].iter().sum()
}

/// How far the 95 % score interval of a sum of samples reaches below and above it.
///
/// Solves `(x - X)² = z² Var(X)` for the true `X` (Wilson's interval for counts): with the variance `v` of the sum and
/// `grain` its variance per unit, `x + z² grain / 2 ± z sqrt(v + z² grain² / 4)`. Where nothing was sampled it still
/// reaches up to `z² grain`.
fn score_reach(variance: f64, grain: f64) -> (f64, f64) {
    let middle = Z95 * Z95 * grain / 2.0;
    let half = (Z95 * Z95 * variance + middle * middle).sqrt();
    (half - middle, half + middle)
}

/// The 95 % interval of a difference: what came, with variance `came`, minus what went, with variance `went`.
///
/// From the score intervals of both sides by the square-and-add method of Newcombe (1998).
pub(super) fn difference_interval(difference: f64, came: f64, went: f64, grain: f64) -> (f64, f64) {
    let ((came_down, came_up), (went_down, went_up)) = (score_reach(came, grain), score_reach(went, grain));
    (difference - came_down.hypot(went_up), difference + came_up.hypot(went_down))
}

/// The largest p-value to call real so that of those called so at most the share `rate` is expected to be noise
/// (Benjamini and Hochberg, 1995); 0 when there is none.
pub(super) fn false_discovery(p_values: &mut [f64], rate: f64) -> f64 {
    p_values.sort_unstable_by(f64::total_cmp);
    let count = p_values.len() as f64;
    let bound = |rank: usize| (rank + 1) as f64 * rate / count;
    let last = (0..p_values.len()).rev().find(|rank| p_values[*rank] <= bound(*rank));
    last.map_or(0.0, bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-6 * b.abs().max(1e-12)
    }

    #[test]
    fn tails_of_the_normal_distribution_are_those_of_the_tables() {
        for (z, tail) in [
            (0.0, 0.5),
            (1.0, 0.158_655_253_931_457),
            (1.959_963_984_540_054, 0.025),
            (3.0, 0.001_349_898_031_630_1),
            (3.1, 0.000_967_603_213_218_36),
            (6.0, 9.865_876_450_376_98e-10),
            (-1.0, 0.841_344_746_068_543),
        ] {
            assert!(close(normal_tail(z), tail), "{z}: {} {tail}", normal_tail(z));
        }
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (tail, z) in [(0.05, 1.644_853_627), (0.025, Z95), (0.001, 3.090_232_306), (1e-6, 4.753_424_309)] {
            assert!((normal_quantile(tail) - z).abs() < 1e-6, "{tail}: {}", normal_quantile(tail));
        }
    }

    #[test]
    fn small_counts_are_tested_by_the_binomial_distribution() {
        // Five new samples and none gone: 1 / 2^5.
        assert!(close(pair_test(5.0, 5.0, 1.0), 1.0 / 32.0));
        // Seven against one: (1 + 8) / 2^8.
        assert!(close(pair_test(6.0, 8.0, 1.0), 9.0 / 256.0));
        // One sample is nothing.
        assert!(close(pair_test(1.0, 1.0, 1.0), 0.5));
    }

    #[test]
    fn a_block_that_is_always_sampled_is_real() {
        assert!(pair_test(1.0, 1.0, 0.0) < 1e-12);
        // 1 MiB at a rate of 512 KiB: as likely as to miss its fellow.
        let missed = (-2.0_f64).exp();
        assert!(close(pair_test(1.0, 1.0, missed), missed / (1.0 + missed)));
    }

    #[test]
    fn no_surplus_is_as_likely_as_not_and_a_deficit_the_mirror_image() {
        assert_eq!(pair_test(0.0, 10.0, 1.0), 0.5);
        assert!(close(pair_test(-5.0, 5.0, 1.0), 1.0 - 1.0 / 32.0));
        assert!(close(pair_test(-30.0, 200.0, 1.0), 1.0 - pair_test(30.0, 200.0, 1.0)));
    }

    #[test]
    fn blocks_that_are_sampled_every_other_time_pair_up_more_often() {
        // Eight samples are six pairs that show +1, 0 or -1 with a third each: of 729 ways 28 come to 4 or more.
        assert!(close(pair_test(4.0, 8.0, 0.5), 28.0 / 729.0));
    }

    #[test]
    fn large_counts_are_tested_by_the_normal_distribution() {
        assert!(close(pair_test(30.0, 200.0, 1.0), normal_tail(30.0 / 200.0_f64.sqrt())));
        // The exact tail of 150 pairs that show +1, 0 or -1 with a third each is 0.0255 at 20.
        let normal = pair_test(20.0, 200.0, 0.5);
        assert!(close(normal, normal_tail(2.0)) && (normal / 0.0255 - 1.0).abs() < 0.15, "{normal}");
        // A surplus of half the blocks is no smaller for being tested so.
        assert!(pair_test(60.0, 200.0, 1.0) < pair_test(59.0, 200.0, 1.0));
    }

    #[test]
    fn the_exact_test_meets_the_normal_one() {
        let exact = pair_test(25.0, 99.0, 1.0);
        let normal = normal_tail((25.0 - 1.0) / 99.0_f64.sqrt());
        assert!((exact / normal - 1.0).abs() < 0.05, "{exact} {normal}");
        // Of 2^100 ways so many that 65 or more are on one side.
        assert!(close(pair_test(30.0, 100.0, 1.0), 0.001_758_820_861_485_079));
    }

    #[test]
    fn an_interval_of_nothing_seen_reaches_up_to_what_may_have_been_missed() {
        let (low, high) = difference_interval(0.0, 0.0, 0.0, 1.0);
        assert!(close(high, Z95 * Z95) && close(low, -Z95 * Z95));
    }

    #[test]
    fn false_discoveries_are_bounded_as_in_the_paper() {
        // The example of Benjamini and Hochberg (1995), 15 comparisons at 0.05: four are called real.
        let mut p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let bound = false_discovery(&mut p, 0.05);
        assert_eq!(p.iter().filter(|p| **p <= bound).count(), 4);
        assert_eq!(false_discovery(&mut [0.9, 0.8], 0.05), 0.0);
    }
}
