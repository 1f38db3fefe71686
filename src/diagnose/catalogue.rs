//! The signatures with their patterns read, ready to be held against a diff.
//!
//! In: the table of signatures, and whether the profile is one of goroutines. Out: for each signature the numbers of its
//! patterns in one list. Invariant: equal patterns of different signatures have one number.

use super::signature::{Frames, Kind, Pattern, SIGNATURES, Signature};
use crate::model::hash::HashMap;

/// The number of a pattern.
pub(super) type PatternId = u16;

/// A signature by the numbers of its patterns.
#[derive(Debug)]
pub(super) struct Known {
    pub signature: &'static Signature,
    pub any: Vec<PatternId>,
    pub all: Vec<PatternId>,
    pub not: Vec<PatternId>,
    pub with: Vec<PatternId>,
    pub blame: Vec<PatternId>,
    pub unit: Vec<PatternId>,
}

/// All signatures.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub known: Vec<Known>,
    pub patterns: Vec<Pattern>,
    /// For each pattern the signatures that it is one of the frames of.
    signatures_of: Vec<Vec<usize>>,
    texts: Vec<&'static str>,
}

impl Catalogue {
    /// Those that have frames in a profile of this kind.
    pub fn new(of_goroutines: bool) -> Self {
        let mut numbers = Numbers::default();
        let frames = |signature: &Signature| if of_goroutines { signature.goroutines } else { signature.heap };
        let has_frames = |signature: &&Signature| !frames(signature).any.is_empty();
        let known = SIGNATURES.iter().filter(has_frames).map(|signature| {
            let Frames { any, all, not, with } = frames(signature);
            Known {
                signature,
                any: numbers.of(any),
                all: numbers.of(all),
                not: numbers.of(not),
                with: numbers.of(with),
                blame: numbers.of(signature.blame),
                unit: numbers.of(signature.unit.map_or(&[], |unit| unit.leaf)),
            }
        });
        let known: Vec<Known> = known.collect();
        let mut signatures_of = vec![Vec::new(); numbers.patterns.len()];
        for (number, known) in known.iter().enumerate() {
            known.any.iter().for_each(|pattern| signatures_of[usize::from(*pattern)].push(number));
        }
        Self { known, patterns: numbers.patterns, signatures_of, texts: numbers.texts }
    }

    /// The signatures that a pattern is one of the frames of, in ascending order.
    pub fn signatures_of(&self, pattern: PatternId) -> &[usize] {
        &self.signatures_of[usize::from(pattern)]
    }

    /// Those of a kind with their numbers.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (usize, &Known)> {
        self.known.iter().enumerate().filter(move |(_, known)| known.signature.kind == kind)
    }

    /// Whether a signature says more than what has been allocated: that it is kept by something that has to end.
    pub fn is_sure(&self, known: usize) -> bool {
        !self.known[known].signature.is_vague()
    }

    /// The number of a pattern that some signature has, as it is spelled there.
    pub fn pattern(&self, text: &str) -> Option<PatternId> {
        self.texts.iter().position(|known| *known == text).map(|at| at as PatternId)
    }

    /// A pattern as the signature spells it.
    pub fn text(&self, pattern: PatternId) -> &'static str {
        self.texts[usize::from(pattern)]
    }
}

#[derive(Default)]
struct Numbers {
    patterns: Vec<Pattern>,
    texts: Vec<&'static str>,
    by_text: HashMap<&'static str, PatternId>,
}

impl Numbers {
    fn of(&mut self, texts: &[&'static str]) -> Vec<PatternId> {
        texts.iter().filter_map(|text| self.number(text)).collect()
    }

    /// A test over the whole table sees to it that every pattern can be read.
    fn number(&mut self, text: &'static str) -> Option<PatternId> {
        if let Some(number) = self.by_text.get(text) {
            return Some(*number);
        }
        let number = self.patterns.len() as PatternId;
        self.patterns.push(Pattern::parse(text).ok()?);
        self.texts.push(text);
        self.by_text.insert(text, number);
        Some(number)
    }
}
