//! Conditions on the labels of samples: pprof's tagfocus and tagignore.
//!
//! In: what the user typed. Out: a [`TagFilter`] that says whether labels match.
//! Invariant: pprof's rules, but for a number without a unit, which is taken for bytes where pprof matches nothing.

use regex::Regex;

use crate::model::{Label, LabelValue, Symbols};
use crate::units;

/// A condition on labels, in pprof's spelling.
#[derive(Debug, Clone)]
pub struct TagFilter {
    text: String,
    key: Option<String>,
    condition: Condition,
}

#[derive(Debug, Clone)]
enum Condition {
    /// A number within bounds, in this unit.
    Range { low: Option<f64>, high: Option<f64>, unit: String },
    /// Text matching the expressions: all of them without a key, any of them with one.
    Text(Vec<Regex>),
}

impl TagFilter {
    /// Reads `[key=]VALUE`, where VALUE is a range of numbers (`32kb`, `:64kb`, `4mb:`, `12kb:64mb`) or regular
    /// expressions separated by commas, matched against the value, or against `key:value` where no key is given.
    ///
    /// # Errors
    /// When an expression is not valid.
    pub fn parse(text: &str) -> Result<Self, regex::Error> {
        let (key, value) = match text.split_once('=') {
            Some(("", value)) => (None, value),
            Some((key, value)) => (Some(key.to_owned()), value),
            None => (None, text),
        };
        let condition = match parse_range(value) {
            Some(range) => range,
            None => Condition::Text(value.split(',').map(Regex::new).collect::<Result<_, _>>()?),
        };
        Ok(Self { text: text.to_owned(), key, condition })
    }

    /// What it was read from.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether one of these labels matches.
    pub(super) fn matches(&self, symbols: &Symbols, labels: &[Label]) -> bool {
        let has_key = |label: &&Label| self.key.as_ref().is_none_or(|key| symbols.str(label.key) == key);
        let mut labels = labels.iter().filter(has_key);
        match &self.condition {
            Condition::Range { low, high, unit } => labels.any(|label| match label.value {
                LabelValue::Number(number, stated) => {
                    let stated = label_unit(symbols.str(label.key), symbols.str(stated));
                    units::factor(stated, unit).is_some_and(|factor| {
                        let number = number as f64 * factor;
                        low.is_none_or(|low| number >= low) && high.is_none_or(|high| number <= high)
                    })
                }
                LabelValue::Text(_) => false,
            }),
            Condition::Text(expressions) => {
                let texts: Vec<String> = labels
                    .filter_map(|label| match label.value {
                        LabelValue::Text(text) if self.key.is_some() => Some(symbols.str(text).to_owned()),
                        LabelValue::Text(text) => Some(format!("{}:{}", symbols.str(label.key), symbols.str(text))),
                        LabelValue::Number(..) => None,
                    })
                    .collect();
                let mut matching = expressions.iter().map(|regex| texts.iter().any(|text| regex.is_match(text)));
                if self.key.is_some() { matching.any(|found| found) } else { matching.all(|found| found) }
            }
        }
    }
}

/// The unit of a numeric label: Go states none for `bytes`, and pprof takes sizes for bytes.
fn label_unit<'a>(key: &'a str, stated: &'a str) -> &'a str {
    match (stated, key) {
        ("", "request" | "alignment") => "bytes",
        ("", key) => key,
        (stated, _) => stated,
    }
}

fn parse_range(value: &str) -> Option<Condition> {
    let bound = |text: &str| -> Option<(f64, String)> {
        let split = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        Some((number.parse::<i64>().ok()? as f64, unit.to_owned()))
    };
    let (low, high) = match value.split_once(':') {
        None => (Some(bound(value)?), Some(bound(value)?)),
        Some(("", high)) => (None, Some(bound(high)?)),
        Some((low, "")) => (Some(bound(low)?), None),
        Some((low, high)) => (Some(bound(low)?), Some(bound(high)?)),
    };
    let unit = low.as_ref().or(high.as_ref()).map(|(_, unit)| unit.clone())?;
    let unit = if unit.is_empty() { "bytes".to_owned() } else { unit };
    let convert = |bound: Option<(f64, String)>| match bound {
        None => Some(None),
        Some((number, own)) if own.is_empty() => Some(Some(number)),
        Some((number, own)) => units::factor(&own, &unit).map(|factor| Some(number * factor)),
    };
    Some(Condition::Range { low: convert(low)?, high: convert(high)?, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_need_one_family_of_units() {
        assert!(parse_range("12kb:64mb").is_some());
        assert!(parse_range(":64kb").is_some());
        assert!(parse_range("4mb:").is_some());
        assert!(parse_range("1kb:3s").is_none());
        assert!(parse_range("tenant.*").is_none());
    }
}
