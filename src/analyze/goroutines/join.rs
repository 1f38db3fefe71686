//! Leaks of the heap and goroutines that became more, held against each other: what one shows the other explains.
//!
//! In: the suspects of a heap diff and those of a goroutine diff. Out: the first, surer, with what the second add; and
//! which of the second stand alone. Invariant: goroutines count for at most one suspect.
//!
//! Goroutines decide between leaks that look alike in the heap: what the goroutines of a leak wait for is the leak's own,
//! what they allocate is not.

use std::collections::BTreeMap;

use super::parked::{self, Parked};
use super::{LEAST_STACK, METRICS};
use crate::analyze::signature::{Allocated, Confidence, Frames, Kind, Matcher, Pattern, Signature};
use crate::analyze::suspect::{Suspect, Units};
use crate::analyze::{Responsible, Series, Via, fingerprint};
use crate::diff::{Diff, KeyId};

/// Goroutines that belong to a suspect of the heap.
#[derive(Debug, Clone)]
pub struct Witness {
    /// How many in each snapshot of the goroutines.
    pub counts: Series,
    /// The accountable frame where the heap holds none, by the ids of the goroutine diff.
    pub responsible: Option<Responsible>,
}

/// What goroutines tell of the suspects of a heap.
#[derive(Debug, Default)]
pub struct Joined {
    /// For each suspect of the heap its goroutines, if any.
    pub witnesses: Vec<Option<Witness>>,
    /// Goroutines that became more and that no suspect of the heap accounts for.
    pub alone: Vec<Suspect>,
}

impl Witness {
    /// The least that the stacks of the goroutines that came take, in bytes.
    pub fn stack_bytes(&self) -> i64 {
        self.counts.delta().saturating_mul(LEAST_STACK)
    }
}

/// How well goroutines fit a suspect of the heap, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The heap shows only the descriptors of goroutines.
    Descriptors,
    /// They are closures of the accountable function, which makes about as many blocks of one kind.
    Creator,
    /// The same function is accountable.
    Function,
    /// Their leak would look in the heap as this one does.
    LooksAlike,
    /// The same leak.
    Same,
}

/// The suspects among goroutines: those that became more than load alone makes likely. Where goroutines come and go, their
/// number varies as its square root does.
pub fn leaks(diff: &Diff, suspects: &[Suspect]) -> Vec<Suspect> {
    const LEAST: i64 = 10;
    let is_proven = diff.metric().name == METRICS[1];
    let is_real = |suspect: &&Suspect| {
        let (before, after) = (suspect.values.before() as f64, suspect.values.after() as f64);
        let delta = suspect.values.delta();
        is_proven && delta > 0 || delta >= LEAST && delta as f64 > 3.0 * (before + after).max(0.0).sqrt()
    };
    let surer = |suspect: &Suspect| Suspect {
        confidence: suspect.signature.with_goroutines,
        // The metric counts goroutines already.
        units: suspect.units.filter(|units| units.one != "goroutine"),
        ..suspect.clone()
    };
    suspects.iter().filter(|suspect| suspect.signature.kind == Kind::Leak).filter(is_real).map(surer).collect()
}

/// Gives each suspect of a heap the goroutines that fit it best; the largest chooses first. `leaked` are the suspects
/// among the goroutines, see [`leaks`]. Descriptors of goroutines that belong to other suspects are added to those.
pub fn join(heap: &Diff, suspects: &mut Vec<Suspect>, goroutines: &Diff, leaked: Vec<Suspect>) -> Joined {
    let mut leaked: Vec<Option<Suspect>> = leaked.into_iter().map(Some).collect();
    let mut joined = Joined { witnesses: vec![None; suspects.len()], alone: Vec::new() };
    for wanted in [Fit::Same, Fit::LooksAlike, Fit::Function, Fit::Creator, Fit::Descriptors] {
        for (suspect, witness) in suspects.iter_mut().zip(&mut joined.witnesses) {
            if witness.is_some() || suspect.signature.kind != Kind::Leak {
                continue;
            }
            let fits =
                |of: &Option<Suspect>| of.as_ref().is_some_and(|of| fit(heap, suspect, goroutines, of) == Some(wanted));
            let Some(of) = leaked.iter().position(fits).and_then(|at| leaked[at].take()) else { continue };
            *witness = Some(believe(heap, suspect, goroutines, &of, wanted));
        }
    }
    add_descriptors(heap, suspects, &mut joined.witnesses);
    for of in leaked.into_iter().flatten() {
        match suspects.iter().position(|suspect| began_alike(heap, suspect, goroutines, &of)) {
            Some(at) => add(&mut joined.witnesses[at], of.values),
            None => joined.alone.push(of),
        }
    }
    joined
}

