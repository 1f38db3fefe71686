//! The series that a diff is: the snapshots of its newest process, and the trend of any sum over them.
//!
//! In: a diff of three snapshots or more. Out: a [`History`]. Invariant: what was before a restart tells nothing of what goes
//! on; where the newest process has fewer than two snapshots, the first is compared with the last, and nothing is told.
//! Knows nothing of rows and leaks.

use std::ops::Range;

use crate::diff::Diff;
use crate::model::Series;

use super::history::{Change, Course, Curve, Rate, Trend};
use super::{LIKELY, Moments, Regime, Sampling, Span};

/// The newest process of a series, and when its snapshots were taken.
pub struct History {
    segment: Range<usize>,
    /// Whether the snapshots of the segment are of one process.
    is_of_one: bool,
    /// In seconds, where all say so and in ascending order.
    times: Option<Vec<f64>>,
    /// What the whole program had allocated by each of them, where that is counted: how much it worked.
    work: Option<Vec<f64>>,
    /// The sampling of the segment, where it is not that of the whole.
    sampling: Option<Sampling>,
}

/// What the samples behind a change stand for, summed over its entries.
#[derive(Debug, Clone, Copy, Default)]
pub struct Grain {
    changed: f64,
    weighted: f64,
}

impl Grain {
    /// Adds an entry that changed by so much.
    pub fn add(&mut self, sampling: &Sampling, diff: &Diff, entry: usize, change: i64) {
        let change = change.unsigned_abs() as f64;
        self.changed += change;
        self.weighted += change * sampling.sample(diff, entry).unwrap_or(0.0);
    }

    /// What one sample of the sum stands for; `None` where that is unknown.
    pub fn sample(&self) -> Option<f64> {
        (self.weighted > 0.0).then(|| self.weighted / self.changed)
    }
}

/// A sum whose error is unknown is judged as if it were of so many samples.
const SUPPOSED: f64 = 15.0;

impl History {
    /// The history of a metric. `forced` is what the user says of the relation of the snapshots.
    pub fn new(diff: &Diff, metric: usize, forced: Option<Regime>) -> Self {
        let count = diff.snapshots.len();
        let segment = match forced {
            Some(Regime::SameProcess) => 0..count,
            Some(Regime::Independent) => count..count,
            None => newest(diff),
        };
        let is_of_one = segment.len() > 1;
        let segment = if is_of_one { segment } else { 0..count };
        let span = Span { from: Some(segment.start), to: count.saturating_sub(1) };
        Self {
            sampling: (segment.start > 0).then(|| Sampling::new(diff, metric, span, forced)),
            times: times(diff, segment.clone()),
            work: diff.allocated_of(metric).and_then(|allocated| work(&diff.totals(allocated)[segment.clone()])),
            segment,
            is_of_one,
        }
    }

    /// The snapshots that are judged: those of the newest process.
    pub fn segment(&self) -> Range<usize> {
        self.segment.clone()
    }

    /// The sampling errors of the snapshots that are judged; `whole` are those of all.
    pub fn sampling<'a>(&'a self, whole: &'a Sampling) -> &'a Sampling {
        self.sampling.as_ref().unwrap_or(whole)
    }

    /// Whether there are enough of them to say anything.
    pub fn is_told(&self) -> bool {
        self.is_of_one && self.segment.len() > 2
    }

    /// How a sum goes on: its values in all snapshots, what its samples stand for, the part that is kept of what was
    /// allocated, and whether its change is more than sampling makes.
    pub fn trend(&self, values: &Series, grain: Grain, kept: Option<f64>, change: Change) -> Trend {
        let numbers: Vec<f64> = self.segment().map(|number| number as f64).collect();
        let times = self.times.as_deref();
        let change = if self.is_of_one { change } else { Change::Unknown };
        let curve = Curve { kept, change, ..self.curve(values, grain, times.unwrap_or(&numbers)) };
        let trend = curve.trend();
        // What grows with the work has not stopped because the work has.
        let is_steady = |work| Curve { times: work, ..curve }.trend().course != Course::Stopped;
        let is_paused = trend.course == Course::Stopped && self.work.as_deref().is_some_and(is_steady);
        let trend = if is_paused { Trend { course: Course::Undecided, ..trend } } else { trend };
        // Without times there is no rate.
        if times.is_some() { trend } else { Trend { rate: None, decide_in: None, ..trend } }
    }

    /// The present rate of a sum in the snapshots that are judged, in units per second, with an interval whose lower end is
    /// too high with the probability `alpha`; `None` where there are fewer than three, or no times.
    pub fn rate(&self, values: &Series, grain: Grain, alpha: f64) -> Option<Rate> {
        let times = self.times.as_deref().filter(|_| self.is_told())?;
        self.curve(values, grain, times).rate(alpha)
    }

    /// The curve of a sum that changed in the snapshots that are judged. What is kept is not told: most of what a whole
    /// program allocates is garbage, and replaces nothing; the increments tell how much does.
    fn curve<'a>(&self, values: &'a Series, grain: Grain, times: &'a [f64]) -> Curve<'a> {
        let values = &values.0[self.segment.clone()];
        let growth = (values[values.len() - 1] - values[0]).unsigned_abs() as f64;
        let sample = grain.sample().unwrap_or(growth / SUPPOSED).max(f64::MIN_POSITIVE);
        Curve { values, times, sample, kept: None, change: Change::Real }
    }

    /// Whether the change of a sum is more than sampling makes, in the snapshots that are judged; `moments` are of these.
    pub fn change(&self, whole: &Sampling, values: &Series, moments: &Moments) -> Change {
        let sampling = self.sampling(whole);
        let values = &values.0[self.segment.clone()];
        let delta = values[values.len() - 1] - values[0];
        match sampling.test(delta, moments) {
            Some(test) if test.p_growth.min(test.p_shrink) > LIKELY => Change::Noise,
            None if delta == 0 => Change::Noise,
            _ => Change::Real,
        }
    }
}

/// The snapshots since the last sign of another process or build.
fn newest(diff: &Diff) -> Range<usize> {
    let count = diff.snapshots.len();
    let steps = diff.history();
    let is_cut = |at: &usize| {
        let (old, new) = (&diff.snapshots[at - 1].header, &diff.snapshots[*at].header);
        let is_other = !old.build_id.is_empty() && !new.build_id.is_empty() && old.build_id != new.build_id;
        // A baseline is of no process.
        let is_recorded = old.baseline.is_some() || new.baseline.is_some();
        is_other || is_recorded || steps.get(at - 1).is_some_and(|step| step.fallen > 0)
    };
    (1..count).rev().find(is_cut).unwrap_or(0)..count
}

/// What was allocated by the time of each snapshot, where it ascends.
fn work(allocated: &[i64]) -> Option<Vec<f64>> {
    let is_ascending = allocated.windows(2).all(|pair| pair[0] < pair[1]);
    is_ascending.then(|| allocated.iter().map(|allocated| *allocated as f64).collect())
}

/// When snapshots were taken, in seconds since the first of them, where all say so and in ascending order.
fn times(diff: &Diff, snapshots: Range<usize>) -> Option<Vec<f64>> {
    let nanos: Vec<i64> =
        diff.snapshots[snapshots].iter().map(|snapshot| snapshot.header.time_nanos).collect::<Option<_>>()?;
    let is_ascending = nanos.windows(2).all(|pair| pair[0] < pair[1]);
    is_ascending.then(|| nanos.iter().map(|time| (time - nanos[0]) as f64 / 1e9).collect())
}
