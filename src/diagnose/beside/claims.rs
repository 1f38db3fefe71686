//! What goroutines contradict: suspects of a heap that claim goroutines which are not there.
//!
//! In: a suspect of a heap, a goroutine diff. Out: whether its claim falls, and what else the suspect may be. Invariant: a
//! claim falls only where the form of the profile would show its goroutines, and never where most goroutines are gone.

use crate::diagnose::Suspect;
use crate::diagnose::signature::{Allocated, Counted, Frames, Kind, Matcher, Pattern, Signature, UNKNOWN};
use crate::diff::{Diff, KeyId};
use crate::rows::{Blame, Nearest, Place, Responsible, Via, best};

use super::heap::Heap;
use super::traces::applications;
use crate::rows::goroutines::have_fallen;
use crate::rows::goroutines::parked::{self, Parked};

/// The goroutines that became more or fewer.
pub(super) struct Growth<'a> {
    diff: &'a Diff,
    parked: Parked,
    /// By entry.
    growth: Vec<i64>,
    /// Whether the stacks show what goroutines wait for.
    tells: bool,
    /// Whether so many are gone that those that are missing prove nothing.
    pub have_fallen: bool,
}

impl<'a> Growth<'a> {
    pub fn new(diff: &'a Diff) -> Self {
        let mut growth = diff.column(diff.metric, diff.snapshots.len() - 1);
        let is_there: Vec<bool> = growth.iter().map(|count| *count > 0).collect();
        if diff.snapshots.len() > 1 {
            growth.iter_mut().zip(diff.column(diff.metric, 0)).for_each(|(growth, before)| *growth -= before);
        }
        let parked = Parked::new(diff);
        let mut stack: Vec<KeyId> = Vec::new();
        // Every program has a goroutine that is parked. The newest snapshot decides: a form before it may tell more.
        let tells = (0..diff.entry_count()).filter(|entry| is_there[*entry]).any(|entry| {
            stack.clear();
            parked.stack(diff, entry, &mut stack);
            stack
                .first()
                .is_some_and(|key| key.index() >= diff.keys.len() || diff.keys.key(*key).canonical == parked::FRAMES[0])
        });
        Self { diff, parked, growth, tells, have_fallen: have_fallen(diff) }
    }

    /// Whether the goroutines that a leak of this kind has did not become more, or not nearly enough.
    pub fn contradict(&self, heap: &Heap<'_>, suspect: &Suspect, signature: &Signature) -> bool {
        let is_counted = suspect.signature.unit.is_some_and(|unit| unit.counted == Counted::Goroutine);
        let claimed = suspect.units.filter(|_| is_counted).map_or(0, |units| units.count - units.error);
        signature.needs_goroutines && !self.have_fallen && self.of_kind(heap, suspect, signature) < (claimed / 2).max(1)
    }

    /// How many more goroutines there are of the kind that a signature tells of, where the suspect has functions of the
    /// program below such as have these.
    fn of_kind(&self, heap: &Heap<'_>, suspect: &Suspect, signature: &Signature) -> i64 {
        let Frames { any, with, .. } = signature.goroutines;
        let patterns = parsed(&[any, with].concat());
        let matcher = Matcher::new(&patterns, &self.diff.keys, parked::FRAMES);
        let own: Vec<&str> = if suspect.responsible.as_ref().is_some_and(|frame| frame.via == Via::Stack) {
            suspect.stacks.iter().flat_map(|(entry, _)| applications(heap.diff, *entry)).collect()
        } else {
            Vec::new()
        };
        let mut walk = matcher.walk();
        let mut is_of_kind = |entry: &usize| {
            let (mut stack, mut found) = (Vec::new(), Vec::new());
            self.parked.stack(self.diff, *entry, &mut stack);
            walk.matches(&stack, Allocated::default(), &mut found);
            let shares = || applications(self.diff, *entry).iter().any(|name| own.contains(name));
            (!self.tells || !found.is_empty()) && (own.is_empty() || shares())
        };
        let changed = (0..self.growth.len()).filter(|entry| self.growth[*entry] != 0);
        changed.filter(|entry| is_of_kind(entry)).map(|entry| self.growth[entry]).sum()
    }

