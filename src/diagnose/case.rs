//! What belongs together: one leak, one case.
//!
//! In: entries that changed. Out: a [`Case`] with what they add up to. Invariant: the sums of a case are those of its
//! entries, and are added up once: there may be as many entries as a program has stacks.

use rayon::prelude::*;

use crate::rows::Via;
use crate::stats::{Moments, Test};

use super::catalogue::PatternId;
use super::observe::{Changes, FunctionId, Growth};
use super::read::PatternSet;

/// What entries add up to.
#[derive(Debug, Clone, Default)]
struct Sums {
    growth: Growth,
    moments: Moments,
    /// The growth of those that match each set of patterns, in ascending order of the sets.
    by_patterns: Vec<(PatternSet, Growth)>,
}

impl Sums {
    fn of(changes: &Changes<'_>, entries: impl IntoIterator<Item = usize>) -> Self {
        let mut sums = Self::default();
        entries.into_iter().for_each(|entry| sums.add(changes, entry));
        sums
    }

    fn add(&mut self, changes: &Changes<'_>, entry: usize) {
        let growth = changes.growth(entry);
        self.growth = self.growth + growth;
        self.moments.add(&changes.sampling.of_entry(entry));
        self.add_matching(changes.pattern_set(entry), growth);
    }

    fn add_matching(&mut self, set: PatternSet, growth: Growth) {
        match self.by_patterns.binary_search_by_key(&set, |(set, _)| *set) {
            Ok(at) => self.by_patterns[at].1 = self.by_patterns[at].1 + growth,
            Err(at) => self.by_patterns.insert(at, (set, growth)),
        }
    }

    fn add_all(&mut self, other: &Self) {
        self.growth = self.growth + other.growth;
        self.moments.add(&other.moments);
        other.by_patterns.iter().for_each(|(set, growth)| self.add_matching(*set, *growth));
    }
}

/// Entries that belong together.
#[derive(Debug, Clone)]
pub(super) struct Case {
    members: Vec<usize>,
    sums: Sums,
    /// Number of the signature.
    pub known: Option<usize>,
    /// Numbers of the other signatures that it matches, in their order.
    pub others: Vec<usize>,
    pub owner: Option<FunctionId>,
    /// How the owner was found.
    pub via: Via,
    /// Whether it is real only as the sum of what the owner calls, which was tested.
    pub is_shared: bool,
}

impl Case {
    /// One of which nothing is known.
    pub fn of(changes: &Changes<'_>, members: Vec<usize>, via: Via) -> Self {
        let sums = Sums::of(changes, members.iter().copied());
        Self::new(members, sums, via)
    }

    fn new(members: Vec<usize>, sums: Sums, via: Via) -> Self {
        Self { members, sums, known: None, others: Vec::new(), owner: None, via, is_shared: false }
    }

    /// One for each group of entries that has any, in the order of the groups: `group_of` numbers them, below `count`.
    pub fn of_groups(changes: &Changes<'_>, count: usize, group_of: impl Fn(usize) -> Option<usize>) -> Vec<Self> {
        // Most groups have no entry: the others are numbered as they come.
        let mut numbers = vec![u32::MAX; count];
        let mut groups: Vec<usize> = Vec::new();
        let grouped = changes.iter().filter_map(|entry| Some((entry as u32, group_of(entry)?)));
        let numbered = grouped.map(|(entry, group)| {
            if numbers[group] == u32::MAX {
                numbers[group] = groups.len() as u32;
                groups.push(group);
            }
            (entry, numbers[group])
        });
        let entries: Vec<(u32, u32)> = numbered.collect();
        let part = entries.len().div_ceil(rayon::current_num_threads()).max(1 << 14);
        // Entries are gone through in the order they lie in memory, not group by group.
        let sum = |entries: &[(u32, u32)]| {
            let mut cases = vec![(Vec::new(), Sums::default()); groups.len()];
            for (entry, group) in entries {
                let (members, sums) = &mut cases[*group as usize];
                members.push(*entry as usize);
                sums.add(changes, *entry as usize);
            }
            cases
        };
        let join = |mut one: Vec<(Vec<usize>, Sums)>, other: Vec<(Vec<usize>, Sums)>| {
            for ((members, sums), (more, added)) in one.iter_mut().zip(other) {
                members.extend(more);
                sums.add_all(&added);
            }
            one
        };
        let cases = entries.par_chunks(part).map(sum).reduce_with(join).unwrap_or_default();
        let mut cases: Vec<(usize, (Vec<usize>, Sums))> = groups.into_iter().zip(cases).collect();
        cases.sort_unstable_by_key(|(group, _)| *group);
        cases.into_iter().map(|(_, (members, sums))| Self::new(members, sums, Via::Stack)).collect()
    }

    /// The entries.
    pub fn members(&self) -> &[usize] {
        &self.members
    }

    /// What they grew by.
    pub fn growth(&self) -> Growth {
        self.sums.growth
    }

    /// What those grew by that match each set of patterns.
    pub fn by_patterns(&self) -> &[(PatternSet, Growth)] {
        &self.sums.by_patterns
    }

    /// What those grew by that match one of these patterns.
    pub fn growth_of(&self, changes: &Changes<'_>, patterns: &[PatternId]) -> Growth {
        let matching = self.by_patterns().iter().filter(|(set, _)| changes.has_any(*set, patterns));
        matching.map(|(_, growth)| *growth).sum()
    }

    /// The samples behind them.
    pub fn moments(&self) -> &Moments {
        &self.sums.moments
    }

    /// What the samples say of their growth.
    pub fn test(&self, changes: &Changes<'_>) -> Option<Test> {
        changes.sampling.test(self.growth().value, &self.sums.moments)
    }

    /// The member that grew most.
    pub fn main(&self, changes: &Changes<'_>) -> Option<usize> {
        self.members.iter().copied().max_by_key(|member| (changes.growth(*member).value, *member))
    }

    /// Adds entries.
    pub fn extend(&mut self, changes: &Changes<'_>, entries: Vec<usize>) {
        entries.iter().for_each(|entry| self.sums.add(changes, *entry));
        self.members.extend(entries);
    }

    /// Adds the entries of another case.
    pub fn absorb(&mut self, other: &Self) {
        self.sums.add_all(&other.sums);
        self.members.extend(&other.members);
    }

    /// Takes out those entries that are wanted.
    pub fn take(&mut self, changes: &Changes<'_>, is_wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let (taken, left) = std::mem::take(&mut self.members).into_iter().partition(|member| is_wanted(*member));
        self.members = left;
        if !taken.is_empty() {
            self.sums = Sums::of(changes, self.members.iter().copied());
        }
        taken
    }

    /// Both cases together, as far as their samples go.
    pub fn test_with(&self, changes: &Changes<'_>, other: &Self) -> Option<Test> {
        let mut sums = self.sums.clone();
        sums.add_all(&other.sums);
        changes.sampling.test(sums.growth.value, &sums.moments)
    }
}

/// What the samples say of the growth of each case.
pub(super) fn tests(changes: &Changes<'_>, cases: &[Case]) -> Vec<Option<Test>> {
    cases.par_iter().with_min_len(64).map(|case| case.test(changes)).collect()
}
