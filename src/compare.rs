//! Diff to analysis: what grew most, where, who is responsible, and what to beware of.
//!
//! In: a [`Diff`]. Out: an [`Analysis`] of ids and integers. Invariant: the rows and the remainder add up to the total.
//! Knows nothing of text for people: `report` resolves ids to names.

use crate::diagnose::{self, Moved, Suspect};
use crate::diff::Diff;
use crate::model::{Code, Series, Warning};
use crate::rows::{self, Judgement, Memory, Ranking, Remainder, Row, Sort, Tally};
use crate::stats::{Basis, Evidence, Regime};
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
}

impl Default for Options {
    fn default() -> Self {
        Self { sort: Sort::Growth, top: Some(10), regime: None, ranks_noise: false }
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

/// Ranks the rows of a diff and explains those shown.
pub fn analyze(diff: &Diff, options: Options) -> Analysis {
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
    let judgement = Judgement::new(diff, &tally, options.sort == Sort::Cum, options.regime);
    let ((rows, count), found) = rayon::join(
        || rows::rows(diff, &tally, &judgement, ranking),
        || diagnose::find(diff, &tally.growth, &judgement.sampling),
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
        memory: rows::memory::memory(diff),
        rows,
        sort: options.sort,
        total,
        suspects: found.suspects,
        moved: found.moved,
        warnings,
    }
}
