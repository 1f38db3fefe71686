//! Does a series grow faster than it may?
//!
//! In: a diff of a series, what the allow-list set aside, the probability of a false alarm. Out: the present rate of the
//! newest process, and how it stands to a limit. Invariant: a limit is exceeded where the lower end of the rate exceeds it;
//! where only the estimate does, or there are fewer than three snapshots, nothing is concluded.

use crate::diff::Diff;
use crate::model::Series;
use crate::stats::{Evidence, Grain, History, Rate, Regime, Sampling, Span, Verdict};

use super::significance::Significance;
use super::{Bound, Outcome};

/// A rate per second as a number per hour.
pub(super) fn per_hour(rate: f64) -> i64 {
    (rate * 3600.0).round() as i64
}

/// The present rate of a metric, per second; `None` where it cannot be told.
pub(super) fn rate(diff: &Diff, metric: usize, aside: &[bool], regime: Option<Regime>, alpha: f64) -> Option<Rate> {
    let history = History::new(diff, metric, regime);
    if !history.is_told() {
        return None;
    }
    let newest = diff.snapshots.len() - 1;
    let first = history.segment().start;
    let sum = |snapshot: usize| {
        let values = diff.entry_of_row(snapshot).iter().zip(diff.row_values(metric, snapshot));
        values.filter(|(entry, _)| !aside[**entry as usize]).map(|(_, value)| value).sum()
    };
    let values = Series((0..=newest).map(sum).collect());
    let sampling = Sampling::new(diff, metric, Span { from: Some(first), to: newest }, regime);
    let mut grain = Grain::default();
    let (old, new) = (diff.column(metric, first), diff.column(metric, newest));
    for entry in (0..diff.entry_count()).filter(|entry| !aside[*entry]) {
        grain.add(&sampling, diff, entry, new[entry] - old[entry]);
    }
    history.rate(&values, grain, alpha)
}

/// How a rate stands to a limit per hour.
pub(super) fn ruling(rate: Option<&Rate>, bound: &Bound) -> (Outcome, Significance) {
    let Some(rate) = rate else {
        return (Outcome::Inconclusive, Significance::Unknown { reason: "there are fewer than three snapshots" });
    };
    let [value, low, high] = [rate.value, rate.low, rate.high].map(per_hour);
    let outcome = match () {
        () if value <= bound.most => Outcome::Pass,
        () if low > bound.most => Outcome::Fail,
        () => Outcome::Inconclusive,
    };
    let verdict = if low > 0 { Verdict::Certain } else { Verdict::Noise };
    let evidence = Evidence { verdict, z: None, low, high };
    (outcome, Significance::Sampled { evidence, chance: 0.5, at_least: low, spread: 1.0, is_one_process: true })
}
