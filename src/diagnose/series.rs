//! Whether growth repeats: a leak goes on, a cache fills up, work in flight goes up and down.
//!
//! In: the values of a series and the sampling errors of its intervals. Out: whether it grows like a leak.
//! Invariant: decided by what the samples can tell; with two snapshots there is nothing to decide.

use crate::diff::Diff;
use crate::model::Series;
use crate::stats::{LIKELY, Regime, Sampling, Span};

/// The sampling errors of all intervals of a series, and of its last half.
pub(super) struct History {
    intervals: Vec<Sampling>,
    last_half: Sampling,
    middle: usize,
    /// When each snapshot was taken, or its number.
    times: Vec<f64>,
}

/// The rate of the last half must be this share of that of the first: less is a cache that has nearly filled up.
const STEADY: f64 = 0.25;
/// The share of all intervals that may stand still.
const PAUSES: f64 = 0.2;
/// The share of all that rose that may fall again.
const FALLS: f64 = 0.25;
/// Where less than this share of what was allocated was kept, work in flight may have grown by chance.
const TRANSIENT: f64 = 1.0 / 3.0;
/// How likely chance alone may make a rise that still counts as one: that the whole is real has been tested before.
const RISE: f64 = 0.15;

impl History {
    /// The history of a diff; `None` with fewer than three snapshots, or a recorded baseline among them.
    pub fn new(diff: &Diff, regime: Option<Regime>) -> Option<Self> {
        let newest = diff.snapshots.len().checked_sub(1).filter(|newest| *newest >= 2)?;
        // A baseline is of no process, and growth since it need not go on.
        if diff.snapshots.iter().any(|snapshot| snapshot.header.baseline.is_some()) {
            return None;
        }
        let sampling = |from, to| Sampling::new(diff, diff.metric, Span { from: Some(from), to }, regime);
        let times = times(diff);
        let half = (times[0] + times[newest]) / 2.0;
        let distance = |at: &usize| (times[*at] - half).abs();
        let middle = (1..newest).min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        Some(Self {
            intervals: (0..newest).map(|from| sampling(from, from + 1)).collect(),
            last_half: sampling(middle, newest),
            middle,
            times,
        })
    }

    /// Whether entries with these values together grow like a leak, of which `kept_ratio` was kept of what was allocated.
    pub fn repeats(&self, values: &Series, entries: &[usize], kept_ratio: Option<f64>) -> bool {
        let Series(values) = values;
        let newest = values.len() - 1;
        let last = values[newest] - values[self.middle];
        let moments = self.last_half.moments(entries.iter().copied());
        let goes_on = self.last_half.test(last, &moments).is_none_or(|test| test.p_growth < LIKELY);
        let rate = |from: usize, to: usize| {
            (values[to] - values[from]) as f64 / (self.times[to] - self.times[from]).max(f64::MIN_POSITIVE)
        };
        let is_steady = rate(self.middle, newest) >= STEADY * rate(0, self.middle);
        let is_transient = kept_ratio.is_some_and(|kept| kept < TRANSIENT);
        let is_seen = !is_transient || self.always_rises(values, entries);
        goes_on && is_steady && is_seen && !self.pauses(values, entries) && !self.falls(values, entries)
    }

    /// Whether the samples show growth in every interval.
    fn always_rises(&self, values: &[i64], entries: &[usize]) -> bool {
        values.windows(2).zip(&self.intervals).all(|(pair, sampling)| {
            let test = sampling.test(pair[1] - pair[0], &sampling.moments(entries.iter().copied()));
            test.map_or(pair[1] > pair[0], |test| test.p_growth < RISE)
        })
    }

    /// The most that the growth of an interval can be, as far as the samples tell.
    fn most(&self, interval: usize, delta: i64, entries: &[usize]) -> i64 {
        let sampling = &self.intervals[interval];
        sampling.test(delta, &sampling.moments(entries.iter().copied())).map_or(delta, |test| test.high)
    }

    /// Whether it stands still in too many intervals, as far as can be told.
    fn pauses(&self, values: &[i64], entries: &[usize]) -> bool {
        let newest = values.len() - 1;
        let mean = (values[newest] - values[0]) as f64 / newest as f64;
        let stands_still = |at: &usize| {
            let delta = values[at + 1] - values[*at];
            (self.most(*at, delta, entries) as f64) < STEADY * mean
        };
        let paused = (0..newest).filter(stands_still).count();
        paused as f64 > PAUSES * newest as f64
    }

    /// Whether too much of what rose falls again, beyond what sampling makes.
    fn falls(&self, values: &[i64], entries: &[usize]) -> bool {
        let (mut risen, mut fallen) = (0.0, 0.0);
        for (at, pair) in values.windows(2).enumerate() {
            let delta = pair[1] - pair[0];
            risen += delta.max(0) as f64;
            fallen += (-self.most(at, delta, entries)).max(0) as f64;
        }
        fallen > FALLS * risen
    }
}

/// When the snapshots were taken, where all say so and in ascending order; else their numbers.
fn times(diff: &Diff) -> Vec<f64> {
    let stated: Option<Vec<f64>> =
        diff.snapshots.iter().map(|snapshot| snapshot.header.time_nanos.map(|time| time as f64)).collect();
    let is_ascending = |times: &Vec<f64>| times.windows(2).all(|pair| pair[0] < pair[1]);
    stated.filter(is_ascending).unwrap_or_else(|| (0..diff.snapshots.len()).map(|number| number as f64).collect())
}
