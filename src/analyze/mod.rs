//! Diff to analysis: what grew most, where, who is responsible, and what to beware of.
//!
//! In: a [`Diff`]. Out: an [`Analysis`] of ids and integers. Invariant: the rows and the remainder add up to the total.
//! Knows nothing of text for people: `report` resolves ids to names.

pub mod evidence;
mod fingerprint;
pub mod goroutines;
mod guard;
mod judge;
pub mod list;
pub mod memory;
mod part;
mod place;
mod rank;
mod responsible;
mod shown;
pub mod signature;
mod suspect;
mod tally;

pub use evidence::{Basis, Evidence, Regime, Verdict};
pub use fingerprint::{Who, fingerprint};
pub use memory::Memory;
pub use part::{Part, growers};
pub use rank::Sort;
pub use responsible::{Responsible, Via};
pub use suspect::{Moved, Suspect, Units};

use crate::diff::{Diff, GroupId};
use crate::model::{Code, Page, Warning};
use judge::Judgement;
use tally::Tally;

/// How rows are ranked and how many are wanted.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Options {
    /// The order of the rows.
    pub sort: Sort,
    /// The most rows to show; `None` for all rows, also those that did not change.
    pub top: Option<usize>,
    /// How the samples of the snapshots relate; `None` to decide it from the files.
    pub regime: Option<Regime>,
    /// Whether rows whose change may be noise keep their place among the others, instead of ranking below them.
    pub ranks_noise: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { sort: Sort::Growth, top: Some(10), regime: None, ranks_noise: false }
    }
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

/// How a row stands after compared with before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nothing before, something after.
    New,
    /// More after than before.
    Grown,
    /// Less after than before.
    Shrunk,
    /// Something before, nothing after.
    Gone,
    /// As much after as before.
    Same,
}

impl Status {
    /// The status of a change from `before` to `after`.
    pub fn of(before: i64, after: i64) -> Self {
        match (before, after) {
            (before, after) if before == after => Status::Same,
            (0, _) => Status::New,
            (_, 0) => Status::Gone,
            (before, after) if after > before => Status::Grown,
            _ => Status::Shrunk,
        }
    }
}

/// A quantity in every snapshot, oldest first. With one snapshot, before is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series(pub Vec<i64>);

impl Series {
    /// The value in the oldest of several snapshots.
    pub fn before(&self) -> i64 {
        if self.0.len() > 1 { self.0[0] } else { 0 }
    }

    /// The value in the newest snapshot.
    pub fn after(&self) -> i64 {
        self.0.last().copied().unwrap_or(0)
    }

    /// After minus before.
    pub fn delta(&self) -> i64 {
        self.after() - self.before()
    }

    /// Whether it is 0 in every snapshot.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|value| *value == 0)
    }
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
}

impl Row {
    /// A row with its sums; what explains it is left open.
    pub(crate) fn new(subject: Subject, flat: Series, cum: Series) -> Self {
        let (objects, kept_ratio, evidence, cum_evidence, place, responsible, heaviest) = Default::default();
        Self { subject, flat, cum, objects, kept_ratio, evidence, cum_evidence, place, responsible, heaviest }
    }

    /// How the row stands: by what it allocates itself, or where that is nothing, by what is below it.
    pub fn status(&self) -> Status {
        let decisive = if self.flat.is_zero() { &self.cum } else { &self.flat };
        Status::of(decisive.before(), decisive.after())
    }
}

pub use place::Place;

/// The rows that are not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remainder {
    /// How many.
    pub rows: usize,
    /// Their flat values.
    pub flat: Series,
}

/// The answer to what grew.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The rows shown, best first.
    pub rows: Vec<Row>,
    /// What they are ranked by.
    pub sort: Sort,
    /// The others.
    pub remainder: Remainder,
    /// Total of the metric.
    pub total: Series,
    /// Total number of objects, where the profiles count them.
    pub total_objects: Option<Series>,
    /// What is probably wrong, the largest first.
    pub suspects: Vec<Suspect>,
    /// What looks like growth and only went from one function to another, the largest first.
    pub moved: Vec<Moved>,
    /// The memory of the whole process, where the profiles carry it.
    pub memory: Option<Memory>,
    /// Whether the change of the total is real.
    pub total_evidence: Option<Evidence>,
    /// What the evidence is computed from.
    pub basis: Basis,
    /// Whether that was decided from the files, not by the user.
    pub is_basis_decided: bool,
    /// Warnings of the loading and diffing rooms and of this one.
    pub warnings: Vec<Warning>,
}

