//! Where in the source a row's change happened, and the one stack that carries most of it.
//!
//! In: the rows shown. Out: file and line for each, and its heaviest entry.
//! Invariant: the place is the line with the largest growth; equals are decided by value after, then by file and line.

use std::cmp::Ordering;

use crate::diff::{Diff, KeyId, Spot};
use crate::model::hash::HashMap;

use super::shown::Shown;
use super::{Row, Subject};

/// A frame and where in the source it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The frame.
    pub key: KeyId,
    /// Its file and line.
    pub spot: Spot,
}

/// A sum before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Change {
    before: i64,
    after: i64,
}

impl Change {
    fn add(&mut self, is_base: bool, value: i64) {
        let side = if is_base { &mut self.before } else { &mut self.after };
        *side += value;
    }

    /// Larger growth first, then the larger value after.
    fn rank(&self) -> (i64, i64) {
        (self.after - self.before, self.after)
    }
}

/// Finds the place and the heaviest entry of each row.
pub(super) fn locate(diff: &Diff, shown: &Shown<'_>, rows: &mut [Row]) {
    let mut changes = Changes::new(diff, shown, rows.len());
    for (snapshot, is_base) in shown.part.sides() {
        changes.add(snapshot, is_base);
    }
    let lines = changes.lines();
    for (position, (row, lines)) in rows.iter_mut().zip(&lines).enumerate() {
        let best = lines.iter().max_by(|a, b| by_line(diff, a, b));
        row.place = best.map(|((key, spot), _)| Place { key: *key, spot: *spot });
        row.heaviest = match row.subject {
            Subject::Stack(entry) => Some(entry),
            Subject::Group(_) | Subject::NoStack => changes.heaviest[position],
        };
    }
}

/// The lines of a row.
type Lines = HashMap<(KeyId, Spot), Change>;

/// The changes of all rows. A frame counts for one row, so that sums of frames are sums of rows; but for rows that stand
/// for stacks, which have frames in common.
struct Changes<'a> {
    diff: &'a Diff,
    shown: &'a Shown<'a>,
    of_frames: Vec<Change>,
    of_stacks: Vec<Lines>,
    /// The entry with the largest change, by row.
    heaviest: Vec<Option<usize>>,
}

impl<'a> Changes<'a> {
    fn new(diff: &'a Diff, shown: &'a Shown<'a>, rows: usize) -> Self {
        let of_frames = vec![Change::default(); diff.keys.frame_count()];
        let of_stacks = vec![Lines::default(); rows];
        let mut changes = Self { diff, shown, of_frames, of_stacks, heaviest: vec![None; rows] };
        changes.find_heaviest();
        changes
    }

    /// The entries whose change is the largest one of their rows.
    fn find_heaviest(&mut self) {
        let (diff, shown) = (self.diff, self.shown);
        let mut of_entries = vec![Change::default(); diff.entry_count()];
        for (snapshot, is_base) in shown.part.sides() {
            for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(shown.part.metric, snapshot)) {
                of_entries[*entry as usize].add(is_base, value);
            }
        }
        let mut seen = shown.unseen();
        for (entry, change) in of_entries.iter().enumerate().filter(|(_, change)| **change != Change::default()) {
            let mut add = |position: usize| {
                let heaviest = &mut self.heaviest[position];
                let is_heavier = heaviest.is_none_or(|other| {
                    let by_rank = change.rank().cmp(&of_entries[other].rank());
                    by_rank.then_with(|| diff.compare_stacks(other, entry)).is_gt()
                });
                *heaviest = if is_heavier { Some(entry) } else { *heaviest };
            };
            shown.of_leaf(entry).into_iter().for_each(&mut add);
            shown.for_each_caller(diff, (entry, diff.stack(entry)), &mut seen, |position, _| add(position));
        }
    }

    /// Adds up the lines of one snapshot.
    fn add(&mut self, snapshot: usize, is_base: bool) {
        let (diff, shown) = (self.diff, self.shown);
        let samples = diff.entry_of_row(snapshot).iter().zip(diff.row_values(shown.part.metric, snapshot)).enumerate();
        let mut seen = shown.unseen();
        for (sample, (entry, value)) in samples.filter(|(_, (_, value))| *value != 0) {
            let (entry, stack) = (*entry as usize, diff.snapshots[snapshot].stack(sample));
            let mut add = |position: usize, number: usize| match shown.are_stacks() {
                true => self.of_stacks[position].entry(diff.keys.frame(number)).or_default().add(is_base, value),
                false => self.of_frames[number].add(is_base, value),
            };
            if let Some(position) = shown.of_leaf(entry) {
                let mut numbers = stack.iter().flat_map(|location| diff.keys.frame_numbers(*location));
                numbers.next().into_iter().for_each(|number| add(position, number));
            }
            shown.for_each_caller(diff, (entry, stack), &mut seen, |position, frame| {
                frame.into_iter().for_each(|frame| add(position, frame.number));
            });
        }
    }

    /// The lines of each row.
    fn lines(&mut self) -> Vec<Lines> {
        let mut lines = std::mem::take(&mut self.of_stacks);
        for (number, change) in self.of_frames.iter().enumerate().filter(|(_, change)| **change != Change::default()) {
            if let Some(position) = self.shown.of_frame(self.diff, number) {
                let sum = lines[position].entry(self.diff.keys.frame(number)).or_default();
                sum.before += change.before;
                sum.after += change.after;
            }
        }
        lines
    }
}

fn by_line(diff: &Diff, a: &(&(KeyId, Spot), &Change), b: &(&(KeyId, Spot), &Change)) -> Ordering {
    let place = |(key, spot): (KeyId, Spot)| (diff.keys.file(spot), spot.line, diff.keys.key(key).order());
    a.1.rank().cmp(&b.1.rank()).then_with(|| place(*b.0).cmp(&place(*a.0)))
}
