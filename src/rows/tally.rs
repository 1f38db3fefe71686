//! Flat sums of every possible row, and cumulative sums of those that are shown.
//!
//! In: a diff. Out: one matrix of sums per quantity, a row per subject and a column per snapshot.
//! Invariant: the flat sums of all rows add up to the total; a row counts each stack once in its cumulative sum. All
//! frames of all stacks are gone through only where rows are ranked by it, or many are shown.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::diff::{Diff, Granularity, GroupId};
use crate::model::{LocationId, Series};

use super::{Row, Subject};

/// Sums: one line per row, one column per snapshot.
struct Matrix {
    width: usize,
    cells: Vec<i64>,
}

impl Matrix {
    fn new(rows: usize, width: usize) -> Self {
        Self { width, cells: vec![0; rows * width] }
    }

    fn add(&mut self, row: usize, column: usize, value: i64) {
        self.cells[row * self.width + column] += value;
    }

    fn add_all(mut self, other: Self) -> Self {
        for (cell, value) in self.cells.iter_mut().zip(other.cells) {
            *cell += value;
        }
        self
    }

    fn is_zero(&self, row: usize) -> bool {
        self.cells[row * self.width..(row + 1) * self.width].iter().all(|cell| *cell == 0)
    }

    fn series(&self, row: usize) -> Series {
        Series(self.cells[row * self.width..(row + 1) * self.width].to_vec())
    }
}

/// Sums that take each entry once. What tells that a row has had an entry stands beside the row's sums: this is the
/// innermost loop over all frames of all stacks, and one cache line per row is what it has time for.
struct SumsOnce {
    /// First the number of the last entry taken plus one, then the sums.
    cells: Vec<i64>,
    stride: usize,
}

impl SumsOnce {
    fn new(rows: usize, width: usize) -> Self {
        Self { cells: vec![0; rows * (width + 1)], stride: width + 1 }
    }

    fn add(&mut self, row: usize, entry: usize, values: &[i64]) {
        let [last, sums @ ..] = &mut self.cells[row * self.stride..(row + 1) * self.stride] else { return };
        if *last != entry as i64 + 1 {
            *last = entry as i64 + 1;
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += value;
            }
        }
    }

    fn into_matrix(self) -> Matrix {
        let cells = self.cells.chunks(self.stride).flat_map(|row| &row[1..]).copied().collect();
        Matrix { width: self.stride - 1, cells }
    }
}

/// Which row an entry is counted in.
pub(crate) struct RowOfEntry {
    by_stack: bool,
    /// Whether a row counts whole stacks, not frames of them.
    is_whole: bool,
    groups: usize,
    rows: usize,
    flat_rows: Vec<u32>,
}

impl RowOfEntry {
    pub fn new(diff: &Diff) -> Self {
        let by_stack = diff.by == Granularity::Stack;
        let groups = diff.keys.group_count();
        let flat_row = |entry: usize| {
            let leaf = || diff.keys.groups_of_stack(diff.stack(entry)).next();
            let group = || diff.label_group(entry).or_else(leaf).map_or(groups as u32, |group| group.0);
            if by_stack { diff.stack_of(entry) as u32 } else { group() }
        };
        let flat_rows = (0..diff.entry_count()).into_par_iter().with_min_len(1 << 14).map(flat_row).collect();
        let is_whole = by_stack || diff.by == Granularity::Label;
        Self { by_stack, is_whole, groups, rows: if by_stack { diff.stack_count() } else { groups + 1 }, flat_rows }
    }

    /// How many possible rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// The row that counts an entry as its own.
    pub fn flat_row(&self, entry: usize) -> usize {
        self.flat_rows[entry] as usize
    }

    /// Calls `each` with the rows that count an entry as theirs or as below them; a row may come more than once.
    pub fn for_each_row(&self, diff: &Diff, entry: usize, mut each: impl FnMut(usize)) {
        if self.is_whole {
            return each(self.flat_row(entry));
        }
        let mut is_empty = true;
        for group in diff.keys.groups_of_stack(diff.stack(entry)) {
            is_empty = false;
            each(group.index());
        }
        if is_empty {
            each(self.groups);
        }
    }

    /// Whether rows stand for whole stacks, one or several.
    pub fn are_stacks(&self) -> bool {
        self.is_whole
    }

    /// Whether a row stands for frames, not for stacks or for what has none.
    pub fn counts_frames(&self, row: usize) -> bool {
        !self.is_whole && row != self.groups
    }

    /// The row that is about something.
    fn number(&self, subject: Subject) -> usize {
        match subject {
            Subject::Group(group) => group.index(),
            Subject::Stack(entry) => self.flat_row(entry),
            Subject::NoStack => self.groups,
        }
    }

    /// What a row is about.
    pub fn subject(&self, diff: &Diff, row: usize) -> Subject {
        match row {
            stack if self.by_stack => Subject::Stack(diff.first_entry(stack)),
            row if row == self.groups => Subject::NoStack,
            row => Subject::Group(GroupId(row as u32)),
        }
    }
}

