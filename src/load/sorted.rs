//! Inputs of a folder, sorted by what they hold.
//!
//! In: the bytes of inputs that may be anything. Out: what was loaded, by content, each group with symbols of its own; and
//! what could not be loaded, with the reason. Invariant: each input is in one of them; none keeps the others from
//! being loaded.

use std::convert::Infallible;

use rayon::prelude::*;

use crate::model::{Kind, Metric, SharedStacks, Snapshot, Symbols, Warning, called};

use super::decoded::Decoded;
use super::error::{Error, Problem};
use super::fold::{Folded, fold};
use super::{DecodedInput, Input, Limits, Loaded, finish, in_waves};

/// What a profile is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// Memory.
    Heap,
    /// Goroutines.
    Goroutines,
    /// Goroutines that are proven to have leaked.
    ProvenLeaks,
    /// Anything else: time, locks, events.
    Other,
}

impl Content {
    /// By what a profile counts.
    pub fn of<'a>(metrics: impl Iterator<Item = &'a Metric> + Clone) -> Self {
        match () {
            () if metrics.clone().any(Metric::is_memory) => Self::Heap,
            () if metrics.clone().any(Metric::is_of_proven_leaks) => Self::ProvenLeaks,
            () if metrics.clone().any(|metric| metric.kind() == Kind::Goroutines) => Self::Goroutines,
            () => Self::Other,
        }
    }
}

/// Inputs that are about the same.
#[derive(Debug)]
pub struct Group {
    /// What they are about.
    pub content: Content,
    /// What they hold, in the order given.
    pub loaded: Loaded,
}

/// Inputs by what they are.
#[derive(Debug)]
pub struct Sorted {
    /// By content.
    pub groups: Vec<Group>,
    /// What could not be loaded, in the order given.
    pub others: Vec<Error>,
}

/// A group under way.
struct Collected {
    content: Content,
    symbols: Symbols,
    warnings: Vec<Warning>,
    stacks: SharedStacks,
    snapshots: Vec<Snapshot>,
}

/// Loads all inputs that can be loaded, side by side.
pub fn sort(inputs: Vec<Input>, limits: Limits) -> Sorted {
    let count = inputs.len();
    let (mut groups, mut others) = (Vec::new(), Vec::new());
    let Ok(()) = in_waves(inputs, limits, |decoded| {
        take_all(decoded, count, &mut groups, &mut others);
        Ok::<(), Infallible>(())
    });
    groups.sort_by_key(|group: &Collected| group.content);
    let group = |Collected { content, symbols, warnings, stacks, snapshots }| Group {
        content,
        loaded: finish(symbols, warnings, stacks, snapshots),
    };
    Sorted { groups: groups.into_iter().map(group).collect(), others }
}

/// Folds inputs into the groups that they belong to.
fn take_all(decoded: Vec<DecodedInput>, count: usize, groups: &mut Vec<Collected>, others: &mut Vec<Error>) {
    let mut folded = Vec::with_capacity(decoded.len());
    for (label, path, decoded) in decoded {
        let input = called(&label, &path);
        let result = decoded.and_then(|decoded| fold_into(groups, decoded, count, &label, &path));
        match result {
            Ok((group, result)) => folded.push((input, group, result)),
            Err(problem) => others.push(Error { input, problem }),
        }
    }
    let finished: Vec<_> = folded
        .into_par_iter()
        .map(|(input, group, folded)| {
            let snapshots: Result<Vec<Snapshot>, Problem> = folded.into_snapshots();
            (input, group, snapshots)
        })
        .collect();
    for (input, group, snapshots) in finished {
        match (snapshots, groups.get_mut(group)) {
            (Ok(snapshots), Some(group)) => {
                for mut snapshot in snapshots {
                    group.stacks.take(&mut snapshot);
                    group.snapshots.push(snapshot);
                }
            }
            (Err(problem), _) => others.push(Error { input, problem }),
            (Ok(_), None) => {}
        }
    }
}

/// Folds an input into its group, which may be a new one; the number of the group.
fn fold_into(
    groups: &mut Vec<Collected>,
    decoded: Decoded,
    count: usize,
    label: &str,
    path: &str,
) -> Result<(usize, Folded), Problem> {
    let content = Content::of(decoded.metrics().iter());
    let known = groups.iter().position(|group| group.content == content);
    let number = known.unwrap_or(groups.len());
    if known.is_none() {
        groups.push(Collected {
            content,
            symbols: Symbols::default(),
            warnings: Vec::new(),
            stacks: SharedStacks::of(count),
            snapshots: Vec::new(),
        });
    }
    let Some(Collected { symbols, warnings, .. }) = groups.get_mut(number) else { return Err(Problem::Empty) };
    // What is said of an input that is not loaded after all is said for nothing.
    let said = warnings.len();
    let folded = fold(decoded, label, path, symbols, warnings);
    if folded.is_err() {
        warnings.truncate(said);
    }
    Ok((number, folded?))
}
