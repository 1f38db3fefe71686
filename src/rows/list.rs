//! Growth line by line, of the functions that a pattern names.
//!
//! In: a diff and a pattern. Out: functions with the lines at which they hold anything. Invariant: a line's sums are those
//! of pprof: flat what is allocated at it, cum what is allocated below it, each stack once; so are the function's own.
//! Knows nothing of source files but their names.

use regex::Regex;

use crate::diff::{Diff, KeyId, Spot};
use crate::model::hash::HashMap;
use crate::model::name::short;
use crate::model::{FunctionId, LocationId};

use crate::model::Series;

/// A function in one file.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name, as in a row.
    pub name: String,
    /// Its file as the newest profile that names it spells it; empty when not stated.
    pub file: String,
    /// The line it is declared at in that file; 0 when not stated.
    pub declared: i64,
    /// The first line of its source: where it begins, or else some lines before the first of `lines`.
    pub first: i64,
    /// What it allocated itself, in the oldest and in the newest snapshot.
    pub flat: Series,
    /// What it allocated or called for.
    pub cum: Series,
    /// The lines with anything in either snapshot, in order; number 0 stands for no line stated.
    pub lines: Vec<Line>,
}

/// A line of a function.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number.
    pub number: i64,
    /// What was allocated at it, in the oldest and in the newest snapshot.
    pub flat: Series,
    /// What was allocated at or below it.
    pub cum: Series,
}

/// Lines shown before the first and after the last that holds anything, as in pprof.
pub const MARGIN: i64 = 5;

/// The functions whose name matches as a profile spells it, normalised or without its import path. Only the oldest and
/// the newest snapshot count. The order is that of flat growth, then of cumulative growth.
pub fn list(diff: &Diff, pattern: &Regex) -> Vec<Function> {
    let mut table = Table::new(diff, pattern);
    let newest = diff.snapshots.len().saturating_sub(1);
    for (column, snapshot) in if newest > 0 { vec![0, newest] } else { vec![newest] }.into_iter().enumerate() {
        table.add(diff, snapshot, column);
    }
    let mut functions = table.functions(diff, if newest > 0 { 2 } else { 1 });
    let growth = |function: &Function| (function.flat.delta(), function.cum.delta());
    functions.sort_by(|one, other| {
        let by_growth = growth(other).cmp(&growth(one));
        by_growth.then_with(|| (&one.name, &one.file).cmp(&(&other.name, &other.file)))
    });
    functions
}

/// Sums of the oldest and the newest snapshot.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    flat: [i64; 2],
    cum: [i64; 2],
    /// The last row that was counted, plus one: a row counts once, however often it comes by.
    last: [usize; 2],
}

impl Sums {
    fn add(&mut self, column: usize, row: usize, value: i64, is_leaf: bool) {
        if is_leaf {
            self.flat[column] += value;
        }
        if self.last[column] != row + 1 {
            self.last[column] = row + 1;
            self.cum[column] += value;
        }
    }

    fn is_zero(&self) -> bool {
        self.flat == [0, 0] && self.cum == [0, 0]
    }

    fn series(&self, width: usize) -> (Series, Series) {
        (Series(self.flat[..width].to_vec()), Series(self.cum[..width].to_vec()))
    }
}

/// What is known of a function in one file.
struct Group {
    key: KeyId,
    function: FunctionId,
    sums: Sums,
}

/// What is known of a line.
struct Slot {
    group: usize,
    number: i64,
    /// Where the function that the line is in begins, by its own statement or by the margin.
    first: i64,
    sums: Sums,
}

/// The lines that matter, and for every frame of every location which of them it is.
struct Table {
    groups: Vec<Group>,
    slots: Vec<Slot>,
    starts: Vec<usize>,
    slot_of_frame: Vec<Option<u32>>,
}

