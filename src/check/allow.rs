//! The allow-list: growth that is known and counts for no limit.
//!
//! In: its entries, a diff, the day. Out: which entries of the diff are set aside, and what to say of the list itself.
//! Invariant: an entry that has expired applies to nothing; one that applies to nothing is reported.

use std::fmt;

use jiff::civil::Date;
use regex::Regex;

use crate::analyze::fingerprint;
use crate::diff::Diff;
use crate::model::{Glob, Warning};

use super::judge::entries_through;
use super::measure::Measure;
use super::warning::{allow_expired, allow_unused};
use super::{Policy, Span};

/// One entry of the allow-list.
#[derive(Debug, Clone)]
pub struct Allow {
    /// What it applies to.
    pub matcher: Matcher,
    /// Why it is there.
    pub reason: String,
    /// The first day on which it no longer applies.
    pub expires: Option<Date>,
}

/// What an entry of the allow-list applies to.
#[derive(Debug, Clone)]
pub enum Matcher {
    /// The stacks with this fingerprint, or whose allocating function has it.
    Fingerprint(String),
    /// The stacks with a frame that matches.
    Pattern(Glob),
    /// The stacks with a function, source file or binary that matches, as a leak sanitizer would suppress them.
    Leak {
        /// As written in the file.
        text: String,
        /// What it stands for.
        pattern: Regex,
    },
}

impl fmt::Display for Matcher {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Matcher::Fingerprint(text) => out.write_str(text),
            Matcher::Pattern(glob) => out.write_str(glob.text()),
            Matcher::Leak { text, .. } => write!(out, "leak:{text}"),
        }
    }
}

/// What an entry of the allow-list set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The entry: an index into [`Policy::allow`].
    pub entry: usize,
    /// The growth of the first metric in the first comparison that it set aside. What several entries apply to is
    /// counted for the first of them.
    pub growth: i64,
}

/// For each entry of the diff whether it is set aside; what that was; warnings about the list.
pub(super) fn apply(
    diff: &Diff,
    metrics: &[usize],
    spans: &[Span],
    policy: &Policy,
) -> (Vec<bool>, Vec<Allowed>, Vec<Warning>) {
    let mut aside = vec![false; diff.entry_count()];
    let (mut allowed, mut warnings) = (Vec::new(), Vec::new());
    let none = vec![false; diff.entry_count()];
    let span = spans.first().copied().unwrap_or(Span { from: None, to: 0 });
    let measure = metrics.first().map(|metric| Measure::new(diff, *metric, span, &none));
    for (number, allow) in policy.allow.iter().enumerate() {
        if let (Some(expires), Some(today)) = (allow.expires, policy.today)
            && today >= expires
        {
            warnings.push(allow_expired::warning(allow, expires));
            continue;
        }
        let matched = allow.matcher.entries(diff);
        if !matched.contains(&true) {
            warnings.push(allow_unused::warning(allow));
            continue;
        }
        let is_first = |entry: usize| matched[entry] && !aside[entry];
        let growth = measure.as_ref().map_or(0, |measure| measure.sum(is_first).growth());
        allowed.push(Allowed { entry: number, growth });
        aside.iter_mut().zip(&matched).for_each(|(aside, matched)| *aside |= matched);
    }
    (aside, allowed, warnings)
}

impl Matcher {
    /// For each entry of a diff whether this applies to it.
    fn entries(&self, diff: &Diff) -> Vec<bool> {
        match self {
            Matcher::Fingerprint(wanted) => with_fingerprint(diff, wanted),
            Matcher::Pattern(glob) => entries_through(diff, &diff.keys.like(glob)),
            Matcher::Leak { pattern, .. } => entries_through(diff, &keys_at(diff, pattern)),
        }
    }
}

fn with_fingerprint(diff: &Diff, wanted: &str) -> Vec<bool> {
    let canonical = |key| diff.keys.key(key).canonical.as_str();
    let of_stack = |stack: usize| {
        let entry = diff.first_entry(stack);
        fingerprint(diff.stack_keys(entry).take(1).map(canonical)) == wanted
            || fingerprint(diff.stack_keys(entry).map(canonical)) == wanted
    };
    let stacks: Vec<bool> = (0..diff.stack_count()).map(of_stack).collect();
    (0..diff.entry_count()).map(|entry| stacks[diff.stack_of(entry)]).collect()
}

/// For each key whether its function, its source file or its binary matches anywhere.
fn keys_at(diff: &Diff, pattern: &Regex) -> Vec<bool> {
    let symbols = &diff.symbols;
    let mut keys = vec![false; diff.keys.len()];
    for (id, location) in diff.locations() {
        let binary = location.mapping.map(|mapping| symbols.str(symbols.mapping(mapping).file));
        let in_binary = binary.is_some_and(|binary| pattern.is_match(binary));
        for (key, line) in diff.keys.of_location(id).iter().zip(diff.keys.visible_lines(id)) {
            let function = location.lines.get(*line as usize).and_then(|line| line.function);
            let matches = function.map(|function| symbols.function(function)).is_some_and(|function| {
                let texts = [function.name, function.system_name, function.file];
                texts.into_iter().any(|text| pattern.is_match(symbols.str(text)))
            });
            keys[key.index()] |= in_binary || matches;
        }
    }
    keys
}
