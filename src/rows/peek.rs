//! Callers and callees of the functions that a pattern names, as pprof's `peek`.
//!
//! In: a diff and a pattern. Out: functions with what they hold, and with each caller and callee what goes through the call.
//! Invariant: sums are those of pprof: each sample counts once for a function and once for a call between two, however
//! often they stand in its stack; a function that calls itself directly is no caller of its own.
//! Knows nothing of text for people.

use std::cmp::Reverse;

use regex::Regex;

use crate::diff::{Diff, KeyId};
use crate::model::Series;
use crate::model::hash::HashMap;
use crate::model::name::short;

/// A function with its neighbours.
#[derive(Debug, Clone)]
pub struct Peeked {
    /// The function.
    pub key: KeyId,
    /// What it allocated itself, in the oldest and in the newest snapshot.
    pub flat: Series,
    /// What it allocated or called for.
    pub cum: Series,
    /// Who calls it, by what comes through the call.
    pub callers: Vec<Call>,
    /// What it calls.
    pub callees: Vec<Call>,
}

/// A call from the function or to it.
#[derive(Debug, Clone)]
pub struct Call {
    /// The function at its other end.
    pub key: KeyId,
    /// What goes through it.
    pub weight: Series,
}

/// The functions whose name matches as a row has it, or without its import path. Only the oldest and the newest snapshot
/// count. The order is that of cumulative growth; callers and callees are in the order of theirs.
pub fn peek(diff: &Diff, pattern: &Regex) -> Vec<Peeked> {
    let matches = |key: &crate::diff::Key| pattern.is_match(&key.name) || pattern.is_match(&short(&key.name));
    let wanted: Vec<bool> = diff.keys.iter().map(matches).collect();
    let newest = diff.snapshots.len().saturating_sub(1);
    let sides = if newest > 0 { vec![0, newest] } else { vec![newest] };
    let mut sums = AllSums::default();
    for (column, snapshot) in sides.iter().enumerate() {
        sums.add(diff, &wanted, *snapshot, column);
    }
    sums.peeked(diff, sides.len())
}

/// Sums of the oldest and the newest snapshot.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    values: [i64; 2],
    /// The last row that was counted, plus one: a row counts once, however often it comes by.
    last: [usize; 2],
}

impl Sums {
    fn add(&mut self, column: usize, row: usize, value: i64) {
        if self.last[column] != row + 1 {
            self.last[column] = row + 1;
            self.values[column] += value;
        }
    }

    fn series(&self, width: usize) -> Series {
        Series(self.values[..width].to_vec())
    }
}

/// What the functions asked for hold, and what goes through each call at one of them.
#[derive(Default)]
struct AllSums {
    flat: HashMap<KeyId, Sums>,
    cum: HashMap<KeyId, Sums>,
    /// By caller and callee.
    calls: HashMap<(KeyId, KeyId), Sums>,
}

impl AllSums {
    fn add(&mut self, diff: &Diff, wanted: &[bool], snapshot: usize, column: usize) {
        for (row, value) in diff.row_values(diff.metric, snapshot).enumerate().filter(|(_, value)| *value != 0) {
            let mut callee = None;
            for key in diff.keys.of_stack(diff.snapshots[snapshot].stack(row)) {
                if wanted[key.index()] {
                    self.cum.entry(key).or_default().add(column, row, value);
                    if callee.is_none() {
                        self.flat.entry(key).or_default().add(column, row, value);
                    }
                }
                if let Some(callee) = callee.filter(|callee: &KeyId| *callee != key)
                    && (wanted[key.index()] || wanted[callee.index()])
                {
                    self.calls.entry((key, callee)).or_default().add(column, row, value);
                }
                callee = Some(key);
            }
        }
    }

    fn peeked(self, diff: &Diff, width: usize) -> Vec<Peeked> {
        let function = |(key, cum): (&KeyId, &Sums)| {
            let flat = self.flat.get(key).copied().unwrap_or_default();
            let (flat, cum) = (flat.series(width), cum.series(width));
            (*key, Peeked { key: *key, flat, cum, callers: Vec::new(), callees: Vec::new() })
        };
        let mut functions: HashMap<KeyId, Peeked> = self.cum.iter().map(function).collect();
        for ((caller, callee), sums) in &self.calls {
            let call = |key: &KeyId| Call { key: *key, weight: sums.series(width) };
            if let Some(function) = functions.get_mut(callee) {
                function.callers.push(call(caller));
            }
            if let Some(function) = functions.get_mut(caller) {
                function.callees.push(call(callee));
            }
        }
        let mut functions: Vec<Peeked> = functions.into_values().collect();
        let rank = |series: &Series| Reverse((series.delta(), series.after()));
        let name = |key: KeyId| diff.keys.key(key).order();
        for function in &mut functions {
            for calls in [&mut function.callers, &mut function.callees] {
                calls.sort_by(|a, b| rank(&a.weight).cmp(&rank(&b.weight)).then_with(|| name(a.key).cmp(&name(b.key))));
            }
        }
        functions.sort_by(|a, b| rank(&a.cum).cmp(&rank(&b.cum)).then_with(|| name(a.key).cmp(&name(b.key))));
        functions
    }
}
