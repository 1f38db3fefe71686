//! A limit as users write it: `5MiB`, `10%`, `1000`, or several with `|` between them.
//!
//! In: text. Out: a [`Limit`], and for a metric and a value before the [`Bound`]s it sets.
//! Invariant: a limit prints as it was written; each part is a limit of its own, so that exceeding one is a breach.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::model::Metric;
use crate::units;

/// A limit: one part or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    parts: Vec<Part>,
}

/// One part of a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    text: String,
    amount: Amount,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Amount {
    /// Bytes, for metrics in bytes.
    Bytes(i64),
    /// In the metric's base unit: bytes, or a count.
    Bare(i64),
    /// Of the value before.
    Percent(f64),
}

/// Why a text is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "'{part}' is no limit: write bytes (5MiB), a share of the value before (10%), a number, or several with | between"
)]
pub struct Malformed {
    /// The part that could not be read.
    pub part: String,
}

/// What a part of a limit allows of one metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The part as the user wrote it.
    pub text: String,
    /// The most that is allowed, in the metric's unit.
    pub most: i64,
}

impl FromStr for Limit {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        text.split('|').map(Part::parse).collect::<Result<_, _>>().map(|parts| Self { parts })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> = self.parts.iter().map(|part| part.text.as_str()).collect();
        out.write_str(&parts.join("|"))
    }
}

impl Part {
    fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let amount = match text.strip_suffix('%') {
            Some(number) => number.trim().parse().ok().filter(|share| is_amount(*share)).map(Amount::Percent),
            None => match text.parse::<i64>() {
                Ok(number) => (number >= 0 && !text.starts_with('+')).then_some(Amount::Bare(number)),
                Err(_) => units::parse_bytes(text)
                    .filter(|_| text.ends_with(|last: char| last.is_alphabetic()))
                    .and_then(|bytes| i64::try_from(bytes).ok())
                    .map(Amount::Bytes),
            },
        };
        let amount = amount.ok_or_else(|| Malformed { part: text.to_owned() })?;
        Ok(Self { text: text.to_owned(), amount })
    }

    /// Whether it says anything of a metric.
    pub fn applies_to(&self, metric: &Metric) -> bool {
        !matches!(self.amount, Amount::Bytes(_)) || units::is_bytes(&metric.unit)
    }

    /// As the user wrote it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is relative to the value before.
    pub fn is_relative(&self) -> bool {
        matches!(self.amount, Amount::Percent(_))
    }

    /// The most it allows of a metric: growth over `before`, where absolute parts are per one of `times` units of work;
    /// `None` where it does not apply. With nothing before, a share of it is nothing.
    fn bound(&self, metric: &Metric, before: i64, times: u64) -> Option<Bound> {
        let scaled = |amount: i64| i64::try_from(i128::from(amount) * i128::from(times)).unwrap_or(i64::MAX);
        let most = match self.amount {
            Amount::Percent(share) => (before.unsigned_abs() as f64 * share / 100.0) as i64,
            Amount::Bare(amount) => scaled(amount),
            Amount::Bytes(_) if !units::is_bytes(&metric.unit) => return None,
            Amount::Bytes(bytes) => scaled((bytes as f64 * units::factor("B", &metric.unit)?) as i64),
        };
        Some(Bound { text: self.text.clone(), most })
    }
}

fn is_amount(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}

impl Limit {
    /// Its parts in the order written.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What it allows of a metric at most, given the value before and the number of units of work that absolute parts
    /// are multiplied with. The strictest part decides; `None` where no part applies.
    ///
    /// ```
    /// use leakdiff::{check::Limit, model::Metric};
    /// let limit: Limit = "5MiB|10%".parse().unwrap();
    /// let metric = Metric { name: "inuse_space".into(), unit: "bytes".into() };
    /// assert_eq!(limit.bound(&metric, 20 << 20, 1).unwrap().most, 2 << 20);
    /// assert_eq!(limit.bound(&metric, 1 << 30, 1).unwrap().most, 5 << 20);
    /// ```
    pub fn bound(&self, metric: &Metric, before: i64, times: u64) -> Option<Bound> {
        self.parts.iter().filter_map(|part| part.bound(metric, before, times)).min_by_key(|bound| bound.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_bytes_a_share_or_a_number() {
        for text in ["5MiB", "10%", "5MiB|10%", "1000", "0", "1.5GiB | 2.5 % | 7", "12 kB"] {
            assert!(text.parse::<Limit>().is_ok(), "{text}");
        }
        assert_eq!("5MiB | 10%".parse::<Limit>().map(|limit| limit.to_string()), Ok("5MiB|10%".to_owned()));
        for text in
            ["", "five", "-1", "+1", "-5%", "1.5", "5MiB|", "|", "10%%", "5 apples", "5s", "nan%", "inf%", "1e3"]
        {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_are_for_metrics_in_bytes() {
        let limit: Limit = "1KiB".parse().expect("a limit");
        let metric = |unit: &str| Metric { name: "x".into(), unit: unit.into() };
        let most = |unit| limit.bound(&metric(unit), 0, 1).map(|bound| bound.most);
        assert_eq!((most("bytes"), most("kilobytes"), most("count")), (Some(1024), Some(1), None));
    }

    #[test]
    fn work_multiplies_what_is_absolute() {
        let metric = Metric { name: "x".into(), unit: "bytes".into() };
        let bound =
            |text: &str| text.parse::<Limit>().expect("a limit").bound(&metric, 1000, 50).expect("a bound").most;
        assert_eq!((bound("2"), bound("10%"), bound("3B|10%")), (100, 100, 100));
        assert_eq!(bound("9223372036854775807"), i64::MAX);
    }
}
