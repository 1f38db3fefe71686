//! Whether a sum goes on growing, as data and in words.
//!
//! In: a trend of the analysis. Out: the JSON contract of it, and sentences.
//! Invariant: nothing is said of the future but at the present rate, and with its interval.

use serde::Serialize;

use crate::stats::{self, Course};
use crate::units::{Scale, format, format_signed, format_span};

use super::rate::Rate;
use super::{Metric, Report, sentence};

/// How a sum goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Trend {
    /// `growing`, `undecided`, `stopped`, `fluctuating`, `shrinking` or `flat`.
    pub verdict: Course,
    /// The present rate, in the unit of the metric; `null` where it is not told when the inputs were taken.
    pub slope_per_hour: Option<i64>,
    /// Lower end of its 90 % interval.
    pub low: Option<i64>,
    /// Upper end of its interval.
    pub high: Option<i64>,
    /// How much longer to wait for a decision, where there is none.
    pub decide_in_seconds: Option<i64>,
    /// When a limit is reached, where one was asked for.
    pub reaches: Option<Reaches>,
}

/// When a limit is reached at the present rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reaches {
    /// The limit, in the unit of the metric.
    pub limit: i64,
    /// Seconds from the newest input; 0 where it is reached already.
    pub in_seconds: i64,
    /// At the upper end of the rate.
    pub low: i64,
    /// At the lower end of the rate; `null` where that may be 0.
    pub high: Option<i64>,
}

impl Trend {
    /// What is told of a trend; `now` is the newest value and `limit` what it may reach.
    pub(super) fn new(trend: &stats::Trend, now: i64, limit: Option<i64>) -> Self {
        const HOUR: f64 = 3600.0;
        let whole = |value: f64| value.round() as i64;
        let rate = trend.rate;
        let seconds = |rate: f64, limit: i64| (rate > 0.0).then(|| whole((limit - now).max(0) as f64 / rate));
        let reaches = limit.zip(rate).and_then(|(limit, rate)| {
            Some(Reaches {
                limit,
                in_seconds: seconds(rate.value, limit)?,
                low: seconds(rate.high, limit)?,
                high: seconds(rate.low, limit),
            })
        });
        Self {
            verdict: trend.course,
            slope_per_hour: rate.map(|rate| whole(rate.value * HOUR)),
            low: rate.map(|rate| whole(rate.low * HOUR)),
            high: rate.map(|rate| whole(rate.high * HOUR)),
            decide_in_seconds: trend.decide_in.map(|seconds| seconds.ceil() as i64),
            reaches,
        }
    }

    /// The present rate, in the unit of time that the inputs of its report allow.
    pub fn rate(&self, report: &Report) -> Option<Rate> {
        let span = sentence::span(report).filter(|span| *span > 0)?;
        Rate::of_hour(self.slope_per_hour?, span)
    }

    /// The verdict in a word.
    pub fn word(&self) -> &'static str {
        match self.verdict {
            Course::Growing => "growing",
            Course::Undecided => "undecided",
            Course::Stopped => "stopped",
            Course::Fluctuating => "fluctuating",
            Course::Shrinking => "shrinking",
            Course::Flat => "flat",
        }
    }

    /// `+586.0 KiB per minute (+182.0 KiB to +1.3 MiB)`, in the unit of time that the inputs allow.
    fn slope(&self, report: &Report, metric: &Metric, scale: Scale) -> Option<String> {
        let span = sentence::span(report).filter(|span| *span > 0)?;
        let rate = |per_hour: Option<i64>| Rate::of_hour(per_hour?, span);
        let (value, low, high) = (rate(self.slope_per_hour)?, rate(self.low)?, rate(self.high)?);
        let [low, high] = [low, high].map(|rate| format_signed(rate.value, &metric.unit, scale));
        Some(format!("{} ({low} to {high})", value.words(&metric.unit, scale)))
    }

    /// What is said of it beside a sum: the word, how fast, and where that is not told yet how long to wait.
    pub(super) fn sentence(&self, report: &Report, metric: &Metric, scale: Scale) -> String {
        let word = self.word();
        let said = match self.verdict {
            Course::Growing => self.slope(report, metric, scale).map(|slope| format!("{word}: {slope}")),
            Course::Undecided => Some(format!("{word}: leak or filling cache; {}", self.wait())),
            _ => None,
        };
        let said = said.unwrap_or_else(|| word.to_owned());
        self.reaches.map_or(said.clone(), |reaches| format!("{said}; {}", reaches.words(metric, scale)))
    }

    /// `take another in 12 min or later`.
    fn wait(&self) -> String {
        self.later().map_or("take another one later".to_owned(), |later| format!("take another {later}"))
    }

    /// `in 12 min or later`, where that is told.
    pub(super) fn later(&self) -> Option<String> {
        self.decide_in_seconds.map(|seconds| format!("in {} or later", time(seconds)))
    }
}

impl Reaches {
    /// `reaches 2.0 GiB in 3 h 10 min (2 h to 7 h)`.
    fn words(&self, metric: &Metric, scale: Scale) -> String {
        let limit = format(self.limit, &metric.unit, scale);
        if self.in_seconds == 0 {
            return format!("is at {limit} already");
        }
        let high = self.high.map_or("never".to_owned(), time);
        format!("reaches {limit} in {} ({} to {high})", time(self.in_seconds), time(self.low))
    }
}

/// A time to come, in the two largest units that matter.
fn time(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        _ => format_span(seconds.unsigned_abs().saturating_mul(1_000_000_000)),
    }
}
