//! Leaks of the heap and goroutines that became more, held against each other: what one shows the other explains.
//!
//! In: the suspects of a heap diff and those of a goroutine diff. Out: the first, surer, with what the second add; and
//! which of the second stand alone. Invariant: goroutines count for at most one suspect, and so does each entry of the heap.
//!
//! Goroutines decide between leaks that look alike in the heap: what the goroutines of a leak wait for is the leak's own,
//! what they allocate is not. What a goroutine holds is one suspect with it: what it or its creator allocated, where there
//! are as many objects of it as goroutines, and its descriptor.

mod claims;
mod heap;
mod traces;

use std::cmp::Reverse;

use super::signature::{Allocated, Confidence, Counted, DESCRIPTOR, Frames, GOROUTINE_HIGH_WATER, Kind, Matcher};
use super::{Suspect, Units, Who};
use crate::diff::Diff;
use crate::model::{Code, Series, Warning, name::enclosing};
use crate::rows::goroutines::parked::{self, Parked};
use crate::rows::goroutines::{LEAST_STACK, METRICS};
use crate::rows::{Place, Responsible, Via};
use crate::stats::Basis;
use crate::warnings::belong;
use claims::{Growth, found, parsed};
use heap::Heap;
use traces::{Tie, Traces};

/// Goroutines that belong to a suspect of the heap.
#[derive(Debug, Clone)]
pub struct Witness {
    /// How many in each snapshot of the goroutines.
    pub counts: Series,
    /// The accountable frame where the goroutines tell it and the heap does not, by the ids of the goroutine diff.
    pub responsible: Option<Responsible>,
}

/// What goroutines tell of the suspects of a heap.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    /// For each suspect of the heap its goroutines, if any; empty where the goroutines do not belong to the heap.
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

/// The signature of goroutines that wait in a select.
const SELECT: &str = "goroutine-select";

/// How well goroutines fit a suspect of the heap, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the descriptors that the runtime keeps of goroutines.
    Descriptors,
    /// The same function is accountable.
    Function,
    /// It is as many objects as goroutines, which they hold.
    Held(Tie),
    /// The same function is accountable, or the closure in it, of a leak that the heap names.
    Named,
    /// Their leak would look in the heap as this one does.
    LooksAlike,
    /// The same leak.
    Same,
}

/// The suspects among goroutines: those that became more than load alone makes likely. Where goroutines come and go, their
/// number varies as its square root does. High confidence takes growth that is large. At the places `timed` a timer ends the
/// wait in a select.
pub(crate) fn leaks(diff: &Diff, suspects: &[Suspect], timed: &[Place]) -> Vec<Suspect> {
    const LEAST: i64 = 10;
    let is_proven = diff.metric().name == METRICS[1];
    let all = diff.totals(diff.metric).last().copied().unwrap_or_default();
    let is_real = |suspect: &&Suspect| {
        let (before, after) = (suspect.values.before() as f64, suspect.values.after() as f64);
        let delta = suspect.values.delta();
        is_proven && delta > 0 || delta >= LEAST && delta as f64 > 3.0 * (before + after).max(0.0).sqrt()
    };
    let surer = |suspect: &Suspect| Suspect {
        confidence: if is_proven {
            suspect.signature.with_goroutines
        } else {
            suspect.signature.with_goroutines.min(sure(&suspect.values, all))
        },
        // What speaks for it is how many there are.
        features: Vec::new(),
        // The metric counts goroutines already.
        units: suspect.units.filter(|units| units.counted != Counted::Goroutine),
        ..suspect.clone()
    };
    let is_timed = |suspect: &&Suspect| {
        let place = suspect.responsible.as_ref().map(|responsible| &responsible.place);
        suspect.signature.code() == SELECT && place.is_some_and(|place| timed.contains(place))
    };
    let leaks = suspects.iter().filter(|suspect| suspect.signature.kind == Kind::Leak && !is_timed(suspect));
    leaks.filter(is_real).map(surer).collect()
}

