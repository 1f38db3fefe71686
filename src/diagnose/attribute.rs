//! Who is accountable for growth that is noise for each function alone: what several callees share is their caller's.
//!
//! In: changes grouped by owner. Out: the same, with what is real only together at the function that called them all.
//! Invariant: no change is lost; a change moves up along its own stack, and no further than to the first function whose
//! growth is real with it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::hash::{HashMap, HashSet};
use crate::rows::Via;
use crate::stats::{Test, Verdict, Verdicts};

use super::case::{Case, tests};
use super::observe::{Changes, FunctionId};

/// The most owners that are looked at, those that changed most: what is smaller cannot be much together.
const MOST: usize = 256;

/// How likely chance alone may make the growth of a caller. There are few of these, and no bound on the share of noise among
/// the functions below says anything of them.
const CHANCE: f64 = 0.01;

/// A change on its way up: the functions of the program that it has still to come to, the nearest last, and with whom it was
/// found to be noise.
struct Climber {
    member: usize,
    ahead: Vec<FunctionId>,
    company: usize,
}

/// Moves growth that is noise up to the callers for which it is real.
pub(super) fn roll_up(changes: &Changes<'_>, owned: Vec<Case>) -> Vec<Case> {
    let sampling = changes.sampling;
    let tests = tests(changes, &owned);
    let known: Vec<Test> = tests.iter().flatten().copied().collect();
    let verdicts = Verdicts::together(sampling, &known);
    let is_noise = |test: &Option<Test>| test.is_some_and(|test| verdicts.evidence(&test).verdict == Verdict::Noise);
    let (noise, real): (Vec<_>, Vec<_>) = owned.into_iter().zip(&tests).partition(|(_, test)| is_noise(test));
    let mut real: Vec<Case> = real.into_iter().map(|(case, _)| case).collect();
    let mut noise: Vec<Case> = noise.into_iter().map(|(case, _)| case).collect();
    noise.sort_by_key(|case| Reverse(case.growth().value.unsigned_abs()));
    let rest = noise.split_off(MOST.min(noise.len()));
    let mut by_function: HashMap<FunctionId, usize> =
        real.iter().enumerate().filter_map(|(at, case)| Some((case.owner?, at))).collect();
    let mut gone: HashSet<usize> = HashSet::default();
    let mut climb = Climb::new(changes, &noise);
    while let Some((function, climbers)) = climb.next() {
        let members: Vec<usize> = climbers.iter().map(|climber| climber.member).collect();
        if let Some(at) = by_function.get(&function) {
            gone.extend(&members);
            real[*at].extend(changes, members);
            continue;
        }
        let shared = climb.is_new_company(&climbers).then(|| Case::of(changes, members, Via::Stack));
        let is_real = |case: &Case| {
            let is_real = |test: Test| test.low > 0 && test.p_growth < CHANCE;
            case.growth().value > 0 && case.test(changes).is_some_and(is_real)
        };
        match shared.filter(is_real) {
            Some(mut shared) => {
                gone.extend(shared.members());
                by_function.insert(function, real.len());
                (shared.owner, shared.is_shared) = (Some(function), true);
                real.push(shared);
            }
            None => climb.go_on(climbers),
        }
    }
    // What is noise also together stays with its owners.
    noise.iter_mut().for_each(|case| drop(case.take(changes, |member| gone.contains(&member))));
    real.extend(noise);
    real.extend(rest);
    real
}

/// Changes that climb from caller to caller. A function is come to when nobody is still to come there; in a recursion, where
/// some always are, the first in order.
#[derive(Default)]
struct Climb {
    standing: BTreeMap<FunctionId, Vec<Climber>>,
    /// How many are still to come to a function.
    awaited: HashMap<FunctionId, usize>,
    ready: BTreeSet<FunctionId>,
    /// How many there are in each company.
    companies: Vec<usize>,
}

impl Climb {
    fn new(changes: &Changes<'_>, cases: &[Case]) -> Self {
        let mut climb = Self::default();
        for (company, case) in cases.iter().enumerate() {
            climb.companies.push(case.members().len());
            for member in case.members() {
                let mut ahead = changes.chain(*member);
                // In a recursion a function is come to once.
                let mut seen = HashSet::default();
                ahead.retain(|function| seen.insert(*function));
                ahead.reverse();
                for function in &ahead {
                    *climb.awaited.entry(*function).or_default() += 1;
                }
                climb.arrive(Climber { member: *member, ahead, company });
            }
        }
        climb
    }

    /// Whether these have not been tested together yet.
    fn is_new_company(&self, climbers: &[Climber]) -> bool {
        let first = climbers.first().map_or(0, |climber| climber.company);
        climbers.iter().any(|climber| climber.company != first) || self.companies[first] != climbers.len()
    }

    /// Sends those that are noise together to their next callers, as far as there are any.
    fn go_on(&mut self, climbers: Vec<Climber>) {
        let company = self.companies.len();
        self.companies.push(climbers.len());
        climbers.into_iter().for_each(|climber| self.arrive(Climber { company, ..climber }));
    }

    /// Lets one come to its next caller.
    fn arrive(&mut self, mut climber: Climber) {
        let Some(function) = climber.ahead.pop() else { return };
        let awaited = self.awaited.entry(function).or_default();
        *awaited -= 1;
        if *awaited == 0 {
            self.ready.insert(function);
        }
        self.standing.entry(function).or_default().push(climber);
    }

    /// The next function with all that have come to it.
    fn next(&mut self) -> Option<(FunctionId, Vec<Climber>)> {
        let next = self.ready.pop_first().or_else(|| self.standing.keys().next().copied())?;
        Some((next, self.standing.remove(&next).unwrap_or_default()))
    }
}
