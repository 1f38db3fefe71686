//! The verdict of a gate from ids and numbers to text: the one place where it is given names and sentences.
//!
//! In: a diff, the policy, what was found. Out: a [`Verdict`] that owns everything it shows.
//! Invariant: sentences name what grew, by how much and against which limit, and read alone.

use std::sync::Arc;

use crate::check::{self, Outcome, Policy, Scope, Significance, Unchecked, settles_with};
use crate::diagnose::Suspect;
use crate::diff::Diff;
use crate::model::fingerprint;
use crate::model::{Kind, State};
use crate::rows::Place;
use crate::stats;
use crate::units::{Scale, format, format_signed};

use super::header::from_to;
use super::percent::relative;
use super::resolve::{DEEPEST, place, responsible};
use super::verdict::UNMATCHED;
use super::{Allowed, Breach, Change, Check, Culprit, Evidence, Unmatched, Verdict};

impl Verdict {
    /// The verdict with its names.
    pub fn new(diff: &Diff, policy: &Policy, found: &check::Verdict, suspects: &[Suspect]) -> Self {
        let ruling = Ruling { diff, policy, suspects };
        let mut breaches: Vec<Breach> = found.checks.iter().filter_map(|check| ruling.breach(check)).collect();
        // Worst first: failed before inconclusive, else in the order given.
        breaches.sort_by_key(|breach| breach.outcome != Outcome::Fail);
        let allowed = found.allowed.iter().map(|allowed| Allowed {
            entry: policy.allow[allowed.entry].matcher.to_string(),
            suspect: allowed.suspect.map(|suspect| suspects[suspect].signature.code()),
            reason: policy.allow[allowed.entry].reason.clone(),
            delta: allowed.growth,
        });
        Self {
            result: found.outcome,
            breaches,
            checks: found.checks.iter().map(|check| ruling.check(check)).collect(),
            unmatched: found.unmatched.iter().map(|unmatched| ruling.unmatched(unmatched)).collect(),
            limits: policy.rules.len(),
            allowed: allowed.collect(),
            manifest: None,
            config: None,
        }
    }
}

struct Ruling<'a> {
    diff: &'a Diff,
    policy: &'a Policy,
    suspects: &'a [Suspect],
}