/// How sure growth of goroutines alone can make: low where fewer than 100 came, since pools of workers and of connections
/// grow so with load; high where besides they are twice as many as before and a tenth of all goroutines of the program.
fn sure(counts: &Series, all: i64) -> Confidence {
    const MANY: i64 = 100;
    let delta = counts.delta();
    let is_large = delta >= counts.before() && delta.saturating_mul(10) >= all;
    match delta {
        MANY.. if is_large => Confidence::High,
        MANY.. => Confidence::Medium,
        _ => Confidence::Low,
    }
}

/// A part of the heap, and the goroutines that it belongs to: their number among the suspects, and how well they fit.
type Claim = (Suspect, Option<(usize, Fit)>);

/// Gives each suspect of a heap the goroutines that fit it best; the largest chooses first. `leaked` are the suspects
/// among the goroutines, see [`leaks`]; `basis` is what the evidence of the heap was computed from. What belongs to the
/// same goroutines becomes one suspect, what claims goroutines that are not there another one; those with the most bytes,
/// stacks included, come first. Goroutines that do not belong to the heap, as the `warnings` of both say, change nothing; where they
/// seem to be of another program, which a sampled heap cannot prove, they stand beside it.
pub(crate) fn join(
    heap: &Diff,
    basis: Basis,
    suspects: &mut Vec<Suspect>,
    goroutines: &Diff,
    leaked: Vec<Suspect>,
    warnings: &[Warning],
) -> Joined {
    if !belong(heap, warnings) {
        return Joined::default();
    }
    if warnings.iter().any(|warning| warning.code == Code::OtherProgram) {
        return Joined { alone: leaked, ..Joined::default() };
    }
    let heap = &Heap::new(heap, basis);
    let growth = Growth::new(goroutines);
    let mut claims: Vec<Claim> = suspects.drain(..).map(|suspect| (suspect, None)).collect();
    choose(heap, &growth, &mut claims, goroutines, &leaked);
    let mut claims = contradicted(heap, &growth, claims, goroutines, &leaked);
    let mut joined = Joined::default();
    let mut told: Vec<(Suspect, Option<Witness>)> = Vec::new();
    for (number, of) in leaked.into_iter().enumerate() {
        let is_of = |claim: &Claim| claim.1.is_some_and(|(claimed, _)| claimed == number);
        let (parts, rest): (Vec<Claim>, Vec<Claim>) = claims.into_iter().partition(is_of);
        claims = rest;
        match one_of(heap, goroutines, parts, &of) {
            Some((suspect, witness)) => told.push((suspect, Some(witness))),
            None => joined.alone.push(of),
        }
    }
    told.extend(claims.into_iter().map(|(suspect, _)| (suspect, None)));
    joined.alone.retain(|of| {
        let home = told.iter_mut().find(|(suspect, _)| began_alike(heap.diff, suspect, goroutines, of));
        home.map(|(_, witness)| add(witness, &of.values)).is_none()
    });
    let has_bytes = heap.diff.metric().unit == "bytes";
    told.sort_by_cached_key(|(suspect, witness)| {
        let stacks = witness.as_ref().filter(|_| has_bytes).map_or(0, Witness::stack_bytes);
        (suspect.order(stacks), suspect.who.fingerprint.clone())
    });
    (*suspects, joined.witnesses) = told.into_iter().unzip();
    joined
}

