//! Bytes as the inputs of a comparison.
//!
//! In: bytes. Out: one or two loaded inputs, a diff of them. Knows nothing of what is held against it.

use std::io::Cursor;

use leakdiff::diff::{self, Diff, Options};
use leakdiff::load::{self, Error, Input, Limits, Loaded};

/// What an input may need once decompressed: more than the longest input that is tried.
const INFLATED: u64 = 4 << 20;

/// The default, but for what is set.
pub fn with<T: Default>(set: impl FnOnce(&mut T)) -> T {
    let mut value = T::default();
    set(&mut value);
    value
}

/// Bytes before those of the inputs, and the bytes of the inputs.
pub struct Pair<'a> {
    /// What the target makes of it.
    pub choice: usize,
    /// The input before.
    pub before: &'a [u8],
    /// The input after.
    pub after: &'a [u8],
}

impl<'a> Pair<'a> {
    /// The first byte is a choice, the next three are the length of the first input.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let [choice, high, middle, low, rest @ ..] = bytes else { return None };
        let length = u32::from_be_bytes([0, *high, *middle, *low]) as usize;
        let (before, after) = rest.split_at(length.min(rest.len()));
        Some(Self { choice: usize::from(*choice), before, after })
    }

    /// The diff of the two, if there is one.
    pub fn diff(&self, options: &Options) -> Option<Diff> {
        diff_of(&[self.before, self.after], options)
    }
}

/// Loads these inputs.
pub fn loaded(contents: &[&[u8]]) -> Result<Loaded, Error> {
    let input = |(index, bytes): (usize, &&[u8])| {
        let name = format!("input{index}");
        Input { label: name.clone(), path: name, content: Box::new(Cursor::new(bytes.to_vec())) }
    };
    let limits: Limits = with(|limits: &mut Limits| limits.inflated = INFLATED);
    load::load(contents.iter().enumerate().map(input).collect(), limits)
}

/// The diff of these inputs, if there is one.
pub fn diff_of(contents: &[&[u8]], options: &Options) -> Option<Diff> {
    diff::diff(loaded(contents).ok()?, options).ok()
}
