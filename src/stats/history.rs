//! Whether a sum goes on growing: a leak does, a cache fills up, work in flight goes up and down.
//!
//! In: the values of a sum in a series of snapshots, when they were taken, and what one sample of it stands for. Out: a
//! [`Trend`]: a word, and the present rate with its interval. Invariant: all snapshots speak at once, nothing is tested twice
//! on a part of them; with two there is nothing to tell.
//! Knows nothing of profiles and of who grew.
//!
//! What is asked is not whether it grew, but how fast it grows *now*. Its rate is taken to be `r(t) = r0 exp(-b t)`:
//! steady where `b` is 0, a step or a cache that has filled up where it is large, speeding up where it is negative. With
//! `x = b T` over the time `T` of the series the present rate is the part `ratio(x) = x exp(-x) / (1 - exp(-x))` of the
//! mean rate. `x` is judged by the likelihood of the samples that came in each interval, and the interval of the ratio
//! tells what can be said: that it grows, that it stopped, or neither.
//! Beside these curves stand steps: all growth in one interval. After one that came before the last interval the rate is 0;
//! after one in the last interval anything may be.
//! Where all is kept, the samples of the intervals are multinomial. Where a level of memory is replaced all the time, each
//! snapshot sees it with the variance of its samples: so the increments vary by twice of that, and neighbours by its
//! opposite.

use super::statistics::normal_quantile;

/// What is said of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Course {
    /// It goes on growing: that it has ended, or turns over about a level, is refuted.
    Growing,
    /// It grew, and whether it goes on is not told yet.
    Undecided,
    /// It grew and does so no more: a steady rate is refuted.
    Stopped,
    /// It goes up and down.
    Fluctuating,
    /// It becomes less.
    Shrinking,
    /// It did not change beyond what sampling makes.
    Flat,
}

/// How a sum goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// In a word.
    pub course: Course,
    /// The present rate; `None` where it is not told when the snapshots were taken.
    pub rate: Option<Rate>,
    /// How many seconds more would decide, at the present rate.
    pub decide_in: Option<f64>,
}

/// A rate in units of a sum per second, with its 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// The likeliest.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// A sum in a series.
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a> {
    /// Its values, oldest first.
    pub values: &'a [i64],
    /// When they were taken, in seconds, ascending.
    pub times: &'a [f64],
    /// What one sample stands for, in units of the sum: more than 0.
    pub sample: f64,
    /// The part of what was allocated in between that is still there; `None` where that is not told.
    pub kept: Option<f64>,
    /// Whether the change from the first to the last is real, and which way it goes.
    pub change: Change,
}

/// What evidence says of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Sampling alone may have made it.
    Noise,
    /// It is real.
    Real,
    /// The snapshots are of several processes, and none of them has two.
    Unknown,
}

/// It is growing where the whole interval of the ratio lies above this.
const GROWS: f64 = 0.2;
/// It has stopped where the whole interval lies below this.
const STOPPED: f64 = 0.5;
/// Half of the 90 % quantile of the chi-squared distribution with one degree of freedom: by so much the logarithm of the
/// likelihood falls at the ends of the profile interval.
const DROP: f64 = 1.352_772;
/// The same of the 99 % quantile, for a second look without the first interval.
const DROP_OF_REST: f64 = 3.317_448;
/// A fall is one where it exceeds so many standard deviations of the level.
const FALL: f64 = 1.5;
/// And this part of the net growth.
const FALL_OF_GROWTH: f64 = 0.5;
/// Samples that came which decide with 90 % power, by normal theory: `var(b T)` is about 12 over their number.
const DECIDING: f64 = 15.0;
/// The shortest interval that decides, as a part of the whole: less of it is what `STRAY` may be.
const SHORTEST: f64 = 0.1;
/// In how many intervals besides the newest it may be that all came at once: those in which most did.
const STEPS: usize = 8;
/// The part of all growth that may come at any time, as a sample of something else does: it keeps one sample from
/// refuting what all others say.
const STRAY: f64 = 0.02;

