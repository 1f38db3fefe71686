//! A limit as users write it: `5MiB`, `10%`, `1000`, or several with `|` or `&` between them.
//!
//! In: text. Out: a [`Limit`], and for a metric and a value before the [`Bound`]s it sets.
//! Invariant: a limit prints as it was written. Of parts with `|` between, each is a limit of its own, so that exceeding
//! one is a breach; of parts with `&` between, which binds tighter, all have to be exceeded.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::model::Metric;
use crate::units;

/// A limit: one part or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    alternatives: Vec<Alternative>,
}

/// Parts that only count together.
#[derive(Debug, Clone, PartialEq)]
struct Alternative {
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
    "'{part}' is no limit: write bytes (5MiB), a percentage of the base (10%) or a number; combine with | (any is \
     exceeded) or & (all are exceeded)"
)]
pub struct Malformed {
    /// The part that could not be read.
    pub part: String,
}

/// What a part of a limit allows of one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// As the user wrote it, with the parts that count together with it.
    pub text: String,
    /// The most that is allowed, in the metric's unit.
    pub most: i64,
    /// Which share of the value before that is; 0 where it does not depend on it.
    pub share: f64,
}

impl FromStr for Limit {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let alternative = |text: &str| {
            let parts = text.split('&').map(Part::parse).collect::<Result<_, _>>();
            parts.map(|parts| Alternative { parts })
        };
        text.split('|').map(alternative).collect::<Result<_, _>>().map(|alternatives| Self { alternatives })
    }
}

impl Limit {
    /// Reads a rate: `1MiB/h`, `500/min`; without a unit of time it is per hour.
    ///
    /// # Errors
    /// When it is not an amount and a unit of time.
    pub fn of_rate(text: &str) -> Result<Self, Malformed> {
        const HOUR: f64 = 3600.0;
        let malformed = || Malformed { part: text.to_owned() };
        let (amount, unit) = text.split_once('/').map_or((text, "h"), |(amount, unit)| (amount, unit.trim()));
        let seconds = match unit {
            "s" | "second" => 1.0,
            "min" | "minute" => 60.0,
            "h" | "hour" => HOUR,
            "d" | "day" => 24.0 * HOUR,
            _ => return Err(malformed()),
        };
        let per_hour = |amount: i64| (amount as f64 * HOUR / seconds) as i64;
        let amount = match Part::parse(amount)?.amount {
            Amount::Bytes(bytes) => Amount::Bytes(per_hour(bytes)),
            Amount::Bare(amount) => Amount::Bare(per_hour(amount)),
            Amount::Percent(_) => return Err(malformed()),
        };
        let part = Part { text: text.to_owned(), amount };
        Ok(Self { alternatives: vec![Alternative { parts: vec![part] }] })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alternatives: Vec<String> = self.alternatives.iter().map(Alternative::text).collect();
        out.write_str(&alternatives.join("|"))
    }
}

impl Alternative {
    fn text(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| part.text.as_str()).collect();
        parts.join("&")
    }

    /// What its parts that say something of a metric allow of it.
    fn bounds(&self, metric: &Metric, before: i64, times: u64) -> Vec<Bound> {
        let text = self.text();
        let parts = self.parts.iter().filter_map(|part| part.most(metric, before, times));
        parts.map(|(most, share)| Bound { text: text.clone(), most, share }).collect()
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
    /// and which share of `before` that is. `None` where it does not apply. With nothing before, a share of it is nothing.
    fn most(&self, metric: &Metric, before: i64, times: u64) -> Option<(i64, f64)> {
        let scaled = |amount: i64| i64::try_from(i128::from(amount) * i128::from(times)).unwrap_or(i64::MAX);
        Some(match self.amount {
            Amount::Percent(percent) => ((before.unsigned_abs() as f64 * percent / 100.0) as i64, percent / 100.0),
            Amount::Bare(amount) => (scaled(amount), 0.0),
            Amount::Bytes(_) if !units::is_bytes(&metric.unit) => return None,
            Amount::Bytes(bytes) => (scaled((bytes as f64 * units::factor("B", &metric.unit)?) as i64), 0.0),
        })
    }
}