/// Whether a suspect is the descriptors that the runtime keeps of goroutines, and nothing else.
fn is_descriptors(heap: &Diff, suspect: &Suspect) -> bool {
    let has_malg = |entry: &usize| heap.stack_keys(*entry).any(|key| heap.keys.key(key).canonical == "runtime.malg");
    suspect.responsible.is_none() && is_vague(suspect.signature) && suspect.entries.iter().all(has_malg)
}

/// Descriptors without goroutines of their own go to the suspect with the most goroutines.
fn add_descriptors(heap: &Diff, suspects: &mut Vec<Suspect>, witnesses: &mut Vec<Option<Witness>>) {
    let count = |witness: &Option<Witness>| witness.as_ref().map_or(0, |witness| witness.counts.delta());
    let Some(most) = (0..witnesses.len()).rev().max_by_key(|at| count(&witnesses[*at])) else { return };
    let is_left = |at: &usize| witnesses[*at].is_none() && is_descriptors(heap, &suspects[*at]);
    let Some(left) = (0..suspects.len()).find(is_left).filter(|_| witnesses[most].is_some()) else { return };
    let descriptors = suspects[left].clone();
    let suspect = &mut suspects[most];
    suspect.values.0.iter_mut().zip(descriptors.values.0).for_each(|(sum, value)| *sum += value);
    match (&mut suspect.objects, descriptors.objects) {
        (Some(Series(sums)), Some(Series(more))) => sums.iter_mut().zip(more).for_each(|(sum, value)| *sum += value),
        (sums, _) => *sums = None,
    }
    suspect.entries.extend(descriptors.entries);
    suspect.stacks.extend(descriptors.stacks);
    suspects.remove(left);
    witnesses.remove(left);
}

/// Whether goroutines of which nothing is known began where growth of a suspect did that has no frame of the program:
/// they are the goroutines that hold it.
fn began_alike(heap: &Diff, suspect: &Suspect, goroutines: &Diff, of: &Suspect) -> bool {
    let is_bare = suspect.responsible.as_ref().is_none_or(|frame| frame.via == Via::Sibling);
    let is_candidate =
        suspect.signature.kind == Kind::Leak && is_bare && of.responsible.is_none() && is_vague(of.signature);
    let roots = |diff: &Diff, suspect: &Suspect| -> Vec<String> {
        let root = |(entry, _): &(usize, i64)| diff.stack_keys(*entry).next_back();
        suspect.stacks.iter().filter_map(root).map(|key| diff.keys.key(key).canonical.clone()).collect()
    };
    is_candidate && {
        let of_heap = roots(heap, suspect);
        roots(goroutines, of).iter().any(|root| of_heap.contains(root))
    }
}

fn add(witness: &mut Option<Witness>, more: Series) {
    match witness {
        Some(witness) => witness.counts.0.iter_mut().zip(more.0).for_each(|(count, more)| *count += more),
        None => *witness = Some(Witness { counts: more, responsible: None }),
    }
}

fn fit(heap: &Diff, suspect: &Suspect, goroutines: &Diff, of: &Suspect) -> Option<Fit> {
    if of.signature.code() == suspect.signature.code() && !is_vague(suspect.signature) {
        return Some(Fit::Same);
    }
    // A signature whose own goroutines are not there is not borne out.
    let is_open = is_vague(suspect.signature) || !suspect.signature.goroutines.any.is_empty();
    if is_open && !is_vague(of.signature) && looks_like(heap, suspect, of.signature) {
        return Some(Fit::LooksAlike);
    }
    let (owner, other) = (function(heap, suspect), function(goroutines, of));
    let is_function = owner.is_some() && owner == other;
    // A closure has the name of the function it stands in, and a number.
    let creator = other.and_then(|name| name.split_once(".func")).map(|(creator, _)| creator);
    let is_creator = || owner.is_some() && owner == creator && makes_as_many(heap, suspect, of);
    match () {
        () if is_function => Some(Fit::Function),
        () if is_vague(suspect.signature) && is_creator() => Some(Fit::Creator),
        () if is_descriptors(heap, suspect) => Some(Fit::Descriptors),
        () => None,
    }
}

