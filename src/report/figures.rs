//! The figures of every limit that a gate held: the table that all formats with tables show.
//!
//! In: a verdict. Out: headings and cells as plain text. Invariant: a row for each check, in the order given.
//! Knows no markup.

use crate::units::{Scale, format, format_signed};

use super::finding::safe;
use super::{Check, Outcome, header, percent};

/// A column: its heading, and whether it holds numbers.
pub(super) const COLUMNS: &[(&str, bool)] = &[
    ("result", false),
    ("limit", false),
    ("of", false),
    ("metric", false),
    ("since", false),
    ("growth", true),
    ("%", true),
    ("before → after", true),
    ("at least", true),
    ("allowed", true),
];

/// How a check ended, in a word.
pub(super) fn result(check: &Check) -> &'static str {
    match check.outcome {
        Outcome::Pass if check.is_unmatched() => "matched nothing",
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Inconclusive => "inconclusive",
    }
}

/// The cells of a check behind its result. Where nothing was measured there are no figures.
pub(super) fn cells(check: &Check, scale: Scale) -> Vec<String> {
    let unit = &check.metric.unit;
    let what = [
        format!("{} {}", check.option, safe(&check.limit)),
        safe(&check.scope),
        safe(&check.metric.name),
        safe(check.base.as_deref().unwrap_or_default()),
    ];
    let allowed = format(check.bound, unit, scale);
    let figures = match (check.reason, check.base.is_some()) {
        (Some(_), _) => Default::default(),
        (None, true) => [
            format_signed(check.value.delta, unit, scale),
            percent::relative(check.value),
            header::from_to(check.value, unit, scale),
            check.at_least.map_or(String::new(), |least| format_signed(least, unit, scale)),
            allowed,
        ],
        (None, false) => [
            String::new(),
            String::new(),
            format(check.value.after, unit, scale),
            check.at_least.map_or(String::new(), |least| format(least, unit, scale)),
            allowed,
        ],
    };
    what.into_iter().chain(figures).collect()
}
