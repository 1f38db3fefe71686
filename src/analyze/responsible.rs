//! Who is responsible: the frame of the user's own code that a row's growth is owed to.
//!
//! In: the rows shown. Out: for each, the application frame nearest the allocation that carries most of the row's
//! growth; where the growing stacks hold none (transport and server goroutines), the application frame whose own
//! growing stacks enter the same package.
//! Invariant: only frames of application code are named, never the standard library or a dependency.

use rustc_hash::FxHashMap;

use crate::diff::{Diff, KeyId};
use crate::model::name::{self, Origin};

use super::tally::RowOfEntry;
use super::{Place, Row};

/// How a responsible frame was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// It stands in the growing stacks themselves.
    Stack,
    /// It stands in other growing stacks that enter the same package.
    Sibling,
}

/// The accountable frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsible {
    /// The function and line.
    pub place: Place,
    /// How it was found.
    pub via: Via,
    /// Whether the frame is the row itself.
    pub is_row: bool,
}

/// A frame and the line it stands at.
type Frame = (KeyId, i64);

/// What one frame is accountable for.
type Blame = FxHashMap<Frame, i64>;

/// Names the responsible frame of each row. `shown` holds the row numbers of `rows`.
pub(super) fn assign(diff: &Diff, numbers: &RowOfEntry, shown: &[usize], rows: &mut [Row]) {
    let growth = entry_growth(diff);
    let position: FxHashMap<usize, usize> = shown.iter().enumerate().map(|(index, row)| (*row, index)).collect();
    let mut blame: Vec<Blame> = vec![Blame::default(); rows.len()];
    let mut packages: Vec<FxHashMap<String, i64>> = vec![FxHashMap::default(); rows.len()];
    let mut entering: FxHashMap<String, Blame> = FxHashMap::default();
    for (entry, growth) in growth.iter().enumerate().filter(|(_, growth)| **growth != 0) {
        let mut seen = Vec::new();
        let nearest = nearest_application_frame(diff, entry);
        if let Some((frame, Some(entered))) = &nearest
            && *growth > 0
        {
            *entering.entry(entered.clone()).or_default().entry(*frame).or_default() += growth;
        }
        numbers.for_each_row(diff, entry, |row| {
            let Some(index) = position.get(&row).filter(|index| !seen.contains(*index)) else { return };
            seen.push(*index);
            if rows[*index].flat.is_zero() || numbers.flat_row(diff, entry) == row {
                match frame_for_row(diff, entry, row, numbers, &nearest) {
                    Some(frame) => *blame[*index].entry(frame).or_default() += growth,
                    None => *packages[*index].entry(root_package(diff, entry)).or_default() += growth,
                }
            }
        });
    }
    for (index, row) in rows.iter_mut().enumerate() {
        let own = best(diff, &blame[index]).filter(|(_, value)| *value > 0);
        let foreign: i64 = packages[index].values().filter(|value| **value > 0).sum();
        row.responsible = match own {
            Some((frame, value)) if value >= foreign => Some((frame, Via::Stack)),
            _ => sibling(diff, &packages[index], &entering).map(|frame| (frame, Via::Sibling)),
        }
        .or(own.map(|(frame, _)| (frame, Via::Stack)))
        .map(|(frame, via)| responsible(diff, row, frame, via));
    }
}

fn responsible(diff: &Diff, row: &Row, (key, line): Frame, via: Via) -> Responsible {
    let group = diff.keys.key(key).group;
    let is_row = row.subject == super::Subject::Group(group);
    Responsible { place: Place { key, line }, via, is_row }
}

/// Growth of each entry from the oldest to the newest snapshot.
fn entry_growth(diff: &Diff) -> Vec<i64> {
    let newest = diff.snapshots.len() - 1;
    let mut growth = diff.column(diff.metric, newest);
    if newest > 0 {
        for (growth, before) in growth.iter_mut().zip(diff.column(diff.metric, 0)) {
            *growth -= before;
        }
    }
    growth
}

