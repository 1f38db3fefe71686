//! A suspect: one leak, as far as the profiles tell.
//!
//! In: what the diagnosis found. Out: data of ids and integers. Invariant: what it is ordered by, and why it is set aside,
//! follow from its data alone.

use std::cmp::Reverse;

use crate::diff::KeyId;
use crate::model::Series;
use crate::rows::Responsible;
use crate::stats::{Course, Trend};

use super::score::{self, Feature};
use super::signature::{Confidence, Counted, Kind, Signature};
use super::who::Who;

/// One leak, as far as the profiles tell.
#[derive(Debug, Clone)]
pub struct Suspect {
    /// What it is.
    pub signature: &'static Signature,
    /// What else it looks like, the most special first.
    pub others: Vec<&'static Signature>,
    /// How far that can be trusted.
    pub confidence: Confidence,
    /// What of the heap speaks for and against it.
    pub features: Vec<Feature>,
    /// The metric compared, in every snapshot; of churn what was allocated.
    pub values: Series,
    /// The 95 % interval of what it grew by; exact counts are what they are.
    pub range: (i64, i64),
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
    /// Whether it goes on.
    pub trend: Trend,
    /// Whether goroutines bear it out.
    pub is_borne_out: bool,
    /// Who it is about, with a stable name of it.
    pub who: Who,
}

/// Why something that grew is no suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// It was allocated and freed again.
    Churn,
    /// It is as it should be.
    Benign,
    /// It grew, and does so no more.
    Stopped,
    /// It goes up and down.
    Fluctuating,
}

impl Reason {
    /// It in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Churn => "churn",
            Self::Benign => "benign",
            Self::Stopped => "stopped",
            Self::Fluctuating => "fluctuating",
        }
    }
}

impl Suspect {
    /// Why it is set aside; `None` where it is suspected.
    pub fn reason(&self) -> Option<Reason> {
        match (self.signature.kind, self.trend.course) {
            (Kind::Churn, _) => Some(Reason::Churn),
            (Kind::Benign, _) => Some(Reason::Benign),
            _ if self.signature.is_load && !self.is_borne_out => Some(Reason::Benign),
            (_, Course::Stopped | Course::Flat | Course::Shrinking) => Some(Reason::Stopped),
            (_, Course::Fluctuating) => Some(Reason::Fluctuating),
            (_, Course::Growing | Course::Undecided) => None,
        }
    }

    /// What suspects are ordered by: what they are, how sure that is, and how much leaked at least, as far as what is freed
    /// again tells; `stacks` are the bytes that the stacks of its goroutines take beside the heap.
    pub(crate) fn order(&self, stacks: i64) -> impl Ord + use<> {
        let kind = [Kind::Leak, Kind::Benign, Kind::Churn].iter().position(|kind| *kind == self.signature.kind);
        (kind, Reverse(self.confidence), Reverse(self.score()), Reverse(self.least().saturating_add(stacks)))
    }

    /// What speaks for and against it, as a number.
    pub fn score(&self) -> i32 {
        score::score(&self.features)
    }

    /// What it leaked at least: the lower end of its interval, times what is kept of what it allocates. Where nearly all is
    /// freed again, a quarter: a service that leaks on a path of errors keeps little of what it allocates.
    pub fn least(&self) -> i64 {
        const LEAST: f64 = 0.25;
        (self.range.0 as f64 * self.kept_ratio.unwrap_or(1.0).clamp(LEAST, 1.0)) as i64
    }
}

/// A number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// How many.
    pub count: i64,
    /// Half of the width of its 95 % interval.
    pub error: i64,
    /// What they are.
    pub counted: Counted,
}

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
