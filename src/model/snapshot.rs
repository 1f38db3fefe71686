//! A snapshot: one profile as columns.
//!
//! In: rows pushed by a decoder. Out: stacks as slices of locations, one column of values per metric.
//! Invariant: every row has one stack, one label set and one value per metric; rows stay as the file had them (two
//! rows may have the same stack), because adding them up depends on what the reader calls the same stack.
//! Knows nothing of the other snapshots.

use std::sync::Arc;

use super::hash::{HashMap, Hasher};
use super::{FunctionId, LabelsId, LocationId, MemStats, Metric, Resident};

/// What an error calls an input: its label, and where it came from if the label does not say so.
pub fn called(label: &str, path: &str) -> String {
    if label == path || path == "-" { label.to_owned() } else { format!("{label} ({path})") }
}

/// What a profile says of itself, apart from its samples.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// What the user calls this input: its path, or the `label=` before it.
    pub label: String,
    /// Where it came from: a path, a URL, or `-`.
    pub path: String,
    /// What format it came in, for people.
    pub format: &'static str,
    /// Whether it was compressed.
    pub is_gzip: bool,
    /// When it was taken: UTC, nanoseconds since 1970; `None` when not stated. Of a Go heap profile in text form: when
    /// the last garbage collection ended, which is the moment it shows.
    pub time_nanos: Option<i64>,
    /// The span of time it covers, in nanoseconds; 0 for a snapshot.
    pub duration_nanos: i64,
    /// Whether it is a difference between two moments already, not the state at one.
    pub is_delta: bool,
    /// Mean number of `period_type` units between two samples; `None` when not stated or not positive.
    pub period: Option<i64>,
    /// What the period counts.
    pub period_type: Option<Metric>,
    /// Build id of the main binary; empty when not stated.
    pub build_id: String,
    /// Path of the main binary; empty when not stated.
    pub binary: String,
    /// Start address of the main binary's mapping; differs between two processes under address space randomisation.
    pub memory_start: u64,
    /// Name of the metric the producer wants shown first; empty when not stated.
    pub default_metric: String,
    /// Regular expression of frames below which nothing is interesting; empty when not stated.
    pub drop_frames: String,
    /// Exceptions to `drop_frames`; empty when not stated.
    pub keep_frames: String,
    /// Where this is a recorded baseline, which is no state of one process: of each metric the most that one of the
    /// stacks it folds together holds. They stand in it as samples without a stack.
    pub baseline: Option<Vec<i64>>,
    /// Remarks of the producer.
    pub comments: Vec<String>,
    /// Whether it says that memory profiling was off: samples were taken at a rate of 0.
    pub profiling_is_off: bool,
    /// The functions that its tables name, in any order.
    pub functions: Arc<[FunctionId]>,
    /// The state of the process's memory, where the format carries it (Go's heap profile in text form).
    pub mem_stats: Option<MemStats>,
    /// The memory of the process as the system counts it, where it was given beside the profile.
    pub resident: Option<Resident>,
    /// Whether it is one of the two moments of an input that is a comparison already.
    pub is_part_of_comparison: bool,
    /// Whether the format has room for one metric alone.
    pub has_one_metric: bool,
}

/// One of several runs whose profiles stand in one snapshot, one after the other.
#[derive(Debug, Clone)]
pub struct Run {
    /// What its profile says of itself.
    pub header: Header,
    /// The row behind its last one.
    pub end: usize,
}

/// One decoded profile, or those of several runs.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// What the profile says of itself; of several runs, what holds for all of them.
    pub header: Header,
    /// One per column of values.
    pub metrics: Vec<Metric>,
    /// The runs that it holds; none where it is one profile.
    pub runs: Vec<Run>,
    stacks: Arc<Stacks>,
    /// The stack of each row; `None` where each has its own, in their order.
    stack_of_row: Option<Vec<u32>>,
    labels: Vec<LabelsId>,
    values: Vec<Vec<i64>>,
}

/// Stacks, one after the other.
#[derive(Debug, Default)]
struct Stacks {
    ends: Vec<u32>,
    locations: Vec<LocationId>,
}

impl Stacks {
    fn get(&self, stack: usize) -> &[LocationId] {
        let start = if stack == 0 { 0 } else { self.ends[stack - 1] };
        &self.locations[start as usize..self.ends[stack] as usize]
    }
}

impl Snapshot {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many runs it holds: values are sums over them.
    pub fn run_count(&self) -> usize {
        self.runs.len().max(1)
    }

