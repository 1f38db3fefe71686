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

use crate::model::hash::HashMap;
use crate::model::{LabelsId, LocationId, Snapshot, Symbols};

use super::key::{GroupId, Keys};

/// One stack with one block size.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Where it was seen first.
    snapshot: u32,
    row: u32,
    stack: u32,
    /// The number of the size of its blocks.
    size: u32,
}

/// Stands for a number that is not given yet.
const NONE: u32 = u32::MAX;

/// The entries of a run.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    entries: Vec<Entry>,
    /// The first entry of each stack.
    stacks: Vec<u32>,
    /// The different sizes of blocks and the groups that stand for labels, by number.
    sizes: Vec<Size>,
    /// For each snapshot, the entry of each row.
    pub entry_of_row: Vec<Vec<u32>>,
}

/// What of its labels tells an entry from others with the same stack: the size of its blocks, and where rows stand for the
/// values of a label, which of them.
type Size = (i64, Option<GroupId>);

/// The sizes of blocks that label sets state.
struct BlockSizes {
    /// The number of the size that each set states.
    numbers: Vec<u32>,
    sizes: Vec<Size>,
}

impl BlockSizes {
    fn new(symbols: &Symbols, keys: &Keys) -> Self {
        let mut known: HashMap<Size, u32> = HashMap::default();
        let mut sizes = Vec::new();
        let number = |labels: u32| {
            let labels = LabelsId(labels);
            *known.entry((symbols.block_size(labels), keys.group_of_labels(labels))).or_insert_with_key(|size| {
                sizes.push(*size);
                sizes.len() as u32 - 1
            })
        };
        let numbers = (0..symbols.labels_count() as u32).map(number).collect();
        Self { numbers, sizes }
    }
}

/// Samples from which stacks are interned in several shards: side by side, each in a table that fits the cache.
const MANY: usize = 1 << 16;
const SHARDS: usize = 16;

impl Alignment {
    /// Aligns the samples of all snapshots.
    pub fn new(symbols: &Symbols, keys: &Keys, snapshots: &[Snapshot]) -> Self {
        Self::by_hash(|stack| keys.hash(stack), symbols, keys, snapshots)
    }

    /// As [`Alignment::new`]; any hash of the keys of a stack leads to the same alignment.
    fn by_hash(
        hash: impl Fn(&[LocationId]) -> u64 + Sync,
        symbols: &Symbols,
        keys: &Keys,
        snapshots: &[Snapshot],
    ) -> Self {
        let sizes = BlockSizes::new(symbols, keys);
        let samples = snapshots.iter().map(Snapshot::len).sum::<usize>();
        let count = if samples < MANY { 1 } else { SHARDS };
        let sorted: Vec<Sorted> = snapshots.par_iter().map(|snapshot| Sorted::new(&hash, snapshot, count)).collect();
        let align = |compare: bool| {
            let shard = |number| Shard::new(number, &sorted, &sizes.numbers, keys, snapshots, compare);
            let joined = Self::join(&(0..count).into_par_iter().map(shard).collect::<Vec<_>>(), &sorted);
            Self { sizes: sizes.sizes.clone(), ..joined }
        };
        // Two stacks of one hash are all but certainly the same. Comparing them afterwards, in the order they lie in
        // memory, takes a fraction of the time of comparing them while they are looked up.
        let likely = align(false);
        if likely.is_right(keys, snapshots) { likely } else { align(true) }
    }

    /// Whether every sample has the same stack as its entry.
    fn is_right(&self, keys: &Keys, snapshots: &[Snapshot]) -> bool {
        snapshots.iter().zip(&self.entry_of_row).all(|(snapshot, entries)| {
            entries.par_iter().enumerate().with_min_len(4096).all(|(row, entry)| {
                let stack = snapshot.stack(row);
                let known = self.locations(snapshots, *entry);
                std::ptr::eq(stack, known) || same_keys(stack, known, keys)
            })
        })
    }

