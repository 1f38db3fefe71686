//! Suspects of heap profiles, with who holds their objects by a heap dump of the same moment.
//!
//! In: a report with the diff it is of, and what dumps tell. Out: the report, its suspects with their holders. Invariant: a
//! suspect's objects are found by the stacks that it is about and by nothing else; of whose stacks nothing was sampled in the
//! dump has none.
//! Knows nothing of what else the report says.

use std::cmp::Reverse;

use crate::compare::Analysis;
use crate::diff::Diff;
use crate::heapdump::{self, HoldsOf, Site};
use crate::model::Warning;
use crate::model::hash::HashMap;

use super::super::Report;
use super::{Holder, Share};

/// The most holders of a suspect that are told.
const MOST: usize = 3;

impl Report {
    /// Adds to each suspect who holds its objects.
    pub fn add_holders(&mut self, diff: &Diff, analysis: &Analysis, found: &heapdump::Holders, warnings: Vec<Warning>) {
        let sites = sites(diff);
        for (suspect, entries) in self.suspects.iter_mut().zip(analysis.suspects.iter().map(|suspect| &suspect.entries))
        {
            let of_suspect: Vec<&Site> = entries.iter().flat_map(|entry| sites.get(entry)).flatten().collect();
            let holders = holders(found, &of_suspect);
            suspect.holders = Some(holders);
        }
        self.warnings.extend(warnings);
    }
}

/// What the stacks of the newest profile are in a dump, by entry.
fn sites(diff: &Diff) -> HashMap<usize, Vec<Site>> {
    let mut sites: HashMap<usize, Vec<Site>> = HashMap::default();
    let Some((index, snapshot)) = diff.snapshots.iter().enumerate().next_back() else { return sites };
    for (row, entry) in diff.entry_of_row(index).iter().enumerate() {
        let size = diff.symbols.block_size(snapshot.labels(row));
        sites.entry(*entry as usize).or_default().push(heapdump::site(&diff.symbols, snapshot.stack(row), size));
    }
    sites
}

/// Who holds the objects of some stacks, with how many of their samples: who holds most first.
fn holders(found: &heapdump::Holders, sites: &[&Site]) -> Vec<Holder> {
    let mut held: HashMap<usize, (u64, usize, &HoldsOf)> = HashMap::default();
    let mut of = 0;
    for holds in sites.iter().filter_map(|site| found.of_sites.get(*site)).flatten() {
        of += holds.samples;
        let (bytes, samples, most) = held.entry(holds.holder).or_insert((0, 0, holds));
        (*bytes, *samples) = (bytes.saturating_add(holds.bytes), *samples + holds.samples);
        if holds.bytes > most.bytes {
            *most = holds;
        }
    }
    let mut held: Vec<_> = held.into_iter().collect();
    held.sort_by_key(|(holder, (bytes, ..))| (Reverse(*bytes), *holder));
    let resolve = |(holder, (_, through, most)): (usize, (u64, usize, &HoldsOf))| {
        let holder = heapdump::Holder { path: most.path.clone(), ..found.all[holder].clone() };
        Holder { samples: Some(Share { through, of }), ..Holder::new(&holder) }
    };
    held.into_iter().take(MOST).map(resolve).collect()
}
