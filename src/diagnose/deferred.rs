//! Which entries hold deferred calls that have not run.
//!
//! In: a diff. Out: for each entry whether its blocks are records of deferred calls. Invariant: decided by the newest
//! snapshot alone, since addresses are those of one build.
//!
//! A `defer` in a loop allocates twice on its line: first the closure that holds the arguments, and then, last of all on
//! that line, the record of the call (`runtime._defer`), from `runtime.newdefer`, which profiles do not show. So two
//! places of one function and line allocate equally often, the one that comes last allocates blocks of the size of a
//! record, and all are still there. A `defer` without arguments has no closure and cannot be told from other blocks.
//! Functions with a `defer` are not inlined. Read with Go 1.22 and 1.27; the larger record is that of Go 1.17 to 1.21.

use crate::diff::Diff;
use crate::model::LocationId;
use crate::model::hash::HashMap;
use crate::stats::chance;

/// The sizes of a record in bytes.
const RECORDS: &[i64] = &[48, 80];
/// Closures capture by value what has at most this many bytes: larger blocks are no closures.
const LARGEST_CLOSURE: i64 = 128;
/// Fewer samples are no number.
const LEAST_SAMPLES: f64 = 3.0;

/// Entries with records of deferred calls.
pub(super) struct Deferred(Vec<bool>);

/// What one place in the program allocates in one size, estimated.
#[derive(Debug, Clone, Copy)]
struct Site {
    address: u64,
    entry: usize,
    size: i64,
    in_use: i64,
    allocated: i64,
}

impl Deferred {
    /// `growth` is that of each entry: what did not grow is not looked at.
    pub fn new(diff: &Diff, growth: &[i64]) -> Self {
        let mut is_deferred = vec![false; diff.entry_count()];
        let mut is_candidate = vec![false; diff.stack_count()];
        for (entry, growth) in growth.iter().enumerate() {
            is_candidate[diff.stack_of(entry)] |= *growth > 0 && RECORDS.contains(&diff.block_size(entry));
        }
        if !is_candidate.contains(&true) {
            return Self(is_deferred);
        }
        for mut sites in lines(diff, &is_candidate).into_values() {
            sites.sort_unstable_by_key(|site| (site.address, site.size));
            // Both places allocate one size each, and nothing on the line comes after the record.
            if let [.., closure, record] = sites.as_slice()
                && sites.iter().filter(|site| [closure.address, record.address].contains(&site.address)).count() == 2
                && closure.address < record.address
                && is_pair(diff, closure, record)
            {
                is_deferred[record.entry] = true;
            }
        }
        Self(is_deferred)
    }

    pub fn has(&self, entry: usize) -> bool {
        self.0[entry]
    }
}

/// Whether these are a closure and a record, each made by the same `defer`.
fn is_pair(diff: &Diff, closure: &Site, record: &Site) -> bool {
    let is_kept = |site: &Site| site.in_use > 0 && site.in_use >= site.allocated;
    let newest = diff.snapshots.len() - 1;
    let period = diff.snapshots[newest].header.period.unwrap_or(1).max(1) as f64;
    let samples = |site: &Site| site.in_use as f64 * chance(site.size as f64, period);
    let variance = |site: &Site| {
        let chance = chance(site.size as f64, period);
        site.in_use as f64 * (1.0 - chance) / chance
    };
    let apart = (closure.in_use - record.in_use) as f64;
    RECORDS.contains(&record.size)
        && closure.size <= LARGEST_CLOSURE
        && [closure, record].iter().all(|site| is_kept(site) && samples(site) >= LEAST_SAMPLES * 0.99)
        && apart.abs() <= 2.0 * (variance(closure) + variance(record)).sqrt() + 1.0
}

/// What the newest snapshot knows of these stacks, by stack and line; of functions that are not inlined.
fn lines(diff: &Diff, is_wanted: &[bool]) -> HashMap<(usize, i64), Vec<Site>> {
    let newest = diff.snapshots.len() - 1;
    let objects = diff.objects().unwrap_or(diff.metric);
    let mut lines: HashMap<(usize, i64), Vec<Site>> = HashMap::default();
    let Some(allocated) = diff.allocated_of(objects) else { return lines };
    let snapshot = &diff.snapshots[newest];
    let values = diff.row_values(objects, newest).zip(diff.row_values(allocated, newest));
    for (row, (entry, (in_use, allocated))) in diff.entry_of_row(newest).iter().zip(values).enumerate() {
        let (entry, stack) = (*entry as usize, diff.stack_of(*entry as usize));
        let leaf = snapshot.stack(row).first().filter(|_| is_wanted[stack]);
        let Some((address, line)) = leaf.and_then(|leaf| place(diff, *leaf)) else { continue };
        let site = Site { address, entry, size: diff.block_size(entry), in_use, allocated };
        lines.entry((stack, line)).or_default().push(site);
    }
    for sites in lines.values_mut() {
        merge(sites);
    }
    lines
}

/// Rows of one place and size are one: their stacks differ further above, or their labels do.
fn merge(sites: &mut Vec<Site>) {
    sites.sort_unstable_by_key(|site| (site.address, site.size, site.entry));
    sites.dedup_by(|next, kept| {
        let is_same = (next.address, next.size) == (kept.address, kept.size);
        if is_same {
            kept.in_use += next.in_use;
            kept.allocated += next.allocated;
        }
        is_same
    });
}

/// Address and line of a location that is one call with a name.
fn place(diff: &Diff, leaf: LocationId) -> Option<(u64, i64)> {
    let location = diff.symbols.location(leaf);
    match location.lines.as_slice() {
        [call] if location.address > 0 && call.line > 0 && !location.is_folded => Some((location.address, call.line)),
        _ => None,
    }
}
