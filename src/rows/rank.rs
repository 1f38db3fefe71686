//! The order of the rows, and how many are shown.
//!
//! In: the sums of all rows. Out: row numbers, best first. Invariant: a total order (ties are broken by name, file and
//! line), so that the same input gives the same output whatever the order of its samples.

use std::cmp::Ordering;

use crate::diff::Diff;

use super::Ranking;
use super::Subject;
use super::judge::Judgement;
use super::tally::Tally;

/// What rows are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Signed growth, largest first.
    #[default]
    Growth,
    /// Signed growth, smallest first.
    Shrink,
    /// Size of the change, whichever its sign.
    Abs,
    /// Value after, at the row itself.
    Flat,
    /// Signed growth at the row and below it.
    Cum,
    /// Name.
    Name,
    /// Signed growth in objects; where the profiles count none beside the metric, that of the metric.
    Objects,
}

impl Sort {
    /// All of them with the names users give them.
    pub const ALL: &[(&str, Sort)] = &[
        ("growth", Sort::Growth),
        ("shrink", Sort::Shrink),
        ("abs", Sort::Abs),
        ("flat", Sort::Flat),
        ("cum", Sort::Cum),
        ("name", Sort::Name),
        ("objects", Sort::Objects),
    ];
}

/// The rows to show, best first, and how many rows there are in all.
///
/// Rows of the kind asked for come first, and with a `top` alone: one that shrank is not among the top growing ones.
/// Among each kind, rows that may be noise rank below those that are real, except by name and by value after, or where
/// they are to keep their place.
pub(super) fn rank(diff: &Diff, tally: &Tally<'_>, judgement: &Judgement, ranking: Ranking) -> (Vec<usize>, usize) {
    let Ranking { sort, top, ranks_noise } = ranking;
    let is_of_change = !matches!(sort, Sort::Flat | Sort::Name);
    let is_filled = tally.is_filled();
    let mut rows: Vec<usize> = (0..tally.len()).filter(|row| is_filled[*row]).collect();
    let count = rows.len();
    let is_wanted = |row: usize| !is_of_change || value(tally, row, sort) > 0;
    let better = |a: &usize, b: &usize| {
        let noise = |row: usize| is_of_change && !ranks_noise && diff.snapshots.len() > 1 && judgement.is_noise(row);
        let by_kind = is_wanted(*b).cmp(&is_wanted(*a));
        let by_evidence = noise(*a).cmp(&noise(*b));
        let by_value = value(tally, *b, sort).cmp(&value(tally, *a, sort));
        by_kind
            .then(by_evidence)
            .then(by_value)
            .then_with(|| by_name(diff, tally.subject(*a), tally.subject(*b)))
            .then(a.cmp(b))
    };
    if let Some(top) = top {
        rows.retain(|row| is_wanted(*row));
        if top < rows.len() {
            rows.select_nth_unstable_by(top, better);
            rows.truncate(top);
        }
    }
    rows.sort_unstable_by(better);
    (rows, count)
}

/// What a row is ranked by, larger being better.
fn value(tally: &Tally<'_>, row: usize, sort: Sort) -> i64 {
    match sort {
        Sort::Growth => tally.flat(row).delta(),
        Sort::Shrink => -tally.flat(row).delta(),
        Sort::Abs => tally.flat(row).delta().abs(),
        Sort::Flat => tally.flat(row).after(),
        Sort::Cum => tally.cum(row).delta(),
        Sort::Name => 0,
        Sort::Objects => tally.objects(row).unwrap_or_else(|| tally.flat(row)).delta(),
    }
}

/// What breaks ties: names, then files, then lines; for stacks the names from the leaf on.
pub(super) fn by_name(diff: &Diff, a: Subject, b: Subject) -> Ordering {
    match (a, b) {
        (Subject::Group(a), Subject::Group(b)) => {
            let (a, b) = (diff.keys.group(a), diff.keys.group(b));
            (&a.name, &a.file, a.line, &a.canonical).cmp(&(&b.name, &b.file, b.line, &b.canonical))
        }
        (Subject::Stack(a), Subject::Stack(b)) => diff.compare_stacks(a, b),
        (a, b) => (a == Subject::NoStack).cmp(&(b == Subject::NoStack)),
    }
}
