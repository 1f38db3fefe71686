//! Churn: much is allocated and freed again, by one function.
//!
//! In: a diff of a heap profile that counts allocations. Out: the function that makes most of them, if that is much and
//! next to none of it is kept. Invariant: what is kept is no churn. Costs a walk over all stacks only where so much was
//! allocated that somebody may have done it.

use rayon::prelude::*;

use super::Who;
use super::signature::CHURN;
use crate::diff::{Diff, KeyId};
use crate::model::Series;
use crate::model::hash::HashMap;
use crate::rows::{Blame, Nearest, Place, Responsible, Via, best};
use crate::stats::{Course, Trend};

use super::Suspect;

/// The share of all allocations that one function must make.
const SHARE: i64 = 2;
/// How many times what the heap holds.
const TIMES: i64 = 10;
/// The share that may be kept.
const KEPT: f64 = 0.05;

/// What one function has allocated and what of it is in use, in every snapshot.
#[derive(Clone)]
struct Sums {
    allocated: Vec<i64>,
    in_use: Vec<i64>,
    entries: Vec<(i64, usize)>,
}

/// The function that churns, as a suspect whose values are what it has allocated.
pub(super) fn find(diff: &Diff) -> Option<Suspect> {
    let (allocated, in_use) = match diff.allocated() {
        Some(allocated) => (allocated, diff.metric),
        None => (diff.metric, diff.in_use()?),
    };
    let growth = |totals: Vec<i64>| Series(totals).delta();
    let all = growth(diff.totals(allocated));
    let held = diff.totals(in_use).last().copied().unwrap_or(0).max(1);
    if all / TIMES < held {
        return None;
    }
    let columns = |metric: usize| (0..diff.snapshots.len()).map(|at| diff.column(metric, at)).collect::<Vec<_>>();
    let (allocated, in_use) = (columns(allocated), columns(in_use));
    let (owner, sums) = owners(diff, &allocated, &in_use)?;
    let values = Series(sums.allocated);
    let kept = Series(sums.in_use).delta() as f64 / values.delta() as f64;
    let is_churn = values.delta() >= all / SHARE && values.delta() / TIMES >= held && kept < KEPT;
    is_churn.then(|| {
        let mut entries = sums.entries;
        entries.sort_by_key(|(growth, entry)| (std::cmp::Reverse(*growth), *entry));
        let mut blame = Blame::default();
        for (growth, entry) in &entries {
            let mut frames = diff.keys.frames(diff.stack(*entry));
            if let Some(frame) = frames.find(|(key, _)| diff.keys.key(*key).canonical == owner) {
                *blame.entry(frame).or_default() += growth;
            }
        }
        let place = best(diff, &blame).map(|((key, spot), _)| Place { key, spot });
        Suspect {
            signature: &CHURN,
            others: Vec::new(),
            confidence: CHURN.confidence,
            features: Vec::new(),
            range: (values.delta(), values.delta()),
            objects: None,
            kept_ratio: Some(kept),
            units: None,
            responsible: place.map(|place| Responsible { place, via: Via::Stack }),
            stacks: super::stacks_of(diff, entries.iter().map(|(growth, entry)| (*entry, *growth))),
            entries: Vec::new(),
            found: Vec::new(),
            is_borne_out: false,
            trend: Trend { course: Course::Undecided, rate: None, decide_in: None },
            who: Who::of_kind(CHURN.code(), owner),
            values,
        }
    })
}

/// The function of the program that is nearest to most allocations, with its sums.
fn owners<'a>(diff: &'a Diff, allocated: &[Vec<i64>], in_use: &[Vec<i64>]) -> Option<(&'a str, Sums)> {
    let nearest = Nearest::new(diff);
    let newest = allocated.len() - 1;
    let empty = || Sums { allocated: vec![0; newest + 1], in_use: vec![0; newest + 1], entries: Vec::new() };
    let owner = |entry: usize| {
        let growth = allocated[newest][entry] - allocated[0][entry];
        let owner = (growth != 0).then(|| nearest.of(diff.stack(entry)))??;
        Some((owner.frame.0, entry, growth))
    };
    let owned: Vec<(KeyId, usize, i64)> =
        (0..diff.entry_count()).into_par_iter().with_min_len(1 << 12).filter_map(owner).collect();
    let mut by_name: HashMap<&str, i64> = HashMap::default();
    for (key, _, growth) in &owned {
        *by_name.entry(&diff.keys.key(*key).canonical).or_default() += growth;
    }
    let (name, _) = by_name.into_iter().max_by_key(|(name, growth)| (*growth, std::cmp::Reverse(*name)))?;
    let mut sums = empty();
    for (_, entry, growth) in owned.into_iter().filter(|(key, ..)| diff.keys.key(*key).canonical == name) {
        sums.entries.push((growth, entry));
        for at in 0..=newest {
            sums.allocated[at] += allocated[at][entry];
            sums.in_use[at] += in_use[at][entry];
        }
    }
    Some((name, sums))
}