impl Analysis {
    /// The same with at most so many of its rows: as if it had been asked for no more.
    #[must_use]
    pub fn top(&self, most: usize) -> Self {
        let mut fewer = self.clone();
        for row in fewer.rows.drain(most.min(self.rows.len())..) {
            fewer.remainder.rows += 1;
            fewer.remainder.flat.0.iter_mut().zip(&row.flat.0).for_each(|(rest, value)| *rest += value);
        }
        fewer
    }
}

/// What to know before trusting the numbers of a diff.
pub fn warnings(diff: &Diff) -> Vec<Warning> {
    let mut warnings = diff.warnings.clone();
    warnings.extend(guard::guard(diff));
    warnings
}

/// What to know before trusting what goroutines tell of a heap.
pub fn warnings_beside(heap: &Diff, goroutines: &Diff) -> Vec<Warning> {
    let mut warnings = goroutines.warnings.clone();
    warnings.extend(guard::beside(heap, goroutines));
    warnings
}

/// The pages about warnings of this room.
pub fn pages() -> impl Iterator<Item = Page> {
    guard::pages()
}

/// Ranks the rows of a diff and explains those shown.
pub fn analyze(diff: &Diff, options: Options) -> Analysis {
    let (tally, mut warnings) = rayon::join(|| Tally::new(diff), || warnings(diff));
    if options.regime == Some(Regime::Independent) {
        // Who says that the runs are separate need not hear it.
        warnings.retain(|warning| warning.code != Code::Restart);
    }
    // What shrank in one that is a difference already is as much of an answer as what grew.
    let is_by_growth = diff.is_one_delta() && options.sort == Sort::Growth;
    let options = Options { sort: if is_by_growth { Sort::Abs } else { options.sort }, ..options };
    let judgement = Judgement::new(diff, &tally, options.sort == Sort::Cum, options.regime);
    let ((rows, count), found) = rayon::join(
        || rows(diff, &tally, &judgement, options),
        || suspect::find(diff, &tally.growth, &judgement.sampling),
    );
    let total = Series(diff.totals(diff.metric));
    let is_change = diff.snapshots.len() > 1;
    let mut rest = total.clone();
    for row in &rows {
        for (rest, value) in rest.0.iter_mut().zip(&row.flat.0) {
            *rest -= value;
        }
    }
    Analysis {
        remainder: Remainder { rows: count - rows.len(), flat: rest },
        total_objects: diff.objects().map(|objects| Series(diff.totals(objects))),
        total_evidence: judgement.of_total(total.delta()).filter(|_| is_change),
        basis: judgement.sampling.basis(),
        is_basis_decided: judgement.sampling.is_decided(),
        memory: memory::memory(diff),
        rows,
        sort: options.sort,
        total,
        suspects: found.suspects,
        moved: found.moved,
        warnings,
    }
}

/// The rows to show, best first, with what explains them, and how many rows there are in all.
fn rows(diff: &Diff, tally: &Tally, judgement: &Judgement, options: Options) -> (Vec<Row>, usize) {
    let (shown, count) = rank::rank(diff, tally, judgement, options);
    let mut rows: Vec<Row> = shown.iter().map(|row| tally.row(*row)).collect();
    // What a single snapshot holds is no change.
    if diff.snapshots.len() > 1 {
        for (row, number) in rows.iter_mut().zip(&shown) {
            row.evidence = judgement.of_flat(*number);
            row.cum_evidence = judgement.of_cum(*number);
        }
    }
    let shown = shown::Shown::new(&tally.rows, &shown, &rows, Part::whole(diff));
    place::locate(diff, &shown, &mut rows);
    responsible::assign(diff, &tally.growth, &shown, &mut rows);
    (rows, count)
}
