//! Who is responsible: the frame of the user's own code that a row's growth is owed to.
//!
//! In: the rows shown. Out: for each, the application frame nearest the allocation that carries most of the row's
//! growth; where the growing stacks hold none (transport and server goroutines), the application frame whose own
//! growing stacks enter the same package.
//! Invariant: only frames of application code are named, never the standard library or a dependency.

use crate::diff::{Diff, KeyId, Spot};
use crate::model::LocationId;
use crate::model::hash::HashMap;
use crate::model::name::{self, Origin};

use super::nearest::{Frame, Nearest, Owner};
use super::shown::Shown;
use super::{Part, Place, Row};

/// How a responsible frame was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
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
}

/// Locations, leaf first.
pub(crate) type Stack<'a> = &'a [LocationId];

/// How much growth each frame is accountable for.
pub(crate) type Blame = HashMap<Frame, i64>;

/// What is known of one row.
#[derive(Debug, Clone, Default)]
struct Case {
    /// Growth by nearest application frame.
    blame: Blame,
    /// Growth of stacks without one, by the package of the outermost frame: whose goroutine it is.
    frameless: HashMap<KeyId, i64>,
}

/// Names the responsible frame of each row.
pub(crate) fn assign(diff: &Diff, growth: &[i64], shown: &Shown<'_>, rows: &mut [Row]) {
    let nearest = Nearest::new(diff);
    let mut cases = vec![Case::default(); rows.len()];
    let mut seen = shown.unseen();
    for_each_change(diff, growth, &shown.part, |entry, stack, value| {
        if let Some(position) = shown.of_leaf(entry) {
            cases[position].add(diff, stack, nearest.of(stack).map(|owner| owner.frame), value);
        }
        let frames = diff.keys.frames(stack).enumerate();
        let mut application = frames.filter(|(_, (key, _))| diff.keys.origin(*key) == Origin::Application).peekable();
        shown.for_each_caller(diff, (entry, stack), &mut seen, |position, frame| {
            // Callers come in the order of their frames, and so do those that are nearest to them.
            while frame.is_some_and(|frame| application.next_if(|(at, _)| *at < frame.at).is_some()) {}
            let above = application.peek().filter(|_| frame.is_some()).map(|(_, frame)| *frame);
            cases[position].add(diff, stack, above, value);
        });
    });
    let packages: Vec<HashMap<String, i64>> = cases.iter().map(|case| by_package(diff, &case.frameless)).collect();
    let needs_siblings = packages.iter().any(|packages| packages.values().any(|growth| *growth > 0));
    let entering = if needs_siblings { entering(diff, growth, &shown.part, &nearest) } else { HashMap::default() };
    let best_of = |(package, blame): (String, Blame)| (package, best(diff, &blame).map(|(frame, _)| frame));
    let entering: HashMap<String, Option<Frame>> = entering.into_iter().map(best_of).collect();
    for (row, (case, packages)) in rows.iter_mut().zip(cases.iter().zip(&packages)) {
        let own = best(diff, &case.blame).filter(|(_, growth)| *growth > 0);
        let frameless: i64 = packages.values().filter(|growth| **growth > 0).sum();
        let found = match own {
            Some((frame, growth)) if growth >= frameless => Some((frame, Via::Stack)),
            _ => sibling(packages, &entering).map(|frame| (frame, Via::Sibling)),
        };
        let found = found.or(own.map(|(frame, _)| (frame, Via::Stack)));
        row.responsible = found.map(|((key, spot), via)| Responsible { place: Place { key, spot }, via });
    }
}

impl Case {
    fn add(&mut self, diff: &Diff, stack: Stack<'_>, frame: Option<Frame>, growth: i64) {
        match (frame, diff.keys.of_stack(stack).next_back()) {
            (Some(frame), _) => *self.blame.entry(frame).or_default() += growth,
            (None, Some(root)) => *self.frameless.entry(root).or_default() += growth,
            (None, None) => {}
        }
    }
}

/// Calls `each` with the entry, the stack and the signed value of every sample of an entry that changed: minus what was
/// there before, plus what is there after. The stacks are those of the samples, so that lines are counted where they
/// stand in each snapshot.
pub(crate) fn for_each_change(
    diff: &Diff,
    growth: &[i64],
    part: &Part<'_>,
    mut each: impl FnMut(usize, Stack<'_>, i64),
) {
    for (snapshot, is_base) in part.sides() {
        let sign = if is_base { -1 } else { 1 };
        let values = diff.row_values(part.metric, snapshot);
        for (sample, (entry, value)) in diff.entry_of_row(snapshot).iter().zip(values).enumerate() {
            let entry = *entry as usize;
            if growth[entry] != 0 && value != 0 {
                each(entry, diff.snapshots[snapshot].stack(sample), sign * value);
            }
        }
    }
}

fn package(diff: &Diff, key: KeyId) -> String {
    name::package(&diff.keys.key(key).canonical).into_owned()
}

fn by_package(diff: &Diff, growth: &HashMap<KeyId, i64>) -> HashMap<String, i64> {
    let mut packages = HashMap::default();
    for (key, growth) in growth {
        *packages.entry(package(diff, *key)).or_default() += growth;
    }
    packages
}

/// For each package, the growth of the stacks through which application frames enter it, by frame.
fn entering(diff: &Diff, growth: &[i64], part: &Part<'_>, nearest: &Nearest<'_>) -> HashMap<String, Blame> {
    let mut by_callee: HashMap<KeyId, Blame> = HashMap::default();
    for_each_change(diff, growth, part, |entry, stack, value| {
        if growth[entry] > 0
            && let Some(Owner { frame, callee: Some(callee) }) = nearest.of(stack)
        {
            *by_callee.entry(callee).or_default().entry(frame).or_default() += value;
        }
    });
    let mut packages: HashMap<String, Blame> = HashMap::default();
    for (callee, blame) in by_callee {
        let package = packages.entry(package(diff, callee)).or_default();
        for (frame, growth) in blame {
            *package.entry(frame).or_default() += growth;
        }
    }
    packages
}

/// The application frame with the most growth entering the package that owns most of the frameless growth.
fn sibling(packages: &HashMap<String, i64>, entering: &HashMap<String, Option<Frame>>) -> Option<Frame> {
    let growing = packages.iter().filter(|(_, growth)| **growth > 0);
    let (owner, _) = growing.max_by_key(|(name, growth)| (**growth, *name))?;
    *entering.get(owner)?
}

/// The frame of the function with the largest blame, at the line with the largest blame.
pub(crate) fn best(diff: &Diff, blame: &Blame) -> Option<(Frame, i64)> {
    let mut functions: HashMap<KeyId, i64> = HashMap::default();
    for ((key, _), growth) in blame {
        *functions.entry(*key).or_default() += growth;
    }
    let order = |key: KeyId| diff.keys.key(key).order();
    let largest =
        |(a, left): &(KeyId, i64), (b, right): &(KeyId, i64)| left.cmp(right).then_with(|| order(*b).cmp(&order(*a)));
    let (key, growth) = functions.into_iter().max_by(largest)?;
    let lines = blame.iter().filter(|((other, _), _)| *other == key);
    let place = |spot: Spot| std::cmp::Reverse((diff.keys.file(spot), spot.line));
    let ((_, spot), _) = lines.max_by_key(|((_, spot), growth)| (**growth, place(*spot)))?;
    Some(((key, *spot), growth))
}
