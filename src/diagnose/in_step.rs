//! Which cases are parts of one leak: they grow in step, below one function of the program.
//!
//! In: cases that are real. Out: fewer cases. Invariant: no change is lost.
//!
//! A function that reads a record may call one that makes its key and one that makes its value: each is nearest to its
//! own allocations, and they grow by as many objects. From the function above them all one descends the call tree as
//! long as one child carries most of what is below: where that ends is who is accountable. Where it ends above all of
//! them, and only one of them allocates by itself, it is that one: the function that stores what the others made.

use crate::model::hash::HashMap;
use crate::rows::Via;
use crate::stats::{Course, Sampling};

use super::case::Case;
use super::catalogue::Catalogue;
use super::observe::{Changes, FunctionId};

/// The share of growth that makes a child accountable for its parent.
const MOST: f64 = 0.7;
/// Numbers of objects are the same where the interval of their ratio lies within this factor.
const APART: f64 = 2.0;
/// A number of objects with a larger relative error cannot be compared.
const VAGUE: f64 = 0.7;

/// Joins the cases that grow in step. `objects` are the sampling errors of numbers of objects, `courses` tell of each case
/// how it goes on. There are few cases: each
/// is compared with each.
pub(super) fn join(
    changes: &Changes<'_>,
    catalogue: &Catalogue,
    objects: &Sampling,
    courses: &[Course],
    cases: Vec<Case>,
) -> Vec<Case> {
    let mut joined = Vec::new();
    let mut left: Vec<(Case, Option<Pace>)> =
        cases.into_iter().zip(courses).rev().map(|(case, course)| paced(changes, objects, *course, case)).collect();
    while let Some((case, pace)) = left.pop() {
        let mut parts = vec![case];
        // The functions above all parts, the nearest first.
        let mut above = pace.as_ref().map_or_else(Vec::new, |pace| pace.chain.clone());
        for at in (0..left.len()).rev() {
            let in_step = pace.as_ref().zip(left[at].1.as_ref()).filter(|(one, other)| one.is_in_step(other));
            let Some((_, other)) = in_step else { continue };
            let shared: Vec<FunctionId> = above.iter().filter(|one| other.chain.contains(one)).copied().collect();
            if !shared.is_empty() {
                above = shared;
                parts.push(left.remove(at).0);
            }
        }
        joined.push(if parts.len() > 1 { one_of(changes, catalogue, &parts, above[0]) } else { parts.remove(0) });
    }
    joined
}

/// Cases of one function that have one name are one case: what was joined may end where another one stands.
pub(super) fn one_each(cases: Vec<Case>) -> Vec<Case> {
    let mut each: Vec<Case> = Vec::new();
    for case in cases {
        let is_same =
            |other: &&mut Case| other.owner.is_some() && (other.owner, other.known) == (case.owner, case.known);
        match each.iter_mut().find(is_same) {
            Some(same) => same.absorb(&case),
            None => each.push(case),
        }
    }
    each
}

/// How fast a case grows, and below which functions.
struct Pace {
    /// The owner and its callers.
    chain: Vec<FunctionId>,
    objects: f64,
    error: f64,
    /// How it goes on.
    course: Course,
}

impl Pace {
    /// Whether it is established that both grow by as many objects: that is not refuted, and that one is more than
    /// [`APART`] times the other is.
    fn is_in_step(&self, other: &Self) -> bool {
        let error = (self.error / self.objects).hypot(other.error / other.objects);
        let is_refuted = (self.objects - other.objects).abs() > self.error.hypot(other.error);
        // What has stopped is no part of what goes on.
        let is_same = |one: Course, other: Course| one == other || matches!(other, Course::Undecided);
        let in_course = is_same(self.course, other.course) || is_same(other.course, self.course);
        in_course && !is_refuted && (self.objects / other.objects).ln().abs() + error <= APART.ln()
    }
}

/// A case with its pace, if it has an owner and enough samples to tell.
fn paced(changes: &Changes<'_>, objects: &Sampling, course: Course, case: Case) -> (Case, Option<Pace>) {
    let pace = (|| {
        case.owner.filter(|_| case.via == Via::Stack)?;
        let main = case.main(changes)?;
        let growth = changes.growth(main).objects;
        let test = objects.test(growth, &objects.moments([main]))?;
        let error = (test.high - test.low) as f64 / 2.0;
        let pace = Pace { chain: changes.chain(main), objects: growth as f64, error, course };
        (growth > 0 && error <= VAGUE * growth as f64).then_some(pace)
    })();
    (case, pace)
}

/// The parts as one case, of the function that is reached by descending from the one above them all.
fn one_of(changes: &Changes<'_>, catalogue: &Catalogue, parts: &[Case], top: FunctionId) -> Case {
    let mut whole = Case::of(changes, Vec::new(), Via::Stack);
    parts.iter().for_each(|part| whole.absorb(part));
    let reached = descend(changes, whole.members(), top);
    let owner = if reached == top { only_allocating(changes, parts).unwrap_or(top) } else { reached };
    let main = parts.iter().find(|part| part.owner == Some(owner)).and_then(|main| main.known);
    // What is sure to be kept tells more than that the program made the others.
    let is_sure = |known: &usize| catalogue.is_sure(*known);
    let of_parts = || parts.iter().filter_map(|part| part.known);
    whole.known = match main {
        Some(main) if !catalogue.is_sure(main) => of_parts().filter(is_sure).min().or(Some(main)),
        main => main.or(of_parts().min()),
    };
    whole.others = parts.iter().flat_map(|part| part.known.into_iter().chain(part.others.iter().copied())).collect();
    whole.owner = Some(owner);
    whole
}

/// Where one ends who goes from `top` to the function called that carries most of the growth, as long as there is one.
fn descend(changes: &Changes<'_>, members: &[usize], top: FunctionId) -> FunctionId {
    let growth = |member: usize| changes.growth(member).value;
    // From the owner up to the function that has been reached, for every change below it.
    let mut below: Vec<(usize, Vec<FunctionId>)> =
        members.iter().map(|member| (*member, changes.chain(*member))).collect();
    let mut reached = top;
    loop {
        below.retain_mut(|(_, chain)| {
            let at = chain.iter().rposition(|function| *function == reached);
            at.is_some_and(|at| {
                chain.truncate(at);
                true
            })
        });
        let whole: i64 = below.iter().map(|(member, _)| growth(*member)).sum();
        let mut children: HashMap<FunctionId, i64> = HashMap::default();
        for (member, chain) in &below {
            if let Some(child) = chain.last() {
                *children.entry(*child).or_default() += growth(*member);
            }
        }
        let order = |(child, growth): &(FunctionId, i64)| (*growth, std::cmp::Reverse(changes.name(*child)));
        match children.into_iter().max_by_key(order) {
            Some((child, growth)) if growth as f64 >= MOST * whole as f64 => reached = child,
            _ => return reached,
        }
    }
}

/// The owner of the only part that allocates by itself.
fn only_allocating(changes: &Changes<'_>, parts: &[Case]) -> Option<FunctionId> {
    let allocates = |part: &&Case| {
        let own = part.members().iter().filter(|member| changes.is_own(**member));
        own.map(|member| changes.growth(*member).value).sum::<i64>() > part.growth().value / 2
    };
    let mut allocating = parts.iter().filter(allocates);
    allocating.next().filter(|_| allocating.next().is_none())?.owner
}
