//! The allow-list: growth that is known and counts for no limit.
//!
//! In: its entries, a diff and its suspects, the day. Out: which entries of the diff are set aside, and what to say of the list itself.
//! Invariant: an entry that has expired applies to nothing; one that applies to nothing is reported.

use std::fmt;

use jiff::civil::Date;
use regex::Regex;

use crate::analyze::{Suspect, fingerprint};
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
    /// The stacks with this fingerprint, those whose allocating function has it, or those of the suspect that has it.
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
    /// The suspect that it names by its fingerprint, if it does: an index into the suspects.
    pub suspect: Option<usize>,
    /// The growth of the first metric in the first comparison that it set aside. What several entries apply to is
    /// counted for the first of them.
    pub growth: i64,
}

/// What an allow-list comes to.
pub(super) struct Aside {
    /// For each entry of the diff whether it is set aside.
    pub entries: Vec<bool>,
    /// What that was, for each entry of the list that applies.
    pub allowed: Vec<Allowed>,
    /// For each suspect the entry of the list that sets its growth aside.
    pub suspects: Vec<Option<usize>>,
    /// What should be said of the list.
    pub warnings: Vec<Warning>,
}

/// Sets aside what the allow-list of a policy names.
pub(super) fn apply(diff: &Diff, suspects: &[Suspect], metrics: &[usize], spans: &[Span], policy: &Policy) -> Aside {
    let mut by: Vec<Option<usize>> = vec![None; diff.entry_count()];
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
        let suspect = suspects.iter().position(|suspect| allow.matcher.names(suspect));
        let matched = allow.matcher.entries(diff, suspects);
        if suspect.is_none() && !matched.contains(&true) {
            warnings.push(allow_unused::warning(allow));
            continue;
        }
        let is_first = |entry: usize| matched[entry] && by[entry].is_none();
        let growth = measure.as_ref().map_or(0, |measure| measure.sum(is_first).growth());
        allowed.push(Allowed { entry: number, suspect, growth });
        for (by, _) in by.iter_mut().zip(&matched).filter(|(_, matched)| **matched) {
            by.get_or_insert(number);
        }
    }
    let named = |suspect: &Suspect| {
        allowed.iter().map(|allowed| allowed.entry).find(|entry| policy.allow[*entry].matcher.names(suspect))
    };
    let whole = |suspect: &Suspect| {
        let first = by[*suspect.entries.first()?]?;
        suspect.entries.iter().all(|entry| by[*entry].is_some()).then_some(first)
    };
    let suspects = suspects.iter().map(|suspect| named(suspect).or_else(|| whole(suspect))).collect();
    Aside { entries: by.iter().map(Option::is_some).collect(), allowed, suspects, warnings }
}

impl Matcher {
    /// For each entry of a diff whether this applies to it.
    fn entries(&self, diff: &Diff, suspects: &[Suspect]) -> Vec<bool> {
        match self {
            Matcher::Fingerprint(wanted) => {
                let mut stacks = with_fingerprint(diff, wanted);
                let entries =
                    suspects.iter().filter(|suspect| self.names(suspect)).flat_map(|suspect| &suspect.entries);
                entries.for_each(|entry| stacks[diff.stack_of(*entry)] = true);
                (0..diff.entry_count()).map(|entry| stacks[diff.stack_of(entry)]).collect()
            }
            Matcher::Pattern(glob) => entries_through(diff, &diff.keys.like(glob)),
            Matcher::Leak { pattern, .. } => entries_through(diff, &keys_at(diff, pattern)),
        }
    }

    /// Whether this is the fingerprint of a suspect.
    fn names(&self, suspect: &Suspect) -> bool {
        matches!(self, Matcher::Fingerprint(wanted) if *wanted == suspect.fingerprint)
    }
}

/// For each stack whether it or its allocating function has this fingerprint.
fn with_fingerprint(diff: &Diff, wanted: &str) -> Vec<bool> {
    let canonical = |key| diff.keys.key(key).canonical.as_str();
    let of_stack = |stack: usize| {
        let entry = diff.first_entry(stack);
        fingerprint(diff.stack_keys(entry).take(1).map(canonical)) == wanted
            || fingerprint(diff.stack_keys(entry).map(canonical)) == wanted
    };
    (0..diff.stack_count()).map(of_stack).collect()
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
