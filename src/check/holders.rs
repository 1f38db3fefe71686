//! A limit of what any one root may hold more than before.
//!
//! In: who holds what in heap dumps, and the limit. Out: a [`HolderCheck`]. Invariant: what roots hold is counted, not sampled,
//! so that nothing is inconclusive.
//! Knows nothing of profiles.

use crate::heapdump::Holders;

use super::Outcome;

/// The most that a root may hold more than before.
#[derive(Debug, Clone)]
pub struct HolderLimit {
    /// In bytes.
    pub most: u64,
    /// As the user wrote it.
    pub text: String,
}

/// How a limit of holders ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderCheck {
    /// How it ended.
    pub outcome: Outcome,
    /// The holder that grew most, by its number in [`Holders::all`].
    pub largest: Option<usize>,
    /// Those that grew by more than the limit, the most first.
    pub exceeding: Vec<usize>,
}

/// Holds the limit against all holders.
pub fn check_holders(limit: &HolderLimit, holders: &Holders) -> HolderCheck {
    let exceeds = |growth: i64| u64::try_from(growth).is_ok_and(|growth| growth > limit.most);
    let exceeding: Vec<usize> = (0..holders.all.len()).filter(|holder| exceeds(holders.all[*holder].delta())).collect();
    let outcome = if exceeding.is_empty() { Outcome::Pass } else { Outcome::Fail };
    // They stand in the order of their growth.
    HolderCheck { outcome, largest: (!holders.all.is_empty()).then_some(0), exceeding }
}
