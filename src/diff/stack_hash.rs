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

/// What a location does to the hash of a stack: `hash * factor + summand`.
#[derive(Debug, Clone, Copy)]
struct Step {
    factor: u64,
    summand: u64,
}

/// What every location does to the hash of a stack.
#[derive(Debug)]
pub(super) struct StackHashes(Vec<Step>);

impl StackHashes {
    /// Of locations with these keys, in the order of their ids.
    pub fn new<'a>(locations: impl Iterator<Item = &'a [KeyId]>) -> Self {
        let base = 2 + Hasher::default().hash(()) % (PRIME - 2);
        let step = |Step { factor, summand }: Step, key: &KeyId| Step {
            factor: multiply_add(factor, base, 0),
            summand: multiply_add(summand, base, u64::from(key.0) + 1),
        };
        let of_location = |keys: &[KeyId]| keys.iter().fold(Step { factor: 1, summand: 0 }, step);
        Self(locations.map(of_location).collect())
    }

    /// The hash of a stack.
    pub fn of(&self, stack: &[LocationId]) -> u64 {
        let step = |hash: u64, location: &LocationId| {
            let Step { factor, summand } = self.0[location.index()];
            multiply_add(hash, factor, summand)
        };
        scramble(stack.iter().fold(0, step))
    }
}

/// `a * b + c` modulo the prime, all three being less than it.
fn multiply_add(a: u64, b: u64, c: u64) -> u64 {
    let whole = u128::from(a) * u128::from(b) + u128::from(c);
    let sum = (whole as u64 & PRIME) + (whole >> 61) as u64;
    if sum >= PRIME { sum - PRIME } else { sum }
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
    fn products_are_those_of_the_field() {
        assert_eq!(multiply_add(PRIME - 1, PRIME - 1, PRIME - 1), 0);
        assert_eq!(multiply_add(1 << 60, 2, 0), 1);
    }
}
