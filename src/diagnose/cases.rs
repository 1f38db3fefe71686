//! Which changes belong together: one leak, one case.
//!
//! In: what changed. Out: cases, each with the signature it matches, if any, and the function that is to blame.
//! Invariant: a change belongs to at most one case.
//!
//! Changes with one owner, the function of the program nearest to the allocation, are one case. Stacks without a frame
//! of the program are grouped by where their goroutine began; a signature that they match says which stacks lead to
//! the code that is to blame.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::signature::Kind;
use crate::model::hash::HashMap;
use crate::rows::Via;
use crate::stats::{LIKELY, Sampling, Test};

use super::attribute::roll_up;
use super::case::Case;
use super::catalogue::{Catalogue, Known, PatternId};
use super::descriptors;
use super::holders::Holders;
use super::observe::{Changes, FunctionId, Growth};
use super::read::PatternSet;

/// Groups all changes.
pub(super) fn cases(changes: &Changes<'_>, catalogue: &Catalogue, objects: &Sampling) -> Vec<Case> {
    let mut cases = Vec::new();
    let benign = set_aside(changes, catalogue, &mut cases);
    let (mut owned, mut ownerless) = grouped(changes, &benign);
    let recogniser = Recogniser::new(changes, catalogue, cases.iter().chain(&owned).chain(&ownerless));
    hand_on(changes, catalogue, &mut owned);
    let mut owned = roll_up(changes, owned);
    for case in owned.iter_mut().chain(&mut ownerless) {
        let mut fitting = recogniser.recognise(case).into_iter();
        case.known = fitting.next();
        case.others = fitting.collect();
    }
    hand_over(changes, catalogue, &mut owned);
    gather(changes, catalogue, &mut owned);
    let entering = LazyCell::new(|| Entering::new(changes));
    let is_real = |test: Option<Test>| test.is_none_or(|test| test.p_growth < LIKELY);
    let by_owner = by_owner(&owned);
    for mut case in united(ownerless) {
        let owner = blamed(changes, catalogue, |package| entering.0.get(package).copied(), &case);
        let whole = case.growth();
        // What is small beside all that a function keeps says nothing of the rest.
        let counts = |own: &&mut Case| whole.is_part_of(own.growth());
        // Noise says nothing of what is real; but both may be noise alone and real together.
        let belongs = |own: &&mut Case| {
            let is_own_real = || is_real(own.test(changes));
            is_real(case.test(changes)) || !is_own_real() && is_real(case.test_with(changes, own))
        };
        let own = owner.filter(|_| case.known.is_some()).and_then(|owner| by_owner.get(&owner));
        match own.map(|own| &mut owned[*own]).filter(counts).filter(belongs) {
            Some(own) => {
                own.others.extend(own.known.into_iter().chain(case.known).chain(case.others.iter().copied()));
                let is_sure = own.known.is_some_and(|known| catalogue.is_sure(known));
                // Of goroutines there are many, and each is small beside what it holds.
                let is_goroutine = case.known.is_some_and(|known| catalogue.known[known].signature.needs_goroutines);
                let own_growth = own.growth();
                let most = own_growth.value.max(0);
                if is_sure {
                    own.known = own.known.min(case.known);
                } else if whole.value >= most / 2 || is_goroutine && whole.objects >= own_growth.objects / 2 {
                    own.known = case.known;
                }
                own.absorb(&case);
                own.via = if whole.value > most { Via::Sibling } else { own.via };
            }
            None => {
                (case.owner, case.via) = (owner, Via::Sibling);
                cases.push(case);
            }
        }
    }
    cases.extend(owned);
    descriptors::assign(changes, catalogue, objects, &mut cases);
    claim(changes, catalogue, &mut cases);
    name_rest(changes, catalogue, &mut cases);
    cases.retain(|case| !case.members().is_empty());
    cases
}

