//! Named suspects: growth that is real, as one leak each, with what it is, who is responsible and whether it goes on.
//!
//! In: a diff and the growth of its entries. Out: [`Suspect`]s, the surest first. Invariant: an entry belongs to at most
//! one suspect, so that their growth adds up; what sampling alone may have made is no suspect.
//! Knows nothing of text for people, and nothing of single leaks: those are data, in `signature`.
//!
//! In five steps: `observe` what changed and whose it is; `attribute` growth to functions, also what is real only together;
//! hold the signatures of the `catalogue` against it (`cases`); `score` what speaks for and against each; and give every
//! change to one of them (`in_step`, `descriptors`, `beside` for goroutines).

mod attribute;
mod beside;
mod case;
mod cases;
mod catalogue;
mod churn;
mod deferred;
mod descriptors;
mod doubling;
mod facts;
mod holders;
mod in_step;
mod observe;
mod read;
mod score;
pub mod signature;
mod suspect;
mod who;

pub use beside::Witness;
pub(crate) use beside::{join, leaks};
pub use score::Feature;
pub use suspect::{Moved, Reason, Suspect, Units};
pub use who::Who;

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Diff;
use crate::model::{Kind, State};

use crate::rows::Responsible;
use crate::stats::{Course, Grain, History, Sampling, Span, Test, Trend, Verdict, Verdicts};
use case::Case;
use catalogue::{Catalogue, Known};
use facts::Facts;
use observe::{Changes, FunctionId};
use signature::{Signature, UNKNOWN};

/// The most suspects that are named.
const MOST: usize = 10;
/// The share of all growth below which there is no suspect.
const SHARE: f64 = 0.01;

/// What is to be said of the growth.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub suspects: Vec<Suspect>,
    /// What is no suspect because it took the place of something else, the largest first.
    pub moved: Vec<Moved>,
}

/// The suspects of a diff. `growth` is that of each entry, `sampling` that of the metric compared.
pub(super) fn find(diff: &Diff, growth: &[i64], sampling: &Sampling, history: Option<&History>) -> Found {
    // The difference of two differences is no growth.
    let Some(history) = history.filter(|_| !diff.has_deltas()) else { return Found::default() };
    let may_leak = matches!(diff.metric().kind(), Kind::Memory(State::Live, _) | Kind::Goroutines);
    let mut found = if may_leak { grown(diff, growth, sampling, history) } else { Found::default() };
    found.suspects.truncate(MOST);
    found.suspects.extend(churn::find(diff));
    found
}

/// What grew and is no noise, leaks first.
fn grown(diff: &Diff, growth: &[i64], sampling: &Sampling, history: &History) -> Found {
    let name = diff.metric().canonical_name();
    let catalogue = Catalogue::new(name.starts_with("goroutine"));
    let changes = Changes::new(diff, growth, sampling, &catalogue);
    if changes.iter().next().is_none() {
        return Found::default();
    }
    let judge = Judge { diff, sampling, history, objects: OnceCell::new() };
    let mut cases = judge.real(&changes, cases::cases(&changes, &catalogue, judge.objects()));
    let all: i64 = cases.iter().map(|case| case.growth().value).sum();
    cases.retain(|case| case.growth().value as f64 >= all as f64 * SHARE);
    if cases.is_empty() {
        return Found::default();
    }
    let moved = judge.replaced(&changes, &mut cases);
    let cases = if cases.len() > 1 {
        // Histories are asked before parts are joined: a warm-up lends its name to nothing that goes on.
        let courses = judge.courses(&changes, &Facts::new(&changes, growth, &cases), &cases);
        in_step::join(&changes, &catalogue, judge.objects(), &courses, cases)
    } else {
        cases
    };
    let cases = in_step::one_each(cases);
    let facts = Facts::new(&changes, growth, &cases);
    let judged = |(number, case)| judge.suspect(&changes, &catalogue, &facts, number, case);
    let mut suspects: Vec<Suspect> = cases.iter().enumerate().map(judged).collect();
    suspects.sort_by(|a, b| a.order(0).cmp(&b.order(0)).then_with(|| a.who.fingerprint.cmp(&b.who.fingerprint)));
    Found { suspects, moved }
}

/// Decides what is real, and makes suspects of cases.
struct Judge<'a> {
    diff: &'a Diff,
    sampling: &'a Sampling,
    history: &'a History,
    objects: OnceCell<Sampling>,
}

