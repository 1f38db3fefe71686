//! What is read off a row alike in every format: the change that stands beside its name, and what is said of that.
//!
//! In: a row and its report. Out: numbers. Invariant: whatever stands beside a growth is of that growth.
//! Knows no text.

use crate::model::Status;

use super::{Basis, Change, Evidence, Report, Row};

impl Report {
    /// Whether it shows the state at one moment: nothing has grown.
    pub(super) fn is_state(&self) -> bool {
        self.inputs.len() < 2 && !self.has_deltas
    }

    /// Whether the rows are ranked by what they and everything below them allocated. Then that is what is shown, and the
    /// rows overlap: they do not add up to the total.
    pub(super) fn ranks_by_cum(&self) -> bool {
        self.sort == "cum" && self.inputs.len() > 1
    }
}

impl Row {
    /// The change that is shown.
    pub(super) fn change(&self, report: &Report) -> Change {
        if report.ranks_by_cum() { self.cum } else { self.flat }
    }

    /// How the row stands by the change that is shown.
    pub(super) fn standing(&self, report: &Report) -> Status {
        let Change { before, after, .. } = self.change(report);
        Status::of(before, after)
    }

    /// Whether the change that is shown is real. Of a row that holds nothing there is nothing to say.
    pub(super) fn proof(&self, report: &Report) -> Option<&Evidence> {
        let evidence = if report.ranks_by_cum() { &self.cum_evidence } else { &self.evidence };
        let is_told = |evidence: &&Evidence| (evidence.low, evidence.high) != (0, 0);
        evidence.as_ref().filter(|_| report.sampling.basis != Basis::Exact).filter(is_told)
    }

    /// The share of what was allocated in between that is still there. Of what did not grow nothing can have been kept,
    /// and what two processes allocated is no part of each other.
    pub(super) fn kept(&self, report: &Report) -> Option<f64> {
        let is_one_process = report.inputs.len() > 1 && report.sampling.basis != Basis::Independent;
        let is_shown = is_one_process && !report.ranks_by_cum() && self.flat.delta > 0;
        self.kept_ratio.filter(|_| is_shown)
    }

    /// Its objects, where what is shown is theirs.
    pub(super) fn counted(&self, report: &Report) -> Option<Change> {
        self.objects.filter(|_| !report.ranks_by_cum())
    }

    /// The mean size of the objects that came or went, or where their number is the same, of those that are there. Nothing
    /// where fewer objects hold more than before, or as many: no size of an object explains that.
    pub(super) fn object_size(&self, report: &Report) -> Option<i64> {
        let objects = self.counted(report)?;
        let (value, count) = match objects.delta {
            0 => (self.flat.after, objects.after),
            delta => (self.flat.delta, delta),
        };
        (count != 0 && value.signum() == count.signum()).then(|| value / count)
    }

    /// Its value in every input of a series, where what is shown is theirs.
    pub(super) fn shown_steps(&self, report: &Report) -> Option<&[i64]> {
        self.steps.as_deref().filter(|_| !report.ranks_by_cum())
    }
}
