//! How fast a total grows: per second, minute, hour or day.
//!
//! In: a growth and the time that it took. Out: data for the JSON contract, and words for people.
//! Invariant: what is stated is seen or at most ten times what was seen; the longest such unit of time is taken.

use serde::Serialize;

use crate::units::{Scale, format_signed};

/// Signed growth in a unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// How much, in the unit of the metric.
    pub value: i64,
    /// `second`, `minute`, `hour` or `day`.
    pub per: &'static str,
}

/// How many times as long as the time seen a unit may be.
const MOST: i128 = 10;

/// The units of time in nanoseconds, the longest first.
const UNITS: &[(&str, i128)] =
    &[("day", 86_400_000_000_000), ("hour", 3_600_000_000_000), ("minute", 60_000_000_000), ("second", 1_000_000_000)];

impl Rate {
    /// The rate of a growth over a span of nanoseconds; `None` where the span is too short to state one.
    pub(super) fn new(delta: i64, span: i64) -> Option<Self> {
        Self::within(delta, i128::from(span), span)
    }

    /// A rate per hour in the longest unit of time that a span of nanoseconds allows.
    pub(super) fn of_hour(per_hour: i64, span: i64) -> Option<Self> {
        const HOUR: i128 = 3_600_000_000_000;
        Self::within(per_hour, HOUR, span)
    }

    /// What grows by `growth` in `nanos`, in the longest unit of time that a span of nanoseconds allows.
    fn within(growth: i64, nanos: i128, span: i64) -> Option<Self> {
        let (per, unit) = UNITS.iter().find(|(_, unit)| *unit <= i128::from(span) * MOST)?;
        let value = i64::try_from(i128::from(growth) * unit / nanos).ok()?;
        Some(Self { value, per })
    }

    /// `+5.0 MiB per minute`.
    pub(super) fn words(self, unit: &str, scale: Scale) -> String {
        format!("{} per {}", format_signed(self.value, unit, scale), self.per)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rate_goes_beyond_ten_times_what_was_seen() {
        const SECOND: i64 = 1_000_000_000;
        let per = |span| Rate::new(1_000, span).map(|rate| (rate.value, rate.per));
        assert_eq!(per(0), None);
        assert_eq!(per(-SECOND), None);
        assert_eq!(per(SECOND / 10 - 1), None);
        assert_eq!(per(SECOND / 10), Some((10_000, "second")));
        assert_eq!(per(6 * SECOND - 1), Some((166, "second")));
        assert_eq!(per(6 * SECOND), Some((10_000, "minute")));
        assert_eq!(per(360 * SECOND), Some((10_000, "hour")));
        assert_eq!(per(8_640 * SECOND), Some((10_000, "day")));
        assert_eq!(per(864_000 * SECOND), Some((100, "day")));
        assert_eq!(Rate::new(i64::MAX, SECOND / 10), None, "what does not fit is not stated");
        assert_eq!(Rate::new(-90, 60 * SECOND), Some(Rate { value: -90, per: "minute" }));
    }
}
