//! The limit of what a root may hold more, as a check of a verdict.
//!
//! In: the limit, how it ended, who holds what. Out: a check and its breaches beside those of the profiles. Invariant: a breach
//! names the root, by how much it grew, and the way to what grew.

use crate::check::{HolderCheck, HolderLimit, Outcome};
use crate::heapdump::{self, Holders};
use crate::model::{Metric, fingerprint};
use crate::stats;
use crate::units::{Scale, format};

use super::super::{Breach, Change, Check, Culprit, Evidence, Verdict, header};
use super::Holder;

/// What it is called as an option.
const OPTION: &str = "max-holder-growth";

impl Verdict {
    /// Adds how the limit of holders ended; `base` is the label of the first dump.
    pub fn add_holders(&mut self, limit: &HolderLimit, ended: &HolderCheck, holders: &Holders, base: &str) {
        let metric = Metric { name: "reachable".to_owned(), unit: "bytes".to_owned() };
        let bound = i64::try_from(limit.most).unwrap_or(i64::MAX);
        let value =
            ended.largest.map_or(Change { before: 0, after: 0, delta: 0 }, |largest| change(&holders.all[largest]));
        self.checks.push(Check {
            option: OPTION,
            limit: limit.text.clone(),
            scope: "holder".to_owned(),
            metric: metric.clone(),
            bound,
            base: Some(base.to_owned()),
            value,
            evidence: Some(exact(value)),
            at_least: Some(value.delta),
            outcome: ended.outcome,
            reason: None,
        });
        let breach = |number: &usize| {
            let holder = &holders.all[*number];
            let value = change(holder);
            Breach {
                option: OPTION,
                limit: limit.text.clone(),
                bound,
                scope: holder.root(),
                metric: metric.clone(),
                base: base.to_owned(),
                value,
                per_op_milli: None,
                outcome: Outcome::Fail,
                evidence: Some(exact(value)),
                at_least: Some(value.delta),
                reason: None,
                message: message(holder, value, limit),
                advice: None,
                culprits: culprit(holder, value).into_iter().collect(),
            }
        };
        self.breaches.extend(ended.exceeding.iter().map(breach));
        self.breaches.sort_by_key(|breach| breach.outcome != Outcome::Fail);
        self.limits += 1;
        self.result = Outcome::of_all([self.result, ended.outcome]);
    }
}

fn exact(value: Change) -> Evidence {
    Evidence { verdict: stats::Verdict::Exact, z: None, low: value.delta, high: value.delta }
}

fn change(holder: &heapdump::Holder) -> Change {
    let at = |value: Option<&u64>| value.map_or(0, |value| i64::try_from(*value).unwrap_or(i64::MAX));
    let (before, after) = (at(holder.bytes.first()), at(holder.bytes.last()));
    Change { before, after, delta: after - before }
}

/// `global pkg.Cache holds 4.3 MiB more (0.4 → 4.7 MiB): the limit is 1MiB`.
fn message(holder: &heapdump::Holder, value: Change, limit: &HolderLimit) -> String {
    let more = format(value.delta, "bytes", Scale::Auto);
    let values = header::from_to(value, "bytes", Scale::Auto);
    format!("{} holds {more} more ({values}): the limit is {}", holder.root(), limit.text)
}

/// Who allocated what it holds.
fn culprit(holder: &heapdump::Holder, value: Change) -> Option<Culprit> {
    let place = Holder::new(holder).allocated_at?;
    let file = Some(place.file).filter(|file| !file.is_empty());
    Some(Culprit {
        fingerprint: fingerprint([holder.root().as_str()]),
        name: place.function,
        source_path: file.clone(),
        file,
        line: i64::try_from(place.line).ok(),
        delta: value.delta,
        responsible: None,
        repository_path: None,
        suspect: None,
        stack: Vec::new(),
    })
}