/// The sums of a diff.
pub(crate) struct Tally<'a> {
    diff: &'a Diff,
    pub rows: RowOfEntry,
    /// Growth of each entry.
    pub growth: Vec<i64>,
    subjects: Vec<Subject>,
    flat: Matrix,
    /// The cumulative sums of all rows, where they are asked for.
    cum: OnceLock<Matrix>,
    objects: Option<Matrix>,
    /// What was allocated, where the metric is what is in use.
    alloc: Option<Matrix>,
    /// What is in use, where the metric is what was allocated.
    inuse: Option<Matrix>,
}

impl<'a> Tally<'a> {
    pub fn new(diff: &'a Diff) -> Self {
        let rows = RowOfEntry::new(diff);
        let subjects = (0..rows.len()).map(|row| rows.subject(diff, row)).collect();
        let sums = |metric: Option<usize>| metric.map(|metric| flat_sums(diff, &rows, metric));
        let (flat, (objects, (alloc, inuse))) = rayon::join(
            || flat_sums(diff, &rows, diff.metric),
            || {
                let kept = || (sums(diff.allocated()), sums(diff.in_use()));
                rayon::join(|| sums(diff.objects()), kept)
            },
        );
        let growth = diff.growth(diff.metric);
        Self { diff, growth, rows, subjects, flat, cum: OnceLock::new(), objects, alloc, inuse }
    }

    /// How many possible rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// For each row whether any stack of any snapshot counts for it.
    pub fn is_filled(&self) -> Vec<bool> {
        let diff = self.diff;
        let mut snapshots = 0..diff.snapshots.len();
        let has_negative = snapshots.any(|snapshot| diff.row_values(diff.metric, snapshot).any(|value| value < 0));
        let mut is_filled: Vec<bool> = (0..self.len()).map(|row| !self.flat.is_zero(row)).collect();
        if let Some(objects) = &self.objects {
            is_filled.iter_mut().enumerate().for_each(|(row, is_filled)| *is_filled |= !objects.is_zero(row));
        }
        if self.rows.is_whole {
            return is_filled;
        }
        // Only what cancels may add up to nothing.
        if has_negative {
            let cum = self.all_cum();
            is_filled.iter_mut().enumerate().for_each(|(row, is_filled)| *is_filled |= !cum.is_zero(row));
        } else {
            live_rows(diff).into_iter().for_each(|row| is_filled[row] = true);
        }
        is_filled
    }

    /// What a row is about.
    pub fn subject(&self, row: usize) -> Subject {
        self.subjects[row]
    }

    pub fn flat(&self, row: usize) -> Series {
        self.flat.series(row)
    }

    /// The cumulative sums of a row, whatever is shown.
    pub fn cum(&self, row: usize) -> Series {
        self.all_cum().series(row)
    }

    fn all_cum(&self) -> &Matrix {
        self.cum.get_or_init(|| cum_sums(self.diff, &self.rows))
    }

    pub fn objects(&self, row: usize) -> Option<Series> {
        self.objects.as_ref().map(|objects| objects.series(row))
    }

    /// Rows with their sums; what explains them is left open.
    pub fn some(&self, rows: &[usize]) -> Vec<Row> {
        let is_few = rows.len() <= MOST_FEW && self.cum.get().is_none();
        let few = (is_few && !self.rows.is_whole).then(|| few_cum_sums(self.diff, &self.rows, rows));
        let row = |(position, row): (usize, &usize)| {
            let cum = match &few {
                Some(few) => few.series(position),
                None if self.rows.is_whole => self.flat(*row),
                None => self.cum(*row),
            };
            Row {
                objects: self.objects(*row),
                kept_ratio: self.kept_ratio(*row),
                ..Row::new(self.subject(*row), self.flat(*row), cum)
            }
        };
        rows.iter().enumerate().map(row).collect()
    }

    /// Growth in use over growth allocated; `None` where nothing was allocated or the profiles do not say.
    fn kept_ratio(&self, row: usize) -> Option<f64> {
        let (inuse, alloc) = match (&self.inuse, &self.alloc) {
            (None, Some(alloc)) => (&self.flat, alloc),
            (Some(inuse), None) => (inuse, &self.flat),
            _ => return None,
        };
        let (inuse, alloc) = (inuse.series(row).delta(), alloc.series(row).delta());
        (alloc > 0).then(|| inuse as f64 / alloc as f64)
    }
}

/// The columns of a metric, one per snapshot.
fn columns(diff: &Diff, metric: usize) -> Vec<Vec<i64>> {
    (0..diff.snapshots.len()).into_par_iter().map(|snapshot| diff.column(metric, snapshot)).collect()
}