    /// The rows of a run.
    pub fn rows_of_run(&self, run: usize) -> std::ops::Range<usize> {
        let start = run.checked_sub(1).and_then(|before| self.runs.get(before)).map_or(0, |before| before.end);
        start..self.runs.get(run).map_or(self.len(), |run| run.end)
    }

    /// The locations of a row's stack, leaf first.
    pub fn stack(&self, row: usize) -> &[LocationId] {
        self.stacks.get(self.stack_of_row.as_ref().map_or(row, |stacks| stacks[row] as usize))
    }

    /// The labels of a row.
    pub fn labels(&self, row: usize) -> LabelsId {
        self.labels[row]
    }

    /// The values of one metric, one per row.
    pub fn column(&self, metric: usize) -> &[i64] {
        &self.values[metric]
    }

    /// The rows for which `keep` gives a stack, with that stack, which is a part of the row's own; the others are gone.
    pub fn filter_map(&self, mut keep: impl FnMut(usize, &[LocationId]) -> Option<std::ops::Range<usize>>) -> Self {
        let mut kept = SnapshotBuilder::new(self.values.len());
        let mut values = vec![0; self.values.len()];
        let mut runs = self.runs.clone();
        for row in 0..self.len() {
            let stack = self.stack(row);
            let Some(range) = keep(row, stack) else {
                let later = runs.iter_mut().zip(&self.runs).filter(|(_, run)| row < run.end);
                later.for_each(|(run, _)| run.end -= 1);
                continue;
            };
            for (value, column) in values.iter_mut().zip(&self.values) {
                *value = column[row];
            }
            kept.locations.extend_from_slice(&stack[range]);
            kept.end_row(self.labels[row], &values);
        }
        Self { runs, ..kept.finish(self.header.clone(), self.metrics.clone()) }
    }
}

/// The stacks of several snapshots, those that they have in common once.
#[derive(Debug, Default)]
pub(crate) struct SharedStacks {
    stacks: Stacks,
    /// Where stacks are looked up, the one with each hash. Another one with the same hash is kept as often as it comes:
    /// it costs memory only.
    by_hash: Option<HashMap<u64, u32>>,
    hasher: Hasher,
    /// The stack that stands behind the last one that was known.
    next: usize,
}

impl SharedStacks {
    /// Those of so many snapshots. A profiler writes stacks in the same order again, with new ones between them: of two
    /// snapshots that alone tells what they have in common, and only in a longer series is each stack looked up.
    pub fn of(snapshots: usize) -> Self {
        Self { by_hash: (snapshots > 2).then(HashMap::default), ..Self::default() }
    }

    /// Takes over the stacks of a snapshot, which has none until they are given back.
    pub fn take(&mut self, snapshot: &mut Snapshot) {
        self.next = 0;
        if self.by_hash.is_none() && self.stacks.ends.is_empty() {
            self.stacks = Arc::try_unwrap(std::mem::take(&mut snapshot.stacks)).unwrap_or_default();
            snapshot.stack_of_row = Some((0..snapshot.len() as u32).collect());
            return;
        }
        let of_row = |row| self.number(snapshot.stack(row));
        // More than can be numbered stay where they are.
        let Some(stack_of_row) = (0..snapshot.len()).map(of_row).collect() else { return };
        snapshot.stack_of_row = Some(stack_of_row);
        snapshot.stacks = Arc::default();
    }

    /// Gives all stacks to the snapshots that they were taken from.
    pub fn give_back(self, snapshots: &mut [Snapshot]) {
        let stacks = Arc::new(self.stacks);
        for snapshot in snapshots.iter_mut().filter(|snapshot| snapshot.stack_of_row.is_some()) {
            snapshot.stacks = Arc::clone(&stacks);
        }
    }

    fn number(&mut self, stack: &[LocationId]) -> Option<u32> {
        /// How many stacks may be missing in a snapshot, one after the other.
        const AHEAD: usize = 4;
        let mut next = self.next..self.stacks.ends.len().min(self.next + AHEAD);
        if let Some(number) = next.find(|number| self.stacks.get(*number) == stack) {
            self.next = number + 1;
            return Some(number as u32);
        }
        let hash = self.by_hash.as_ref().map(|_| self.hasher.hash(stack));
        let known = self.by_hash.as_ref().zip(hash).and_then(|(by_hash, hash)| by_hash.get(&hash).copied());
        if let Some(known) = known.filter(|known| self.stacks.get(*known as usize) == stack) {
            self.next = known as usize + 1;
            return Some(known);
        }
        let end = u32::try_from(self.stacks.locations.len() + stack.len()).ok()?;
        let number = u32::try_from(self.stacks.ends.len()).ok()?;
        self.stacks.locations.extend_from_slice(stack);
        self.stacks.ends.push(end);
        if let Some((by_hash, hash)) = self.by_hash.as_mut().zip(hash) {
            by_hash.entry(hash).or_insert(number);
        }
        Some(number)
    }
}