/// Standard library functions that run application code on behalf of other application code: a database driver, the
/// constructor of a pool. What is called back there is not accountable when its user stands further up.
const CALLS_BACK: &[&str] = &["database/sql.", "sync.(*Pool).Get"];

/// The application frame nearest the allocation, and the package that it enters towards the leaf, if it calls any.
fn nearest_application_frame(diff: &Diff, entry: usize) -> Option<(Frame, Option<String>)> {
    let mut nearest = None;
    let mut entered: Option<KeyId> = None;
    for (id, line) in diff.keys.frames(diff.stack(entry)) {
        let key = diff.keys.key(id);
        let is_application = key.origin == Origin::Application;
        if nearest.is_none() && is_application {
            let package = entered.map(|key| name::package(&diff.keys.key(key).normalized).into_owned());
            nearest = Some(((id, line), package));
        } else if !is_application && calls_back(&key.normalized) {
            return application_frame_above(diff, entry, id).or(nearest);
        } else if !is_application && nearest.is_some() {
            return nearest;
        }
        entered = Some(id);
    }
    nearest
}

fn calls_back(function: &str) -> bool {
    CALLS_BACK.iter().any(|prefix| function.starts_with(prefix))
}

/// The application frame nearest above `inner`, and the package of `inner`.
fn application_frame_above(diff: &Diff, entry: usize, inner: KeyId) -> Option<(Frame, Option<String>)> {
    let above = diff.keys.frames(diff.stack(entry)).skip_while(|(id, _)| *id != inner);
    let mut application = above.filter(|(id, _)| diff.keys.key(*id).origin == Origin::Application);
    let package = name::package(&diff.keys.key(inner).normalized).into_owned();
    application.next().map(|frame| (frame, Some(package)))
}

/// For a row that allocates itself, the nearest application frame from the leaf; for one that does not, from the row.
fn frame_for_row(
    diff: &Diff,
    entry: usize,
    row: usize,
    numbers: &RowOfEntry,
    nearest: &Option<(Frame, Option<String>)>,
) -> Option<Frame> {
    if numbers.flat_row(diff, entry) == row {
        return nearest.as_ref().map(|(frame, _)| *frame);
    }
    let is_row = |key: KeyId| diff.keys.key(key).group.index() == row;
    let from_row = diff.keys.frames(diff.stack(entry)).skip_while(|(key, _)| !is_row(*key));
    let mut application = from_row.filter(|(key, _)| diff.keys.key(*key).origin == Origin::Application);
    application.next()
}

/// The package of the outermost frame: whose goroutine it is.
fn root_package(diff: &Diff, entry: usize) -> String {
    let root = diff.stack_keys(entry).next_back();
    root.map_or(String::new(), |key| name::package(&diff.keys.key(key).normalized).into_owned())
}

/// The application frame with the most growth entering the package that owns most of the frameless growth.
fn sibling(diff: &Diff, packages: &FxHashMap<String, i64>, entering: &FxHashMap<String, Blame>) -> Option<Frame> {
    let owner = packages.iter().filter(|(_, value)| **value > 0).max_by_key(|(name, value)| (**value, *name))?.0;
    best(diff, entering.get(owner)?).map(|(frame, _)| frame)
}

/// The frame of the function with the largest blame, at the line with the largest blame.
fn best(diff: &Diff, blame: &Blame) -> Option<(Frame, i64)> {
    let mut functions: FxHashMap<KeyId, i64> = FxHashMap::default();
    for ((key, _), value) in blame {
        *functions.entry(*key).or_default() += value;
    }
    let name = |key: KeyId| &diff.keys.key(key).normalized;
    let (key, value) =
        functions.into_iter().max_by(|(a, left), (b, right)| left.cmp(right).then_with(|| name(*b).cmp(name(*a))))?;
    let lines = blame.iter().filter(|((other, _), _)| *other == key);
    let ((_, line), _) = lines.max_by_key(|((_, line), value)| (**value, std::cmp::Reverse(*line)))?;
    Some(((key, *line), value))
}
