//! Who hands what it allocates over to something that keeps it: a cache of a library, a concurrent map.
//!
//! In: what changed. Out: for each function of the program the signature of the holder that it puts things into. Invariant:
//! the holder need not grow itself: what it allocates for an entry is little, and its stacks are looked for among all that
//! allocated in the meantime.

use crate::diff::KeyId;
use crate::model::hash::HashMap;
use crate::rows::Nearest;

use super::catalogue::Catalogue;
use super::observe::{Changes, FunctionId};
use super::signature::{Allocated, Matcher, Pattern};

/// The holders that functions of the program use, by function: numbers of signatures.
pub(super) struct Holders(HashMap<FunctionId, usize>);

impl Holders {
    pub fn new(changes: &Changes<'_>, catalogue: &Catalogue) -> Self {
        let mut holders = HashMap::default();
        let known = catalogue.known.iter().enumerate().filter(|(_, known)| known.signature.is_holder);
        let patterns: Vec<(usize, Pattern)> = known
            .flat_map(|(number, known)| known.any.iter().map(move |pattern| (number, *pattern)))
            .map(|(number, pattern)| (number, catalogue.patterns[usize::from(pattern)].clone()))
            .collect();
        let diff = changes.diff;
        let only: Vec<Pattern> = patterns.iter().map(|(_, pattern)| pattern.clone()).collect();
        let matcher = Matcher::new(&only, &diff.keys, &[]);
        let Some(metric) = diff.allocated().filter(|_| matcher.is_possible()) else { return Self(holders) };
        let newest = diff.snapshots.len() - 1;
        let (old, new) = (diff.column(metric, 0), diff.column(metric, newest));
        let nearest = Nearest::new(diff);
        let (mut walk, mut stack, mut matched): (_, Vec<KeyId>, Vec<u16>) = (matcher.walk(), Vec::new(), Vec::new());
        for entry in (0..diff.entry_count()).filter(|entry| new[*entry] > old[*entry]) {
            stack.clear();
            matched.clear();
            stack.extend(diff.stack_keys(entry));
            walk.matches(&stack, Allocated::default(), &mut matched);
            let Some(pattern) = matched.first() else { continue };
            if let Some(owner) = nearest.of(diff.stack(entry)) {
                let number = patterns[usize::from(*pattern)].0;
                let known = holders.entry(changes.function(owner.frame.0)).or_insert(number);
                *known = number.min(*known);
            }
        }
        Self(holders)
    }

    /// Whether no function uses any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The holder that a function uses, or the one that calls it.
    pub fn of(&self, chain: &[FunctionId]) -> Option<usize> {
        chain.iter().take(2).find_map(|function| self.0.get(function)).copied()
    }
}
