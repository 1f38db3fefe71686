//! Whose goroutines the descriptors are that the runtime made: of what became as many objects.
//!
//! In: cases, and what the samples tell of numbers of objects. Out: the descriptors belong to the case that goes in step with
//! them best. Invariant: a case that claims goroutines and holds more objects than there are, or frees what it allocates
//! again, is no case of goroutines.

use crate::rows::Via;
use crate::stats::Sampling;

use super::case::Case;
use super::catalogue::Catalogue;
use super::error;
use super::observe::Changes;
use super::score::KEPT;
use super::signature::DESCRIPTOR;

/// How many objects of one size and stack a goroutine may hold.
const EACH: &[f64] = &[1.0, 2.0, 3.0];
/// Goroutines come and go while a profile is taken: numbers that differ by this part are the same.
const SLACK: f64 = 0.1;

/// A number of objects and how far it can be off.
#[derive(Debug, Clone, Copy)]
struct Count {
    objects: f64,
    error: f64,
}

impl Count {
    fn of(changes: &Changes<'_>, objects: &Sampling, members: &[usize]) -> Option<Self> {
        let growth = changes.sum(members).objects;
        let error = error(objects, growth, members.iter().copied());
        (growth > 0).then_some(Self { objects: growth as f64, error })
    }

    /// How far it is from a number of goroutines, or a small multiple of it, as the logarithm of the ratio.
    fn distance(self, goroutines: Self) -> f64 {
        let distance = |each: f64| (self.objects / (each * goroutines.objects)).ln().abs();
        EACH.iter().copied().map(distance).fold(f64::INFINITY, f64::min)
    }

    /// How far they may be apart and still be the same.
    fn reach(self, other: Self) -> f64 {
        (self.error / self.objects).hypot(other.error / other.objects).max(SLACK)
    }
}

/// Gives the descriptors to the case that goes in step with them, and takes the name of goroutines from those that do not.
pub(super) fn assign(changes: &Changes<'_>, catalogue: &Catalogue, objects: &Sampling, cases: &mut Vec<Case>) {
    let Some(descriptor) = catalogue.pattern(DESCRIPTOR) else { return };
    let mut free: Vec<usize> = Vec::new();
    for giver in cases.iter_mut().filter(|case| case.owner.is_none() && case.known.is_none()) {
        free.extend(giver.take(changes, |member| changes.is_any(member, &[descriptor])));
    }
    let all = Count::of(changes, objects, &free);
    let of_goroutines =
        |case: &Case| case.known.map(|known| &catalogue.known[known]).filter(|known| known.with.contains(&descriptor));
    let fit = |case: &Case| {
        let own = Count::of(changes, objects, &[case.main(changes)?])?;
        let (distance, reach) = (own.distance(all?), own.reach(all?));
        // What a goroutine holds is kept as long as it.
        let is_kept = changes.kept(case.members()).is_none_or(|kept| kept >= KEPT);
        // Other goroutines may have come as well.
        let is_fitting = distance <= reach || own.objects < all?.objects;
        (is_fitting && (is_kept || !of_goroutines(case)?.signature.is_vague())).then_some(distance)
    };
    let fits: Vec<Option<f64>> = cases.iter().map(|case| of_goroutines(case).and_then(|_| fit(case))).collect();
    let best = (0..cases.len()).filter(|case| fits[*case].is_some());
    let best = best.min_by(|a, b| fits[*a].partial_cmp(&fits[*b]).unwrap_or(std::cmp::Ordering::Equal));
    for (case, fit) in cases.iter_mut().zip(&fits) {
        if fit.is_none() && of_goroutines(case).is_some_and(|known| known.signature.is_vague()) {
            let next = case.others.iter().copied().find(|other| !catalogue.known[*other].all.contains(&descriptor));
            case.known = next;
        }
    }
    match best {
        Some(best) => cases[best].extend(changes, free),
        None if !free.is_empty() => cases.push(Case::of(changes, free, Via::Sibling)),
        None => {}
    }
}
