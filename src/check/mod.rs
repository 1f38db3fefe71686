//! A diff and a policy to a verdict: which limits are exceeded, and is the growth behind it real?
//!
//! In: a [`Diff`] and its suspects, the snapshots to compare, a [`Policy`]. Out: a [`Verdict`] of numbers and ids.
//! Invariant: raising a limit never makes a verdict worse; what the allow-list names counts for no limit.
//! Knows nothing of text for people, files or the clock: the configuration comes as text, the day as a parameter.

mod allow;
mod compared;
mod config;
mod holders;
mod judge;
mod leak;
mod limit;
mod measure;
mod significance;
mod slope;
mod unmatched;
mod warning;

use thiserror::Error;

pub use crate::stats::Span;
pub use allow::{Allow, Allowed, Matcher};
pub use compared::Unchecked;
pub use config::{Config, Malformed as MalformedConfig};
pub use holders::{HolderCheck, HolderLimit, check_holders};
pub use leak::{Template, suppressions};
pub use limit::{Bound, Limit, Malformed};
pub use significance::{Significance, settles_with};
pub use unmatched::Unmatched;
pub use warning::PAGES;

use crate::diagnose::Suspect;
use crate::diff::Diff;
use crate::model::{Code, Glob, Warning};
use crate::rows::Row;
use crate::stats::Regime;

/// How a gate ended, or how one of its limits did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// No limit was exceeded.
    Pass,
    /// A limit was exceeded, and the samples exclude that the growth is within.
    Fail,
    /// A limit was exceeded, but the growth may be within; or there was nothing to check.
    Inconclusive,
}

impl Outcome {
    /// The outcome of several: failed if one failed, else inconclusive if one is.
    pub fn of_all(outcomes: impl IntoIterator<Item = Self>) -> Self {
        outcomes.into_iter().max_by_key(|outcome| outcome.severity()).unwrap_or(Self::Pass)
    }

    /// How bad it is.
    fn severity(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Inconclusive => 1,
            Self::Fail => 2,
        }
    }
}

/// What a limit is held against.
#[derive(Debug, Clone, PartialEq)]
pub enum Scope {
    /// Growth of the total.
    Growth,
    /// The total itself.
    Total,
    /// Growth of the number of objects.
    Objects,
    /// The present rate of growth, per hour.
    Slope,
    /// Growth of any one stack.
    PerStack,
    /// Growth of the stacks that pass through a function that matches.
    Through(Glob),
}

impl Scope {
    /// The option that sets it, without dashes.
    pub fn option(&self) -> &'static str {
        match self {
            Scope::Growth => "max-growth",
            Scope::Total => "max-total",
            Scope::Objects => "max-objects",
            Scope::Slope => "max-slope",
            Scope::PerStack => "per-stack",
            Scope::Through(_) => "limit",
        }
    }
}

/// One limit of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What is limited.
    pub scope: Scope,
    /// To how much.
    pub limit: Limit,
}

/// Whether a number can be the probability of a false alarm: above one half, chance alone would fail more than it passes.
pub fn is_alpha(alpha: f64) -> bool {
    alpha > 0.0 && alpha < 0.5
}

/// What a gate lets through.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Policy {
    /// The limits, in the order they are to be reported.
    pub rules: Vec<Rule>,
    /// Names of the metrics to hold against them; empty for the one that the diff compares.
    pub metrics: Vec<String>,
    /// Units of work done between the snapshots: absolute limits of growth are for each of them.
    pub per_op: Option<u64>,
    /// The probability that any limit fails though all growth is within: of all limits, metrics and stacks together.
    pub alpha: f64,
    /// What an inconclusive verdict counts as; `None` leaves it as it is.
    pub on_inconclusive: Option<Outcome>,
    /// What a limit comes to whose pattern matches nothing: it passes, and that is said, or it fails.
    pub unmatched: Outcome,
    /// How the samples of the snapshots relate; `None` to decide it from the files.
    pub regime: Option<Regime>,
    /// What is known and counts for no limit.
    pub allow: Vec<Allow>,
    /// The day on which entries of the allow-list may have expired.
    pub today: Option<jiff::civil::Date>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            metrics: Vec::new(),
            per_op: None,
            alpha: DEFAULT_ALPHA,
            on_inconclusive: None,
            unmatched: Outcome::Pass,
            regime: None,
            allow: Vec::new(),
            today: None,
        }
    }
}

/// The probability of a false alarm where the user states none: of a thousand runs in which nothing is exceeded one fails.
pub const DEFAULT_ALPHA: f64 = 0.001;