/// Chooses goroutines for the suspects of a heap.
fn choose(heap: &Heap<'_>, growth: &Growth<'_>, claims: &mut [Claim], goroutines: &Diff, leaked: &[Suspect]) {
    let traces: Vec<Traces> = leaked.iter().map(|of| Traces::new(goroutines, of)).collect();
    let mut is_taken = vec![false; leaked.len()];
    for wanted in [Fit::Same, Fit::LooksAlike] {
        for (suspect, chosen) in claims.iter_mut().filter(|claim| is_open(claim)) {
            let fits = |at: &usize| !is_taken[*at] && likeness(heap, suspect, &leaked[*at]) == Some(wanted);
            if let Some(at) = (0..leaked.len()).find(fits) {
                (is_taken[at], *chosen) = (true, Some((at, wanted)));
            }
        }
    }
    let says_something =
        |suspect: &Suspect| !suspect.signature.is_vague() && !growth.contradict(heap, suspect, suspect.signature);
    for (suspect, chosen) in claims.iter_mut().filter(|claim| is_open(claim) && says_something(&claim.0)) {
        let owner = function(heap.diff, suspect);
        let fits = |at: &usize| {
            let waiting = function(goroutines, &leaked[*at]);
            let is_around = || waiting.and_then(enclosing) == owner;
            let in_step = || heap.step(suspect, leaked[*at].values.delta()).is_some();
            owner.is_some() && !is_taken[*at] && (waiting == owner || is_around() && in_step())
        };
        if let Some(at) = (0..leaked.len()).find(fits) {
            (is_taken[at], *chosen) = (true, Some((at, Fit::Named)));
        }
    }
    // Goroutines may hold what several functions allocated for them.
    for (suspect, chosen) in claims.iter_mut().filter(|claim| is_open(claim) && !says_something(&claim.0)) {
        let held = |at: usize| {
            let tie = traces[at].tie(heap.diff, suspect)?;
            let step = heap.step(suspect, leaked[at].values.delta())?;
            (tie >= Tie::Creator || step.is_told).then_some((tie, -step.distance))
        };
        let fitting = (0..leaked.len()).filter_map(|at| Some((at, held(at)?)));
        let best = fitting.max_by(|(one, left), (other, right)| {
            left.0.cmp(&right.0).then(left.1.total_cmp(&right.1)).then(other.cmp(one))
        });
        let owner = function(heap.diff, suspect);
        let is_own = |at: &usize| owner.is_some() && owner == function(goroutines, &leaked[*at]);
        let same = || (0..leaked.len()).find(is_own).filter(|_| suspect.signature.is_vague());
        *chosen = match best {
            Some((at, (tie, _))) => Some((at, Fit::Held(tie))),
            None => same().map(|at| (at, Fit::Function)),
        };
    }
}

/// Whether goroutines may still be chosen for a suspect.
fn is_open((suspect, chosen): &Claim) -> bool {
    suspect.signature.kind == Kind::Leak && chosen.is_none()
}

/// Suspects whose goroutines are not there become what else they look like. The descriptors of goroutines among them, and
/// those that stand alone, belong to the goroutines that became most; failing that they are left of a peak.
fn contradicted(
    heap: &Heap<'_>,
    growth: &Growth<'_>,
    claims: Vec<Claim>,
    goroutines: &Diff,
    leaked: &[Suspect],
) -> Vec<Claim> {
    if growth.have_fallen {
        return claims;
    }
    let most = (0..leaked.len()).max_by_key(|at| (leaked[*at].values.delta(), Reverse(*at)));
    let came = Series(goroutines.totals(goroutines.metric)).delta();
    let mut told = Vec::new();
    for claim in claims {
        let (suspect, chosen) = claim;
        let falls = growth.contradict(heap, &suspect, suspect.signature);
        let (descriptors, rest): (Vec<usize>, Vec<usize>) =
            suspect.entries.iter().partition(|entry| is_descriptor(heap.diff, **entry));
        let is_bare = suspect.signature.is_vague() && rest.is_empty();
        if chosen.is_some() || suspect.signature.kind != Kind::Leak || !(falls || is_bare) {
            told.push((suspect, chosen));
            continue;
        }
        let part = heap.of_entries(&Suspect { units: None, ..suspect.clone() }, descriptors);
        let least = heap.least_objects(&part);
        let is_covered = |count: i64| least <= count.saturating_add(count / 10);
        match most.filter(|most| is_covered(leaked[*most].values.delta())) {
            Some(most) if !part.entries.is_empty() => told.push((part, Some((most, Fit::Descriptors)))),
            _ if !heap.is_real(&part) => {}
            _ if is_covered(came) => told.push((part, None)),
            _ => told.push((of_peak(heap.diff, part), None)),
        }
        let part = heap.of_entries(&suspect, rest);
        if heap.is_real(&part) {
            told.push((growth.instead(heap, part), None));
        }
    }
    told
}

