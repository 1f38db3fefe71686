//! Frames of an allocator at the leaf of a stack: they stand below every function that allocates, and say nothing of it.
//!
//! In: symbols, snapshots, the visible lines of every location. Out: the same without those frames, also inlined ones.
//! Invariant: only a run at the leaf goes, with what has no name below it (a stripped allocator), and never a whole
//! stack; an allocator's function elsewhere stays.
//! Which functions and binaries these are is said by `model/name`.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::name::{is_allocator, is_allocator_binary};
use crate::model::{Line, Location, LocationId, Snapshot, StringId, Symbols};

use super::filter::Frames;

/// What the lines of a location are to a run from the leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// All are of an allocator.
    Allocator,
    /// So many are, inlined into others.
    Inlined(usize),
    /// None has a name.
    Nameless,
    Others,
}

/// Takes the frames off the leaves.
pub(super) fn leave_out(symbols: &Symbols, frames: &mut Frames<'_>, snapshots: &mut [Snapshot]) {
    let kinds = kinds(symbols, frames);
    let is_native = |kind: &Lines| matches!(kind, Lines::Allocator | Lines::Inlined(_));
    if !kinds.iter().any(is_native) {
        return;
    }
    let kind = |location: LocationId| kinds[location.index()];
    let mut stands_elsewhere = vec![false; kinds.len()];
    for snapshot in snapshots.iter_mut() {
        *snapshot = snapshot.filter_map(|_, stack| {
            let kept = kept_range(stack, kind);
            for (index, location) in stack.iter().enumerate() {
                stands_elsewhere[location.index()] |= index != kept.start;
            }
            Some(kept)
        });
    }
    for ((lines, kind), stands_elsewhere) in frames.iter_mut().zip(&kinds).zip(stands_elsewhere) {
        if let (Lines::Inlined(count), false) = (*kind, stands_elsewhere) {
            *lines = Cow::Owned(lines[count..].to_vec());
        }
    }
}

/// What each location is.
fn kinds(symbols: &Symbols, frames: &Frames<'_>) -> Vec<Lines> {
    let of_functions: Vec<bool> = symbols
        .functions()
        .map(|function| is_allocator(symbols.str(function.name), symbols.str(function.file)))
        .collect();
    let lies_in_allocator = |location: &Location| {
        location.mapping.is_some_and(|mapping| is_allocator_binary(symbols.str(symbols.mapping(mapping).file)))
    };
    let is_nameless = |line: &Line| line.function.is_none_or(|id| symbols.function(id).name == StringId::EMPTY);
    let kind = |(location, lines): (&Location, &Cow<'_, [Line]>)| {
        let is_allocator = |line: &&Line| line.function.is_some_and(|id| of_functions[id.index()]);
        match lines.iter().take_while(is_allocator).count() {
            count if count == lines.len() || lies_in_allocator(location) => Lines::Allocator,
            0 if lines.iter().all(is_nameless) => Lines::Nameless,
            0 => Lines::Others,
            count => Lines::Inlined(count),
        }
    };
    symbols.locations().zip(frames).map(kind).collect()
}

/// The part of a stack above the run; the whole where the run is all there is.
fn kept_range(stack: &[LocationId], kind: impl Fn(LocationId) -> Lines) -> Range<usize> {
    let mut start = 0;
    for (index, location) in stack.iter().enumerate() {
        match kind(*location) {
            Lines::Allocator => start = index + 1,
            Lines::Nameless => {}
            Lines::Inlined(_) => {
                start = index;
                break;
            }
            Lines::Others => break,
        }
    }
    if start == stack.len() { 0..stack.len() } else { start..stack.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_where_something_else_stands() {
        let kept = |kinds: &[Lines]| {
            let stack: Vec<LocationId> = (0..kinds.len() as u32).map(LocationId).collect();
            kept_range(&stack, |location| kinds[location.index()]).start
        };
        use Lines::{Allocator, Inlined, Nameless, Others};
        assert_eq!(kept(&[Allocator, Allocator, Others, Allocator, Others]), 2);
        assert_eq!(kept(&[Nameless, Nameless, Allocator, Nameless, Others]), 3);
        assert_eq!(kept(&[Nameless, Others, Allocator]), 0);
        assert_eq!(kept(&[Allocator, Inlined(1), Allocator, Others]), 1);
        assert_eq!(kept(&[Others, Allocator]), 0);
        assert_eq!(kept(&[Allocator, Nameless]), 1);
        assert_eq!(kept(&[Allocator, Allocator]), 0);
        assert_eq!(kept(&[]), 0);
    }
}