/// Why a policy cannot be held against a diff.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing to hold.
    #[error("no limit is given")]
    NoLimit,
    /// A metric is named that the inputs do not have in common.
    #[error("unknown metric '{asked}'; the inputs have {available} in common")]
    UnknownMetric {
        /// What was asked for.
        asked: String,
        /// What there is.
        available: String,
    },
    /// A part of a limit is in a unit that none of the metrics has.
    #[error("--{option} {part}: a limit in bytes, but {metrics} {} not in bytes", if *.one { "is" } else { "are" })]
    Inapplicable {
        /// The option.
        option: String,
        /// The part of the limit.
        part: String,
        /// The metrics it was held against.
        metrics: String,
        /// Whether that is one metric.
        one: bool,
    },
    /// A share of the value before limits no total.
    #[error("--max-total {part}: the maximum total takes no percentage; write an absolute value")]
    RelativeTotal {
        /// The part of the limit.
        part: String,
    },
    /// The profiles do not say how many objects there are.
    #[error("--max-objects: the inputs have no object counts for {metric}")]
    NoObjects {
        /// The metric.
        metric: String,
    },
    /// A limit of growth, and nothing to compare with.
    #[error("--{option} limits growth, but there is nothing to compare with")]
    NothingBefore {
        /// The option.
        option: &'static str,
    },
}

impl Error {
    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::NoLimit => Some("set one, for example --max-growth 5MiB, or in leakdiff.toml"),
            Error::NothingBefore { .. } => Some("add a base profile or --baseline; --max-total needs neither"),
            Error::Inapplicable { .. } => Some("write a number without a unit, or choose another --metric"),
            Error::NoObjects { .. } => Some("choose a --metric with object counts"),
            Error::UnknownMetric { .. } | Error::RelativeTotal { .. } => None,
        }
    }
}

/// What was measured against a limit.
#[derive(Debug, Clone)]
pub struct Check {
    /// The limit: an index into [`Policy::rules`].
    pub rule: usize,
    /// The metric measured: an index into [`Diff::metrics`].
    pub metric: usize,
    /// What was compared.
    pub span: Span,
    /// The value before; 0 where nothing is compared.
    pub before: i64,
    /// The value after. Both are without what the allow-list set aside.
    pub after: i64,
    /// The part of the limit that decides.
    pub bound: Bound,
    /// How it ended.
    pub outcome: Outcome,
    /// What the samples say of the growth, or for a limit of the total of its excess.
    pub significance: Significance,
    /// The probability of a false alarm that it was tested with: its part of [`Policy::alpha`].
    pub alpha: f64,
    /// How many stacks exceed the limit, where it is one of any one stack.
    pub stacks: usize,
    /// What grew most within it, where it is exceeded.
    pub culprits: Vec<Culprit>,
    /// Why there was nothing to check, where that is so.
    pub unchecked: Option<Unchecked>,
    /// Whether it is a limit whose pattern matches nothing.
    pub is_unmatched: bool,
}

/// What grew within a limit that is exceeded.
#[derive(Debug, Clone)]
pub struct Culprit {
    /// The function that allocates, explained.
    pub row: Row,
    /// The stack, by one of its entries, where the limit is one of any one stack.
    pub stack: Option<usize>,
}

/// The verdict of a gate.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// How it ended, with [`Policy::on_inconclusive`] taken into account.
    pub outcome: Outcome,
    /// Every limit, for each metric and comparison it applies to.
    pub checks: Vec<Check>,
    /// The limits whose pattern matches nothing.
    pub unmatched: Vec<Unmatched>,
    /// What the allow-list set aside.
    pub allowed: Vec<Allowed>,
    /// For each suspect the entry of the allow-list that sets its growth aside: an index into [`Policy::allow`].
    pub suspects: Vec<Option<usize>>,
    /// What should be said of the policy itself.
    pub warnings: Vec<Warning>,
}

impl Verdict {
    /// That of no limit of profiles.
    pub fn without_limits() -> Self {
        let (checks, unmatched, allowed) = (Vec::new(), Vec::new(), Vec::new());
        Self { outcome: Outcome::Pass, checks, unmatched, allowed, suspects: Vec::new(), warnings: Vec::new() }
    }
}

/// Holds a policy against comparisons of snapshots of a diff by function. The allow-list may name its suspects.
///
/// # Errors
/// When the policy does not fit the inputs: see [`enum@Error`].
pub fn check(diff: &Diff, suspects: &[Suspect], spans: &[Span], policy: &Policy) -> Result<Verdict, Error> {
    let metrics = judge::metrics(diff, policy)?;
    judge::fits(diff, &metrics, spans, policy)?;
    let allow::Aside { entries, allowed, suspects, mut warnings } =
        allow::apply(diff, suspects, &metrics, spans, policy);
    let unmatched = unmatched::unmatched(diff, &policy.rules);
    warnings.extend(unmatched.iter().map(|unmatched| no_match(&policy.rules[unmatched.rule])));
    let checks = judge::judge(diff, &metrics, spans, policy, &entries, &unmatched);
    let outcome = match (Outcome::of_all(checks.iter().map(|check| check.outcome)), policy.on_inconclusive) {
        (Outcome::Inconclusive, Some(outcome)) => outcome,
        (outcome, _) => outcome,
    };
    Ok(Verdict { outcome, checks, unmatched, allowed, suspects, warnings })
}

fn no_match(Rule { scope, limit }: &Rule) -> Warning {
    let pattern = match scope {
        Scope::Through(glob) => glob.text(),
        _ => "",
    };
    Warning::general(Code::NoMatch, format!("--limit '{pattern}={limit}': no function and no package matches"))
}
