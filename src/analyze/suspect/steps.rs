//! Which cases are parts of one leak: they grow in step, below one function of the program.
//!
//! In: cases that are real. Out: fewer cases. Invariant: no change is lost.
//!
//! A function that reads a record may call one that makes its key and one that makes its value: each is nearest to its
//! own allocations, and they grow by as many objects. That function is accountable, unless one of them carries most of
//! it: then it is that one (as one descends a call tree while one child carries most of what is below). So it is where
//! only one of them allocates by itself: that is the function that stores what the others made.

use crate::analyze::Via;
use crate::analyze::evidence::Sampling;

use super::cases::Case;
use super::changes::{Changes, FunctionId};

/// The share of growth that makes a child accountable for its parent.
const MOST: f64 = 0.7;
/// A number of objects with a larger relative error cannot be compared.
const VAGUE: f64 = 0.6;

/// Joins the cases that grow in step. `objects` are the sampling errors of numbers of objects. There are few cases: each
/// is compared with each.
pub(super) fn join(changes: &Changes<'_>, objects: &Sampling, cases: Vec<Case>) -> Vec<Case> {
    let mut joined = Vec::new();
    let mut left: Vec<(Case, Option<Pace>)> =
        cases.into_iter().rev().map(|case| paced(changes, objects, case)).collect();
    while let Some((case, pace)) = left.pop() {
        let mut parts = vec![case];
        let mut top = None;
        for at in (0..left.len()).rev() {
            let shared = pace.as_ref().zip(left[at].1.as_ref()).and_then(|(one, other)| one.shared(other));
            if shared.is_some() && (top.is_none() || top == shared) {
                top = shared;
                parts.push(left.remove(at).0);
            }
        }
        joined.push(top.map_or_else(|| parts[0].clone(), |top| one_of(changes, &parts, top)));
    }
    joined
}

/// How fast a case grows, and below which functions.
struct Pace {
    /// The owner and its callers.
    chain: Vec<FunctionId>,
    objects: f64,
    error: f64,
}

impl Pace {
    /// The nearest function that both belong to, where they grow by as many objects.
    fn shared(&self, other: &Self) -> Option<FunctionId> {
        let is_in_step = (self.objects - other.objects).abs() <= self.error.hypot(other.error);
        self.chain.iter().find(|function| is_in_step && other.chain.contains(function)).copied()
    }
}

/// A case with its pace, if it has an owner and enough samples to tell.
fn paced(changes: &Changes<'_>, objects: &Sampling, case: Case) -> (Case, Option<Pace>) {
    let pace = (|| {
        case.owner.filter(|_| case.via == Via::Stack)?;
        let main = *case.members.iter().max_by_key(|member| (changes.list[**member].growth.value, **member))?;
        let change = &changes.list[main];
        let growth = change.growth.objects;
        let test = objects.test(growth, &objects.moments([change.entry]))?;
        let error = (test.high - test.low) as f64 / 2.0;
        let pace = Pace { chain: changes.chain(change), objects: growth as f64, error };
        (growth > 0 && error <= VAGUE * growth as f64).then_some(pace)
    })();
    (case, pace)
}

/// The parts as one case: of the one that carries most of it, or the only one that allocates itself, else of the
/// function above them.
fn one_of(changes: &Changes<'_>, parts: &[Case], top: FunctionId) -> Case {
    let growth = |case: &Case| changes.growth(&case.members).value;
    let whole: i64 = parts.iter().map(growth).sum();
    let carries_most = |part: &&Case| growth(part) as f64 >= MOST * whole as f64;
    let allocates = |part: &&Case| {
        let own = part.members.iter().filter(|member| changes.is_own(&changes.list[**member]));
        own.map(|member| changes.list[*member].growth.value).sum::<i64>() * 2 > growth(part)
    };
    let mut allocating = parts.iter().filter(allocates);
    let only = allocating.next().filter(|_| allocating.next().is_none());
    let main = parts.iter().find(carries_most).or(only);
    Case {
        members: parts.iter().flat_map(|part| &part.members).copied().collect(),
        known: main.and_then(|main| main.known).or_else(|| parts.iter().filter_map(|part| part.known).min()),
        owner: main.map_or(Some(top), |main| main.owner),
        via: Via::Stack,
    }
}
