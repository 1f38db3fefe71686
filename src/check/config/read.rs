//! A configuration from its text.
//!
//! In: TOML. Out: a [`Config`], or the line and what is wrong there, with the nearest known key for one that is not.

use std::collections::HashSet;
use std::ffi::OsString;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::{Config, Malformed};
use crate::check::{Allow, Limit, Matcher, Outcome, is_alpha};
use crate::model::Glob;

/// What is wrong, and where in the text.
type Problem = (Range<usize>, String);
type Read<T> = Result<T, Problem>;
type Value<'a> = Spanned<DeValue<'a>>;
/// How a key is read into the configuration.
type Key = (&'static str, fn(&mut Config, &Value<'_>) -> Read<()>);

/// Every key of the file.
const KEYS: &[Key] = &[
    ("max-growth", |config, value| limit(value).map(|value| config.max_growth = Some(value))),
    ("max-total", |config, value| limit(value).map(|value| config.max_total = Some(value))),
    ("max-objects", |config, value| limit(value).map(|value| config.max_objects = Some(value))),
    ("max-slope", |config, value| slope(value).map(|value| config.max_slope = Some(value))),
    ("per-stack", |config, value| limit(value).map(|value| config.per_stack = Some(value))),
    ("metric", |config, value| metrics(value).map(|value| config.metric = value)),
    ("per-op", |config, value| per_op(value).map(|value| config.per_op = Some(value))),
    ("alpha", |config, value| alpha(value).map(|value| config.alpha = Some(value))),
    ("on-inconclusive", |config, value| outcome(value).map(|value| config.on_inconclusive = Some(value))),
    ("unmatched", |config, value| unmatched(value).map(|value| config.unmatched = Some(value))),
    ("baseline", |config, value| text(value).map(|value| config.baseline = Some(value.into()))),
    ("suppressions", |config, value| text(value).map(|value| config.suppressions = Some(value.into()))),
    ("output", |config, value| {
        texts(value).map(|value| config.output = value.into_iter().map(OsString::from).collect())
    }),
    ("limits", |config, value| limits(value).map(|value| config.limits = value)),
    ("allow", |config, value| list(value, "tables: [[allow]]", allow).map(|value| config.allow = value)),
];

const OF_ALLOW: &[&str] = &["fingerprint", "pattern", "reason", "expires"];

impl Config {
    /// Reads the text of a file; `file` is what errors call it.
    ///
    /// # Errors
    /// The first thing that is wrong: broken TOML, a key that is not known, a value of another kind.
    pub fn parse(text: &str, file: &str) -> Result<Self, Malformed> {
        let line = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
        let malformed = |(span, problem): Problem| Malformed { file: file.to_owned(), line: line(span.start), problem };
        let table = DeTable::parse(text)
            .map_err(|error| malformed((error.span().unwrap_or_default(), error.message().to_owned())))?;
        let mut config = Self::default();
        for (key, value) in table.get_ref() {
            let known = KEYS.iter().find(|(name, _)| *name == key.get_ref());
            let names = KEYS.iter().map(|(name, _)| *name);
            let (_, read) = known.ok_or_else(|| malformed(unknown(key, names)))?;
            read(&mut config, value)
                .map_err(|(span, problem)| malformed((span, format!("{}: {problem}", key.get_ref()))))?;
        }
        Ok(config)
    }
}

fn unknown<K: AsRef<str>>(key: &Spanned<K>, known: impl Iterator<Item = &'static str>) -> Problem {
    const CLOSE: usize = 3;
    let name = key.get_ref().as_ref();
    let known: Vec<&str> = known.collect();
    let spelled = name.replace('_', "-").to_lowercase();
    let distance = |other: &str| strsim::damerau_levenshtein(&spelled, other);
    let near = known.iter().min_by_key(|other| distance(other)).filter(|other| distance(other) <= CLOSE);
    let suggestion = match near {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!("known are {}", known.join(", ")),
    };
    (key.span(), format!("unknown key '{name}': {suggestion}"))
}

/// That a value is of another kind.
fn wrong(value: &Value<'_>, wanted: &str) -> Problem {
    let is = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    (value.span(), format!("this is {is}; wanted is {wanted}"))
}

/// That a value is of the right kind, and none of those that are allowed.
fn refused(value: &Value<'_>, wanted: &str) -> Problem {
    let is = match value.get_ref() {
        DeValue::String(text) => format!("'{text}'"),
        DeValue::Integer(integer) => integer.to_string(),
        DeValue::Float(float) => float.to_string(),
        DeValue::Datetime(datetime) => datetime.to_string(),
        DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => return wrong(value, wanted),
    };
    (value.span(), format!("this is {is}; wanted is {wanted}"))
}

fn text<'a>(value: &'a Value<'_>) -> Read<&'a str> {
    value.get_ref().as_str().ok_or_else(|| wrong(value, "a text in quotes"))
}

