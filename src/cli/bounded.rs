//! A writer that takes so many bytes and no more.
//!
//! In: what a format writes. Out: the same, or an error that says how to raise the limit. Invariant: it is never passed.

use std::io::{self, Write};

use crate::export::too_long;

/// What is written to, and how many bytes it still takes.
pub(super) struct Bounded<'a> {
    out: &'a mut dyn Write,
    most: u64,
    left: u64,
}

impl<'a> Bounded<'a> {
    /// `out`, for `most` bytes.
    pub fn new(out: &'a mut dyn Write, most: u64) -> Self {
        Self { out, most, left: most }
    }
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| too_long(self.most))?;
        self.out.write_all(bytes)?;
        self.left = left;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