/// What rows hold themselves of other metrics, metric by metric in the order of the rows.
pub fn flat_in(diff: &Diff, rows: &[Row], metrics: &[usize]) -> Vec<Vec<Series>> {
    let numbers = RowOfEntry::new(diff);
    let of_metric = |metric: &usize| {
        let sums = flat_sums(diff, &numbers, *metric);
        rows.iter().map(|row| sums.series(numbers.number(row.subject))).collect()
    };
    metrics.iter().map(of_metric).collect()
}

fn flat_sums(diff: &Diff, rows: &RowOfEntry, metric: usize) -> Matrix {
    let mut sums = Matrix::new(rows.len(), diff.snapshots.len());
    for snapshot in 0..diff.snapshots.len() {
        for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(metric, snapshot)) {
            sums.add(rows.flat_row(*entry as usize), snapshot, value);
        }
    }
    sums
}

fn cum_sums(diff: &Diff, rows: &RowOfEntry) -> Matrix {
    let columns = &columns(diff, diff.metric);
    let width = columns.len();
    let sum = |range: Range<usize>| {
        let mut cum = SumsOnce::new(rows.len(), width);
        let mut values = vec![0; width];
        for entry in range {
            if read_entry(columns, entry, &mut values) {
                rows.for_each_row(diff, entry, |row| cum.add(row, entry, &values));
            }
        }
        cum.into_matrix()
    };
    let parts = parts(diff.entry_count()).into_par_iter().map(sum);
    parts.reduce_with(Matrix::add_all).unwrap_or_else(|| Matrix::new(rows.len(), width))
}

/// As many parts of so many as there are threads, unless there are few.
pub(super) fn parts(count: usize) -> Vec<Range<usize>> {
    let part = count.div_ceil(rayon::current_num_threads()).max(1 << 14);
    (0..count).step_by(part).map(|start| start..(start + part).min(count)).collect()
}

/// The rows that count an entry which holds anything, as theirs or as below them; not by stack.
fn live_rows(diff: &Diff) -> Vec<usize> {
    let mut is_live = vec![false; diff.stack_count()];
    for snapshot in 0..diff.snapshots.len() {
        for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(diff.metric, snapshot)) {
            is_live[diff.stack_of(*entry as usize)] |= value != 0;
        }
    }
    let mut is_seen = vec![false; diff.symbols.location_count()];
    let mut unseen = is_seen.len();
    for stack in (0..is_live.len()).filter(|stack| is_live[*stack]) {
        for location in diff.stack(diff.first_entry(stack)) {
            unseen -= usize::from(!std::mem::replace(&mut is_seen[location.index()], true));
        }
        // Most locations stand in the first stacks.
        if unseen == 0 {
            break;
        }
    }
    let seen = (0..is_seen.len()).filter(|location| is_seen[*location]).map(|location| LocationId(location as u32));
    seen.flat_map(|location| diff.keys.groups_of_location(location)).map(|group| group.index()).collect()
}

/// The most rows that are few.
const MOST_FEW: usize = u64::BITS as usize;

/// The cumulative sums of few rows: which of them a stack counts for is a bit for each.
fn few_cum_sums(diff: &Diff, numbers: &RowOfEntry, rows: &[usize]) -> Matrix {
    let mut bits = vec![0_u64; numbers.len()];
    rows.iter().enumerate().for_each(|(position, row)| bits[*row] |= 1 << position);
    let without_stack = bits[numbers.groups];
    let of_location = |location: u32| {
        let groups = diff.keys.groups_of_location(LocationId(location)).iter();
        groups.fold(0, |mask, group| mask | bits[group.index()])
    };
    let of_locations: Vec<u64> = (0..diff.symbols.location_count() as u32).map(of_location).collect();
    let of_stack = |stack: usize| {
        let stack = diff.stack(diff.first_entry(stack));
        let mask = stack.iter().fold(0, |mask, location| mask | of_locations[location.index()]);
        let is_empty = || diff.keys.groups_of_stack(stack).next().is_none();
        if mask == 0 && without_stack != 0 && is_empty() { without_stack } else { mask }
    };
    let of_stacks: Vec<u64> = (0..diff.stack_count()).into_par_iter().with_min_len(1 << 12).map(of_stack).collect();
    let mut sums = Matrix::new(rows.len(), diff.snapshots.len());
    for snapshot in 0..diff.snapshots.len() {
        for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(diff.metric, snapshot)) {
            let mut mask = of_stacks[diff.stack_of(*entry as usize)];
            while mask != 0 {
                sums.add(mask.trailing_zeros() as usize, snapshot, value);
                mask &= mask - 1;
            }
        }
    }
    sums
}

/// Fills `values` with an entry's value in each snapshot; false when all are 0 (Go keeps records of all it ever freed).
fn read_entry(columns: &[Vec<i64>], entry: usize, values: &mut [i64]) -> bool {
    let mut any = 0;
    for (value, column) in values.iter_mut().zip(columns) {
        *value = column[entry];
        any |= *value;
    }
    any != 0
}
