//! Each limit against each metric and comparison it applies to.
//!
//! In: a diff, a policy, what the allow-list set aside. Out: a [`Check`] per limit, metric and comparison.
//! Invariant: an outcome depends on sums, never on the order of samples; equals are decided by name.

use crate::analyze::{Part, growers};
use crate::diff::Diff;
use crate::model::{Code, Warning};
use crate::units;

use super::measure::{Measure, Values};
use super::significance::Evidence;
use super::{Bound, Check, Culprit, Error, Outcome, Policy, Rule, Scope, Significance, Span};

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

/// Holds all rules against all comparisons.
pub(super) fn judge(
    diff: &Diff,
    metrics: &[usize],
    spans: &[Span],
    policy: &Policy,
    aside: &[bool],
    warnings: &mut Vec<Warning>,
) -> Vec<Check> {
    let through: Vec<Option<Vec<bool>>> = policy.rules.iter().map(|rule| through(diff, rule, warnings)).collect();
    let mut checks = Vec::new();
    for (number, rule) in policy.rules.iter().enumerate() {
        for metric in subjects(diff, metrics, rule).unwrap_or_default() {
            for span in spans_of(rule, spans) {
                let case = Case { diff, policy, rule, number, metric, span, aside };
                checks.extend(case.check(through[number].as_deref()));
            }
        }
    }
    checks
}

/// A limit of the total looks at the snapshot after alone, once.
fn spans_of(rule: &Rule, spans: &[Span]) -> Vec<Span> {
    match rule.scope {
        Scope::Total => spans.first().map(|span| Span { from: None, ..*span }).into_iter().collect(),
        _ => spans.iter().copied().filter(|span| span.from.is_some()).collect(),
    }
}

/// The entries that pass through a function that the rule's pattern matches, where it has one.
fn through(diff: &Diff, rule: &Rule, warnings: &mut Vec<Warning>) -> Option<Vec<bool>> {
    let Scope::Through(glob) = &rule.scope else { return None };
    let keys = diff.keys.like(glob);
    if !keys.contains(&true) {
        let message = format!("--limit '{glob}={}': no function and no package matches", rule.limit);
        warnings.push(Warning::general(Code::NoMatch, message));
    }
    Some(entries_through(diff, &keys))
}

/// For each entry whether one of its frames is among `keys`.
pub(super) fn entries_through(diff: &Diff, keys: &[bool]) -> Vec<bool> {
    (0..diff.entry_count()).map(|entry| diff.stack_keys(entry).any(|key| keys[key.index()])).collect()
}

/// One limit, one metric, one comparison.
struct Case<'a> {
    diff: &'a Diff,
    policy: &'a Policy,
    rule: &'a Rule,
    number: usize,
    metric: usize,
    span: Span,
    aside: &'a [bool],
}