/// The accountable function of a suspect, by its name in every build.
fn function<'a>(diff: &'a Diff, suspect: &Suspect) -> Option<&'a str> {
    let key = suspect.responsible.as_ref()?.place.key;
    Some(&diff.keys.key(key).canonical)
}

/// Whether a stack of a suspect grew by about as many objects as there are more goroutines: half to twice as many, since
/// the objects may be an estimate from few samples.
fn makes_as_many(heap: &Diff, suspect: &Suspect, goroutines: &Suspect) -> bool {
    let Some(objects) = heap.companion("space", "objects") else { return false };
    let newest = heap.snapshots.len() - 1;
    let (before, after) = (heap.column(objects, 0), heap.column(objects, newest));
    let mut grown: BTreeMap<usize, i64> = BTreeMap::new();
    for entry in &suspect.entries {
        *grown.entry(heap.stack_of(*entry)).or_default() += after[*entry] - before[*entry];
    }
    let count = goroutines.values.delta();
    grown.values().any(|objects| *objects <= count.saturating_mul(2) && objects.saturating_mul(2) >= count)
}

/// Whether a signature says little more than that something grew.
fn is_vague(signature: &Signature) -> bool {
    signature.confidence == Confidence::Low
}

/// Whether stacks of a suspect are such as a leak of another kind has.
fn looks_like(heap: &Diff, suspect: &Suspect, signature: &Signature) -> bool {
    let patterns = parsed(signature.heap.any);
    let matcher = Matcher::new(&patterns, &heap.keys, &[]);
    suspect.entries.iter().any(|entry| {
        let stack: Vec<KeyId> = heap.stack_keys(*entry).collect();
        let mut found = Vec::new();
        let blocks = Allocated { size: heap.block_size(*entry), ..Allocated::default() };
        matcher.matches(&stack, blocks, &mut found);
        !found.is_empty()
    })
}

/// Takes over what goroutines say of a suspect.
fn believe(heap: &Diff, suspect: &mut Suspect, goroutines: &Diff, of: &Suspect, fit: Fit) -> Witness {
    let is_renamed = match fit {
        Fit::Same => false,
        Fit::LooksAlike => true,
        Fit::Function | Fit::Creator | Fit::Descriptors => is_vague(suspect.signature) && !is_vague(of.signature),
    };
    if is_renamed {
        suspect.signature = of.signature;
        suspect.units = None;
        let owner = function(heap, suspect).or(function(goroutines, of).filter(|_| fit == Fit::Descriptors));
        let frames = suspect.entries.first().filter(|_| owner.is_none()).into_iter();
        let frames = frames.flat_map(|entry| heap.stack_keys(*entry));
        let names = owner.into_iter().chain(frames.map(|key| heap.keys.key(key).canonical.as_str()));
        suspect.fingerprint = fingerprint([of.signature.code()].into_iter().chain(names));
    }
    if fit >= Fit::LooksAlike || is_renamed {
        suspect.confidence = suspect.confidence.max(of.signature.with_goroutines);
    }
    suspect.found.extend(of.found.iter().filter(|_| of.signature.code() == suspect.signature.code()));
    if let Some(unit) = suspect.signature.unit {
        let count = largest(goroutines, of, suspect.signature.goroutines);
        let exact = Units { count, error: 0, one: unit.one, many: unit.many };
        suspect.units = Some(exact).filter(|units| units.count > 0).or(suspect.units);
    }
    let responsible = of.responsible.clone().filter(|_| suspect.responsible.is_none());
    Witness { counts: of.values.clone(), responsible }
}

/// The growth of the one kind of goroutine of a leak that grew most: each unit has one of each kind.
fn largest(diff: &Diff, suspect: &Suspect, frames: Frames) -> i64 {
    let patterns = parsed(frames.any);
    let matcher = Matcher::new(&patterns, &diff.keys, parked::FRAMES);
    let parked = Parked::new(diff);
    let mut growth = vec![0; patterns.len()];
    for (entry, value) in &suspect.stacks {
        let (mut stack, mut found) = (Vec::new(), Vec::new());
        parked.stack(diff, *entry, &mut stack);
        matcher.matches(&stack, Allocated::default(), &mut found);
        found.iter().for_each(|pattern| growth[usize::from(*pattern)] += value);
    }
    growth.into_iter().max().unwrap_or(0)
}

/// A test over the whole table sees to it that every pattern can be read.
fn parsed(patterns: &[&str]) -> Vec<Pattern> {
    patterns.iter().filter_map(|text| Pattern::parse(text).ok()).collect()
}
