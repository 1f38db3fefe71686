//! Limits whose pattern matches nothing: a typing error, a package that was renamed, or one that no sample fell on.
//!
//! In: a diff, the rules of a policy. Out: for each that matches no function of any input the nearest names there are.
//! Invariant: every name given is one that the pattern would have matched if it were written so.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::diff::Diff;
use crate::model::{Glob, name};

use super::{Rule, Scope};

/// How many names are given.
const NAMES: usize = 3;

/// A limit that matched nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The limit: an index into [`super::Policy::rules`].
    pub rule: usize,
    /// The packages and functions whose names are nearest to its pattern, best first; none where none is near.
    pub nearest: Vec<String>,
}

/// The rules whose pattern matches no function and no package.
pub(super) fn unmatched(diff: &Diff, rules: &[Rule]) -> Vec<Unmatched> {
    let patterns = rules.iter().enumerate().filter_map(|(rule, Rule { scope, .. })| match scope {
        Scope::Through(glob) => Some((rule, glob)),
        _ => None,
    });
    let lost = patterns.filter(|(_, glob)| !diff.keys.iter().any(|key| key.is_like(glob)));
    lost.map(|(rule, glob)| Unmatched { rule, nearest: nearest(diff, glob) }).collect()
}

/// The names that take the fewest changes of letters to become the pattern without its stars.
fn nearest(diff: &Diff, glob: &Glob) -> Vec<String> {
    let wanted = glob.text().trim_end_matches(['*', '/', '.']).replace('*', "");
    // A third of the letters wrong is another name.
    let furthest = wanted.chars().count() / 3;
    let mut found: Vec<(usize, &str)> = Vec::new();
    let names: BTreeSet<String> = diff.keys.iter().flat_map(|key| names(&key.canonical)).collect();
    for known in &names {
        let length = known.chars().count().abs_diff(wanted.chars().count());
        let short = strsim::damerau_levenshtein(&wanted, &name::short(known));
        let distance = if length > furthest { short } else { short.min(strsim::damerau_levenshtein(&wanted, known)) };
        if distance <= furthest {
            found.push((distance, known));
        }
    }
    // Of names equally near, a package says more than each of its functions.
    found.sort_by_key(|(distance, name)| (*distance, name.len(), Reverse(*name)));
    found.into_iter().take(NAMES).map(|(_, name)| name.to_owned()).collect()
}

/// A function, its package, and what that lies in.
fn names(function: &str) -> Vec<String> {
    let package = name::package(function).into_owned();
    let above = package.match_indices('/').map(|(at, _)| package[..at].to_owned());
    let mut names: Vec<String> = above.collect();
    names.extend([package.clone(), function.to_owned()]);
    names.retain(|name| !name.is_empty());
    names
}