/// Benign changes are a case for each signature.
fn set_aside(changes: &Changes<'_>, catalogue: &Catalogue, cases: &mut Vec<Case>) -> Vec<bool> {
    let mut is_benign = vec![false; changes.diff.entry_count()];
    let of_benign = catalogue.of_kind(Kind::Benign).flat_map(|(_, known)| &known.any);
    let candidates = changes.matching(&of_benign.copied().collect::<Vec<_>>());
    for (number, known) in catalogue.of_kind(Kind::Benign) {
        let is_this =
            |at: &usize| !is_benign[*at] && changes.is_any(*at, &known.any) && !changes.is_any(*at, &known.not);
        let members: Vec<usize> = candidates.iter().copied().filter(is_this).collect();
        members.iter().for_each(|member| is_benign[*member] = true);
        let mut case = Case::of(changes, members, Via::Stack);
        case.known = Some(number);
        cases.push(case);
    }
    is_benign
}

/// The changes with an owner, and those without one by where their goroutine began, both in the order of names.
fn grouped(changes: &Changes<'_>, is_benign: &[bool]) -> (Vec<Case>, Vec<Case>) {
    let functions = changes.function_count();
    let group_of = |entry: usize| {
        let of_root = || functions + changes.root(entry) as usize;
        (!is_benign[entry]).then(|| changes.owner(entry).map_or_else(of_root, |owner| owner as usize))
    };
    let cases = Case::of_groups(changes, 2 * functions, group_of);
    let named = cases.into_iter().map(|mut case| {
        let first = case.members()[0];
        case.owner = changes.owner(first);
        (changes.name(case.owner.unwrap_or_else(|| changes.root(first))), case)
    });
    let mut named: Vec<(&str, Case)> = named.collect();
    named.sort_by_key(|(name, _)| *name);
    named.into_iter().map(|(_, case)| case).partition(|case| case.owner.is_some())
}

/// Where the case of each owner stands.
fn by_owner(owned: &[Case]) -> HashMap<FunctionId, usize> {
    owned.iter().enumerate().filter_map(|(at, case)| Some((case.owner?, at))).collect()
}

/// Moves what functions only ask for to the nearest caller of them that keeps something else as well: `get` of a pool
/// with a type of its own makes the buffers that its callers fill.
fn hand_on(changes: &Changes<'_>, catalogue: &Catalogue, owned: &mut [Case]) {
    let handing = catalogue.known.iter().filter(|known| known.signature.is_handed_on);
    let patterns: Vec<PatternId> = handing.flat_map(|known| &known.any).copied().collect();
    let is_handed_on = |(set, _): &(PatternSet, Growth)| changes.has_any(*set, &patterns);
    let hands_on: Vec<bool> = owned.iter().map(|case| case.by_patterns().iter().all(is_handed_on)).collect();
    let by_owner = by_owner(owned);
    let mut growth: Vec<Growth> = owned.iter().map(Case::growth).collect();
    for from in (0..owned.len()).filter(|case| hands_on[*case]) {
        for member in owned[from].take(changes, |_| true) {
            let with_it = |at: usize| growth[at] + changes.growth(member);
            let keeps = |at: &usize| !hands_on[*at] && growth[*at].is_part_of(with_it(*at));
            let case_of = |owner: FunctionId| by_owner.get(&owner).copied();
            let caller = changes.chain(member).into_iter().skip(1).filter_map(case_of).find(keeps);
            if let Some(caller) = caller {
                growth[caller] = with_it(caller);
            }
            owned[caller.unwrap_or(from)].extend(changes, vec![member]);
        }
    }
}

/// Holds cases against the signatures.
struct Recogniser<'a> {
    changes: &'a Changes<'a>,
    catalogue: &'a Catalogue,
    /// The growth of every pattern in the whole program.
    program: Vec<Growth>,
}

