//! Who is accountable for growth that is noise for each function alone: what several callees share is their caller's.
//!
//! In: changes grouped by owner. Out: the same, with what is real only together at the function that called them all.
//! Invariant: no change is lost; a change moves up along its own stack, and no further than to the first function whose
//! growth is real with it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::hash::{HashMap, HashSet};
use crate::rows::Via;
use crate::stats::{Sampling, Test, Verdict, Verdicts};

use super::cases::Case;
use super::observe::{Changes, FunctionId};

/// The most owners that are looked at, those that changed most: what is smaller cannot be much together.
const MOST: usize = 256;

/// How likely chance alone may make the growth of a caller. There are few of these, and no bound on the share of noise among
/// the functions below says anything of them.
const CHANCE: f64 = 0.01;

/// A change on its way up: the functions of the program above it, and how far it has come.
struct Climber {
    member: usize,
    chain: Vec<FunctionId>,
    at: usize,
}

impl Climber {
    fn node(&self) -> FunctionId {
        self.chain[self.at]
    }

    fn above(&self) -> &[FunctionId] {
        &self.chain[self.at + 1..]
    }
}

/// Moves growth that is noise up to the callers for which it is real.
pub(super) fn roll_up(changes: &Changes<'_>, sampling: &Sampling, owned: Vec<Case>) -> Vec<Case> {
    let tests: Vec<Option<Test>> = owned.iter().map(|case| test(changes, sampling, &case.members)).collect();
    let known: Vec<Test> = tests.iter().flatten().copied().collect();
    let verdicts = Verdicts::together(sampling, &known);
    let is_noise = |test: &Option<Test>| test.is_some_and(|test| verdicts.evidence(&test).verdict == Verdict::Noise);
    let (noise, real): (Vec<_>, Vec<_>) = owned.into_iter().zip(&tests).partition(|(_, test)| is_noise(test));
    let mut real: Vec<Case> = real.into_iter().map(|(case, _)| case).collect();
    let mut noise: Vec<Case> = noise.into_iter().map(|(case, _)| case).collect();
    noise.sort_by_key(|case| Reverse(changes.growth(&case.members).value.unsigned_abs()));
    let rest = noise.split_off(MOST.min(noise.len()));
    let mut climbers = climbers(changes, &noise);
    let mut by_function: HashMap<FunctionId, usize> =
        real.iter().enumerate().filter_map(|(at, case)| Some((case.owner?, at))).collect();
    while climb(&mut climbers) {
        for (node, members) in nodes(&climbers) {
            let at = by_function.get(&node).copied();
            let is_real = || {
                let test = test(changes, sampling, &members);
                changes.growth(&members).value > 0 && test.is_some_and(|test| test.low > 0 && test.p_growth < CHANCE)
            };
            if at.is_none() && !is_real() {
                continue;
            }
            climbers.retain(|climber| climber.node() != node);
            match at {
                Some(at) => real[at].members.extend(members),
                None => {
                    by_function.insert(node, real.len());
                    real.push(Case {
                        members,
                        known: None,
                        others: Vec::new(),
                        owner: Some(node),
                        via: Via::Stack,
                        is_shared: true,
                    });
                }
            }
        }
    }
    // What is noise also together stays with its owners.
    let left: HashSet<usize> = climbers.iter().map(|climber| climber.member).collect();
    noise.iter_mut().for_each(|case| case.members.retain(|member| left.contains(member)));
    real.extend(noise);
    real.extend(rest);
    real
}

/// What the samples say of the growth of some changes together.
pub(super) fn test(changes: &Changes<'_>, sampling: &Sampling, members: &[usize]) -> Option<Test> {
    sampling.test(changes.growth(members).value, &sampling.moments(changes.entries(members)))
}

fn climbers(changes: &Changes<'_>, cases: &[Case]) -> Vec<Climber> {
    let members = cases.iter().flat_map(|case| &case.members);
    let climber = |member: &usize| Climber { member: *member, chain: changes.chain(&changes.list[*member]), at: 0 };
    members.map(climber).filter(|climber| !climber.chain.is_empty()).collect()
}

/// Moves those up by one that stand where nobody else is still to come; in a recursion all of them. False when none can.
fn climb(climbers: &mut [Climber]) -> bool {
    let awaited: HashSet<FunctionId> = climbers.iter().flat_map(Climber::above).copied().collect();
    let mut has_moved = false;
    for is_recursion in [false, true] {
        for climber in climbers.iter_mut().filter(|climber| !climber.above().is_empty()) {
            if is_recursion || !awaited.contains(&climber.node()) {
                climber.at += 1;
                has_moved = true;
            }
        }
        if has_moved {
            break;
        }
    }
    has_moved
}

/// Who stands where, in the order of the functions.
fn nodes(climbers: &[Climber]) -> BTreeMap<FunctionId, Vec<usize>> {
    let mut nodes: BTreeMap<FunctionId, Vec<usize>> = BTreeMap::new();
    for climber in climbers {
        nodes.entry(climber.node()).or_default().push(climber.member);
    }
    nodes
}