impl Table {
    fn new(diff: &Diff, pattern: &Regex) -> Self {
        let symbols = &diff.symbols;
        let name_matches = |function: FunctionId| pattern.is_match(symbols.str(symbols.function(function).name));
        let functions: Vec<bool> =
            (0..symbols.function_count()).map(|id| name_matches(FunctionId(id as u32))).collect();
        let key_matches = |id: usize| {
            let name = &diff.keys.key(KeyId(id as u32)).name;
            pattern.is_match(name) || pattern.is_match(&short(name))
        };
        let keys: Vec<bool> = (0..diff.keys.len()).map(key_matches).collect();

        let mut table = Self { groups: Vec::new(), slots: Vec::new(), starts: vec![0], slot_of_frame: Vec::new() };
        let mut known_groups = HashMap::default();
        let mut known_slots: HashMap<(KeyId, Spot), u32> = HashMap::default();
        for id in (0..symbols.location_count() as u32).map(LocationId) {
            let lines = &symbols.location(id).lines;
            for ((key, spot), visible) in diff.keys.frames(&[id]).zip(diff.keys.visible_lines(id)) {
                let line = lines.get(*visible as usize);
                let function = line.and_then(|line| line.function);
                let named = function.filter(|function| keys[key.index()] || functions[function.index()]);
                let slot = named.map(|function| {
                    let group = *known_groups.entry((key, diff.keys.file(spot))).or_insert_with(|| {
                        table.groups.push(Group { key, function, sums: Sums::default() });
                        table.groups.len() - 1
                    });
                    // Later locations are those of newer snapshots.
                    table.groups[group].function = function;
                    *known_slots.entry((key, spot)).or_insert_with(|| {
                        let declared = symbols.function(function).start_line;
                        let is_plausible = declared > 0 && declared <= spot.line;
                        let first = if is_plausible { declared } else { spot.line.saturating_sub(MARGIN) };
                        table.slots.push(Slot { group, number: spot.line, first, sums: Sums::default() });
                        table.slots.len() as u32 - 1
                    })
                });
                table.slot_of_frame.push(slot);
            }
            table.starts.push(table.slot_of_frame.len());
        }
        table
    }

    /// Adds the values of a snapshot to a column.
    fn add(&mut self, diff: &Diff, snapshot: usize, column: usize) {
        let Self { groups, slots, starts, slot_of_frame } = self;
        for (row, value) in diff.row_values(diff.metric, snapshot).enumerate().filter(|(_, value)| *value != 0) {
            let range = |location: &LocationId| starts[location.index()]..starts[location.index() + 1];
            let frames = diff.snapshots[snapshot].stack(row).iter().flat_map(range);
            for (depth, frame) in frames.enumerate() {
                let Some(slot) = slot_of_frame[frame] else { continue };
                let slot = &mut slots[slot as usize];
                slot.sums.add(column, row, value, depth == 0);
                groups[slot.group].sums.add(column, row, value, depth == 0);
            }
        }
    }

    fn functions(self, diff: &Diff, width: usize) -> Vec<Function> {
        let mut lines_of: Vec<Vec<Slot>> = self.groups.iter().map(|_| Vec::new()).collect();
        for slot in self.slots.into_iter().filter(|slot| !slot.sums.is_zero()) {
            lines_of[slot.group].push(slot);
        }
        let function = |(group, mut slots): (Group, Vec<Slot>)| {
            slots.sort_by_key(|slot| slot.number);
            let first = slots.iter().map(|slot| slot.first).min()?;
            let described = diff.symbols.function(group.function);
            let line = |slot: &Slot| {
                let (flat, cum) = slot.sums.series(width);
                Line { number: slot.number, flat, cum }
            };
            let (flat, cum) = group.sums.series(width);
            Some(Function {
                name: diff.keys.key(group.key).name.to_string(),
                file: diff.symbols.str(described.file).to_owned(),
                declared: described.start_line,
                first: first.max(1),
                flat,
                cum,
                lines: slots.iter().map(line).collect(),
            })
        };
        self.groups.into_iter().zip(lines_of).filter_map(function).collect()
    }
}