impl Curve<'_> {
    /// What its snapshots tell.
    pub fn trend(&self) -> Trend {
        let whole = self.judged(DROP);
        if whole.course == Course::Growing || !matches!(self.change, Change::Real) || self.values.len() < 4 {
            return whole;
        }
        // What came at the beginning takes nothing away from what the rest shows.
        let rest = Curve { values: &self.values[1..], times: &self.times[1..], ..*self };
        if whole.course == Course::Fluctuating || !rest.has_grown() {
            return whole;
        }
        match (rest.judged(DROP_OF_REST), rest.judged(DROP).course) {
            // Looked at twice, it has to be surer.
            (later, _) if later.course == Course::Growing => later,
            (later, Course::Growing | Course::Undecided) => Trend { course: Course::Undecided, ..later },
            _ => whole,
        }
    }

    /// The present rate, with an interval whose lower end is too high with the probability `alpha`; `None` where the
    /// snapshots are too few to tell one.
    pub fn rate(&self, alpha: f64) -> Option<Rate> {
        let is_told = self.values.len() > 2 && self.change != Change::Unknown;
        is_told.then(|| self.judged(normal_quantile(alpha).powi(2) / 2.0).rate)?
    }

    /// What these snapshots tell, with an interval at whose ends the logarithm of the likelihood has fallen by `drop`.
    fn judged(&self, drop: f64) -> Trend {
        let [first, .., last] = self.values else { return Trend::unknown() };
        let seconds = self.times.last().unwrap_or(&0.0) - self.times.first().unwrap_or(&0.0);
        let growth = (last - first) as f64;
        let mean = if seconds > 0.0 { growth / seconds } else { 0.0 };
        let come = growth / self.sample;
        let ratio = if growth > 0.0 && self.values.len() > 2 { self.ratio(come, drop) } else { Ratio::UNKNOWN };
        let course = match self.change {
            Change::Unknown => Course::Undecided,
            _ if self.values.len() < 3 => Course::Undecided,
            _ if self.falls(come) => Course::Fluctuating,
            Change::Noise => Course::Flat,
            Change::Real if growth < 0.0 => Course::Shrinking,
            Change::Real if ratio.low > GROWS => Course::Growing,
            Change::Real if ratio.high < STOPPED => Course::Stopped,
            Change::Real => Course::Undecided,
        };
        let (least, most) = self.mean_growth(come, drop);
        let ends = [ratio.low * mean * least, ratio.high * mean * most];
        let rate = Rate { value: ratio.best * mean, low: ends[0].min(ends[1]), high: ends[0].max(ends[1]) };
        let missing = (DECIDING - come).max(DECIDING / 4.0) * self.sample;
        let pace = rate.value.max(mean / 4.0);
        let wait = missing / pace;
        let decide_in = (course == Course::Undecided && pace > 0.0).then(|| wait.max(seconds * SHORTEST));
        Trend { course, rate: Some(rate), decide_in }
    }

    /// The interval of the mean growth, as parts of the one seen: samples that come are Poisson, so the roots of their
    /// number have the variance 1/4, and turnover adds its own.
    fn mean_growth(&self, come: f64, drop: f64) -> (f64, f64) {
        let come = come.abs().max(1.0);
        let error = (drop / 2.0 * (1.0 + 2.0 * self.turnover() / come)).sqrt();
        let (low, high) = ((come.sqrt() - error).max(0.0), come.sqrt() + error);
        (low * low / come, high * high / come)
    }

    /// Whether it has grown by more than what came and went makes, to two standard deviations.
    fn has_grown(&self) -> bool {
        let [first, .., last] = self.values else { return false };
        let come = (last - first) as f64 / self.sample;
        come > 2.0 * (come.max(0.0) + 2.0 * self.turnover()).sqrt()
    }

    /// Whether it falls by more than sampling and turnover make, and by much of what it grew.
    fn falls(&self, come: f64) -> bool {
        let (mut highest, mut fall) = (i64::MIN, 0);
        for value in self.values {
            highest = highest.max(*value);
            fall = fall.max(highest - value);
        }
        let level = highest as f64 / self.sample;
        let fall = fall as f64 / self.sample;
        fall > FALL * level.max(1.0).sqrt() && fall > FALL_OF_GROWTH * come
    }

    /// How much of the level is replaced in every interval, in samples: what is not kept of it. Where that is not told, what
    /// makes increments vary by more than samples do.
    fn turnover(&self) -> f64 {
        let level = self.values.iter().map(|value| *value as f64).sum::<f64>() / self.values.len() as f64 / self.sample;
        let Some(kept) = self.kept else { return self.scatter().min(level.max(0.0) / 2.0) };
        (1.0 - kept).clamp(0.0, 1.0) * level.max(0.0)
    }

    /// Half of the variance of increments beyond that of samples.
    fn scatter(&self) -> f64 {
        let increments = self.increments();
        let count = increments.len() as f64;
        let mean = increments.iter().sum::<f64>() / count;
        let squares: f64 = increments.iter().map(|increment| (increment - mean).powi(2)).sum();
        ((squares / (count - 1.0).max(1.0) - mean.abs()) / 2.0).max(0.0)
    }

    /// What came in each interval, in samples.
    fn increments(&self) -> Vec<f64> {
        self.values.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / self.sample).collect()
    }

    /// The present rate over the mean rate, with its profile interval.
    fn ratio(&self, come: f64, drop: f64) -> Ratio {
        let increments = self.increments();
        let turnover = self.turnover();
        let is_plain = turnover < 0.5 && increments.iter().all(|increment| *increment >= 0.0);
        let likelihood = |shares: &[f64]| {
            if is_plain { multinomial(&increments, shares) } else { normal(&increments, shares, come, turnover) }
        };
        let curves = GRID.iter().map(|x| (likelihood(&self.shares(*x)), Ratio::at(ratio(*x))));
        let newest = increments.len() - 1;
        // A step is likeliest where most came: the others only make a long series slow.
        let mut largest: Vec<usize> = (0..newest).collect();
        largest.sort_by(|a, b| increments[*b].total_cmp(&increments[*a]).then(a.cmp(b)));
        largest.truncate(STEPS);
        let steps = largest.into_iter().chain([newest]).map(|at| {
            let present = if at == newest { Ratio::UNDECIDED } else { Ratio::at(0.0) };
            (likelihood(&step(increments.len(), at)), present)
        });
        let all: Vec<(f64, Ratio)> = curves.chain(steps).collect();
        let (best, likeliest) =
            all.iter().fold((f64::NEG_INFINITY, Ratio::UNKNOWN), |best, one| if one.0 > best.0 { *one } else { best });
        let within = all.iter().filter(|(likelihood, _)| *likelihood >= best - drop);
        within.fold(Ratio { low: f64::INFINITY, high: 0.0, ..likeliest }, |sum, (_, ratio)| Ratio {
            low: sum.low.min(ratio.low),
            high: sum.high.max(ratio.high),
            ..sum
        })
    }

    /// The part of all growth that falls into each interval.
    fn shares(&self, x: f64) -> Vec<f64> {
        let (first, last) = (self.times[0], self.times[self.times.len() - 1]);
        let whole = (-x).exp_m1();
        let part = |time: f64| {
            let part = (time - first) / (last - first);
            if x.abs() < 1e-9 { part } else { (-x * part).exp_m1() / whole }
        };
        let stray = STRAY / (self.times.len() - 1) as f64;
        self.times.windows(2).map(|pair| (part(pair[1]) - part(pair[0])) * (1.0 - STRAY) + stray).collect()
    }
}

