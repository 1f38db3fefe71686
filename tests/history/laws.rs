//! What holds of any series, whatever it is of.

use leakdiff::stats::{Change, Course, Curve};
use proptest::prelude::*;

use crate::world::{Chance, SAMPLE, STEADY, Seen, said, seen};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// No number is without sense, and the rate lies in its interval.
    #[test]
    fn every_series_has_a_trend(
        values in prop::collection::vec(-(1_i64 << 40)..1 << 40, 0..40),
        steps in prop::collection::vec(1_u32..100_000, 40),
        sample in prop_oneof![Just(1.0), Just(524_288.0), Just(1e12)],
        kept in prop_oneof![Just(None), (-2.0..3.0_f64).prop_map(Some)],
        change in prop_oneof![Just(Change::Real), Just(Change::Noise), Just(Change::Unknown)],
    ) {
        let times: Vec<f64> = steps.iter().take(values.len()).scan(0.0, |time, step| {
            *time += f64::from(*step);
            Some(*time)
        }).collect();
        let trend = Curve { values: &values, times: &times, sample, kept, change }.trend();
        if let Some(rate) = trend.rate {
            prop_assert!(rate.value.is_finite() && rate.low.is_finite() && rate.high.is_finite());
            prop_assert!(rate.low <= rate.value && rate.value <= rate.high, "{trend:?}");
        }
        prop_assert!(trend.decide_in.is_none_or(|seconds| seconds.is_finite() && seconds > 0.0));
        prop_assert!(values.len() > 2 || trend.course == Course::Undecided);
    }
}

/// A steady leak of which the first snapshots show that it grows is not said to have stopped once more of them are there.
#[test]
fn more_snapshots_say_no_less() {
    let mut chance = Chance::new(7);
    let (mut growing, mut stopped) = (0, 0);
    for _ in 0..400 {
        let whole = seen(&STEADY, 12, 48.0, &mut chance);
        let curve = |count: usize| Curve {
            values: &whole.values[..count],
            times: &whole.times[..count],
            sample: SAMPLE as f64,
            kept: Some(1.0),
            change: Change::Real,
        };
        if curve(8).trend().course == Course::Growing {
            growing += 1;
            stopped += usize::from(said(&whole) == Course::Stopped);
        }
    }
    assert!(growing >= 300 && stopped * 100 <= growing, "{growing} grew, of which {stopped} stopped");
}

/// The interval of the rate is one of 90 %: it holds the true one that often, also with two snapshots and few samples.
#[test]
fn the_interval_holds_the_true_rate() {
    let mut chance = Chance::new(23);
    for (snapshots, samples) in [(2, 8.0), (2, 32.0), (3, 8.0), (6, 8.0), (6, 32.0), (12, 128.0)] {
        let truth = samples * SAMPLE as f64 / (600.0 * (snapshots - 1) as f64);
        let holds = |_: &u32| {
            let Seen { values, times, kept, .. } = seen(&STEADY, snapshots, samples, &mut chance);
            let curve = Curve { values: &values, times: &times, sample: SAMPLE as f64, kept, change: Change::Real };
            curve.trend().rate.is_some_and(|rate| rate.low <= truth && truth <= rate.high)
        };
        let held = (0..1000).filter(holds).count();
        println!("{snapshots} snapshots, {samples} samples: {held} of 1000");
        assert!(held >= 870, "{snapshots} snapshots, {samples} samples: {held} of 1000");
    }
}

/// Waiting for as long as it says decides in most cases.
#[test]
fn the_time_to_wait_is_long_enough() {
    let mut chance = Chance::new(11);
    let (mut waited, mut decided) = (0, 0);
    for _ in 0..600 {
        // Six snapshots of which only three are seen at first.
        let whole = seen(&STEADY, 13, 52.0, &mut chance);
        let first = Curve {
            values: &whole.values[..4],
            times: &whole.times[..4],
            sample: SAMPLE as f64,
            kept: Some(1.0),
            change: Change::Real,
        };
        let trend = first.trend();
        let Some(seconds) = trend.decide_in else { continue };
        let Some(until) = whole.times.iter().position(|time| *time >= whole.times[3] + seconds) else { continue };
        waited += 1;
        let later = Curve { values: &whole.values[..=until], times: &whole.times[..=until], ..first };
        decided += usize::from(later.trend().course == Course::Growing);
    }
    assert!(waited >= 50 && decided * 10 >= waited * 7, "{decided} of {waited}");
}

/// Hundreds of snapshots are as good as a dozen, and take no time.
#[test]
fn five_hundred_snapshots() {
    let mut chance = Chance::new(3);
    let growing = (0..20).filter(|_| said(&seen(&STEADY, 500, 32.0, &mut chance)) == Course::Growing).count();
    assert!(growing >= 18, "{growing} of 20");
}
