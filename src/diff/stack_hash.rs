//! The hash of a stack of keys, computed location by location.
//!
//! In: the keys of every location, then stacks of locations. Out: a hash each. Invariant: it is the hash of the keys, so
//! that it does not matter how frames are split into locations; which stacks have one hash is decided by a number drawn
//! anew in every run. It is a polynomial in that number modulo a prime: two stacks of n keys have one hash for at most n
//! of the 2^61 numbers that may be drawn. Modulo 2^64 there are sequences that have one hash whatever the number is.
//! Knows nothing of what the keys stand for.

use crate::model::LocationId;
use crate::model::hash::Hasher;

use super::KeyId;

/// The largest prime below 2^61.
const PRIME: u64 = (1 << 61) - 1;

/// What the keys of a location add to the hash of a stack where they stand at its leaf, and how many they are.
#[derive(Debug, Clone, Copy)]
struct Part {
    sum: u64,
    keys: u32,
}

/// What every location adds to the hash of a stack: the sum of the numbers of its keys, each times the base to the power
/// of how many keys stand before it. So the parts of a stack do not wait for each other.
#[derive(Debug)]
pub(super) struct StackHashes {
    parts: Vec<Part>,
    /// The base to the power of 0, 1, 2 …
    powers: [u64; RUN],
}

/// Keys that are added up before they are taken modulo the prime: so many products fit into 128 bits.
const RUN: usize = 32;

impl StackHashes {
    /// Of locations with these keys, in the order of their ids.
    pub fn new<'a>(locations: impl Iterator<Item = &'a [KeyId]>) -> Self {
        let base = 2 + Hasher::default().hash(()) % (PRIME - 2);
        let mut powers = [1; RUN];
        (1..RUN).for_each(|at| powers[at] = multiply_add(powers[at - 1], base, 0));
        let sum = |keys: &[KeyId]| keys.iter().rev().fold(0, |sum, key| multiply_add(sum, base, u64::from(key.0) + 1));
        let parts = locations.map(|keys| Part { sum: sum(keys), keys: keys.len() as u32 });
        Self { parts: parts.collect(), powers }
    }

    /// The hash of a stack.
    pub fn of(&self, stack: &[LocationId]) -> u64 {
        let (mut hash, mut factor) = (0, 1);
        // Of the run under way: what it adds up to, and how many keys it has.
        let (mut run, mut keys) = (0_u128, 0);
        for location in stack {
            let part = self.parts[location.index()];
            run += u128::from(part.sum) * u128::from(self.powers[keys]);
            keys += part.keys as usize;
            if keys >= RUN {
                hash = multiply_add(modulo(run), factor, hash);
                factor = multiply_add(factor, self.power(keys), 0);
                (run, keys) = (0, 0);
            }
        }
        scramble(multiply_add(modulo(run), factor, hash))
    }

    /// The base to some power.
    fn power(&self, exponent: usize) -> u64 {
        if exponent < RUN {
            return self.powers[exponent];
        }
        let half = self.power(exponent / 2);
        multiply_add(multiply_add(half, half, 0), self.powers[exponent % 2], 0)
    }
}

/// `a * b + c` modulo the prime, all three being less than it.
fn multiply_add(a: u64, b: u64, c: u64) -> u64 {
    modulo(u128::from(a) * u128::from(b) + u128::from(c))
}

/// A number modulo the prime.
fn modulo(number: u128) -> u64 {
    let prime = u128::from(PRIME);
    let once = (number & prime) + (number >> 61);
    let twice = (once & prime) as u64 + (once >> 61) as u64;
    if twice >= PRIME { twice - PRIME } else { twice }
}

/// Spreads the bits of a number over all 64 (the last step of splitmix64).
fn scramble(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes of stacks of one location each, which have these keys.
    fn hashes(stacks: &[Vec<KeyId>]) -> Vec<u64> {
        let hashes = StackHashes::new(stacks.iter().map(Vec::as_slice));
        (0..stacks.len() as u32).map(|location| hashes.of(&[LocationId(location)])).collect()
    }

    #[test]
    fn it_does_not_matter_how_keys_are_split_into_locations() {
        let keys: Vec<KeyId> = (0..7).map(KeyId).collect();
        let parts = [keys.clone(), keys[..3].to_vec(), keys[3..].to_vec(), Vec::new()];
        let hashes = StackHashes::new(parts.iter().map(Vec::as_slice));
        let of = |locations: &[u32]| hashes.of(&locations.iter().copied().map(LocationId).collect::<Vec<_>>());
        assert_eq!(of(&[0]), of(&[1, 2]));
        assert_eq!(of(&[0]), of(&[3, 1, 3, 2]));
        assert_ne!(of(&[0]), of(&[2, 1]));
    }

    /// The sequence of Thue and Morse and its complement have one hash modulo 2^64 for every odd factor.
    #[test]
    fn sequences_made_to_collide_do_not() {
        let bit = |number: u32, is_other: bool| KeyId((number.count_ones() & 1) ^ u32::from(is_other));
        let sequence = |is_other: bool| (0..1 << 12).map(|number| bit(number, is_other)).collect();
        let hashes = hashes(&[sequence(false), sequence(true)]);
        assert_ne!(hashes[0], hashes[1]);
    }

    #[test]
    fn deep_stacks_and_many_inlined_calls_are_split_anywhere() {
        let keys: Vec<KeyId> = (0..3000).map(KeyId).collect();
        let mut parts: Vec<Vec<KeyId>> = keys.iter().map(|key| vec![*key]).collect();
        parts.extend([keys.clone(), keys[..1999].to_vec(), keys[1999..].to_vec()]);
        let hashes = StackHashes::new(parts.iter().map(Vec::as_slice));
        let one_by_one: Vec<LocationId> = (0..3000).map(LocationId).collect();
        assert_eq!(hashes.of(&one_by_one), hashes.of(&[LocationId(3000)]));
        assert_eq!(hashes.of(&one_by_one), hashes.of(&[LocationId(3001), LocationId(3002)]));
        assert_eq!(hashes.of(&one_by_one), hashes.of(&[&[LocationId(3001)], &one_by_one[1999..]].concat()));
    }

    #[test]
    fn products_are_those_of_the_field() {
        assert_eq!(multiply_add(PRIME - 1, PRIME - 1, PRIME - 1), 0);
        assert_eq!(multiply_add(1 << 60, 2, 0), 1);
    }
}
