//! Flat and cumulative sums of every possible row.
//!
//! In: a diff. Out: one matrix of sums per quantity, a row per subject and a column per snapshot.
//! Invariant: the flat sums of all rows add up to the total; a row counts each stack once in its cumulative sum.

use rayon::prelude::*;

use crate::diff::{Diff, Granularity, GroupId};

use super::{Row, Subject};
use crate::model::Series;

/// Sums: one line per row, one column per snapshot.
struct Matrix {
    width: usize,
    cells: Vec<i64>,
}

impl Matrix {
    fn new(rows: usize, width: usize) -> Self {
        Self { width, cells: vec![0; rows * width] }
    }

    fn add(&mut self, row: usize, values: &[i64]) {
        let cells = &mut self.cells[row * self.width..(row + 1) * self.width];
        for (cell, value) in cells.iter_mut().zip(values) {
            *cell += value;
        }
    }

    fn add_one(&mut self, row: usize, column: usize, value: i64) {
        self.cells[row * self.width + column] += value;
    }

    fn add_all(mut self, other: Self) -> Self {
        for (cell, value) in self.cells.iter_mut().zip(other.cells) {
            *cell += value;
        }
        self
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
            if by_stack { diff.stack_of(entry) as u32 } else { leaf().map_or(groups as u32, |group| group.0) }
        };
        let flat_rows = (0..diff.entry_count()).into_par_iter().with_min_len(1 << 14).map(flat_row).collect();
        Self { by_stack, groups, rows: if by_stack { diff.stack_count() } else { groups + 1 }, flat_rows }
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
        if self.by_stack {
            return each(diff.stack_of(entry));
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

    /// Whether a row stands for frames, not for stacks or for what has none.
    pub fn counts_frames(&self, row: usize) -> bool {
        !self.by_stack && row != self.groups
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
pub(crate) struct Tally {
    pub rows: RowOfEntry,
    /// Growth of each entry.
    pub growth: Vec<i64>,
    subjects: Vec<Subject>,
    flat: Matrix,
    cum: Matrix,
    objects: Option<Matrix>,
    /// What was allocated, where the metric is what is in use.
    alloc: Option<Matrix>,
    /// What is in use, where the metric is what was allocated.
    inuse: Option<Matrix>,
}

impl Tally {
    pub fn new(diff: &Diff) -> Self {
        let rows = RowOfEntry::new(diff);
        let subjects = (0..rows.len()).map(|row| rows.subject(diff, row)).collect();
        let columns = columns(diff, diff.metric);
        let sums = |metric: Option<usize>| metric.map(|metric| flat_sums(diff, &rows, metric));
        let ((flat, cum), (objects, (alloc, inuse))) = rayon::join(
            || flat_and_cum(diff, &rows, &columns),
            || {
                let kept = || (sums(diff.allocated()), sums(diff.in_use()));
                rayon::join(|| sums(diff.objects()), kept)
            },
        );
        Self { growth: growth(columns), rows, subjects, flat, cum, objects, alloc, inuse }
    }

    /// How many possible rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether any stack of any snapshot counts for a row.
    pub fn is_empty(&self, row: usize) -> bool {
        let has_objects = self.objects(row).is_some_and(|objects| !objects.is_zero());
        !has_objects && self.flat.series(row).is_zero() && self.cum.series(row).is_zero()
    }

    /// What a row is about.
    pub fn subject(&self, row: usize) -> Subject {
        self.subjects[row]
    }

    pub fn flat(&self, row: usize) -> Series {
        self.flat.series(row)
    }

    pub fn cum(&self, row: usize) -> Series {
        self.cum.series(row)
    }

    pub fn objects(&self, row: usize) -> Option<Series> {
        self.objects.as_ref().map(|objects| objects.series(row))
    }

    /// A row with its sums; what explains it is left open.
    pub fn row(&self, row: usize) -> Row {
        Row {
            objects: self.objects(row),
            kept_ratio: self.kept_ratio(row),
            ..Row::new(self.subject(row), self.flat(row), self.cum(row))
        }
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

/// Growth of each entry from the oldest to the newest snapshot.
fn growth(mut columns: Vec<Vec<i64>>) -> Vec<i64> {
    let mut growth = columns.pop().unwrap_or_default();
    if let Some(before) = columns.first() {
        for (growth, before) in growth.iter_mut().zip(before) {
            *growth -= before;
        }
    }
    growth
}

/// The columns of a metric, one per snapshot.
fn columns(diff: &Diff, metric: usize) -> Vec<Vec<i64>> {
    (0..diff.snapshots.len()).into_par_iter().map(|snapshot| diff.column(metric, snapshot)).collect()
}

fn flat_sums(diff: &Diff, rows: &RowOfEntry, metric: usize) -> Matrix {
    let mut sums = Matrix::new(rows.len(), diff.snapshots.len());
    for snapshot in 0..diff.snapshots.len() {
        for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(metric, snapshot)) {
            sums.add_one(rows.flat_row(*entry as usize), snapshot, value);
        }
    }
    sums
}

fn flat_and_cum(diff: &Diff, rows: &RowOfEntry, columns: &[Vec<i64>]) -> (Matrix, Matrix) {
    let width = columns.len();
    let part = diff.entry_count().div_ceil(rayon::current_num_threads()).max(1 << 14);
    let parts: Vec<std::ops::Range<usize>> =
        (0..diff.entry_count()).step_by(part).map(|start| start..(start + part).min(diff.entry_count())).collect();
    let sum = |range: std::ops::Range<usize>| {
        let (mut flat, mut cum) = (Matrix::new(rows.len(), width), SumsOnce::new(rows.len(), width));
        let mut values = vec![0; width];
        for entry in range {
            if !read_entry(columns, entry, &mut values) {
                continue;
            }
            flat.add(rows.flat_row(entry), &values);
            rows.for_each_row(diff, entry, |row| cum.add(row, entry, &values));
        }
        (flat, cum.into_matrix())
    };
    let empty = || (Matrix::new(rows.len(), width), Matrix::new(rows.len(), width));
    parts.into_par_iter().map(sum).reduce_with(|a, b| (a.0.add_all(b.0), a.1.add_all(b.1))).unwrap_or_else(empty)
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
