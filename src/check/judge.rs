//! Each limit against each metric and comparison it applies to.
//!
//! In: a diff, a policy, what the allow-list set aside. Out: a [`Check`] per limit, metric and comparison.
//! Invariant: an outcome depends on sums, never on the order of samples; equals are decided by name.

use std::cmp::Reverse;

use crate::diff::Diff;
use crate::rows::{Part, growers};
use crate::stats::Moments;
use crate::units;

use super::compared::unchecked;
use super::measure::{Measure, Values};
use super::significance::Evidence;
use super::slope;
use super::{Bound, Check, Culprit, Error, Outcome, Policy, Rule, Scope, Span, Unchecked, Unmatched};

/// How many culprits are named within one limit.
const CULPRITS: usize = 5;

/// The metrics to hold a policy against: those it names, else the one that the diff compares.
pub(super) fn metrics(diff: &Diff, policy: &Policy) -> Result<Vec<usize>, Error> {
    let mut metrics = Vec::new();
    for asked in &policy.metrics {
        let metric = diff.metric_named(asked).ok_or_else(|| Error::UnknownMetric {
            asked: asked.clone(),
            available: names(diff, 0..diff.metrics.len()),
        })?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    if metrics.is_empty() {
        metrics.push(diff.metric);
    }
    Ok(metrics)
}

fn names(diff: &Diff, metrics: impl IntoIterator<Item = usize>) -> String {
    metrics.into_iter().map(|metric| diff.metrics[metric].metric.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The metrics that a rule is held against, given those of the policy.
fn subjects(diff: &Diff, metrics: &[usize], rule: &Rule) -> Result<Vec<usize>, Error> {
    if rule.scope != Scope::Objects {
        return Ok(metrics.to_vec());
    }
    let mut objects = Vec::new();
    for metric in metrics {
        let is_count = !units::is_bytes(&diff.metrics[*metric].metric.unit);
        let counted = if is_count { Some(*metric) } else { diff.objects_of(*metric) };
        let counted = counted.ok_or_else(|| Error::NoObjects { metric: names(diff, [*metric]) })?;
        if !objects.contains(&counted) {
            objects.push(counted);
        }
    }
    Ok(objects)
}

/// Checks that every part of every limit says something of some metric.
pub(super) fn fits(diff: &Diff, metrics: &[usize], spans: &[Span], policy: &Policy) -> Result<(), Error> {
    if policy.rules.is_empty() {
        return Err(Error::NoLimit);
    }
    for rule in &policy.rules {
        let option = rule.scope.option();
        let is_total = rule.scope == Scope::Total;
        if !is_total && spans.iter().all(|span| span.from.is_none()) {
            return Err(Error::NothingBefore { option });
        }
        let subjects = subjects(diff, metrics, rule)?;
        for part in rule.limit.parts() {
            if is_total && part.is_relative() {
                return Err(Error::RelativeTotal { part: part.text().to_owned() });
            }
            if !subjects.iter().any(|metric| part.applies_to(&diff.metrics[*metric].metric)) {
                let part = match &rule.scope {
                    Scope::Through(glob) => format!("'{glob}={}'", part.text()),
                    _ => part.text().to_owned(),
                };
                let metrics = names(diff, subjects.iter().copied());
                return Err(Error::Inapplicable { option: option.to_owned(), part, metrics, one: subjects.len() == 1 });
            }
        }
    }
    Ok(())
}

/// Holds all rules against all comparisons. `unmatched` are the rules whose pattern matches nothing.
pub(super) fn judge(
    diff: &Diff,
    metrics: &[usize],
    spans: &[Span],
    policy: &Policy,
    aside: &[bool],
    unmatched: &[Unmatched],
) -> Vec<Check> {
    let mut scenes: Vec<Scene<'_>> = Vec::new();
    let mut cases: Vec<(usize, usize)> = Vec::new();
    for (number, rule) in policy.rules.iter().enumerate() {
        for metric in subjects(diff, metrics, rule).unwrap_or_default() {
            if rule.limit.bounds(&diff.metrics[metric].metric, 0, 1).is_empty() {
                continue;
            }
            for span in spans_of(rule, spans) {
                let known = scenes.iter().position(|scene| (scene.metric, scene.span) == (metric, span));
                let scene = known.unwrap_or_else(|| {
                    scenes.push(Scene::new(diff, metric, span, aside, policy));
                    scenes.len() - 1
                });
                cases.push((number, scene));
            }
        }
    }
    // So that all of them together raise a false alarm as seldom as stated.
    let alpha = policy.alpha / cases.len().max(1) as f64;
    let check = |(number, scene): (usize, usize)| {
        let is_unmatched = unmatched.iter().any(|unmatched| unmatched.rule == number);
        Case { policy, rule: &policy.rules[number], number, scene: &scenes[scene], alpha }.check(is_unmatched)
    };
    cases.into_iter().map(check).collect()
}

/// A limit of the total looks at the snapshot after alone, once.
fn spans_of(rule: &Rule, spans: &[Span]) -> Vec<Span> {
    match rule.scope {
        Scope::Total => spans.first().map(|span| Span { from: None, ..*span }).into_iter().collect(),
        // The series has one present.
        Scope::Slope => spans.first().copied().into_iter().collect(),
        _ => spans.iter().copied().filter(|span| span.from.is_some()).collect(),
    }
}

/// For each entry whether one of its frames is among `keys`.
pub(super) fn entries_through(diff: &Diff, keys: &[bool]) -> Vec<bool> {
    (0..diff.entry_count()).map(|entry| diff.stack_keys(entry).any(|key| keys[key.index()])).collect()
}

/// One metric in one comparison.
struct Scene<'a> {
    diff: &'a Diff,
    metric: usize,
    span: Span,
    aside: &'a [bool],
    measure: Measure<'a>,
    evidence: Evidence<'a>,
    unchecked: Option<Unchecked>,
}

impl<'a> Scene<'a> {
    fn new(diff: &'a Diff, metric: usize, span: Span, aside: &'a [bool], policy: &Policy) -> Self {
        Self {
            diff,
            metric,
            span,
            aside,
            measure: Measure::new(diff, metric, span, aside),
            evidence: Evidence::new(diff, metric, span, policy.regime),
            unchecked: unchecked(diff, metric, span),
        }
    }

    fn culprits(&self, entries: &[bool]) -> Vec<Culprit> {
        let Span { from, to } = self.span;
        let part = Part { metric: self.metric, from, to, entries: Some(entries) };
        growers(self.diff, &part, CULPRITS).into_iter().map(|row| Culprit { row, stack: None }).collect()
    }

    fn culprit_of(&self, stack: usize) -> Option<Culprit> {
        // Stacks are set aside whole, and such a one exceeds nothing.
        let entries: Vec<bool> = (0..self.aside.len()).map(|entry| self.diff.stack_of(entry) == stack).collect();
        let culprit = self.culprits(&entries).into_iter().next()?;
        Some(Culprit { stack: Some(self.diff.first_entry(stack)), ..culprit })
    }
}

/// How a value stands to a limit: the part of it that decides.
#[derive(Clone)]
struct Ruling {
    outcome: Outcome,
    bound: Bound,
    /// The probability of a false alarm that it was tested with.
    alpha: f64,
}

impl Ruling {
    /// Worse outcomes are larger, and of equal ones the stricter bound.
    fn severity(&self) -> (u8, Reverse<i64>) {
        (self.outcome.severity(), Reverse(self.bound.most))
    }
}

/// The bound where no part of a limit applies: some does, or there would be no case.
const NOTHING: Bound = Bound { text: String::new(), most: i64::MAX, share: 0.0 };

/// One limit in one scene.
struct Case<'a> {
    policy: &'a Policy,
    rule: &'a Rule,
    number: usize,
    scene: &'a Scene<'a>,
    /// The probability of a false alarm that it may have.
    alpha: f64,
}

impl Case<'_> {
    fn check(&self, is_unmatched: bool) -> Check {
        let check = match self.rule.scope {
            Scope::PerStack => self.per_stack(),
            Scope::Slope => self.slope(),
            _ => self.summed(),
        };
        let outcome = match (self.scene.unchecked, is_unmatched) {
            (Some(_), _) => Outcome::Inconclusive,
            (None, true) if self.policy.unmatched == Outcome::Fail => Outcome::Fail,
            (None, _) => return Check { is_unmatched, ..check },
        };
        Check { outcome, is_unmatched, unchecked: self.scene.unchecked, culprits: Vec::new(), stacks: 0, ..check }
    }

    /// Holds a value against the limit: each alternative is exceeded where all its parts are, and each is tested with
    /// its share of `alpha`.
    fn rule(&self, values: Values, moments: &Moments, alpha: f64) -> Ruling {
        let times = if self.rule.scope == Scope::Total { 1 } else { self.policy.per_op.unwrap_or(1) };
        let metric = &self.scene.diff.metrics[self.scene.metric].metric;
        let alternatives = self.rule.limit.bounds(metric, values.before, times);
        let alpha = alpha / alternatives.len().max(1) as f64;
        let ruling = |bound: Bound| Ruling {
            outcome: self.scene.evidence.outcome(values.growth(), &bound, moments, alpha),
            bound,
            alpha,
        };
        let mildest = |bounds: Vec<Bound>| bounds.into_iter().map(ruling).min_by_key(Ruling::severity);
        let worst = alternatives.into_iter().filter_map(mildest).max_by_key(Ruling::severity);
        worst.unwrap_or(Ruling { outcome: Outcome::Pass, bound: NOTHING, alpha })
    }

    /// A limit of the sum of many stacks.
    fn summed(&self) -> Check {
        let Scene { diff, measure, evidence, aside, .. } = self.scene;
        let through = match &self.rule.scope {
            Scope::Through(glob) => Some(entries_through(diff, &diff.keys.like(glob))),
            _ => None,
        };
        let has = |entry: usize| through.as_ref().is_none_or(|through| through[entry]);
        let values = if through.is_some() { measure.part(has) } else { measure.sum(has) };
        let moments = evidence.moments(measure.entries().filter(|entry| has(*entry)));
        let ruling = self.rule(values, &moments, self.alpha);
        let culprits = match ruling.outcome {
            Outcome::Pass => Vec::new(),
            _ => {
                let entries: Vec<bool> = (0..aside.len()).map(|entry| !aside[entry] && has(entry)).collect();
                self.scene.culprits(&entries)
            }
        };
        Check { culprits, ..self.found(values, ruling, &moments) }
    }

    /// A limit of the present rate of the newest process.
    fn slope(&self) -> Check {
        let Scene { diff, metric, aside, span, .. } = *self.scene;
        let rate = slope::rate(diff, metric, aside, self.policy.regime, self.alpha);
        let bound = self.rule.limit.bounds(&diff.metrics[metric].metric, 0, 1).into_iter().flatten().next();
        let bound = bound.unwrap_or(NOTHING);
        let (outcome, significance) = slope::ruling(rate.as_ref(), &bound);
        let culprits = match outcome {
            Outcome::Pass => Vec::new(),
            _ => self.scene.culprits(&aside.iter().map(|aside| !aside).collect::<Vec<_>>()),
        };
        Check {
            rule: self.number,
            metric,
            span,
            before: 0,
            after: rate.map_or(0, |rate| slope::per_hour(rate.value)),
            bound,
            outcome,
            significance,
            alpha: self.alpha,
            stacks: 0,
            culprits,
            unchecked: rate.is_none().then_some(Unchecked::TooFew),
            is_unmatched: false,
        }
    }

    /// A limit of any one stack: many are tested at once, and share the probability of a false alarm.
    fn per_stack(&self) -> Check {
        let Scene { diff, measure, evidence, .. } = self.scene;
        let stacks = measure.stacks();
        let moments = evidence.of_stacks(measure.entries());
        let growths = stacks.iter().map(|stack| stack.growth()).zip(moments.iter().copied());
        let alpha = self.alpha / evidence.testable(growths, self.alpha).max(1) as f64;
        let there = stacks.iter().enumerate().filter(|(_, values)| **values != Values::default());
        let rulings = there.map(|(stack, values)| (stack, self.rule(*values, &moments[stack], alpha)));
        let mut found: Vec<(usize, Ruling)> = rulings.collect();
        let worst = Outcome::of_all(found.iter().map(|(_, ruling)| ruling.outcome));
        found.retain(|(_, ruling)| ruling.outcome == worst);
        let entry = |stack: usize| diff.first_entry(stack);
        found.sort_by(|(a, _), (b, _)| {
            let growth = |stack: usize| stacks[stack].growth();
            growth(*b).cmp(&growth(*a)).then_with(|| diff.compare_stacks(entry(*a), entry(*b)))
        });
        let Some((stack, ruling)) = found.first().cloned() else {
            let none = Moments::default();
            return self.found(Values::default(), self.rule(Values::default(), &none, alpha), &none);
        };
        let exceeding = if worst == Outcome::Pass { 0 } else { found.len() };
        let culprits = found.iter().take(exceeding.min(CULPRITS)).flat_map(|(stack, _)| self.scene.culprit_of(*stack));
        let culprits = culprits.collect();
        Check { stacks: exceeding, culprits, ..self.found(stacks[stack], ruling, &moments[stack]) }
    }

    fn found(&self, values: Values, Ruling { outcome, bound, alpha }: Ruling, moments: &Moments) -> Check {
        let significance = self.scene.evidence.significance(values.growth(), &bound, moments, alpha);
        let Values { before, after } = values;
        let (rule, metric, span) = (self.number, self.scene.metric, self.scene.span);
        Check {
            rule,
            metric,
            span,
            before,
            after,
            bound,
            outcome,
            significance,
            alpha,
            stacks: 0,
            culprits: Vec::new(),
            unchecked: None,
            is_unmatched: false,
        }
    }
}
