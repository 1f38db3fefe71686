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
#[derive(Debug, Clone, Copy, Default)]
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

/// The changes of one row.
#[derive(Debug, Clone, Default)]
struct Parts {
    lines: HashMap<(KeyId, Spot), Change>,
    entries: HashMap<usize, Change>,
}

/// Finds the place and the heaviest entry of each row.
pub(super) fn locate(diff: &Diff, shown: &Shown<'_>, rows: &mut [Row]) {
    let mut parts = vec![Parts::default(); rows.len()];
    for (snapshot, is_base) in shown.part.sides() {
        collect(diff, shown, snapshot, is_base, &mut parts);
    }
    for (row, parts) in rows.iter_mut().zip(&parts) {
        let best = parts.lines.iter().max_by(|a, b| by_line(diff, a, b));
        row.place = best.map(|((key, spot), _)| Place { key: *key, spot: *spot });
        let best = parts.entries.iter().max_by(|a, b| by_entry(diff, a, b));
        row.heaviest = match row.subject {
            Subject::Stack(entry) => Some(entry),
            Subject::Group(_) | Subject::NoStack => best.map(|(entry, _)| *entry),
        };
    }
}

/// Adds up one snapshot by line and by entry.
fn collect(diff: &Diff, shown: &Shown<'_>, snapshot: usize, is_base: bool, parts: &mut [Parts]) {
    let samples = diff.entry_of_row(snapshot).iter().zip(diff.row_values(shown.part.metric, snapshot)).enumerate();
    for (sample, (entry, value)) in samples.filter(|(_, (_, value))| *value != 0) {
        let entry = *entry as usize;
        let mut frames = diff.keys.frames(diff.snapshots[snapshot].stack(sample));
        if let Some(position) = shown.of_leaf(entry) {
            parts[position].entries.entry(entry).or_default().add(is_base, value);
            if let Some(leaf) = frames.next() {
                parts[position].lines.entry(leaf).or_default().add(is_base, value);
            }
        }
        let callers = shown.callers(diff, entry);
        let mut frames = diff.keys.frames(diff.snapshots[snapshot].stack(sample)).enumerate();
        for (position, frame) in callers {
            parts[position].entries.entry(entry).or_default().add(is_base, value);
            // Callers come in the order of their frames.
            let frame = frame.and_then(|frame| frames.find(|(at, _)| *at == frame));
            if let Some((_, frame)) = frame {
                parts[position].lines.entry(frame).or_default().add(is_base, value);
            }
        }
    }
}

fn by_line(diff: &Diff, a: &(&(KeyId, Spot), &Change), b: &(&(KeyId, Spot), &Change)) -> Ordering {
    let place = |(key, spot): (KeyId, Spot)| (diff.keys.file(spot), spot.line, diff.keys.key(key).order());
    a.1.rank().cmp(&b.1.rank()).then_with(|| place(*b.0).cmp(&place(*a.0)))
}

fn by_entry(diff: &Diff, a: &(&usize, &Change), b: &(&usize, &Change)) -> Ordering {
    a.1.rank().cmp(&b.1.rank()).then_with(|| diff.compare_stacks(*b.0, *a.0))
}
