//! Diff to analysis: what grew most, where, who is responsible, and what to beware of.
//!
//! In: a [`Diff`]. Out: an [`Analysis`] of ids and integers. Invariant: the rows and the remainder add up to the total.
//! Knows nothing of text for people: `report` resolves ids to names.

use crate::diagnose::{self, Moved, Suspect, Witness};
use crate::diff::Diff;
use crate::model::{Code, Series, Warning};
use crate::rows::goroutines::{self, Table};
use crate::rows::{self, Judgement, Memory, Place, Ranking, Remainder, Resident, Row, Sort, Tally};
use crate::stats::{Basis, Evidence, History, Regime, Trend};
use crate::warnings;

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
    /// A value of which is to be told when it is reached.
    pub reaches: Option<i64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { sort: Sort::Growth, top: Some(10), regime: None, ranks_noise: false, reaches: None }
    }
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
    /// What grew and is no leak, as far as can be told: the largest first.
    pub set_aside: Vec<Suspect>,
    /// The value of which is to be told when it is reached.
    pub reaches: Option<i64>,
    /// What goroutines tell, where they were given.
    pub beside: Option<Beside>,
    /// Whether the total goes on growing; `None` of a single snapshot.
    pub trend: Option<Trend>,
    /// What looks like growth and only went from one function to another, the largest first.
    pub moved: Vec<Moved>,
    /// The memory of the whole process, where the profiles carry it.
    pub memory: Option<Memory>,
    /// The memory of the process as the system counts it, where it was given beside the profiles.
    pub resident: Option<Resident>,
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

/// Goroutine profiles at the moments of two heap profiles.
#[derive(Debug, Clone, Copy)]
pub struct Goroutines<'a> {
    /// Their diff.
    pub diff: &'a Diff,
    /// Where a timer ends the wait in a select, as far as the source tells.
    pub timed: &'a [Place],
}

/// What goroutines tell of a heap.
#[derive(Debug, Clone)]
pub struct Beside {
    /// All of them.
    pub table: Table,
    /// For each suspect of the heap its goroutines, if any; empty where the goroutines do not belong to the heap.
    pub witnesses: Vec<Option<Witness>>,
    /// Goroutines that became more and that no suspect of the heap accounts for.
    pub alone: Vec<Suspect>,
    /// What to know before trusting them.
    pub warnings: Vec<Warning>,
}

/// Compares snapshots, with the goroutines beside them where there are any: what grew, whether that is real and goes on,
/// and what leaks.
pub fn compare(diff: &Diff, goroutines: Option<Goroutines<'_>>, options: Options) -> Analysis {
    let mut analysis = of_one(diff, options);
    let beside = goroutines.map(|goroutines| beside(diff, &mut analysis, goroutines));
    set_aside(analysis, beside)
}

/// Compares snapshots of goroutines: which became more, and the table of all.
pub fn compare_goroutines(goroutines: Goroutines<'_>, options: Options) -> (Analysis, Table) {
    let Goroutines { diff, timed } = goroutines;
    let mut analysis = set_aside(of_one(diff, options), None);
    analysis.suspects = diagnose::leaks(diff, &analysis.suspects, timed);
    let table = goroutines::table(diff, options.top, timed);
    (analysis, table)
}

/// Holds goroutines against a heap, whose suspects become surer.
fn beside(heap: &Diff, analysis: &mut Analysis, goroutines: Goroutines<'_>) -> Beside {
    let (of_goroutines, table) = compare_goroutines(goroutines, Options::default());
    let warnings = warnings::warnings_beside(heap, goroutines.diff);
    let Analysis { basis, suspects, .. } = analysis;
    let joined = diagnose::join(heap, *basis, suspects, goroutines.diff, of_goroutines.suspects, &warnings);
    Beside { table, witnesses: joined.witnesses, alone: joined.alone, warnings }
}

/// Takes what is no leak out of the suspects.
fn set_aside(analysis: Analysis, beside: Option<Beside>) -> Analysis {
    let witnesses = beside.as_ref().map_or(&[][..], |beside| &beside.witnesses);
    let belongs = !witnesses.is_empty();
    let witnesses = witnesses.iter().cloned().chain(std::iter::repeat(None));
    let (kept, aside): (Vec<_>, Vec<_>) =
        analysis.suspects.into_iter().zip(witnesses).partition(|(suspect, _)| suspect.reason().is_none());
    let (suspects, witnesses): (_, Vec<_>) = kept.into_iter().unzip();
    let witnesses = if belongs { witnesses } else { Vec::new() };
    let set_aside = aside.into_iter().map(|(suspect, _)| suspect).collect();
    let beside = beside.map(|beside| Beside { witnesses, ..beside });
    Analysis { suspects, set_aside, beside, ..analysis }
}

/// Ranks the rows of a diff, explains those shown, and finds what may leak.
fn of_one(diff: &Diff, options: Options) -> Analysis {
    let (tally, mut warnings) = rayon::join(|| Tally::new(diff), || warnings::warnings(diff));
    if options.regime == Some(Regime::Independent) {
        // Who says that the runs are separate need not hear it.
        warnings.retain(|warning| warning.code != Code::Restart);
    }
    // What shrank in one that is a difference already is as much of an answer as what grew.
    let is_by_growth = diff.is_one_delta() && options.sort == Sort::Growth;
    let options = Options { sort: if is_by_growth { Sort::Abs } else { options.sort }, ..options };
    let Options { sort, top, ranks_noise, .. } = options;
    let ranking = Ranking { sort, top, ranks_noise };
    let history = (diff.snapshots.len() > 1).then(|| History::new(diff, diff.metric, options.regime));
    let series = history.as_ref().filter(|_| diff.snapshots.len() > 2);
    let judgement = Judgement::new(diff, &tally, options.sort == Sort::Cum, options.regime);
    let ((rows, count), found) = rayon::join(
        || rows::rows(diff, &tally, &judgement, series, ranking),
        || diagnose::find(diff, &tally.growth, &judgement.sampling, history.as_ref()),
    );
    let total = Series(diff.totals(diff.metric));
    let is_change = diff.snapshots.len() > 1;
    let mut rest = total.clone();
    for row in &rows {
        for (rest, value) in rest.0.iter_mut().zip(&row.flat.0) {
            *rest -= value;
        }
    }
    let trend = history.as_ref().map(|history| rows::of_total(diff, &tally.growth, &judgement.sampling, history));
    let memory = rows::memory::memory(diff);
    Analysis {
        remainder: Remainder { rows: count - rows.len(), flat: rest },
        total_objects: diff.objects().map(|objects| Series(diff.totals(objects))),
        total_evidence: judgement.of_total(total.delta()).filter(|_| is_change),
        basis: judgement.sampling.basis(),
        is_basis_decided: judgement.sampling.is_decided(),
        resident: rows::resident::resident(diff, memory.as_ref()),
        memory,
        rows,
        sort: options.sort,
        total,
        suspects: found.suspects,
        set_aside: Vec::new(),
        beside: None,
        reaches: options.reaches,
        trend,
        moved: found.moved,
        warnings,
    }
}
