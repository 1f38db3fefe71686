//! Alignment: which samples of different snapshots are the same.
//!
//! In: snapshots and the keys of their frames. Out: for every sample the number of its entry. An entry is a stack, that
//! is a sequence of keys, together with the size of the blocks allocated there, since Go records each size of a stack
//! apart and its sampling error depends on the size.
//! Invariant: two samples have one entry if and only if their key sequences and block sizes are equal; entries and
//! stacks are numbered in the order of first appearance.
//! Knows nothing of values: a diff is a subtraction of columns summed by entry.

use hashbrown::HashTable;
use rayon::prelude::*;

use crate::model::{Label, LabelValue, LabelsId, LocationId, Snapshot, Symbols};

use super::key::Keys;

/// One stack with one block size.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Where it was seen first.
    snapshot: u32,
    row: u32,
    stack: u32,
    /// The next entry of the same stack, or `NONE`.
    sibling: u32,
    block_size: i64,
}

const NONE: u32 = u32::MAX;

/// The entries of a run.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    entries: Vec<Entry>,
    /// The first entry of each stack.
    stacks: Vec<u32>,
    /// For each snapshot, the entry of each row.
    pub entry_of_row: Vec<Vec<u32>>,
}

impl Alignment {
    /// Aligns the samples of all snapshots.
    pub fn new(symbols: &Symbols, keys: &Keys, snapshots: &[Snapshot]) -> Self {
        let block_sizes: Vec<i64> =
            (0..symbols.labels_count() as u32).map(|id| block_size(symbols, LabelsId(id))).collect();
        let hashes: Vec<Vec<u64>> = snapshots
            .iter()
            .map(|snapshot| {
                let hash = |row| keys.hash(snapshot.stack(row));
                (0..snapshot.len()).into_par_iter().with_min_len(4096).map(hash).collect()
            })
            .collect();
        let largest = snapshots.iter().map(Snapshot::len).max().unwrap_or(0);
        let mut alignment = Self::default();
        let mut table = HashTable::with_capacity(largest);
        for (index, (snapshot, hashes)) in snapshots.iter().zip(&hashes).enumerate() {
            let mut entries = Vec::with_capacity(snapshot.len());
            for (row, hash) in hashes.iter().enumerate() {
                let block_size = block_sizes[snapshot.labels(row).index()];
                let seen = Entry { snapshot: index as u32, row: row as u32, stack: 0, sibling: NONE, block_size };
                let is_same = |(other, stack): &(u64, u32)| {
                    let known = alignment.stacks[*stack as usize];
                    other == hash && same_keys(snapshot.stack(row), alignment.locations(snapshots, known), keys)
                };
                let stack = table.find(*hash, is_same).map(|(_, stack)| *stack);
                entries.push(match stack {
                    Some(stack) => alignment.entry_of_stack(stack, seen),
                    None => {
                        let stack = alignment.stacks.len() as u32;
                        table.insert_unique(*hash, (*hash, stack), |(hash, _)| *hash);
                        alignment.stacks.push(alignment.entries.len() as u32);
                        alignment.push(Entry { stack, ..seen })
                    }
                });
            }
            alignment.entry_of_row.push(entries);
        }
        alignment
    }

    fn push(&mut self, entry: Entry) -> u32 {
        self.entries.push(entry);
        self.entries.len() as u32 - 1
    }

    /// The entry of a known stack with the block size of `seen`, which is added when new.
    fn entry_of_stack(&mut self, stack: u32, seen: Entry) -> u32 {
        let mut at = self.stacks[stack as usize];
        while self.entries[at as usize].block_size != seen.block_size {
            if self.entries[at as usize].sibling == NONE {
                let added = self.push(Entry { stack, ..seen });
                self.entries[at as usize].sibling = added;
                return added;
            }
            at = self.entries[at as usize].sibling;
        }
        at
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many stacks there are.
    pub fn stack_count(&self) -> usize {
        self.stacks.len()
    }

    /// The stack of an entry.
    pub fn stack_of(&self, entry: usize) -> usize {
        self.entries[entry].stack as usize
    }

    /// The first entry of a stack.
    pub fn first_entry(&self, stack: usize) -> usize {
        self.stacks[stack] as usize
    }

    /// The size of an entry's blocks in bytes; 0 when not stated.
    pub fn block_size(&self, entry: usize) -> i64 {
        self.entries[entry].block_size
    }

    /// The locations of an entry, as first seen.
    pub fn locations<'a>(&self, snapshots: &'a [Snapshot], entry: u32) -> &'a [LocationId] {
        let Entry { snapshot, row, .. } = self.entries[entry as usize];
        snapshots[snapshot as usize].stack(row as usize)
    }
}

/// Go's `bytes` label: the size of the blocks that a sample stands for; 0 when there is none.
fn block_size(symbols: &Symbols, labels: LabelsId) -> i64 {
    let size = |label: &Label| match label.value {
        LabelValue::Number(size, _) if symbols.str(label.key) == "bytes" => Some(size),
        _ => None,
    };
    symbols.labels(labels).iter().find_map(size).unwrap_or(0)
}

fn same_keys(a: &[LocationId], b: &[LocationId], keys: &Keys) -> bool {
    a == b || keys.of_stack(a).eq(keys.of_stack(b))
}