    /// Numbers the entries and stacks of all shards in the order of first appearance, so that whoever goes through the
    /// entries goes through the samples in the order they lie in memory.
    fn join(shards: &[Shard], sorted: &[Sorted]) -> Self {
        let unnumbered = |count: fn(&Shard) -> usize| shards.iter().map(|shard| vec![NONE; count(shard)]).collect();
        let mut entries: Vec<Vec<u32>> = unnumbered(|shard| shard.entries.len());
        let mut stacks: Vec<Vec<u32>> = unnumbered(|shard| shard.stacks.len());
        let mut joined = Self { entry_of_row: Vec::with_capacity(sorted.len()), ..Self::default() };
        for (snapshot, sorted) in sorted.iter().enumerate() {
            let mut next = vec![0; shards.len()];
            let mut entry_of_row = Vec::with_capacity(sorted.hashes.len());
            for hash in &sorted.hashes {
                let number = shard_of(*hash, shards.len());
                let shard = &shards[number];
                let local = shard.entry_of_row[snapshot][next[number]] as usize;
                next[number] += 1;
                let entry = &mut entries[number][local];
                if *entry == NONE {
                    *entry = joined.entries.len() as u32;
                    let stack = &mut stacks[number][shard.entries[local].stack as usize];
                    if *stack == NONE {
                        *stack = joined.stacks.len() as u32;
                        joined.stacks.push(*entry);
                    }
                    joined.entries.push(Entry { stack: *stack, ..shard.entries[local] });
                }
                entry_of_row.push(*entry);
            }
            joined.entry_of_row.push(entry_of_row);
        }
        joined
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
        self.sizes[self.entries[entry].size as usize].0
    }

    /// The group that stands for an entry's labels, where rows stand for the values of one.
    pub fn label_group(&self, entry: usize) -> Option<GroupId> {
        self.sizes[self.entries[entry].size as usize].1
    }

    /// The locations of an entry, as first seen.
    pub fn locations<'a>(&self, snapshots: &'a [Snapshot], entry: u32) -> &'a [LocationId] {
        let Entry { snapshot, row, .. } = self.entries[entry as usize];
        snapshots[snapshot as usize].stack(row as usize)
    }
}

/// The rows of a snapshot by the shard that their hash belongs to, in their own order within each.
struct Sorted {
    hashes: Vec<u64>,
    rows: Vec<u32>,
    ends: Vec<usize>,
}

impl Sorted {
    fn new(hash: &(impl Fn(&[LocationId]) -> u64 + Sync), snapshot: &Snapshot, shards: usize) -> Self {
        let hash = |row| hash(snapshot.stack(row));
        let hashes: Vec<u64> = (0..snapshot.len()).into_par_iter().with_min_len(4096).map(hash).collect();
        let mut ends = vec![0; shards];
        hashes.iter().for_each(|hash| ends[shard_of(*hash, shards)] += 1);
        let mut next = Vec::with_capacity(shards);
        let mut rows_before = 0;
        for end in &mut ends {
            next.push(rows_before);
            rows_before += *end;
            *end = rows_before;
        }
        let mut rows = vec![0; snapshot.len()];
        for (row, hash) in hashes.iter().enumerate() {
            let next = &mut next[shard_of(*hash, shards)];
            rows[*next] = row as u32;
            *next += 1;
        }
        Self { hashes, rows, ends }
    }

    fn of_shard(&self, number: usize) -> &[u32] {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.rows[start..self.ends[number]]
    }
}

/// By bits in the middle: a hash table looks at those at both ends.
fn shard_of(hash: u64, shards: usize) -> usize {
    (hash >> 32) as usize % shards
}

/// The stacks whose hashes belong together, with numbers of their own.
#[derive(Default)]
struct Shard {
    entries: Vec<Entry>,
    stacks: Vec<u32>,
    /// The entries of stacks with further block sizes, by stack and size.
    further: HashMap<(u32, u32), u32>,
    /// For each snapshot, the entry of each of its rows in this shard.
    entry_of_row: Vec<Vec<u32>>,
}

impl Shard {
    /// With `compare`, stacks of one hash are told apart; else they are taken for the same.
    fn new(
        number: usize,
        sorted: &[Sorted],
        sizes: &[u32],
        keys: &Keys,
        snapshots: &[Snapshot],
        compare: bool,
    ) -> Self {
        let mut shard = Self::default();
        let largest = sorted.iter().map(|sorted| sorted.of_shard(number).len()).max();
        let mut table = HashTable::with_capacity(largest.unwrap_or(0));
        for (index, (snapshot, sorted)) in snapshots.iter().zip(sorted).enumerate() {
            let mut entries = Vec::with_capacity(sorted.of_shard(number).len());
            for row in sorted.of_shard(number) {
                let hash = sorted.hashes[*row as usize];
                let size = sizes[snapshot.labels(*row as usize).index()];
                let seen = Entry { snapshot: index as u32, row: *row, stack: 0, size };
                let stack = snapshot.stack(*row as usize);
                let is_same = |(other, number): &(u64, u32)| {
                    *other == hash && (!compare || same_keys(stack, shard.locations(snapshots, *number), keys))
                };
                let found = table.find(hash, is_same).map(|(_, number)| *number);
                entries.push(match found {
                    Some(stack) => shard.entry_of_stack(stack, seen),
                    None => {
                        let stack = shard.stacks.len() as u32;
                        table.insert_unique(hash, (hash, stack), |(hash, _)| *hash);
                        shard.stacks.push(shard.entries.len() as u32);
                        shard.push(Entry { stack, ..seen })
                    }
                });
            }
            shard.entry_of_row.push(entries);
        }
        shard
    }

