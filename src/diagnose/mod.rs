//! Named suspects: growth that is real and goes on, as one leak each, with what it is and who is responsible.
//!
//! In: a diff and the growth of its entries. Out: [`Suspect`]s, the largest first. Invariant: an entry belongs to at most
//! one suspect, so that their growth adds up; what sampling alone may have made is no suspect, and in a series neither
//! is what does not go on growing.
//! Knows nothing of text for people, and nothing of single leaks: those are data, in `signature`.

mod cases;
mod changes;
mod churn;
mod claims;
mod deferred;
mod facts;
mod heap;
mod join;
mod known;
mod series;
pub mod signature;
mod steps;
mod traces;
mod who;

pub use join::{Joined, Witness, join, leaks, without_timed};
pub use who::Who;

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::diff::{Diff, KeyId};
use crate::model::{Kind, State};

use crate::model::Series;
use crate::rows::Responsible;
use crate::stats::{Sampling, Span, Test, Verdict, Verdicts};
use cases::Case;
use changes::{Changes, FunctionId};
use facts::Facts;
use known::{Catalogue, Known};
use series::History;
use signature::{Confidence, Signature, UNKNOWN};

/// One leak, as far as the profiles tell.
#[derive(Debug, Clone)]
pub struct Suspect {
    /// What it is.
    pub signature: &'static Signature,
    /// What else it looks like, the most special first.
    pub others: Vec<&'static Signature>,
    /// How far that can be trusted.
    pub confidence: Confidence,
    /// The metric compared, in every snapshot; of churn what was allocated.
    pub values: Series,
    /// The number of objects, where the profiles count them.
    pub objects: Option<Series>,
    /// Growth in use divided by growth allocated.
    pub kept_ratio: Option<f64>,
    /// How many units of what leaks there are more.
    pub units: Option<Units>,
    /// The frame of the user's own code that is accountable.
    pub responsible: Option<Responsible>,
    /// Its entries, those that grew most first; none of churn, which did not grow.
    pub entries: Vec<usize>,
    /// Its stacks that grew, each by one of its entries and with its growth, those that grew most first.
    pub stacks: Vec<(usize, i64)>,
    /// The patterns of the signature that were found, as they are spelled there.
    pub found: Vec<&'static str>,
    /// Whether it was seen to go on growing in a series of snapshots; `None` where there are only two.
    pub repeats: Option<bool>,
    /// Who it is about, with a stable name of it.
    pub who: Who,
}

/// A number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// How many.
    pub count: i64,
    /// Half of the width of its 95 % interval.
    pub error: i64,
    /// What one of them is called.
    pub one: &'static str,
    /// What several of them are called.
    pub many: &'static str,
}

/// The most suspects that are named.
const MOST: usize = 10;
/// The share of all growth below which there is no suspect.
const SHARE: f64 = 0.01;

/// Memory that went from one function to another: it has not grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The function that had most of it before.
    pub from: KeyId,
    /// What went.
    pub went: i64,
    /// The function that has it now.
    pub to: KeyId,
    /// What came.
    pub came: i64,
}

/// What is to be said of the growth.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub suspects: Vec<Suspect>,
    /// What is no suspect because it took the place of something else, the largest first.
    pub moved: Vec<Moved>,
}

/// The suspects of a diff. `growth` is that of each entry, `sampling` that of the metric compared.
pub(super) fn find(diff: &Diff, growth: &[i64], sampling: &Sampling) -> Found {
    // The difference of two differences is no growth.
    if diff.snapshots.len() < 2 || diff.has_deltas() {
        return Found::default();
    }
    let may_leak = matches!(diff.metric().kind(), Kind::Memory(State::Live, _) | Kind::Goroutines);
    let mut found = if may_leak { grown(diff, growth, sampling) } else { Found::default() };
    found.suspects.truncate(MOST);
    found.suspects.extend(churn::find(diff));
    found
}

/// What grew and is no noise, leaks first.
fn grown(diff: &Diff, growth: &[i64], sampling: &Sampling) -> Found {
    let name = diff.metric().canonical_name();
    let catalogue = Catalogue::new(name.starts_with("goroutine"));
    let changes = Changes::new(diff, growth, &catalogue);
    if changes.list.is_empty() {
        return Found::default();
    }
    let judge =
        Judge { diff, sampling, history: History::new(diff, sampling.basis().regime()), objects: OnceCell::new() };
    let mut cases = judge.real(&changes, cases::cases(&changes, &catalogue));
    let all: i64 = cases.iter().map(|case| changes.growth(&case.members).value).sum();
    cases.retain(|case| changes.growth(&case.members).value as f64 >= all as f64 * SHARE);
    let moved = judge.replaced(&changes, &mut cases);
    let cases = if cases.len() > 1 { steps::join(&changes, &catalogue, judge.objects(), cases) } else { cases };
    let cases = steps::one_each(cases);
    let facts = Facts::new(&changes, growth, &cases);
    let judged = |(number, case)| judge.suspect(&changes, &catalogue, &facts, number, case);
    let mut suspects: Vec<Suspect> = cases.iter().enumerate().filter_map(judged).collect();
    // Of two that grew alike, the one that more is known of.
    let order = |suspect: &Suspect| {
        let is_benign = suspect.signature.kind == signature::Kind::Benign;
        (is_benign, Reverse(suspect.values.delta()), Reverse(suspect.confidence))
    };
    suspects.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.who.fingerprint.cmp(&b.who.fingerprint)));
    Found { suspects, moved }
}

