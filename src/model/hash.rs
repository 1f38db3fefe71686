//! The one choice of hasher: of every table whose keys are, or are made of, what a file says.
//!
//! In: keys of any kind. Out: tables, and numbers that nobody can foresee. Invariant: which keys fall into one bucket is
//! decided by numbers drawn anew in every run, so that no file can be made that fills one bucket. A seed that is only
//! added to the key would not do: multiplication alone keeps apart what differs in high bits only, whatever was added.
//! foldhash multiplies by a random number to 128 bits and folds both halves together, for numbers and texts alike, at the
//! speed of hashers that can be foreseen. So nothing may depend on the order of a table, which is another in every run.
//! Knows nothing of what is hashed.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// A map whose buckets no file chooses.
pub type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;

/// A set whose buckets no file chooses.
pub type HashSet<K> = std::collections::HashSet<K, RandomState>;

/// What hashes the keys of a table that is built by hand.
#[derive(Debug, Clone, Default)]
pub struct Hasher(RandomState);

impl Hasher {
    /// The hash of a key: the same as long as this lives.
    pub fn hash(&self, key: impl std::hash::Hash) -> u64 {
        self.0.hash_one(key)
    }
}