impl Judge<'_> {
    /// The sampling errors of numbers of objects.
    fn objects(&self) -> &Sampling {
        self.objects.get_or_init(|| self.sampling.of_objects(self.diff, Span::whole(self.diff)))
    }

    /// The cases that grew, and not by sampling alone: all judged together, so that the share of noise among them is
    /// bounded. Where the files do not tell, growth is taken for what it is.
    fn real(&self, changes: &Changes<'_>, cases: Vec<Case>) -> Vec<Case> {
        let tests = case::tests(changes, &cases);
        let known: Vec<Test> = tests.iter().flatten().copied().collect();
        let verdicts = Verdicts::together(self.sampling, &known);
        let is_real = |test: &Option<Test>| test.is_none_or(|test| verdicts.evidence(&test).verdict != Verdict::Noise);
        let judged = cases.into_iter().zip(&tests).filter(|(case, test)| case.is_shared || is_real(test));
        judged.map(|(case, _)| case).filter(|case| case.growth().value > 0).collect()
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
            let sizes: BTreeSet<i64> = case.members().iter().map(|entry| self.diff.block_size(*entry)).collect();
            let size = |member: &usize| self.diff.block_size(*member);
            let is_same_size = |member: &usize| size(member) > 0 && sizes.contains(&size(member));
            let is_other = |member: &usize| changes.owner(*member) != case.owner;
            let gone: Vec<usize> =
                gone.iter().copied().filter(|member| is_other(member) && is_same_size(member)).collect();
            let (came, went) = (case.growth().value, -changes.sum(&gone).value);
            let all: Vec<usize> = case.members().iter().chain(&gone).copied().collect();
            let test = self.sampling.test(came - went, &self.sampling.moments(all.iter().copied()));
            // About as much, as far as the samples tell: more that went has reasons of its own.
            let is_as_much = test.map_or(came == went, |test| test.low <= 0 && test.high >= 0);
            let is_moved = is_as_much && 2 * went >= came;
            let source = gone.iter().min_by_key(|member| changes.growth(**member).value);
            let source = source.filter(|_| is_moved).and_then(|member| changes.owner(*member));
            moved.extend(source.map(|source| {
                let [from, to] = [source, owner].map(|function| changes.key_id(function));
                Moved { from, went, to, came }
            }));
            !is_moved
        });
        moved.sort_by_key(|moved| Reverse(moved.came));
        moved
    }

    /// How each case goes on.
    fn courses(&self, changes: &Changes<'_>, facts: &Facts, cases: &[Case]) -> Vec<Course> {
        let course = |(number, case): (usize, &Case)| self.trend(changes, facts, number, case.members()).course;
        cases.iter().enumerate().map(course).collect()
    }

    /// Whether a case goes on growing, in all block sizes of its stacks.
    fn trend(&self, changes: &Changes<'_>, facts: &Facts, number: usize, members: &[usize]) -> Trend {
        let (values, all) = facts.of_stacks(number);
        let mut grain = Grain::default();
        for member in members {
            grain.add(self.sampling, self.diff, *member, changes.growth(*member).value);
        }
        let moments = self.history.sampling(self.sampling).moments(all.iter().copied());
        let change = self.history.change(self.sampling, values, &moments);
        self.history.trend(values, grain, facts.kept_ratio(number), change)
    }

    /// The suspect that a case is.
    fn suspect(
        &self,
        changes: &Changes<'_>,
        catalogue: &Catalogue,
        facts: &Facts,
        number: usize,
        case: &Case,
    ) -> Suspect {
        let mut members = case.members().to_vec();
        members.sort_by_key(|member| (Reverse(changes.growth(*member).value), *member));
        let values = facts.values(number).clone();
        let kept_ratio = facts.kept_ratio(number);
        let trend = self.trend(changes, facts, number, &members);
        let known = case.known.map(|known| &catalogue.known[known]);
        let signature = known.map_or(&UNKNOWN, |known| known.signature);
        let found = |pattern: &u16| case.growth_of(changes, &[*pattern]).value > 0;
        let found =
            known.map_or(Vec::new(), |known| known.any.iter().chain(&known.all).copied().filter(found).collect());
        let explained =
            known.map_or(case.growth(), |known| case.growth_of(changes, &[&known.any[..], &known.with].concat()));
        let features = score::features(&score::Facts {
            signature,
            trend: &trend,
            is_series: self.history.is_told(),
            kept: kept_ratio,
            explained: explained.value as f64 / values.delta().max(1) as f64,
        });
        let responsible = facts.place(number).map(|place| Responsible { place, via: case.via });
        let heaviest = members.first().copied();
        Suspect {
            signature,
            others: others(catalogue, case),
            confidence: score::confidence(&features, signature),
            features,
            range: {
                let delta = values.delta();
                let test = self.sampling.test(delta, case.moments());
                test.map_or((delta, delta), |test| (test.low, test.high))
            },
            objects: facts.objects(number),
            kept_ratio: facts.kept_ratio(number),
            units: known.and_then(|known| self.units(changes, known, &members)),
            who: who(changes, responsible.as_ref(), heaviest),
            responsible,
            found: found.into_iter().map(|pattern| catalogue.text(pattern)).collect(),
            stacks: stacks_of(self.diff, members.iter().map(|member| (*member, changes.growth(*member).value))),
            entries: members,
            trend,
            is_borne_out: false,
            values,
        }
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
            let matching = members.iter().copied().filter(|member| changes.is_any(*member, &[*pattern]));
            let mut by_size: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
            for member in matching {
                by_size.entry(diff.block_size(member)).or_default().push(member);
            }
            let main = by_size.into_values().max_by_key(|members| changes.sum(members).value).unwrap_or_default();
            let growth = changes.sum(&main).objects;
            objects += growth;
            variance += error(self.objects(), growth, main.iter().copied()).powi(2);
        }
        let per_unit = |objects: f64| (objects / f64::from(unit.objects.max(1))).round() as i64;
        let (count, error) = (per_unit(objects as f64), per_unit(variance.sqrt()));
        // A number that may as well be 0 is no number.
        (count > error).then_some(Units { count, error, counted: unit.counted })
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
fn who(changes: &Changes<'_>, responsible: Option<&Responsible>, heaviest: Option<usize>) -> Who {
    let keys = &changes.diff.keys;
    match responsible {
        Some(frame) => Who::of([keys.key(frame.place.key)].into_iter()),
        None => Who::of(heaviest.into_iter().flat_map(|entry| changes.diff.stack_keys(entry)).map(|key| keys.key(key))),
    }
}