/// Decides what is real, and makes suspects of cases.
struct Judge<'a> {
    diff: &'a Diff,
    sampling: &'a Sampling,
    history: Option<History>,
    objects: OnceCell<Sampling>,
}

impl Judge<'_> {
    /// The sampling errors of numbers of objects.
    fn objects(&self) -> &Sampling {
        self.objects.get_or_init(|| {
            let metric = self.diff.objects().unwrap_or(self.diff.metric);
            Sampling::new(self.diff, metric, Span::whole(self.diff), self.sampling.basis().regime())
        })
    }

    /// The cases that grew, and not by sampling alone: all judged together, so that the share of noise among them is
    /// bounded. Where the files do not tell, growth is taken for what it is.
    fn real(&self, changes: &Changes<'_>, cases: Vec<Case>) -> Vec<Case> {
        let test = |case: &Case| {
            let moments = self.sampling.moments(changes.entries(&case.members));
            self.sampling.test(changes.growth(&case.members).value, &moments)
        };
        let tests: Vec<Option<Test>> = cases.par_iter().map(test).collect();
        let known: Vec<Test> = tests.iter().flatten().copied().collect();
        let verdicts = Verdicts::together(self.sampling, &known);
        let is_real = |test: &Option<Test>| test.is_none_or(|test| verdicts.evidence(&test).verdict != Verdict::Noise);
        let judged = cases.into_iter().zip(&tests).filter(|(_, test)| is_real(test));
        judged.map(|(case, _)| case).filter(|case| changes.growth(&case.members).value > 0).collect()
    }

    /// Drops the cases that took the place of others: blocks of as many bytes went that other functions of the owner's
    /// package had allocated, as where one function fills a table and another one replaces what is in it. Returns what
    /// moved so.
    fn replaced(&self, changes: &Changes<'_>, cases: &mut Vec<Case>) -> Vec<Moved> {
        let package_of = |function: FunctionId| changes.package(function);
        let packages: BTreeSet<String> = cases.iter().filter_map(|case| case.owner).map(package_of).collect();
        let shrunk = changes.shrunk(&packages);
        let mut moved = Vec::new();
        cases.retain(|case| {
            let Some(owner) = case.owner else { return true };
            let Some(gone) = shrunk.get(&package_of(owner)) else { return true };
            let sizes: BTreeSet<i64> =
                changes.entries(&case.members).map(|entry| self.diff.block_size(entry)).collect();
            let size = |member: &usize| self.diff.block_size(changes.list[*member].entry);
            let is_same_size = |member: &usize| size(member) > 0 && sizes.contains(&size(member));
            let is_other = |member: &usize| changes.list[*member].owner != case.owner;
            let gone: Vec<usize> =
                gone.iter().copied().filter(|member| is_other(member) && is_same_size(member)).collect();
            let (came, went) = (changes.growth(&case.members).value, -changes.growth(&gone).value);
            let all: Vec<usize> = case.members.iter().chain(&gone).copied().collect();
            let test = self.sampling.test(came - went, &self.sampling.moments(changes.entries(&all)));
            // About as much, as far as the samples tell: more that went has reasons of its own.
            let is_as_much = test.map_or(came == went, |test| test.low <= 0 && test.high >= 0);
            let is_moved = is_as_much && 2 * went >= came;
            let source = gone.iter().min_by_key(|member| changes.list[**member].growth.value);
            let source = source.filter(|_| is_moved).and_then(|member| changes.list[*member].owner);
            moved.extend(source.map(|source| {
                let [from, to] = [source, owner].map(|function| changes.key_id(function));
                Moved { from, went, to, came }
            }));
            !is_moved
        });
        moved.sort_by_key(|moved| Reverse(moved.came));
        moved
    }

    /// The suspect that a case is; `None` where a series shows that it does not go on growing.
    fn suspect(
        &self,
        changes: &Changes<'_>,
        catalogue: &Catalogue,
        facts: &Facts,
        number: usize,
        case: &Case,
    ) -> Option<Suspect> {
        let mut members = case.members.clone();
        members.sort_by_key(|member| (Reverse(changes.list[*member].growth.value), changes.list[*member].entry));
        let entries: Vec<usize> = changes.entries(&members).collect();
        let values = facts.values(number).clone();
        let (of_stacks, all) = facts.of_stacks(number);
        let kept_ratio = facts.kept_ratio(number);
        let repeats = self.history.as_ref().map(|history| {
            history.repeats(&values, &entries, kept_ratio) || history.repeats(of_stacks, all, kept_ratio)
        });
        if repeats == Some(false) {
            return None;
        }
        let known = case.known.map(|known| &catalogue.known[known]);
        let signature = known.map_or(&UNKNOWN, |known| known.signature);
        let found = |pattern: &u16| changes.growth_of(&members, &[*pattern]).value > 0;
        let found =
            known.map_or(Vec::new(), |known| known.any.iter().chain(&known.all).copied().filter(found).collect());
        let responsible = facts.place(number).map(|place| Responsible { place, via: case.via });
        let heaviest = members.first().map(|member| changes.list[*member].entry);
        Some(Suspect {
            signature,
            others: others(catalogue, case),
            confidence: signature.confidence,
            objects: facts.objects(number),
            kept_ratio: facts.kept_ratio(number),
            units: known.and_then(|known| self.units(changes, known, &members)),
            who: who(changes, case, heaviest),
            responsible,
            found: found.into_iter().map(|pattern| catalogue.text(pattern)).collect(),
            stacks: stacks_of(self.diff, members.iter().map(|member| changes.of(*member))),
            entries,
            repeats,
            values,
        })
    }

    /// How many units leaked: counted in blocks of the size that grew most, with the error of their samples.
    fn units(&self, changes: &Changes<'_>, known: &Known, members: &[usize]) -> Option<Units> {
        let unit = known.signature.unit?;
        let diff = self.diff;
        // Bytes are no units.
        if diff.metric().kind() != Kind::Goroutines && !diff.metric().is_objects() && diff.objects().is_none() {
            return None;
        }
        let (mut objects, mut variance) = (0, 0.0);
        for pattern in &known.unit {
            let matching = members.iter().copied().filter(|member| changes.list[*member].is_any(&[*pattern]));
            let mut by_size: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
            for member in matching {
                by_size.entry(diff.block_size(changes.list[member].entry)).or_default().push(member);
            }
            let main = by_size.into_values().max_by_key(|members| changes.growth(members).value).unwrap_or_default();
            let growth = changes.growth(&main).objects;
            objects += growth;
            variance += error(self.objects(), growth, changes.entries(&main)).powi(2);
        }
        let per_unit = |objects: f64| (objects / f64::from(unit.objects.max(1))).round() as i64;
        let (count, error) = (per_unit(objects as f64), per_unit(variance.sqrt()));
        // A number that may as well be 0 is no number.
        (count > error).then_some(Units { count, error, one: unit.one, many: unit.many })
    }
}

