//! Folded stacks: one line per stack, `root;child;leaf before after`, as inferno and FlameGraph read them.
//!
//! In: a diff. Out: lines in the order of their bytes; with one input a single count stands at the end.
//! Invariant: the counts of all lines add up to the totals; every name can be told back (see [`super::unfolded`]).

use std::cmp::Ordering;
use std::io::{self, Write};

use rayon::slice::ParallelSliceMut;

use crate::diff::{Diff, KeyId, Stacks};

use super::Options;
use super::escape::folded;

/// The line of the samples that have no stack.
const NO_STACK: &str = "(no stack)";

/// Writes the compared metric of a diff.
///
/// # Errors
/// When a value is negative, which the format has no room for, or when `out` fails.
pub(super) fn write(diff: &Diff, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    let stacks = Stacks::new(diff, &[diff.metric]);
    let names: Vec<String> = (0..diff.keys.len() as u32).map(|key| frame(diff, KeyId(key))).collect();
    let mut order = stacks.live().to_vec();
    order.par_sort_unstable_by(|a, b| compare(&stacks, &names, *a as usize, *b as usize));
    let same = |a: &u32, b: &u32| compare(&stacks, &names, *a as usize, *b as usize).is_eq();
    let lines: Vec<(usize, i64, i64)> = order.chunk_by(same).map(|same| sum(&stacks, same)).collect();
    // Before anything is written: an error leaves nothing half done.
    if lines.iter().any(|(_, before, after)| *before < 0 || *after < 0) {
        let message = "folded stacks cannot hold negative values; the pprof format (.pb.gz) can";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let mut line = String::new();
    for (stack, before, after) in lines {
        line.clear();
        for key in stacks.keys(stack).rev() {
            line.push_str(&names[key.index()]);
            line.push(';');
        }
        match line.pop() {
            Some(_) => out.write_all(line.as_bytes())?,
            None => out.write_all(NO_STACK.as_bytes())?,
        }
        match diff.snapshots.len() {
            1 => writeln!(out, " {after}")?,
            _ => writeln!(out, " {before} {after}")?,
        }
    }
    Ok(())
}

/// The first of stacks that are one line, with before and after of all.
fn sum(stacks: &Stacks<'_>, same: &[u32]) -> (usize, i64, i64) {
    let values = same.iter().flat_map(|stack| stacks.values(*stack as usize));
    let (before, after) = values.fold((0, 0), |(before, after), (b, a)| (before + b, after + a));
    (same[0] as usize, before, after)
}

/// A frame as it is written: with its place where one function can be several frames.
fn frame(diff: &Diff, key: KeyId) -> String {
    let key = diff.keys.key(key);
    match (key.line, key.file.as_str()) {
        (0, _) | (_, "") => folded(&key.name).into_owned(),
        (line, file) => folded(&format!("{} ({file}:{line})", key.name)).into_owned(),
    }
}

/// The order of the bytes of two lines, as far as their stacks go: a frame ends with `;`, the last with a space.
fn compare(stacks: &Stacks<'_>, names: &[String], a: usize, b: usize) -> Ordering {
    let (mut left, mut right) = (stacks.keys(a).rev(), stacks.keys(b).rev());
    let (mut left_key, mut right_key) = (left.next(), right.next());
    loop {
        let (next_left, next_right) = (left.next(), right.next());
        let ordering = match (left_key, right_key) {
            (Some(a), Some(b)) if a == b => next_left.is_some().cmp(&next_right.is_some()),
            (a, b) => {
                let name = |key: Option<KeyId>| key.map_or(NO_STACK, |key| names[key.index()].as_str()).bytes();
                let end = |next: Option<KeyId>| if next.is_some() { b';' } else { b' ' };
                name(a).chain([end(next_left)]).cmp(name(b).chain([end(next_right)]))
            }
        };
        if ordering.is_ne() || (next_left.is_none() && next_right.is_none()) {
            return ordering;
        }
        (left_key, right_key) = (next_left, next_right);
    }
}
