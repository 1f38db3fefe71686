//! Which changes belong together: one leak, one case.
//!
//! In: what changed. Out: cases, each with the signature it matches, if any, and the function that is to blame.
//! Invariant: a change belongs to at most one case.
//!
//! Changes with one owner, the function of the program nearest to the allocation, are one case. Stacks without a frame
//! of the program are grouped by where their goroutine began; a signature that they match says which stacks lead to
//! the code that is to blame.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::analyze::Via;
use crate::analyze::signature::Kind;

use super::changes::{Changes, FunctionId, Growth};
use super::known::{Catalogue, Known, PatternId};

/// Changes that belong together.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// Positions among the changes.
    pub members: Vec<usize>,
    /// Number of the signature.
    pub known: Option<usize>,
    pub owner: Option<FunctionId>,
    /// How the owner was found.
    pub via: Via,
}

/// Groups all changes.
pub(super) fn cases(changes: &Changes<'_>, catalogue: &Catalogue) -> Vec<Case> {
    let by_pattern = changes.by_pattern(catalogue.patterns.len());
    let mut cases = Vec::new();
    let benign = set_aside(changes, catalogue, &mut cases);
    let (mut owned, mut ownerless) = grouped(changes, &benign);
    for case in owned.iter_mut().chain(&mut ownerless) {
        case.known = recognise(changes, catalogue, &by_pattern, &case.members);
    }
    for case in united(ownerless) {
        match blamed(changes, catalogue, &case) {
            Some(owner) if case.known.is_some() => {
                let own = owned.iter_mut().find(|own| own.owner == Some(owner)).expect("every owner has a case");
                own.members.extend(&case.members);
                own.known = own.known.min(case.known).or(case.known);
                own.via = Via::Sibling;
            }
            owner => cases.push(Case { owner, via: Via::Sibling, ..case }),
        }
    }
    cases.extend(owned);
    claim(changes, catalogue, &mut cases);
    cases.retain(|case| !case.members.is_empty());
    cases
}

/// Benign changes are a case for each signature.
fn set_aside(changes: &Changes<'_>, catalogue: &Catalogue, cases: &mut Vec<Case>) -> Vec<bool> {
    let mut is_benign = vec![false; changes.list.len()];
    for (number, known) in catalogue.of_kind(Kind::Benign) {
        let is_this = |at: &usize| {
            let change = &changes.list[*at];
            !is_benign[*at] && change.is_any(&known.any) && !change.is_any(&known.not)
        };
        let members: Vec<usize> = (0..changes.list.len()).filter(is_this).collect();
        members.iter().for_each(|member| is_benign[*member] = true);
        cases.push(Case { members, known: Some(number), owner: None, via: Via::Stack });
    }
    is_benign
}

/// The changes with an owner, and those without one by where their goroutine began.
fn grouped(changes: &Changes<'_>, is_benign: &[bool]) -> (Vec<Case>, Vec<Case>) {
    let (mut owned, mut ownerless) = (BTreeMap::new(), BTreeMap::new());
    for (at, change) in changes.list.iter().enumerate().filter(|(at, _)| !is_benign[*at]) {
        let group: &mut Vec<usize> = match change.owner {
            Some(owner) => owned.entry(changes.name(owner)).or_default(),
            None => ownerless.entry(changes.name(change.root)).or_default(),
        };
        group.push(at);
    }
    let case = |members: Vec<usize>| {
        let owner = changes.list[members[0]].owner;
        Case { members, known: None, owner, via: Via::Stack }
    };
    (owned.into_values().map(case).collect(), ownerless.into_values().map(case).collect())
}

/// The first signature whose frames make up a part of the growth, with what has to grow beside them and without what
/// must not.
fn recognise(changes: &Changes<'_>, catalogue: &Catalogue, program: &[Growth], members: &[usize]) -> Option<usize> {
    let whole = changes.growth(members);
    let is_it = |known: &Known| {
        let part = changes.growth_of(members, &known.any);
        let grows_too = |pattern: &PatternId| program[usize::from(*pattern)].is_part_of(part);
        part.is_part_of(whole) && known.all.iter().all(grows_too) && !known.not.iter().any(grows_too)
    };
    catalogue.of_kind(Kind::Leak).find(|(_, known)| is_it(known)).map(|(number, _)| number)
}

/// Cases without an owner that have one signature are one case.
fn united(cases: Vec<Case>) -> Vec<Case> {
    let mut united: Vec<Case> = Vec::new();
    for case in cases {
        match united.iter_mut().find(|same| case.known.is_some() && same.known == case.known) {
            Some(same) => same.members.extend(case.members),
            None => united.push(case),
        }
    }
    united
}

/// The owner of the growing stacks that lead to a case without one: those that the signature names, else those that
/// enter the package where its goroutines began.
fn blamed(changes: &Changes<'_>, catalogue: &Catalogue, case: &Case) -> Option<FunctionId> {
    let all: Vec<usize> = (0..changes.list.len()).collect();
    let by_name = case.known.and_then(|known| {
        let known = &catalogue.known[known];
        let named = |at: &usize| changes.list[*at].is_any(&known.blame) || changes.list[*at].is_any(&known.any);
        best_owner(changes, all.iter().copied().filter(named))
    });
    by_name.or_else(|| {
        let root = changes.list[*case.members.first()?].root;
        let package = changes.package(root);
        let enters = |at: &usize| {
            changes.list[*at].callee.is_some_and(|callee| changes.package(changes.function(callee)) == package)
        };
        best_owner(changes, all.iter().copied().filter(enters))
    })
}

/// The owner with the most growth.
fn best_owner(changes: &Changes<'_>, members: impl Iterator<Item = usize>) -> Option<FunctionId> {
    let mut growth: FxHashMap<FunctionId, i64> = FxHashMap::default();
    for change in members.map(|member| &changes.list[member]) {
        if let Some(owner) = change.owner {
            *growth.entry(owner).or_default() += change.growth.value;
        }
    }
    let order = |(owner, growth): &(FunctionId, i64)| (*growth, std::cmp::Reverse(changes.name(*owner)));
    growth.into_iter().filter(|(_, growth)| *growth > 0).max_by_key(order).map(|(owner, _)| owner)
}

/// Changes without an owner that go with the signature of a case move there, from cases that have none; the case that
/// grew most takes first.
fn claim(changes: &Changes<'_>, catalogue: &Catalogue, cases: &mut [Case]) {
    let mut order: Vec<usize> = (0..cases.len()).filter(|case| cases[*case].known.is_some()).collect();
    order.sort_by_key(|case| std::cmp::Reverse(changes.growth(&cases[*case].members).value));
    for taker in order {
        let Some(known) = cases[taker].known.map(|number| &catalogue.known[number]) else { continue };
        if known.with.is_empty() || known.signature.kind != Kind::Leak {
            continue;
        }
        for giver in 0..cases.len() {
            if cases[giver].via == Via::Stack || cases[giver].known.is_some() {
                continue;
            }
            let members = std::mem::take(&mut cases[giver].members);
            let (taken, left) = members.into_iter().partition(|member| changes.list[*member].is_any(&known.with));
            cases[giver].members = left;
            let taken: Vec<usize> = taken;
            cases[taker].members.extend(taken);
        }
    }
}