/// Descriptors without their goroutines.
fn of_peak(heap: &Diff, suspect: Suspect) -> Suspect {
    let signature = &GOROUTINE_HIGH_WATER;
    let frames = suspect.entries.first().into_iter().flat_map(|entry| heap.stack_keys(*entry));
    Suspect {
        who: Who::of(frames.map(|key| heap.keys.key(key))),
        confidence: signature.confidence,
        others: Vec::new(),
        found: Vec::new(),
        responsible: None,
        signature,
        ..suspect
    }
}

/// Whether an entry is descriptors of goroutines.
fn is_descriptor(heap: &Diff, entry: usize) -> bool {
    heap.stack_keys(entry).any(|key| heap.keys.key(key).canonical == DESCRIPTOR)
}

/// What belongs to goroutines as one suspect: it is what fits them best that tells what it is.
fn one_of(heap: &Heap<'_>, goroutines: &Diff, mut parts: Vec<Claim>, of: &Suspect) -> Option<(Suspect, Witness)> {
    let order = |(suspect, chosen): &Claim| (chosen.map(|(_, fit)| fit), suspect.values.delta());
    let main = (0..parts.len()).rev().max_by_key(|at| order(&parts[*at]))?;
    // Who it is does not depend on goroutines: the part that would stand first without them.
    let is_owned = |suspect: &Suspect| suspect.responsible.as_ref().is_some_and(|frame| frame.via == Via::Stack);
    let first = parts.iter().rev().max_by_key(|(suspect, _)| (is_owned(suspect), suspect.values.delta()));
    let who = first.map(|(suspect, _)| suspect.who.clone())?;
    let (mut suspect, chosen) = parts.remove(main);
    let (_, fit) = chosen?;
    suspect.who = who;
    if !parts.is_empty() {
        let entries = suspect.entries.iter().chain(parts.iter().flat_map(|(part, _)| &part.entries));
        suspect = heap.of_entries(&suspect, entries.copied().collect());
    }
    let witness = believe(heap, &mut suspect, goroutines, of, fit);
    Some((suspect, witness))
}

/// Whether goroutines of which nothing is known began where growth of a suspect did that has no frame of the program:
/// they are the goroutines that hold it.
fn began_alike(heap: &Diff, suspect: &Suspect, goroutines: &Diff, of: &Suspect) -> bool {
    let is_bare = suspect.responsible.as_ref().is_none_or(|frame| frame.via == Via::Sibling);
    let is_candidate =
        suspect.signature.kind == Kind::Leak && is_bare && of.responsible.is_none() && of.signature.is_vague();
    let roots = |diff: &Diff, suspect: &Suspect| -> Vec<String> {
        let root = |(entry, _): &(usize, i64)| diff.stack_keys(*entry).next_back();
        suspect.stacks.iter().filter_map(root).map(|key| diff.keys.key(key).canonical.clone()).collect()
    };
    is_candidate && {
        let of_heap = roots(heap, suspect);
        roots(goroutines, of).iter().any(|root| of_heap.contains(root))
    }
}

fn add(witness: &mut Option<Witness>, more: &Series) {
    match witness {
        Some(witness) => witness.counts.0.iter_mut().zip(&more.0).for_each(|(count, more)| *count += more),
        None => *witness = Some(Witness { counts: more.clone(), responsible: None }),
    }
}