impl Trend {
    fn unknown() -> Self {
        Self { course: Course::Undecided, rate: None, decide_in: None }
    }
}

/// The present rate over the mean rate.
#[derive(Debug, Clone, Copy)]
struct Ratio {
    best: f64,
    low: f64,
    high: f64,
}

impl Ratio {
    /// Where nothing tells: the mean rate.
    const UNKNOWN: Self = Self { best: 1.0, low: 1.0, high: 1.0 };
    /// Where anything may be.
    const UNDECIDED: Self = Self { best: 1.0, low: 0.0, high: 1.0 };

    fn at(ratio: f64) -> Self {
        Self { best: ratio, low: ratio, high: ratio }
    }
}

/// The part of all growth that falls into each interval where it is a step in one of them.
fn step(intervals: usize, at: usize) -> Vec<f64> {
    let stray = STRAY / intervals as f64;
    (0..intervals).map(|interval| if interval == at { 1.0 - STRAY + stray } else { stray }).collect()
}

/// The values of `x` that are tried.
static GRID: std::sync::LazyLock<Vec<f64>> = std::sync::LazyLock::new(|| {
    let steps = |from: i32, to: i32, by: f64| (from..to).map(move |step| f64::from(step) * by);
    steps(-32, 64, 0.125).chain(steps(16, 60, 0.5)).collect()
});

/// The present rate over the mean rate.
fn ratio(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { x / x.exp_m1() }
}

/// The logarithm of the likelihood of samples that are all kept.
fn multinomial(increments: &[f64], shares: &[f64]) -> f64 {
    increments.iter().zip(shares).map(|(increment, share)| increment * share.max(f64::MIN_POSITIVE).ln()).sum()
}

/// The logarithm of the likelihood of increments of a level that is replaced: normal, with the variance of what came on the
/// diagonal, and twice the turnover there and its opposite beside it. By elimination along the diagonal.
fn normal(increments: &[f64], shares: &[f64], come: f64, turnover: f64) -> f64 {
    let (mut sum, mut pivot, mut rest) = (0.0, 0.0, 0.0);
    for (at, (increment, share)) in increments.iter().zip(shares).enumerate() {
        let expected = come * share;
        let variance = expected.max(0.25) + 2.0 * turnover;
        let factor = if at == 0 { 0.0 } else { -turnover / pivot };
        rest = increment - expected - factor * rest;
        pivot = variance + factor * turnover;
        sum -= 0.5 * (pivot.ln() + rest * rest / pivot);
    }
    sum
}