impl Ruling<'_> {
    fn check(&self, check: &check::Check) -> Check {
        let rule = &self.policy.rules[check.rule];
        Check {
            option: rule.scope.option(),
            limit: rule.limit.to_string(),
            scope: scope(&rule.scope),
            metric: self.diff.metrics[check.metric].metric.clone(),
            bound: check.bound.most,
            base: self.base(check),
            value: value(check),
            evidence: evidence(check),
            at_least: at_least(check),
            outcome: check.outcome,
            reason: reason(check),
        }
    }

    fn unmatched(&self, unmatched: &check::Unmatched) -> Unmatched {
        let rule = &self.policy.rules[unmatched.rule];
        Unmatched { scope: scope(&rule.scope), limit: rule.limit.to_string(), nearest: unmatched.nearest.clone() }
    }

    fn breach(&self, check: &check::Check) -> Option<Breach> {
        if check.outcome == Outcome::Pass {
            return None;
        }
        let rule = &self.policy.rules[check.rule];
        let is_growth = rule.scope != Scope::Total;
        let per_op = self.policy.per_op.filter(|_| is_growth);
        let thousandths = |work: u64| i128::from(value(check).delta) * 1000 / i128::from(work.max(1));
        Some(Breach {
            option: rule.scope.option(),
            limit: check.bound.text.clone(),
            bound: check.bound.most,
            scope: scope(&rule.scope),
            metric: self.diff.metrics[check.metric].metric.clone(),
            base: self.base(check).unwrap_or_default(),
            value: value(check),
            per_op_milli: per_op.and_then(|work| i64::try_from(thousandths(work)).ok()),
            outcome: check.outcome,
            evidence: evidence(check),
            at_least: at_least(check),
            reason: reason(check),
            message: self.nothing(check).unwrap_or_else(|| self.message(check)),
            advice: self.advice(check),
            culprits: check.culprits.iter().map(|culprit| self.culprit(check, culprit)).collect(),
        })
    }

    /// The label of what was compared with.
    fn base(&self, check: &check::Check) -> Option<String> {
        check.span.from.map(|from| self.diff.snapshots[from].header.label.clone())
    }

    fn message(&self, check: &check::Check) -> String {
        let metric = &self.diff.metrics[check.metric].metric;
        let text = |value: i64| format(value, &metric.unit, Scale::Auto);
        let change = value(check);
        let limit = match check.bound.text.contains(['%', '&']) {
            true => format!("{} ({})", check.bound.text, text(check.bound.most)),
            false => check.bound.text.clone(),
        };
        let more = match relative(change) {
            new if new == "new" => format!("by {}, from nothing", text(change.delta)),
            percent => format!("by {} ({percent}, {})", text(change.delta), from_to(change, &metric.unit, Scale::Auto)),
        };
        let name = &metric.name;
        let sentence = match &self.policy.rules[check.rule].scope {
            Scope::Total => {
                return format!("{name} is {}: the limit is {limit}{}", text(change.after), self.margin(check));
            }
            Scope::Slope => {
                let rate = format_signed(change.after, &metric.unit, Scale::Auto);
                return format!("{name} grows by {rate} per hour: the limit is {limit}{}", self.margin(check));
            }
            Scope::Growth | Scope::Objects => format!("{name} grew {more}"),
            Scope::PerStack if check.stacks == 1 => format!("{name} of one stack grew {more}"),
            Scope::PerStack => format!("{name} of {} stacks grew too much, the most {more}", check.stacks),
            Scope::Through(glob) => format!("{name} of stacks through {glob} grew {more}"),
        };
        let base = self.base(check).unwrap_or_default();
        let work = self.policy.per_op.map(|work| (work, change.delta as f64 / work.max(1) as f64));
        let per_op = work.map_or(String::new(), |(work, each)| {
            format!(", {} for each of {work} units of work", format(each.round() as i64, &metric.unit, Scale::Auto))
        });
        format!("{sentence} since {base}{per_op}: the limit is {limit}{}", self.margin(check))
    }

    /// How far from the limit the samples put it.
    fn margin(&self, check: &check::Check) -> String {
        let unit = &self.diff.metrics[check.metric].metric.unit;
        let Significance::Sampled { at_least, .. } = check.significance else { return String::new() };
        let text = |value: i64| match check.span.from {
            Some(_) => format_signed(value, unit, Scale::Auto),
            None => format(value, unit, Scale::Auto),
        };
        let gap = at_least.saturating_sub(check.bound.most);
        let side = if gap < 0 { "below" } else { "above" };
        let gap = format(gap.saturating_abs(), unit, Scale::Auto);
        format!("; the samples put it at {} or more, {gap} {side} the limit", text(at_least))
    }

    /// What it says of a limit for which there was nothing to measure.
    fn nothing(&self, check: &check::Check) -> Option<String> {
        let label = |snapshot: usize| self.diff.snapshots[snapshot].header.label.as_str();
        let (metric, after) = (&self.diff.metrics[check.metric].metric.name, label(check.span.to));
        let what = match check.unchecked {
            None if check.is_unmatched => {
                let scope = scope(&self.policy.rules[check.rule].scope);
                return Some(format!("{scope} matches no function of any profile: nothing was held against its limit"));
            }
            None => return None,
            Some(Unchecked::EmptyNew) => format!("{after} has no samples"),
            Some(Unchecked::Empty) => "no profile has any samples".to_owned(),
            Some(Unchecked::NothingInUse) => format!("{after} holds no {metric} to speak of"),
            Some(Unchecked::TooFew) => {
                return Some(
                    "there are fewer than three snapshots of the newest process, each with its time: a rate takes \
                             three"
                        .to_owned(),
                );
            }
            Some(Unchecked::Delta(snapshot)) => {
                format!("{} is a difference of two profiles, not the state at one moment", label(snapshot))
            }
        };
        Some(format!("{what}: {metric} tells nothing"))
    }

    /// The metrics of which the newest profile holds something, but for what is in use.
    fn in_use(&self, check: &check::Check) -> Vec<&str> {
        let is_live = |metric: usize| matches!(self.diff.metrics[metric].metric.kind(), Kind::Memory(State::Live, _));
        let holds = |metric: &usize| self.diff.row_values(*metric, check.span.to).any(|value| value != 0);
        let used = (0..self.diff.metrics.len()).filter(|metric| !is_live(*metric)).filter(holds);
        used.map(|metric| self.diff.metrics[metric].metric.name.as_str()).collect()
    }

    /// What to do where there was nothing to measure.
    fn instead(&self, check: &check::Check) -> Option<String> {
        Some(match check.unchecked? {
            Unchecked::EmptyNew | Unchecked::Empty => {
                "was profiling off (runtime.MemProfileRate = 0), or no garbage collection done yet? Fetch heap?gc=1"
                    .to_owned()
            }
            Unchecked::NothingInUse => match self.in_use(check)[..] {
                [] => "take the profile while the program works, and with ?gc=1".to_owned(),
                ref used => format!("the profiles hold {}: choose with --metric", used.join(", ")),
            },
            Unchecked::TooFew => "compare three snapshots or more of one process, in the binary form".to_owned(),
            Unchecked::Delta(_) => "compare two plain profiles, fetched without ?seconds=".to_owned(),
        })
    }

    /// What would settle it; for what is taken for real without being tested, that it is.
    fn advice(&self, check: &check::Check) -> Option<String> {
        if reason(check).is_some() {
            return self.instead(check);
        }
        let is_rate = self.policy.rules[check.rule].scope == Scope::Slope;
        match (&check.significance, check.outcome) {
            (Significance::Unknown { reason }, Outcome::Fail) => {
                Some(format!("its sampling error is not known ({reason}): it is taken for real"))
            }
            (Significance::Sampled { .. }, Outcome::Inconclusive) if is_rate => {
                Some("more snapshots of the same process, or later ones, would show it".to_owned())
            }
            (Significance::Sampled { chance, spread, is_one_process, .. }, Outcome::Inconclusive) => {
                let odds = format!("where it is within, sampling alone makes as much in {}", odds(*chance));
                let times = settles_with(*chance, check.alpha);
                let ways = times.map_or(Vec::new(), |times| self.ways(check, times, *spread, *is_one_process));
                Some(match ways.is_empty() {
                    true => format!("{odds}; it is too close to the limit for samples to tell"),
                    false => {
                        format!("{odds}; if it is as large as it seems, this would show it: {}", ways.join(", or "))
                    }
                })
            }
            _ => None,
        }
    }

    /// How to have so many times as many samples.
    fn ways(&self, check: &check::Check, times: f64, spread: f64, is_one_process: bool) -> Vec<String> {
        /// More runs than anybody makes.
        const MANY: f64 = 100.0;
        /// From here on a third of the variance is no sampling, so that a finer rate does not help.
        const SPREAD: f64 = 1.5;
        let times = (times * 10.0).ceil() / 10.0;
        let sides = check.span.from.into_iter().chain([check.span.to]);
        let shares: Vec<f64> = sides.map(|side| 1.0 / self.diff.run_count(side) as f64).collect();
        let runs = (times * shares.len() as f64 / shares.iter().sum::<f64>()).ceil();
        let period = self.diff.snapshots[check.span.to].header.period.filter(|_| spread < SPREAD);
        let rate = period.map(|period| (period as f64 / times) as i64).filter(|rate| *rate > 0);
        let more = match check.span.from {
            Some(_) if is_one_process => Some(format!("{times} times the load between the profiles")),
            _ if runs > MANY => None,
            Some(_) => Some(format!("{runs} runs a side (--before, --after)")),
            None => Some(format!("{runs} runs (--after)")),
        };
        let rate = rate.map(|rate| format!("runtime.MemProfileRate = {rate} at the start of the program"));
        more.into_iter().chain(rate).collect()
    }

    /// The code of the suspect that the stack of an entry belongs to.
    fn suspect(&self, entry: Option<usize>) -> Option<String> {
        let stack = self.diff.stack_of(entry?);
        let has_stack = |suspect: &&Suspect| suspect.entries.iter().any(|entry| self.diff.stack_of(*entry) == stack);
        let suspect = self.suspects.iter().find(has_stack)?;
        Some(suspect.signature.code().to_owned())
    }

    fn culprit(&self, check: &check::Check, culprit: &check::Culprit) -> Culprit {
        let diff = self.diff;
        let canonical = |key| diff.keys.key(key).canonical.as_str();
        let name_of = |key| diff.keys.key(key).name.clone();
        let row = &culprit.row;
        let (name, of_row) = super::resolve::named(diff, row.subject);
        let (file, line) = place(diff, row.place.as_ref());
        let entry = culprit.stack.or(row.heaviest);
        let stack: Vec<Arc<str>> =
            entry.map(|entry| diff.stack_keys(entry).take(DEEPEST).map(name_of).collect()).unwrap_or_default();
        let accountable = row.responsible.as_ref().map(|responsible| &responsible.place).or(row.place.as_ref());
        Culprit {
            name,
            file,
            line,
            delta: if check.span.from.is_some() { row.flat.delta() } else { row.flat.after() },
            responsible: row.responsible.as_ref().map(|frame| responsible(diff, frame)),
            source_path: accountable.and_then(|place| source_path(diff, place)),
            repository_path: None,
            fingerprint: culprit.stack.map_or(of_row, |entry| fingerprint(diff.stack_keys(entry).map(canonical))),
            suspect: self.suspect(entry),
            stack,
        }
    }
}