/// A whole number as the text of its digits.
fn integer(value: &Value<'_>) -> Option<i64> {
    let integer = value.get_ref().as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn slope(value: &Value<'_>) -> Read<Limit> {
    let text = match (integer(value), value.get_ref().as_str()) {
        (Some(number), _) => number.to_string(),
        (None, Some(text)) => text.to_owned(),
        (None, None) => return Err(wrong(value, "a rate: \"1MiB/h\" or 1000")),
    };
    Limit::of_rate(&text).map_err(|error| (value.span(), error.to_string()))
}

fn limit(value: &Value<'_>) -> Read<Limit> {
    let text = match (integer(value), value.get_ref().as_str()) {
        (Some(number), _) => number.to_string(),
        (None, Some(text)) => text.to_owned(),
        (None, None) => return Err(wrong(value, "a limit: \"5MiB\", \"10%\", \"5MiB|10%\", \"5MiB&10%\" or 1000")),
    };
    text.parse().map_err(|error: crate::check::Malformed| (value.span(), error.to_string()))
}

fn list<T>(value: &Value<'_>, wanted: &str, each: impl Fn(&Value<'_>) -> Read<T>) -> Read<Vec<T>> {
    let values = value.get_ref().as_array().ok_or_else(|| wrong(value, wanted))?;
    values.iter().map(each).collect()
}

/// One text or a list of them.
fn texts(value: &Value<'_>) -> Read<Vec<String>> {
    match value.get_ref().as_str() {
        Some(text) => Ok(vec![text.to_owned()]),
        None => list(value, "a list of texts", |value| text(value).map(str::to_owned)),
    }
}

/// Names of metrics, several of them also in one text with commas between, as on the command line.
fn metrics(value: &Value<'_>) -> Read<Vec<String>> {
    let names = texts(value)?;
    Ok(names.iter().flat_map(|text| text.split(',')).map(|name| name.trim_matches(' ').to_owned()).collect())
}

fn per_op(value: &Value<'_>) -> Read<u64> {
    const WANTED: &str = "a whole number of units of work, 1 or more";
    match value.get_ref() {
        DeValue::Integer(_) => {
            let number = integer(value).and_then(|number| u64::try_from(number).ok()).filter(|number| *number > 0);
            number.ok_or_else(|| refused(value, WANTED))
        }
        _ => Err(wrong(value, WANTED)),
    }
}

fn alpha(value: &Value<'_>) -> Read<f64> {
    const WANTED: &str = "a probability above 0 and below 0.5";
    let number = match value.get_ref() {
        DeValue::Float(float) => float.as_str().parse().ok(),
        DeValue::Integer(_) => integer(value).map(|number| number as f64),
        _ => return Err(wrong(value, WANTED)),
    };
    number.filter(|alpha| is_alpha(*alpha)).ok_or_else(|| refused(value, WANTED))
}

fn outcome(value: &Value<'_>) -> Read<Outcome> {
    match value.get_ref().as_str() {
        Some("fail") => Ok(Outcome::Fail),
        Some("pass") => Ok(Outcome::Pass),
        _ => Err(refused(value, "\"fail\" or \"pass\"")),
    }
}

fn unmatched(value: &Value<'_>) -> Read<Outcome> {
    match value.get_ref().as_str() {
        Some("warn") => Ok(Outcome::Pass),
        Some("fail") => Ok(Outcome::Fail),
        _ => Err(refused(value, "\"warn\" or \"fail\"")),
    }
}

fn glob(text: &str, span: Range<usize>) -> Read<Glob> {
    Glob::new(text).ok_or_else(|| (span, format!("'{text}' is no pattern")))
}

fn limits(value: &Value<'_>) -> Read<Vec<(Glob, Limit)>> {
    let table = value.get_ref().as_table().ok_or_else(|| wrong(value, "a table: [limits]"))?;
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    // Keys that differ in the spaces around them are the same pattern.
    let mut seen = HashSet::new();
    let mut limits = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let glob = glob(key.get_ref(), key.span())?;
        if !seen.insert(glob.text().to_owned()) {
            return Err((key.span(), format!("'{glob}' is given twice; keep one limit for it")));
        }
        limits.push((glob, limit(value)?));
    }
    Ok(limits)
}

fn allow(value: &Value<'_>) -> Read<Allow> {
    let table = value.get_ref().as_table().ok_or_else(|| wrong(value, "a table: [[allow]]"))?;
    for (key, _) in table {
        if !OF_ALLOW.contains(&&**key.get_ref()) {
            return Err(unknown(key, OF_ALLOW.iter().copied()));
        }
    }
    let matcher = match (table.get("fingerprint"), table.get("pattern")) {
        (Some(value), None) => Matcher::Fingerprint(fingerprint(value)?),
        (None, Some(value)) => Matcher::Pattern(glob(text(value)?, value.span())?),
        _ => return Err((value.span(), "an entry needs either a fingerprint or a pattern".to_owned())),
    };
    let reason = match table.get("reason") {
        Some(value) => text(value)?.trim().to_owned(),
        None => String::new(),
    };
    if reason.is_empty() {
        return Err((value.span(), "an entry needs a reason".to_owned()));
    }
    let of_expires = |(span, problem): Problem| (span, format!("expires: {problem}"));
    let expires = table.get("expires").map(date).transpose().map_err(of_expires)?;
    Ok(Allow { matcher, reason, expires })
}

fn fingerprint(value: &Value<'_>) -> Read<String> {
    let digits = text(value)?.trim().to_lowercase();
    let is_fingerprint = digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_fingerprint.then_some(digits).ok_or_else(|| (value.span(), "a fingerprint has 16 hexadecimal digits".to_owned()))
}

fn date(value: &Value<'_>) -> Read<Date> {
    const WANTED: &str = "a date without a time and without quotes: 2027-01-31";
    match value.get_ref() {
        DeValue::Datetime(datetime) => day(datetime).ok_or_else(|| refused(value, WANTED)),
        _ => Err(wrong(value, WANTED)),
    }
}

fn day(datetime: &Datetime) -> Option<Date> {
    let date = datetime.date.filter(|_| datetime.time.is_none())?;
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}
