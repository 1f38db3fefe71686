//! The stacks of each row that grew most.
//!
//! In: the rows shown. Out: for each, stacks with their values, heaviest first. Invariant: the values of a stack are those
//! of the whole stack, blocks of all sizes added up; a row that allocates nothing itself has the stacks that run through it.

use std::cmp::Reverse;

use crate::diff::Diff;
use crate::model::Series;
use crate::model::hash::HashMap;

use super::shown::Shown;
use super::tally::RowOfEntry;
use super::{Part, Row, Subject};

/// A stack of a row.
#[derive(Debug, Clone)]
pub struct Heavy {
    /// One of its entries.
    pub entry: usize,
    /// Its value in the oldest and in the newest snapshot.
    pub value: Series,
}

/// At most `most` stacks of each row, by growth; where there is only one snapshot, by value.
pub fn heaviest(diff: &Diff, rows: &[Row], most: usize) -> Vec<Vec<Heavy>> {
    let numbers = RowOfEntry::new(diff);
    let number = |row: &Row| match row.subject {
        Subject::Group(group) => group.index(),
        Subject::Stack(entry) => diff.stack_of(entry),
        Subject::NoStack => diff.keys.group_count(),
    };
    let shown: Vec<usize> = rows.iter().map(number).collect();
    let shown = Shown::new(&numbers, &shown, rows, Part::whole(diff));
    let mut sums: Vec<HashMap<usize, [i64; 2]>> = vec![HashMap::default(); rows.len()];
    let mut seen = shown.unseen();
    for (snapshot, is_base) in Part::whole(diff).sides() {
        let values = diff.entry_of_row(snapshot).iter().zip(diff.row_values(diff.metric, snapshot)).enumerate();
        for (sample, (entry, value)) in values.filter(|(_, (_, value))| *value != 0) {
            let entry = *entry as usize;
            let mut add = |position: usize| {
                sums[position].entry(diff.stack_of(entry)).or_default()[usize::from(!is_base)] += value;
            };
            shown.of_leaf(entry).into_iter().for_each(&mut add);
            let stack = diff.snapshots[snapshot].stack(sample);
            shown.for_each_caller(diff, (entry, stack), &mut seen, |position, _| add(position));
        }
    }
    sums.into_iter().map(|stacks| ranked(diff, stacks, most)).collect()
}

fn ranked(diff: &Diff, stacks: HashMap<usize, [i64; 2]>, most: usize) -> Vec<Heavy> {
    let heavy = |(stack, values): (usize, [i64; 2])| Heavy {
        entry: diff.first_entry(stack),
        value: Series(if diff.snapshots.len() > 1 { values.to_vec() } else { vec![values[1]] }),
    };
    let mut stacks: Vec<Heavy> = stacks.into_iter().map(heavy).collect();
    stacks.sort_by(|a, b| {
        let rank = |heavy: &Heavy| Reverse((heavy.value.delta(), heavy.value.after()));
        rank(a).cmp(&rank(b)).then_with(|| diff.compare_stacks(a.entry, b.entry))
    });
    stacks.truncate(most);
    stacks
}