impl<'a> Recogniser<'a> {
    /// `all` are all cases.
    fn new<'c>(changes: &'a Changes<'a>, catalogue: &'a Catalogue, all: impl Iterator<Item = &'c Case>) -> Self {
        let mut program = vec![Growth::default(); catalogue.patterns.len()];
        for (set, growth) in all.flat_map(Case::by_patterns) {
            for pattern in changes.patterns(*set) {
                let sum = &mut program[usize::from(*pattern)];
                *sum = *sum + *growth;
            }
        }
        Self { changes, catalogue, program }
    }

    /// The signatures whose frames make up a part of the growth, with what has to grow beside them and without what must
    /// not: the first is the most special one.
    fn recognise(&self, case: &Case) -> Vec<usize> {
        let whole = case.growth();
        let mut parts: BTreeMap<usize, Growth> = BTreeMap::new();
        for (set, growth) in case.by_patterns() {
            let patterns = self.changes.patterns(*set).iter();
            let signatures = patterns.flat_map(|pattern| self.catalogue.signatures_of(*pattern)).copied();
            for signature in signatures.collect::<BTreeSet<usize>>() {
                let part = parts.entry(signature).or_default();
                *part = *part + *growth;
            }
        }
        let is_it = |(number, part): &(usize, Growth)| self.is_it(&self.catalogue.known[*number], *part, whole);
        let fitting: Vec<(usize, Growth)> = parts.into_iter().filter(is_it).collect();
        // Of names that say little one that explains much less than another says nothing of the rest. Goroutines are small
        // beside what they hold.
        let is_vague = |number: usize| {
            let signature = self.catalogue.known[number].signature;
            signature.is_vague() && !signature.needs_goroutines
        };
        let vague = fitting.iter().filter(|(number, _)| is_vague(*number));
        let most = vague.map(|(_, part)| *part).max_by_key(|part| part.value).unwrap_or_default();
        let is_much = |part: Growth| part.value >= most.value / 2 || part.objects >= most.objects / 2;
        let told = fitting.iter().filter(|(number, part)| !is_vague(*number) || is_much(*part));
        told.map(|(number, _)| *number).collect()
    }

    fn is_it(&self, known: &Known, part: Growth, whole: Growth) -> bool {
        let program = |pattern: &PatternId| self.program[usize::from(*pattern)];
        let grows_too = |pattern: &PatternId| program(pattern).is_part_of(part);
        // What is vague must at least be as many as what it goes with: four goroutines with an object of their own.
        let is_enough = |pattern: &PatternId| part.objects >= program(pattern).objects / 4;
        let is_likely = !known.signature.is_vague() || known.all.iter().all(is_enough);
        known.signature.kind == Kind::Leak
            && is_likely
            && part.is_part_of(whole)
            && known.all.iter().all(grows_too)
            && !known.not.iter().any(grows_too)
    }
}

/// What a function makes and hands over to a holder is that holder's, where nothing surer is known of it.
fn hand_over(changes: &Changes<'_>, catalogue: &Catalogue, owned: &mut [Case]) {
    let holders = Holders::new(changes, catalogue);
    if holders.is_empty() {
        return;
    }
    for case in owned.iter_mut().filter(|case| case.known.is_none_or(|known| !catalogue.is_sure(known))) {
        let chain = case.main(changes).map_or(Vec::new(), |main| changes.chain(main));
        if let Some(holder) = holders.of(&chain) {
            case.others.extend(case.known.replace(holder));
        }
    }
}

/// Cases of one signature of which only one leads through what is to blame belong to that one: the function that opens
/// a database for each request, and those that use it.
fn gather(changes: &Changes<'_>, catalogue: &Catalogue, owned: &mut [Case]) {
    for (number, known) in catalogue.of_kind(Kind::Leak).filter(|(_, known)| !known.blame.is_empty()) {
        let of_this: Vec<usize> = (0..owned.len()).filter(|case| owned[*case].known == Some(number)).collect();
        let is_to_blame = |case: &&usize| owned[**case].growth_of(changes, &known.blame).value > 0;
        let mut to_blame = of_this.iter().filter(is_to_blame);
        let (Some(main), None) = (to_blame.next(), to_blame.next()) else { continue };
        for case in of_this.iter().filter(|case| *case != main) {
            let members = owned[*case].take(changes, |_| true);
            owned[*main].extend(changes, members);
        }
    }
}

/// Cases without an owner that have one signature are one case.
fn united(cases: Vec<Case>) -> Vec<Case> {
    let mut united: Vec<Case> = Vec::new();
    let mut by_signature: HashMap<usize, usize> = HashMap::default();
    for case in cases {
        let at = case.known.map_or(united.len(), |known| *by_signature.entry(known).or_insert(united.len()));
        match united.get_mut(at) {
            Some(same) => same.absorb(&case),
            None => united.push(case),
        }
    }
    united
}