impl Case<'_> {
    fn check(&self, through: Option<&[bool]>) -> Option<Check> {
        let measure = Measure::new(self.diff, self.metric, self.span, self.aside);
        match self.rule.scope {
            Scope::PerStack => self.per_stack(&measure),
            _ => self.summed(&measure, through),
        }
    }

    fn bound(&self, before: i64) -> Option<Bound> {
        let times = if self.rule.scope == Scope::Total { 1 } else { self.policy.per_op.unwrap_or(1) };
        self.rule.limit.bound(&self.diff.metrics[self.metric].metric, before, times)
    }

    /// A limit of the sum of many stacks.
    fn summed(&self, measure: &Measure<'_>, through: Option<&[bool]>) -> Option<Check> {
        let has = |entry: usize| through.is_none_or(|through| through[entry]);
        let values = if through.is_some() { measure.part(has) } else { measure.sum(has) };
        let bound = self.bound(values.before)?;
        let evidence = Evidence::new(self.diff, self.metric, self.span, self.policy.regime);
        let entries = measure.entries().filter(|entry| has(*entry));
        let significance = match self.rule.scope {
            Scope::Total => evidence.of_excess(values.after, bound.most, entries, self.policy.alpha),
            _ => evidence.of(values.growth(), entries, self.policy.alpha),
        };
        let outcome = match values.growth() > bound.most {
            false => Outcome::Pass,
            true if significance.is_real(self.policy.alpha) => Outcome::Fail,
            true => Outcome::Inconclusive,
        };
        let culprits = match outcome {
            Outcome::Pass => Vec::new(),
            _ => {
                self.culprits(&(0..self.aside.len()).map(|entry| !self.aside[entry] && has(entry)).collect::<Vec<_>>())
            }
        };
        Some(Check { outcome, culprits, ..self.passed(values, bound, significance) })
    }

    /// A limit of any one stack: many are tested at once, so that how many of those called real may be noise is bounded.
    fn per_stack(&self, measure: &Measure<'_>) -> Option<Check> {
        let stacks = measure.stacks();
        let evidence = Evidence::new(self.diff, self.metric, self.span, self.policy.regime);
        let growth: Vec<i64> = stacks.iter().map(|stack| stack.growth()).collect();
        let (significances, critical) = evidence.of_stacks(&growth, measure.entries(), self.policy.alpha);
        let mut found: Vec<(Outcome, usize, Bound)> = Vec::new();
        for (stack, values) in stacks.iter().enumerate().filter(|(_, values)| **values != Values::default()) {
            let bound = self.bound(values.before)?;
            let outcome = match values.growth() > bound.most {
                false => Outcome::Pass,
                true if significances[stack].is_real(critical) => Outcome::Fail,
                true => Outcome::Inconclusive,
            };
            found.push((outcome, stack, bound));
        }
        let worst = Outcome::of_all(found.iter().map(|(outcome, ..)| *outcome));
        found.retain(|(outcome, ..)| *outcome == worst);
        let keys = |stack: usize| {
            self.diff.stack_keys(self.diff.first_entry(stack)).map(|key| self.diff.keys.key(key).order())
        };
        found.sort_by(|(_, a, _), (_, b, _)| {
            let growth = |stack: usize| stacks[stack].growth();
            growth(*b).cmp(&growth(*a)).then_with(|| keys(*a).cmp(keys(*b)))
        });
        let Some((outcome, stack, bound)) = found.first().cloned() else {
            return Some(self.passed(Values::default(), self.bound(0)?, Significance::Exact));
        };
        let exceeding = if outcome == Outcome::Pass { 0 } else { found.len() };
        let culprits = found.iter().take(exceeding.min(CULPRITS)).flat_map(|(_, stack, _)| self.culprit_of(*stack));
        let culprits = culprits.collect();
        let passed = self.passed(stacks[stack], bound, significances[stack].clone());
        Some(Check { outcome, stacks: exceeding, culprits, ..passed })
    }

    fn passed(&self, values: Values, bound: Bound, significance: Significance) -> Check {
        let Values { before, after } = values;
        let (rule, metric, span) = (self.number, self.metric, self.span);
        Check {
            rule,
            metric,
            span,
            before,
            after,
            bound,
            outcome: Outcome::Pass,
            significance,
            stacks: 0,
            culprits: Vec::new(),
        }
    }

    fn culprits(&self, entries: &[bool]) -> Vec<Culprit> {
        let Span { from, to } = self.span;
        let part = Part { metric: self.metric, from, to, entries: Some(entries) };
        growers(self.diff, &part, CULPRITS).into_iter().map(|row| Culprit { row, stack: None }).collect()
    }

    fn culprit_of(&self, stack: usize) -> Option<Culprit> {
        let of_stack = |entry: usize| self.diff.stack_of(entry) == stack && !self.aside[entry];
        let entries: Vec<bool> = (0..self.aside.len()).map(of_stack).collect();
        let culprit = self.culprits(&entries).into_iter().next()?;
        Some(Culprit { stack: Some(self.diff.first_entry(stack)), ..culprit })
    }
}
