//! What all text formats share: lines in, a decoded profile out.
//!
//! In: a window on text. Out: a [`Decoded`] profile, filled by a [`Grammar`] line by line.
//! Invariant: every error names its line; memory grows with what was read and counts against the limit.
//! Knows no format.

mod go_frames;
mod heap;
mod mem_stats;
mod native;
mod quoted;
mod tables;

pub(super) use go_frames::GoFrames;
pub(super) use heap::{HeapHeader, Pair, Values, addresses, decimal, hexadecimal};
pub(super) use mem_stats::set as set_mem_stat;
pub(super) use native::Native;
pub(super) use quoted::quoted;
pub(super) use tables::Tables;

use super::decoded::Decoded;
use super::error::{Problem, shortened};
use super::window::Window;

/// The lines of a format. What is wrong is said in words; [`decode`] says on which line.
pub(super) trait Grammar: Default {
    /// Takes one line without its end.
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String>;

    /// Takes notice that there are no more lines. `is_cut`: the last one had no end.
    fn end(self, is_cut: bool, tables: &mut Tables) -> Result<(), String>;
}

/// The lines of a format that is parsed as a whole, such as JSON.
#[derive(Default)]
pub(super) struct Whole(String);

impl Whole {
    /// Keeps a line.
    pub fn line(&mut self, line: &str, tables: &mut Tables) {
        self.0.push_str(line);
        self.0.push('\n');
        // The text, and what it is parsed into.
        tables.charge(4 * (line.len() + 1));
    }

    /// Parses what was kept.
    pub fn parse<'a, T: serde::Deserialize<'a>>(&'a self) -> Result<T, String> {
        serde_json::from_str(&self.0).map_err(|error| error.to_string())
    }
}

/// Decodes a whole input.
pub(super) fn decode<G: Grammar>(window: &mut Window) -> Result<Decoded, Problem> {
    let mut grammar = G::default();
    let mut tables = Tables::default();
    let (mut number, mut is_cut) = (0_u64, false);
    let at =
        |number: u64| move |cause: String| Problem::Part { part: format!("line {number}"), cause: shortened(cause) };
    while let Some(line) = window.next_line()? {
        (number, is_cut) = (line.number, line.is_open);
        let text = String::from_utf8_lossy(line.text);
        tables.has_invalid |= matches!(text, std::borrow::Cow::Owned(_));
        grammar.line(&text, &mut tables).map_err(at(number))?;
        window.charge(tables.take_cost())?;
    }
    grammar.end(is_cut, &mut tables).map_err(at(number))?;
    Ok(tables.into_decoded())
}

/// The text that an input begins with; empty where it begins with other bytes.
#[expect(clippy::indexing_slicing, reason = "valid up to there")]
pub(super) fn beginning(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// What a grammar says of a text that stops inside a record.
pub(super) fn cut_record() -> String {
    "the text ends in the middle of a record; fetch it again".to_owned()
}
