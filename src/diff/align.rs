//! Alignment: which samples of different snapshots are the same.
//!
//! In: snapshots and the keys of their frames. Out: for every sample the number of its entry. An entry is a sequence of
//! keys together with the size of the blocks allocated there, since Go records each size of a stack apart and its
//! sampling error depends on the size.
//! Invariant: two samples have one entry if and only if their key sequences and block sizes are equal; entries are
//! numbered in the order of first appearance.
//! Knows nothing of values: a diff is a subtraction of columns summed by entry.

use hashbrown::HashTable;
use rayon::prelude::*;

use crate::model::{LabelValue, LabelsId, LocationId, Snapshot, Symbols};

use super::key::{KeyId, Keys};

/// Where an entry was seen first.
#[derive(Debug, Clone, Copy)]
struct Seen {
    snapshot: u32,
    row: u32,
}

/// The entries of a run.
#[derive(Debug)]
pub(super) struct Alignment {
    first_seen: Vec<Seen>,
    /// For each snapshot, the entry of each row.
    pub entry_of_row: Vec<Vec<u32>>,
    /// For each label set, the size of the sampled blocks in bytes; 0 when not stated.
    block_sizes: Vec<i64>,
}

impl Alignment {
    /// Aligns the samples of all snapshots.
    pub fn new(symbols: &Symbols, keys: &Keys, snapshots: &[Snapshot]) -> Self {
        let block_sizes: Vec<i64> =
            (0..symbols.labels_count() as u32).map(|id| block_size(symbols, LabelsId(id))).collect();
        let hashes: Vec<Vec<u64>> = snapshots
            .iter()
            .map(|snapshot| {
                let hash = |row| {
                    let size = block_sizes[snapshot.labels(row).index()];
                    stack_hash(size, snapshot.stack(row), keys)
                };
                (0..snapshot.len()).into_par_iter().with_min_len(4096).map(hash).collect()
            })
            .collect();

        let mut alignment = Self { first_seen: Vec::new(), entry_of_row: Vec::new(), block_sizes };
        let mut table = HashTable::with_capacity(snapshots.iter().map(Snapshot::len).max().unwrap_or(0));
        for (index, snapshot) in snapshots.iter().enumerate() {
            let mut entries = Vec::with_capacity(snapshot.len());
            for (row, hash) in hashes[index].iter().enumerate() {
                let size = alignment.block_sizes[snapshot.labels(row).index()];
                let stack = snapshot.stack(row);
                let is_same = |entry: &(u64, u32)| {
                    entry.0 == *hash && {
                        let (other_size, other) = alignment.entry(snapshots, entry.1);
                        size == other_size && same_keys(stack, other, keys)
                    }
                };
                let entry = match table.find(*hash, is_same) {
                    Some((_, entry)) => *entry,
                    None => {
                        let entry = alignment.first_seen.len() as u32;
                        alignment.first_seen.push(Seen { snapshot: index as u32, row: row as u32 });
                        table.insert_unique(*hash, (*hash, entry), |(hash, _)| *hash);
                        entry
                    }
                };
                entries.push(entry);
            }
            alignment.entry_of_row.push(entries);
        }
        alignment
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.first_seen.len()
    }

    /// The block size and the stack of an entry, as first seen.
    pub fn entry<'a>(&self, snapshots: &'a [Snapshot], entry: u32) -> (i64, &'a [LocationId]) {
        let Seen { snapshot, row } = self.first_seen[entry as usize];
        let snapshot = &snapshots[snapshot as usize];
        (self.block_sizes[snapshot.labels(row as usize).index()], snapshot.stack(row as usize))
    }
}

/// Go's `bytes` label: the size of the blocks that a sample stands for; 0 when there is none.
fn block_size(symbols: &Symbols, labels: LabelsId) -> i64 {
    let size = |label: &crate::model::Label| match label.value {
        LabelValue::Number(size, _) if symbols.str(label.key) == "bytes" => Some(size),
        _ => None,
    };
    symbols.labels(labels).iter().find_map(size).unwrap_or(0)
}

fn same_keys(a: &[LocationId], b: &[LocationId], keys: &Keys) -> bool {
    a == b || keys.of_stack(a).eq(keys.of_stack(b))
}

/// A multiply-and-rotate hash over the keys; the last step spreads the entropy to the bits a hash table looks at.
fn stack_hash(size: i64, stack: &[LocationId], keys: &Keys) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, KeyId(key): KeyId| (hash.rotate_left(26) ^ u64::from(key)).wrapping_mul(ODD);
    let hash = keys.of_stack(stack).fold(size as u64, mix);
    (hash ^ (hash >> 32)).wrapping_mul(ODD)
}