    /// A suspect whose claim fell, as what else it looks like; failing that as growth of which nothing is known.
    pub fn instead(&self, heap: &Heap<'_>, suspect: Suspect) -> Suspect {
        let fits = |other: &&'static Signature| {
            let is_leak = other.kind == Kind::Leak;
            is_leak && !found(heap, &suspect, other).is_empty() && !self.contradict(heap, &suspect, other)
        };
        let signature = suspect.others.iter().copied().find(fits).unwrap_or(&UNKNOWN);
        let told = |signature: &Signature| signature.unit.map(|unit| unit.leaf);
        // Whom the fallen claim blamed by other stacks is not to blame.
        let is_kept = |frame: &Responsible| frame.via == Via::Stack || signature.blame.is_empty();
        let responsible = suspect.responsible.clone().filter(is_kept).or_else(|| blamed(heap, signature));
        let owner = responsible.as_ref().map(|frame| frame.place.key);
        let frames = suspect.entries.first().filter(|_| owner.is_none()).into_iter();
        let keys = owner.into_iter().chain(frames.flat_map(|entry| heap.diff.stack_keys(*entry)));
        let mut who = suspect.who.clone();
        who.was_also(keys.map(|key| heap.diff.keys.key(key)));
        Suspect {
            who,
            units: suspect.units.filter(|_| told(signature) == told(suspect.signature)),
            confidence: signature.confidence,
            found: found(heap, &suspect, signature),
            others: Vec::new(),
            responsible,
            signature,
            ..suspect
        }
    }
}

/// The patterns of a signature that stacks of a suspect match.
pub(super) fn found(heap: &Heap<'_>, suspect: &Suspect, signature: &Signature) -> Vec<&'static str> {
    let texts = signature.heap.any;
    let patterns = parsed(texts);
    let matcher = Matcher::new(&patterns, &heap.diff.keys, &[]);
    let (mut walk, mut found) = (matcher.walk(), Vec::new());
    for entry in suspect.entries.iter().filter(|entry| heap.growth(**entry) > 0) {
        let stack: Vec<KeyId> = heap.diff.stack_keys(*entry).collect();
        let blocks = Allocated { size: heap.diff.block_size(*entry), ..Allocated::default() };
        walk.matches(&stack, blocks, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|pattern| texts[usize::from(pattern)]).collect()
}

/// The function of the program in the stacks that a signature blames which grew most.
fn blamed(heap: &Heap<'_>, signature: &Signature) -> Option<Responsible> {
    let diff = heap.diff;
    let patterns = parsed(signature.blame);
    let matcher = Matcher::new(&patterns, &diff.keys, &[]);
    let nearest = Nearest::new(diff);
    let (mut blame, mut walk, mut found) = (Blame::default(), matcher.walk(), Vec::new());
    for entry in (0..diff.entry_count()).filter(|entry| heap.growth(*entry) > 0) {
        found.clear();
        let stack: Vec<KeyId> = diff.stack_keys(entry).collect();
        walk.matches(&stack, Allocated { size: diff.block_size(entry), ..Allocated::default() }, &mut found);
        if let Some(owner) = nearest.of(diff.stack(entry)).filter(|_| !found.is_empty()) {
            *blame.entry(owner.frame).or_default() += heap.growth(entry);
        }
    }
    let place = best(diff, &blame).map(|((key, spot), _)| Place { key, spot });
    place.map(|place| Responsible { place, via: Via::Sibling })
}

/// A test over the whole table sees to it that every pattern can be read.
pub(super) fn parsed(patterns: &[&'static str]) -> Vec<Pattern> {
    patterns.iter().filter_map(|text| Pattern::parse(text).ok()).collect()
}
