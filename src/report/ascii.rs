//! Text for a terminal that knows no more than ASCII.
//!
//! In: UTF-8. Out: the same with the few characters that are ours in place of which ASCII has something of the same width,
//! so that tables stay aligned. Whatever else is not ASCII comes from a profile, and is told by its number: `\u{e9}`.
//! Invariant: all that is written is ASCII.

use std::io::{self, Write};

/// Our own characters and what stands for them.
const OURS: &[(char, &str)] = &[
    ('→', ">"),
    ('←', "<"),
    ('…', "~"),
    ('─', "-"),
    ('×', "x"),
    ('≈', "~"),
    ('±', "+-"),
    ('µ', "u"),
    ('μ', "u"),
    ('▁', "_"),
    ('▂', "."),
    ('▃', ":"),
    ('▄', "-"),
    ('▅', "="),
    ('▆', "+"),
    ('▇', "*"),
    ('█', "#"),
];

/// A writer of ASCII.
pub struct Ascii<W: Write> {
    out: W,
    /// The beginning of a character whose end is still to come.
    held: Vec<u8>,
}

impl<W: Write> Ascii<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, held: Vec::new() }
    }
}

impl<W: Write> Write for Ascii<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.held.len());
        let mut end = 0;
        for chunk in self.held.utf8_chunks() {
            chunk.valid().chars().for_each(|character| push(&mut text, character));
            end += chunk.valid().len();
            let is_cut = end + chunk.invalid().len() == self.held.len() && chunk.invalid().len() < 4;
            if !chunk.invalid().is_empty() && !is_cut {
                push(&mut text, char::REPLACEMENT_CHARACTER);
                end += chunk.invalid().len();
            }
        }
        self.held.drain(..end);
        self.out.write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn push(text: &mut String, character: char) {
    match OURS.iter().find(|(ours, _)| *ours == character) {
        _ if character.is_ascii() => text.push(character),
        Some((_, instead)) => text.push_str(instead),
        None => text.extend(character.escape_unicode()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a text that is written in pieces of so many bytes.
    fn written(text: &[u8], size: usize) -> String {
        let mut out = Vec::new();
        let mut ascii = Ascii::new(&mut out);
        text.chunks(size).for_each(|piece| ascii.write_all(piece).expect("memory takes it"));
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn our_characters_have_others_of_their_width_and_names_are_told() {
        let text = "12…24 B → é.F ▁█ × 3";
        for size in 1..8 {
            assert_eq!(written(text.as_bytes(), size), "12~24 B > \\u{e9}.F _# x 3");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_told_too() {
        assert_eq!(written(b"a\xffb", 8), "a\\u{fffd}b");
    }
}