/// The owner of the growing stacks that lead to a case without one: those that the signature names, else those that
/// enter the package where its goroutines began.
fn blamed(
    changes: &Changes<'_>,
    catalogue: &Catalogue,
    entering: impl Fn(&str) -> Option<FunctionId>,
    case: &Case,
) -> Option<FunctionId> {
    let by_name = case.known.and_then(|known| {
        let known = &catalogue.known[known];
        let mut growth = ByOwner::default();
        let named = changes.matching(&[&known.blame[..], &known.any].concat());
        named.into_iter().for_each(|entry| add(&mut growth, changes, entry));
        best_owner(changes, &growth)
    });
    let root = changes.root(*case.members().first()?);
    by_name.or_else(|| entering(&changes.package(root)))
}

/// Growth by owner.
type ByOwner = HashMap<FunctionId, i64>;

fn add(growth: &mut ByOwner, changes: &Changes<'_>, entry: usize) {
    if let Some(owner) = changes.owner(entry) {
        *growth.entry(owner).or_default() += changes.growth(entry).value;
    }
}

/// By package, the owner through which the stacks enter it that grew most.
struct Entering(HashMap<String, FunctionId>);

impl Entering {
    fn new(changes: &Changes<'_>) -> Self {
        let mut by_callee: HashMap<FunctionId, ByOwner> = HashMap::default();
        for entry in changes.iter() {
            if let Some(callee) = changes.callee(entry) {
                add(by_callee.entry(changes.function(callee)).or_default(), changes, entry);
            }
        }
        let mut packages: HashMap<String, ByOwner> = HashMap::default();
        for (callee, growth) in by_callee {
            let package = packages.entry(changes.package(callee)).or_default();
            growth.into_iter().for_each(|(owner, growth)| *package.entry(owner).or_default() += growth);
        }
        let best = packages.into_iter().filter_map(|(package, growth)| Some((package, best_owner(changes, &growth)?)));
        Self(best.collect())
    }
}

/// The owner with the most growth.
fn best_owner(changes: &Changes<'_>, growth: &ByOwner) -> Option<FunctionId> {
    let order = |(owner, growth): &(&FunctionId, &i64)| (**growth, std::cmp::Reverse(changes.name(**owner)));
    growth.iter().filter(|(_, growth)| **growth > 0).max_by_key(order).map(|(owner, _)| *owner)
}

/// Changes without an owner that go with the signature of a case move there, from cases that have none; the case that
/// grew most takes first.
fn claim(changes: &Changes<'_>, catalogue: &Catalogue, cases: &mut [Case]) {
    let with = |case: &Case| {
        let known = case.known.map(|number| &catalogue.known[number]);
        known.filter(|known| known.signature.kind == Kind::Leak).map_or(&[][..], |known| &known.with)
    };
    let mut takers: Vec<usize> = (0..cases.len()).filter(|case| !with(&cases[*case]).is_empty()).collect();
    takers.sort_by_cached_key(|case| std::cmp::Reverse(cases[*case].growth().value));
    // The first case of a signature takes all that goes with it.
    let mut seen: BTreeSet<Option<usize>> = BTreeSet::new();
    takers.retain(|case| seen.insert(cases[*case].known));
    let mut patterns: Vec<PatternId> = takers.iter().flat_map(|taker| with(&cases[*taker])).copied().collect();
    patterns.sort_unstable();
    patterns.dedup();
    let mut free: Vec<usize> = Vec::new();
    for giver in cases.iter_mut().filter(|case| case.via == Via::Sibling && case.known.is_none()) {
        free.extend(giver.take(changes, |member| changes.is_any(member, &patterns)));
    }
    for taker in takers {
        let (taken, left): (Vec<usize>, Vec<usize>) =
            free.into_iter().partition(|member| changes.is_any(*member, with(&cases[taker])));
        cases[taker].extend(changes, taken);
        free = left;
    }
}

/// What goes with leaks and was claimed by none is called by the vague signature that it goes with: descriptors of
/// goroutines that allocate nothing themselves.
fn name_rest(changes: &Changes<'_>, catalogue: &Catalogue, cases: &mut [Case]) {
    for case in cases.iter_mut().filter(|case| case.known.is_none() && case.owner.is_none()) {
        let goes_with = |known: &Known| {
            known.signature.is_vague() && case.by_patterns().iter().all(|(set, _)| changes.has_any(*set, &known.with))
        };
        case.known = catalogue.known.iter().rposition(goes_with);
    }
}