/// Collects rows into a [`Snapshot`].
#[derive(Debug, Default)]
pub struct SnapshotBuilder {
    /// The locations of the row under way follow those of the rows before it.
    pub locations: Vec<LocationId>,
    stack_ends: Vec<u32>,
    labels: Vec<LabelsId>,
    values: Vec<Vec<i64>>,
}

impl SnapshotBuilder {
    /// A builder of rows with `metrics` values each.
    pub fn new(metrics: usize) -> Self {
        Self { values: vec![Vec::new(); metrics], ..Self::default() }
    }

    /// Assembles the columns that a decoder filled side by side.
    ///
    /// `stack_ends[i]` is where the stack of row `i` ends in `locations`; all columns are equally long.
    pub fn from_columns(
        stack_ends: Vec<u32>,
        locations: Vec<LocationId>,
        labels: Vec<LabelsId>,
        values: Vec<Vec<i64>>,
    ) -> Self {
        debug_assert!(labels.len() == stack_ends.len() && values.iter().all(|column| column.len() == labels.len()));
        Self { locations, stack_ends, labels, values }
    }

    /// Ends the row whose locations were pushed last.
    ///
    /// # Panics
    /// When the stacks hold 2^32 locations or more (16 GiB of them).
    #[expect(clippy::expect_used, reason = "inputs are bounded far below")]
    pub fn end_row(&mut self, labels: LabelsId, values: &[i64]) {
        self.stack_ends.push(u32::try_from(self.locations.len()).expect("fewer than 2^32 locations"));
        self.labels.push(labels);
        for (column, value) in self.values.iter_mut().zip(values) {
            column.push(*value);
        }
    }

    /// The finished snapshot.
    pub fn finish(self, header: Header, metrics: Vec<Metric>) -> Snapshot {
        let Self { locations, stack_ends, labels, values } = self;
        let stacks = Arc::new(Stacks { ends: stack_ends, locations });
        Snapshot { header, metrics, runs: Vec::new(), stacks, stack_of_row: None, labels, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Snapshots of these stacks, each location a letter.
    fn snapshots(stacks: &[&[&str]]) -> Vec<Snapshot> {
        let snapshot = |stacks: &&[&str]| {
            let mut builder = SnapshotBuilder::new(1);
            for stack in *stacks {
                builder.locations.extend(stack.bytes().map(|letter| LocationId(u32::from(letter))));
                builder.end_row(LabelsId::NONE, &[1]);
            }
            builder.finish(Header::default(), Vec::new())
        };
        stacks.iter().map(snapshot).collect()
    }

    /// How many stacks are kept of all snapshots together. No row may have another stack than before.
    fn kept(stacks: &[&[&str]]) -> usize {
        let mut shared = SharedStacks::of(stacks.len());
        let mut snapshots = snapshots(stacks);
        snapshots.iter_mut().for_each(|snapshot| shared.take(snapshot));
        let kept = shared.stacks.ends.len();
        shared.give_back(&mut snapshots);
        for (snapshot, stacks) in snapshots.iter().zip(stacks) {
            let text =
                |row| snapshot.stack(row).iter().map(|location| char::from(location.0 as u8)).collect::<String>();
            assert_eq!((0..snapshot.len()).map(text).collect::<Vec<_>>(), *stacks);
        }
        kept
    }

    #[test]
    fn of_two_snapshots_stacks_in_the_same_order_are_kept_once() {
        assert_eq!(kept(&[&["ab", "c", "", "ab", "d"], &["ab", "c", "", "ab", "d"]]), 5);
        // One more, one that is gone, and one in another place.
        assert_eq!(kept(&[&["ab", "c", "d", "e"], &["ab", "x", "d", "e", "c"]]), 6);
        assert_eq!(kept(&[&[], &["a", "a"]]), 2);
        assert_eq!(kept(&[&["a"], &[]]), 1);
    }

    #[test]
    fn of_a_series_each_stack_is_kept_once() {
        assert_eq!(kept(&[&["ab", "c", "ab"], &["c", "d", "ab"], &["", "d", "c"], &[""]]), 4);
    }
}
