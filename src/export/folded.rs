//! Folded stacks: one line per stack, `root;child;leaf before after`, as inferno and FlameGraph read them.
//!
//! In: a diff. Out: lines in the order of their bytes; with one input a single count stands at the end.
//! Invariant: the counts of all lines add up to the totals; every name can be told back (see [`super::unfolded`]).

use std::cmp::Ordering;
use std::io::{self, Write};

use rayon::slice::ParallelSliceMut;

use crate::diff::{Diff, KeyId, Stacks};
use crate::model::called;

use super::escape::folded;
use super::{Options, too_long};

/// The line of the samples that have no stack.
const NO_STACK: &str = "(no stack)";

/// Writes the compared metric of a diff.
///
/// # Errors
/// When a value is negative, which the format has no room for, or when `out` fails.
pub(super) fn write(diff: &Diff, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let stacks = Stacks::new(diff, &[diff.metric]);
    let names: Vec<String> = (0..diff.keys.len() as u32).map(|key| frame(diff, KeyId(key))).collect();
    check_length(&stacks, &names, options.most_bytes)?;
    let mut order = stacks.live().to_vec();
    order.par_sort_unstable_by(|a, b| compare(&stacks, &names, *a as usize, *b as usize));
    let same = |a: &u32, b: &u32| compare(&stacks, &names, *a as usize, *b as usize).is_eq();
    let lines: Vec<(usize, i64, i64)> = order.chunk_by(same).map(|same| sum(&stacks, same)).collect();
    // Before anything is written: an error leaves nothing half done.
    if let Some((_, before, _)) = lines.iter().find(|(_, before, after)| *before < 0 || *after < 0) {
        return Err(negative(diff, *before < 0));
    }
    for (stack, before, after) in lines {
        let mut separator = "";
        for key in stacks.keys(stack).rev() {
            out.write_all(separator.as_bytes())?;
            out.write_all(names[key.index()].as_bytes())?;
            separator = ";";
        }
        if separator.is_empty() {
            out.write_all(NO_STACK.as_bytes())?;
        }
        match diff.snapshots.len() {
            1 => writeln!(out, " {after}")?,
            _ => writeln!(out, " {before} {after}")?,
        }
    }
    Ok(())
}

/// The error for a value that the format has no room for.
fn negative(diff: &Diff, is_before: bool) -> io::Error {
    let snapshot = if is_before { diff.snapshots.first() } else { diff.snapshots.last() };
    let input = snapshot.map_or(String::new(), |snapshot| called(&snapshot.header.label, &snapshot.header.path));
    let message = format!(
        "{input}: a stack holds less than nothing of {}: folded stacks cannot hold negative values; the pprof format \
         (.pb.gz) can",
        diff.metric().name
    );
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Stacks cannot be left out, so that more text than there may be is an error before anything is written.
fn check_length(stacks: &Stacks<'_>, names: &[String], most: u64) -> io::Result<()> {
    let mut bytes = 0_u64;
    for stack in stacks.live() {
        bytes += stacks.keys(*stack as usize).map(|key| names[key.index()].len() as u64 + 1).sum::<u64>();
        if bytes > most {
            return Err(too_long(most));
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