fn is_amount(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}

impl Limit {
    /// Its parts in the order written.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.alternatives.iter().flat_map(|alternative| &alternative.parts)
    }

    /// What it allows of a metric, given the value before and the number of units of work that absolute parts are
    /// multiplied with: exceeding all bounds of one of the lists is exceeding the limit. Parts that do not apply are left
    /// out; there is no empty list.
    ///
    /// ```
    /// use leakdiff::{check::Limit, model::Metric};
    /// let limit: Limit = "5MiB|10%".parse().unwrap();
    /// let metric = Metric { name: "inuse_space".into(), unit: "bytes".into() };
    /// let bounds = limit.bounds(&metric, 20 << 20, 1);
    /// assert_eq!((bounds.len(), bounds[0][0].most, bounds[1][0].most), (2, 5 << 20, 2 << 20));
    /// let both: Limit = "5MiB&10%".parse().unwrap();
    /// assert_eq!(both.bounds(&metric, 20 << 20, 1)[0].len(), 2);
    /// ```
    pub fn bounds(&self, metric: &Metric, before: i64, times: u64) -> Vec<Vec<Bound>> {
        let bounds = self.alternatives.iter().map(|alternative| alternative.bounds(metric, before, times));
        bounds.filter(|bounds| !bounds.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_bytes_a_share_or_a_number() {
        for text in ["5MiB", "10%", "5MiB|10%", "5MiB & 10%|7&8", "1000", "0", "1.5GiB | 2.5 % | 7", "12 kB"] {
            assert!(text.parse::<Limit>().is_ok(), "{text}");
        }
        assert_eq!("5MiB | 10%".parse::<Limit>().map(|limit| limit.to_string()), Ok("5MiB|10%".to_owned()));
        assert_eq!("5MiB &10% | 7".parse::<Limit>().map(|limit| limit.to_string()), Ok("5MiB&10%|7".to_owned()));
        for text in [
            "", "five", "5MiB&", "&", "5MiB&|7", "-1", "+1", "-5%", "1.5", "5MiB|", "|", "10%%", "5 apples", "5s",
            "nan%", "inf%", "1e3",
        ] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }

    #[test]
    fn bytes_are_for_metrics_in_bytes() {
        let limit: Limit = "1KiB".parse().expect("a limit");
        let metric = |unit: &str| Metric { name: "x".into(), unit: unit.into() };
        let most = |unit| limit.bounds(&metric(unit), 0, 1).first().map(|bounds| bounds[0].most);
        assert_eq!((most("bytes"), most("kilobytes"), most("count")), (Some(1024), Some(1), None));
    }

    #[test]
    fn a_share_of_less_than_nothing_is_a_share_of_its_size() {
        let metric = Metric { name: "x".into(), unit: "bytes".into() };
        let limit: Limit = "10%".parse().expect("a limit");
        let bound = |before: i64| limit.bounds(&metric, before, 1).concat().remove(0);
        assert_eq!((bound(-1000).most, bound(1000).most, bound(0).most), (100, 100, 0));
        assert_eq!(bound(-1000).share, 0.1);
        assert!(bound(i64::MIN).most > i64::MAX / 11, "no size overflows");
    }

    #[test]
    fn work_multiplies_what_is_absolute() {
        let metric = Metric { name: "x".into(), unit: "bytes".into() };
        let bounds = |text: &str| text.parse::<Limit>().expect("a limit").bounds(&metric, 1000, 50);
        let most = |text: &str| bounds(text).concat().iter().map(|bound| bound.most).collect::<Vec<_>>();
        assert_eq!([most("2"), most("10%"), most("3B|10%"), most("3B&10%")].concat(), [100, 100, 150, 100, 150, 100]);
        assert_eq!(most("9223372036854775807"), [i64::MAX]);
    }
}
