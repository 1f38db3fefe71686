//! The configuration of a gate: `leakdiff.toml`.
//!
//! In: the text of the file. Out: a [`Config`], or what is wrong with it and on which line; and the text back.
//! Invariant: what [`Config::to_toml`] prints reads back as the same; a key that is not known is an error.
//! Opens no files: paths stay text.

#[cfg(feature = "config")]
mod print;
#[cfg(feature = "config")]
mod read;

use std::ffi::OsString;
use std::path::PathBuf;

use jiff::civil::Date;
use thiserror::Error;

use crate::model::Glob;

use super::{Allow, Limit, Outcome, Policy, Rule, Scope};

/// What a user may set, in the file or by options of the same names.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Config {
    /// Growth of the total.
    pub max_growth: Option<Limit>,
    /// The total itself.
    pub max_total: Option<Limit>,
    /// Growth of the number of objects.
    pub max_objects: Option<Limit>,
    /// The present rate of growth.
    pub max_slope: Option<Limit>,
    /// Growth of any one stack.
    pub per_stack: Option<Limit>,
    /// Growth of the stacks through functions that match.
    pub limits: Vec<(Glob, Limit)>,
    /// The metrics.
    pub metric: Vec<String>,
    /// Units of work between the snapshots.
    pub per_op: Option<u64>,
    /// The probability of a false alarm.
    pub alpha: Option<f64>,
    /// What an inconclusive verdict counts as.
    pub on_inconclusive: Option<Outcome>,
    /// What a limit counts as whose pattern matches nothing.
    pub unmatched: Option<Outcome>,
    /// Path of the baseline.
    pub baseline: Option<PathBuf>,
    /// Path of the suppressions of a leak sanitizer.
    pub suppressions: Option<PathBuf>,
    /// Files to write, each as for `--output`.
    pub output: Vec<OsString>,
    /// The allow-list.
    pub allow: Vec<Allow>,
}

/// What is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}: {problem}")]
pub struct Malformed {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

/// The first of two lists that says something.
fn set<T>(mine: Vec<T>, other: Vec<T>) -> Vec<T> {
    if mine.is_empty() { other } else { mine }
}

impl Config {
    /// What is set here, and where nothing is, in `other`. The limits of both apply; of two for one pattern, that here.
    /// The allow-lists of both apply.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let further = other.limits.into_iter().filter(|(glob, _)| self.limits.iter().all(|(mine, _)| mine != glob));
        let further: Vec<(Glob, Limit)> = further.collect();
        Self {
            max_growth: self.max_growth.or(other.max_growth),
            max_total: self.max_total.or(other.max_total),
            max_objects: self.max_objects.or(other.max_objects),
            max_slope: self.max_slope.or(other.max_slope),
            per_stack: self.per_stack.or(other.per_stack),
            limits: self.limits.into_iter().chain(further).collect(),
            metric: set(self.metric, other.metric),
            per_op: self.per_op.or(other.per_op),
            alpha: self.alpha.or(other.alpha),
            on_inconclusive: self.on_inconclusive.or(other.on_inconclusive),
            unmatched: self.unmatched.or(other.unmatched),
            baseline: self.baseline.or(other.baseline),
            suppressions: self.suppressions.or(other.suppressions),
            output: set(self.output, other.output),
            allow: self.allow.into_iter().chain(other.allow).collect(),
        }
    }

    /// The policy on a day.
    pub fn policy(&self, today: Date) -> Policy {
        let rule = |scope: Scope, limit: &Option<Limit>| limit.clone().map(|limit| Rule { scope, limit });
        let fixed = [
            rule(Scope::Growth, &self.max_growth),
            rule(Scope::Total, &self.max_total),
            rule(Scope::Objects, &self.max_objects),
            rule(Scope::Slope, &self.max_slope),
            rule(Scope::PerStack, &self.per_stack),
        ];
        let through = self
            .limits
            .iter()
            .map(|(glob, limit)| Some(Rule { scope: Scope::Through(glob.clone()), limit: limit.clone() }));
        Policy {
            rules: fixed.into_iter().chain(through).flatten().collect(),
            metrics: self.metric.clone(),
            per_op: self.per_op,
            alpha: self.alpha.unwrap_or(super::DEFAULT_ALPHA),
            on_inconclusive: self.on_inconclusive,
            unmatched: self.unmatched.unwrap_or(Outcome::Pass),
            allow: self.allow.clone(),
            today: Some(today),
            ..Policy::default()
        }
    }
}
