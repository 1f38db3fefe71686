//! The allow-list: growth that is known and counts for no limit.
//!
//! In: its entries, a diff and its suspects, the day. Out: which entries of the diff are set aside, and what to say of the list itself.
//! Invariant: an entry that has expired applies to nothing; one that applies to nothing is reported.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use crate::diagnose::Suspect;
use crate::diff::{Diff, Key};
use crate::model::fingerprint;
use crate::model::{Glob, Warning};

use super::judge::entries_through;
use super::leak::Template;
use super::measure::Measure;
use super::warning::{allow_expired, allow_renamed, allow_unused};
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
        pattern: Template,
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
    // Each suspect that an entry of the list names, with that entry.
    let mut named: Vec<(usize, usize)> = Vec::new();
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
        let fingerprints = allow.matcher.fingerprints(diff, suspects);
        let is_named = |suspect: &Suspect| fingerprints.contains(&suspect.who.fingerprint);
        let suspect = suspects.iter().position(is_named);
        let matched = allow.matcher.entries(diff, suspects, &fingerprints);
        if suspect.is_none() && !matched.contains(&true) {
            warnings.push(allow_unused::warning(allow));
            continue;
        }
        if let Matcher::Fingerprint(written) = &allow.matcher
            && !fingerprints.contains(written)
        {
            warnings.push(allow_renamed::warning(allow, &fingerprints));
        }
        named.extend(suspects.iter().enumerate().filter(|(_, suspect)| is_named(suspect)).map(|(at, _)| (at, number)));
        let is_first = |entry: usize| matched[entry] && by[entry].is_none();
        let growth = measure.as_ref().map_or(0, |measure| measure.sum(is_first).growth());
        allowed.push(Allowed { entry: number, suspect, growth });
        for (by, _) in by.iter_mut().zip(&matched).filter(|(_, matched)| **matched) {
            by.get_or_insert(number);
        }
    }
    let whole = |suspect: &Suspect| {
        let first = by[*suspect.entries.first()?]?;
        suspect.entries.iter().all(|entry| by[*entry].is_some()).then_some(first)
    };
    let first_named = |at: usize| named.iter().find(|(suspect, _)| *suspect == at).map(|(_, entry)| *entry);
    let suspects = suspects.iter().enumerate().map(|(at, suspect)| first_named(at).or_else(|| whole(suspect)));
    let suspects = suspects.collect();
    Aside { entries: by.iter().map(Option::is_some).collect(), allowed, suspects, warnings }
}

impl Matcher {
    /// The fingerprints that it stands for: the one written, or what is called otherwise since version 0.1 gave it that.
    fn fingerprints(&self, diff: &Diff, suspects: &[Suspect]) -> BTreeSet<String> {
        let Matcher::Fingerprint(wanted) = self else { return BTreeSet::new() };
        let is_known = suspects.iter().any(|suspect| suspect.who.fingerprint == *wanted)
            || fingerprints_of_stacks(diff, |key| &key.canonical).any(|found| found.contains(wanted));
        if is_known {
            return BTreeSet::from([wanted.clone()]);
        }
        let renamed = suspects.iter().map(|suspect| &suspect.who).filter(|who| who.was_called(wanted));
        let mut renewed: BTreeSet<String> = renamed.map(|who| who.fingerprint.clone()).collect();
        let older = fingerprints_of_stacks(diff, Key::canonical_0_1);
        for (older, newer) in older.zip(fingerprints_of_stacks(diff, |key| &key.canonical)) {
            renewed.extend(older.into_iter().zip(newer).filter(|(older, _)| older == wanted).map(|(_, newer)| newer));
        }
        renewed
    }

    /// For each entry of a diff whether this applies to it; `fingerprints` are those that it stands for.
    fn entries(&self, diff: &Diff, suspects: &[Suspect], fingerprints: &BTreeSet<String>) -> Vec<bool> {
        match self {
            Matcher::Fingerprint(_) => {
                let is_meant = |found: [String; 2]| found.iter().any(|found| fingerprints.contains(found));
                let mut stacks: Vec<bool> = fingerprints_of_stacks(diff, |key| &key.canonical).map(is_meant).collect();
                let named = suspects.iter().filter(|suspect| fingerprints.contains(&suspect.who.fingerprint));
                let entries = named.flat_map(|suspect| &suspect.entries);
                entries.for_each(|entry| stacks[diff.stack_of(*entry)] = true);
                (0..diff.entry_count()).map(|entry| stacks[diff.stack_of(entry)]).collect()
            }
            Matcher::Pattern(glob) => entries_through(diff, &diff.keys.like(glob)),
            Matcher::Leak { pattern, .. } => entries_through(diff, &keys_at(diff, pattern)),
        }
    }
}

/// For each stack the fingerprints of its allocating function and of the whole of it, of names as `called`.
fn fingerprints_of_stacks<'a>(diff: &'a Diff, called: fn(&Key) -> &str) -> impl Iterator<Item = [String; 2]> + 'a {
    (0..diff.stack_count()).map(move |stack| {
        let names = || diff.stack_keys(diff.first_entry(stack)).map(|key| called(diff.keys.key(key)));
        [fingerprint(names().take(1)), fingerprint(names())]
    })
}

/// For each key whether its function, its source file or its binary matches anywhere.
fn keys_at(diff: &Diff, pattern: &Template) -> Vec<bool> {
    let symbols = &diff.symbols;
    let mut keys = vec![false; diff.keys.len()];
    for (id, location) in diff.locations() {
        let binary = location.mapping.map(|mapping| symbols.str(symbols.mapping(mapping).file));
        let in_binary = binary.is_some_and(|binary| pattern.matches(binary));
        for (key, line) in diff.keys.of_location(id).iter().zip(diff.keys.visible_lines(id)) {
            let function = location.lines.get(*line as usize).and_then(|line| line.function);
            let matches = function.map(|function| symbols.function(function)).is_some_and(|function| {
                let texts = [function.name, function.system_name, function.file];
                texts.into_iter().any(|text| pattern.matches(symbols.str(text)))
            });
            keys[key.index()] |= in_binary || matches;
        }
    }
    keys
}