/// How far goroutines and a suspect of the heap are of one kind, whatever their functions.
fn likeness(heap: &Heap<'_>, suspect: &Suspect, of: &Suspect) -> Option<Fit> {
    if of.signature.code() == suspect.signature.code() && !suspect.signature.is_vague() {
        return Some(Fit::Same);
    }
    // A signature whose own goroutines are not there is not borne out.
    let is_open = suspect.signature.is_vague() || !suspect.signature.goroutines.any.is_empty();
    let looks_like = || !found(heap, suspect, of.signature).is_empty();
    (is_open && !of.signature.is_vague() && looks_like()).then_some(Fit::LooksAlike)
}

/// The accountable function of a suspect, by its name in every build.
fn function<'a>(diff: &'a Diff, suspect: &Suspect) -> Option<&'a str> {
    let key = suspect.responsible.as_ref()?.place.key;
    Some(&diff.keys.key(key).canonical)
}

/// Takes over what goroutines say of a suspect.
fn believe(heap: &Heap<'_>, suspect: &mut Suspect, goroutines: &Diff, of: &Suspect, fit: Fit) -> Witness {
    let is_other = of.signature.code() != suspect.signature.code();
    let is_renamed = match fit {
        Fit::Same | Fit::Named => false,
        Fit::LooksAlike => true,
        Fit::Held(_) => is_other,
        Fit::Function | Fit::Descriptors => suspect.signature.is_vague() && !of.signature.is_vague(),
    };
    let (owner, waiting) = (function(heap.diff, suspect), function(goroutines, of));
    // A closure stands in the source of the function around it.
    let is_around = waiting.and_then(enclosing).is_some_and(|creator| owner == Some(creator));
    let is_told = suspect.responsible.as_ref().is_some_and(|frame| frame.via == Via::Stack);
    let responsible = of.responsible.clone().filter(|_| !is_told || is_renamed && !is_around);
    if is_renamed {
        let key_of = |suspect: &Suspect| suspect.responsible.as_ref().map(|frame| frame.place.key);
        let waiting = responsible.as_ref().and(key_of(of)).map(|key| goroutines.keys.key(key));
        let owner = waiting.or_else(|| key_of(suspect).map(|key| heap.diff.keys.key(key)));
        let frames = suspect.entries.first().filter(|_| owner.is_none()).into_iter();
        let frames = frames.flat_map(|entry| heap.diff.stack_keys(*entry)).map(|key| heap.diff.keys.key(key));
        suspect.who.was_also(owner.into_iter().chain(frames));
        suspect.signature = of.signature;
        suspect.units = None;
        let by_heap = if fit == Fit::LooksAlike { of.signature.confidence } else { Confidence::Low };
        suspect.confidence = of.confidence.max(by_heap);
        suspect.found = found(heap, suspect, of.signature);
    } else if fit != Fit::Function && fit != Fit::Named {
        suspect.confidence = suspect.confidence.max(of.confidence);
    }
    suspect.found.extend(of.found.iter().filter(|_| of.signature.code() == suspect.signature.code()));
    if let Some(unit) = suspect.signature.unit {
        let count = largest(goroutines, of, suspect.signature.goroutines);
        let exact = Units { count, error: 0, counted: unit.counted };
        suspect.units = Some(exact).filter(|units| units.count > 0).or(suspect.units);
    }
    Witness { counts: of.values.clone(), responsible }
}

/// The growth of the one kind of goroutine of a leak that grew most: each unit has one of each kind.
fn largest(diff: &Diff, suspect: &Suspect, frames: Frames) -> i64 {
    let patterns = parsed(frames.any);
    let matcher = Matcher::new(&patterns, &diff.keys, parked::FRAMES);
    let parked = Parked::new(diff);
    let mut growth = vec![0; patterns.len()];
    let mut walk = matcher.walk();
    for (entry, value) in &suspect.stacks {
        let (mut stack, mut found) = (Vec::new(), Vec::new());
        parked.stack(diff, *entry, &mut stack);
        walk.matches(&stack, Allocated::default(), &mut found);
        found.iter().for_each(|pattern| growth[usize::from(*pattern)] += value);
    }
    growth.into_iter().max().unwrap_or(0)
}