/// The other signatures that a case matches, in the order of the table.
fn others(catalogue: &Catalogue, case: &Case) -> Vec<&'static Signature> {
    let mut numbers: Vec<usize> = case.others.iter().copied().filter(|other| Some(*other) != case.known).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(|number| catalogue.known[number].signature).collect()
}

/// Half of the width of the 95 % interval of a growth; 0 where it is exact or unknown.
fn error(sampling: &Sampling, growth: i64, entries: impl Iterator<Item = usize>) -> f64 {
    let test = sampling.test(growth, &sampling.moments(entries));
    test.map_or(0.0, |test| (test.high - test.low) as f64 / 2.0)
}

/// The stacks of some entries that grew, sizes added up, those that grew most first.
pub(crate) fn stacks_of(diff: &Diff, growth: impl Iterator<Item = (usize, i64)>) -> Vec<(usize, i64)> {
    let mut stacks: BTreeMap<usize, i64> = BTreeMap::new();
    for (entry, growth) in growth {
        *stacks.entry(diff.stack_of(entry)).or_default() += growth;
    }
    let grown = stacks.into_iter().filter(|(_, growth)| *growth > 0);
    let mut grown: Vec<(usize, i64)> = grown.map(|(stack, growth)| (diff.first_entry(stack), growth)).collect();
    grown.sort_by(|(a, left), (b, right)| right.cmp(left).then_with(|| diff.compare_stacks(*a, *b)));
    grown
}

/// The function to blame, or where there is none the frames of the heaviest stack.
fn who(changes: &Changes<'_>, case: &Case, heaviest: Option<usize>) -> Who {
    let keys = &changes.diff.keys;
    match case.owner {
        Some(owner) => Who::of([changes.key(owner)].into_iter()),
        None => Who::of(heaviest.into_iter().flat_map(|entry| changes.diff.stack_keys(entry)).map(|key| keys.key(key))),
    }
}
