//! Diff to rows: what grew most, where, how surely, and who is responsible.
//!
//! In: a [`Diff`]. Out: [`Row`]s of ids and integers. Invariant: the rows and the remainder add up to the total.
//! Knows nothing of leaks, and nothing of text for people: `report` resolves ids to names.

pub mod goroutines;
pub mod heaviest;
mod judge;
pub mod list;
pub mod memory;
pub(crate) mod nearest;
mod part;
pub mod peek;
mod place;
mod rank;
pub mod resident;
mod responsible;
mod shown;
mod tally;
mod trend;

pub(crate) use judge::Judgement;
pub use memory::Memory;
pub(crate) use nearest::Nearest;
pub use part::{Part, growers};
pub use place::Place;
pub use rank::Sort;
pub use resident::Resident;
pub(crate) use responsible::{Blame, best, for_each_change};
pub use responsible::{Responsible, Via};
pub(crate) use tally::{Tally, flat_in};
pub(crate) use trend::of_total;

use crate::diff::{Diff, GroupId};
use crate::model::{Series, Status};
use crate::stats::{Evidence, History, Trend};

/// In which order rows come, and how many of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranking {
    pub sort: Sort,
    /// `None` for all rows, also those that did not change.
    pub top: Option<usize>,
    /// Whether rows whose change may be noise keep their place.
    pub ranks_noise: bool,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A function, line, file, package or address.
    Group(GroupId),
    /// A whole stack, named by one of its entries.
    Stack(usize),
    /// The samples without a stack.
    NoStack,
}

/// One row: values in the unit of the metric compared.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is about.
    pub subject: Subject,
    /// What was allocated at the subject itself.
    pub flat: Series,
    /// What was allocated at the subject or below it.
    pub cum: Series,
    /// Number of objects of `flat`, where the profiles count them.
    pub objects: Option<Series>,
    /// Growth in use divided by growth allocated: near 1 what was allocated stayed, near 0 it was freed again.
    pub kept_ratio: Option<f64>,
    /// Whether the change of `flat` is real, whatever rows are ranked by; `None` where the profiles do not tell.
    pub evidence: Option<Evidence>,
    /// Whether the change of `cum` is real, where rows are ranked by it.
    pub cum_evidence: Option<Evidence>,
    /// File and line where most of the change happened.
    pub place: Option<Place>,
    /// The frame of the user's own code that is accountable.
    pub responsible: Option<Responsible>,
    /// The entry whose stack carries most of the change.
    pub heaviest: Option<usize>,
    /// Whether it goes on growing, in a series of three snapshots or more.
    pub trend: Option<Trend>,
}

impl Row {
    /// A row with its sums; what explains it is left open.
    pub(crate) fn new(subject: Subject, flat: Series, cum: Series) -> Self {
        let (objects, kept_ratio, evidence, cum_evidence, place, responsible, heaviest, trend) = Default::default();
        Self { subject, flat, cum, objects, kept_ratio, evidence, cum_evidence, place, responsible, heaviest, trend }
    }

    /// How the row stands: by what it allocates itself, or where that is nothing, by what is below it.
    pub fn status(&self) -> Status {
        let decisive = if self.flat.is_zero() { &self.cum } else { &self.flat };
        Status::of(decisive.before(), decisive.after())
    }
}

/// The rows that are not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remainder {
    /// How many.
    pub rows: usize,
    /// Their flat values.
    pub flat: Series,
}

/// The rows to show, best first, with what explains them, and how many rows there are in all.
pub(crate) fn rows(
    diff: &Diff,
    tally: &Tally<'_>,
    judgement: &Judgement,
    history: Option<&History>,
    ranking: Ranking,
) -> (Vec<Row>, usize) {
    let (shown, count) = rank::rank(diff, tally, judgement, ranking);
    let mut rows: Vec<Row> = tally.some(&shown);
    // What a single snapshot holds is no change.
    if diff.snapshots.len() > 1 {
        for (row, number) in rows.iter_mut().zip(&shown) {
            row.evidence = judgement.of_flat(*number);
            row.cum_evidence = judgement.of_cum(*number);
        }
    }
    let shown = shown::Shown::new(&tally.rows, &shown, &rows, Part::whole(diff));
    if let Some(history) = history {
        trend::assign(diff, &tally.growth, &judgement.sampling, history, &shown, &mut rows);
    }
    place::locate(diff, &shown, &mut rows);
    responsible::assign(diff, &tally.growth, &shown, &mut rows);
    (rows, count)
}