/// The path of a frame's source as a profile has it: the first in alphabetical order, where there are several.
fn source_path(diff: &Diff, place: &Place) -> Option<String> {
    let mut paths: Vec<&str> = Vec::new();
    for (id, location) in diff.locations() {
        let frames = diff.keys.frames(std::slice::from_ref(&id));
        for ((key, spot), line) in frames.zip(diff.keys.visible_lines(id)) {
            if key == place.key && spot == place.spot {
                let function = location.lines.get(*line as usize).and_then(|line| line.function);
                paths.extend(function.map(|function| diff.symbols.str(diff.symbols.function(function).file)));
            }
        }
    }
    paths.into_iter().filter(|path| !path.is_empty()).min().map(str::to_owned)
}

fn scope(scope: &Scope) -> String {
    match scope {
        Scope::Growth | Scope::Total | Scope::Objects | Scope::Slope => "total".to_owned(),
        Scope::PerStack => "stack".to_owned(),
        Scope::Through(glob) => glob.text().to_owned(),
    }
}

fn value(check: &check::Check) -> Change {
    Change { before: check.before, after: check.after, delta: check.after - check.before }
}

fn evidence(check: &check::Check) -> Option<Evidence> {
    match check.significance {
        Significance::Exact => {
            let delta = value(check).delta;
            Some(Evidence { verdict: stats::Verdict::Exact, z: None, low: delta, high: delta })
        }
        Significance::Unknown { .. } => None,
        Significance::Sampled { evidence, .. } => Some(Evidence::from(evidence)),
    }
}

fn at_least(check: &check::Check) -> Option<i64> {
    match check.significance {
        Significance::Exact if check.span.from.is_none() => Some(check.after),
        Significance::Exact => Some(value(check).delta),
        Significance::Unknown { .. } => None,
        Significance::Sampled { at_least, .. } => Some(at_least),
    }
}

/// Why nothing was measured.
fn reason(check: &check::Check) -> Option<&'static str> {
    check.unchecked.map(Unchecked::code).or(check.is_unmatched.then_some(UNMATCHED))
}

/// `3 of 10 cases`, as far as it can be said in few words.
fn odds(p: f64) -> String {
    match p {
        p if p >= 0.095 => format!("{:.0} of 10 cases", p * 10.0),
        p if p >= 0.0095 => format!("{:.0} of 100 cases", p * 100.0),
        _ => "less than 1 of 100 cases".to_owned(),
    }
}

/// Growth with its sign and relative to before, for a line of text: `+36.3 MiB (+300%)`.
pub(super) fn growth(value: Change, unit: &str, scale: Scale) -> String {
    match (value.delta, relative(value)) {
        (0, _) => "no change".to_owned(),
        (delta, relative) => format!("{} ({relative})", format_signed(delta, unit, scale)),
    }
}