    fn locations<'a>(&self, snapshots: &'a [Snapshot], stack: u32) -> &'a [LocationId] {
        let Entry { snapshot, row, .. } = self.entries[self.stacks[stack as usize] as usize];
        snapshots[snapshot as usize].stack(row as usize)
    }

    fn push(&mut self, entry: Entry) -> u32 {
        self.entries.push(entry);
        self.entries.len() as u32 - 1
    }

    /// The entry of a known stack with the block size of `seen`, which is added when new.
    fn entry_of_stack(&mut self, stack: u32, seen: Entry) -> u32 {
        let first = self.stacks[stack as usize];
        if self.entries[first as usize].size == seen.size {
            return first;
        }
        if let Some(entry) = self.further.get(&(stack, seen.size)) {
            return *entry;
        }
        let entry = self.push(Entry { stack, ..seen });
        self.further.insert((stack, seen.size), entry);
        entry
    }
}

fn same_keys(a: &[LocationId], b: &[LocationId], keys: &Keys) -> bool {
    a == b || keys.of_stack(a).eq(keys.of_stack(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Diff, Options, diff};
    use crate::load::Loaded;
    use crate::model::{Function, Header, Label, LabelValue, Line, Location, Metric, SnapshotBuilder};

    /// Two snapshots of these stacks, each frame a letter and each sample of blocks of a size.
    fn of_stacks(snapshots: [&[(&str, i64)]; 2]) -> Diff {
        let mut symbols = Symbols::default();
        let key = symbols.intern_str("bytes");
        let metrics = vec![Metric { name: "inuse_space".into(), unit: "bytes".into() }];
        let mut snapshot = |rows: &[(&str, i64)]| {
            let mut builder = SnapshotBuilder::new(1);
            for (stack, size) in rows {
                for frame in stack.chars() {
                    let name = symbols.intern_str(&format!("main.{frame}"));
                    let (spelled, file) = (name, symbols.intern_str(""));
                    let function = Function { name, spelled, system_name: name, file, start_line: 0 };
                    let function = Some(symbols.intern_function(function));
                    let lines = vec![Line { function, line: 0, column: 0 }];
                    let location = Location { mapping: None, address: 0, is_folded: false, lines };
                    builder.locations.push(symbols.intern_location(location));
                }
                let label = Label { key, value: LabelValue::Number(*size, key) };
                builder.end_row(symbols.intern_labels(&[label]), &[1]);
            }
            builder.finish(Header::default(), metrics.clone())
        };
        let snapshots = snapshots.map(&mut snapshot).into();
        diff(Loaded { symbols, snapshots, warnings: Vec::new() }, &Options::default()).expect("a diff")
    }

    /// For each snapshot the entry and the stack of each row.
    fn numbers(alignment: &Alignment) -> Vec<Vec<(u32, usize)>> {
        let of_row = |entry: &u32| (*entry, alignment.stack_of(*entry as usize));
        alignment.entry_of_row.iter().map(|entries| entries.iter().map(of_row).collect()).collect()
    }

    /// No profile can be made to have two stacks of one hash, so the hash is one that has.
    #[test]
    fn stacks_of_one_hash_are_told_apart() {
        let diff = of_stacks([&[("ab", 8), ("ba", 8), ("ab", 16)], &[("abc", 8), ("ba", 8), ("ab", 16), ("ab", 8)]]);
        let expected = [vec![(0, 0), (1, 1), (2, 0)], vec![(3, 2), (1, 1), (2, 0), (0, 0)]];
        assert_eq!(numbers(&diff.alignment), expected);
        for hash in [|_: &[LocationId]| 7, |stack: &[LocationId]| stack.len() as u64] {
            let forced = Alignment::by_hash(hash, &diff.symbols, &diff.keys, &diff.snapshots);
            assert_eq!(numbers(&forced), expected);
        }
    }
}
