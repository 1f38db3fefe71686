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

/// Who holds the objects of some stacks, with how many of their samples: the most first.
fn holders(found: &heapdump::Holders, sites: &[&Site]) -> Vec<Holder> {
    // A sample stands for as many bytes as it has at least.
    let weight = |site: &Site, holds: &HoldsOf| site.size.max(1).saturating_mul(holds.samples as u64);
    let mut held: HashMap<usize, (u64, usize, &HoldsOf, u64)> = HashMap::default();
    let mut of = 0;
    for site in sites {
        for holds in found.of_sites.get(*site).into_iter().flatten() {
            of += holds.samples;
            let weight = weight(site, holds);
            let (sum, samples, most, largest) = held.entry(holds.holder).or_insert((0, 0, holds, 0));
            (*sum, *samples) = (*sum + weight, *samples + holds.samples);
            if weight > *largest {
                (*most, *largest) = (holds, weight);
            }
        }
    }
    let mut held: Vec<_> = held.into_iter().collect();
    held.sort_by_key(|(holder, (weight, ..))| (Reverse(*weight), *holder));
    let resolve = |(holder, (_, through, most, _)): (usize, (u64, usize, &HoldsOf, u64))| {
        let holder = heapdump::Holder { path: most.path.clone(), ..found.all[holder].clone() };
        Holder { samples: Some(Share { through, of }), ..Holder::new(&holder) }
    };
    held.into_iter().take(MOST).map(resolve).collect()
}
