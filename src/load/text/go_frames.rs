//! The stack of a record as Go's `debug=1` texts have it: a comment per frame, `# 0xPC function+0xOFFSET
//! file:line` in columns that tabs set apart.
//!
//! In: such comments, and the addresses of the record. Out: the frames of the sample under way.
//! Invariant: a line that stands in the text many times is parsed once. Where a record has comments they are its stack:
//! they leave out what Go leaves out of a heap profile in binary form too, the runtime's own frames at the leaf.

use crate::model::hash::HashMap;

use super::Tables;
use super::heap::{addresses, hexadecimal};

/// The frames of the record under way.
#[derive(Default)]
pub(in crate::load) struct GoFrames {
    /// The location that a comment stands for.
    known: HashMap<Box<str>, u64>,
    addresses: Vec<u64>,
    has_comments: bool,
}

impl GoFrames {
    /// Begins a record with its addresses.
    pub fn begin(&mut self, text: &str) -> Result<(), String> {
        self.has_comments = false;
        self.addresses.clear();
        for address in addresses(text) {
            self.addresses.push(address?);
        }
        Ok(())
    }

    /// Whether a line is such a comment.
    pub fn is_frame(line: &str) -> bool {
        line.strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with("0x"))
    }

    /// Adds the frame of a comment.
    pub fn push(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        self.has_comments = true;
        let location = match self.known.get(line) {
            Some(location) => *location,
            None => {
                let location = parse(line, tables)?;
                tables.charge(2 * line.len() + size_of::<(Box<str>, u64)>());
                self.known.insert(line.into(), location);
                location
            }
        };
        tables.push(location);
        Ok(())
    }

    /// Ends the record: without comments its stack is made of bare addresses.
    pub fn end(&mut self, tables: &mut Tables) {
        if !self.has_comments {
            for address in &self.addresses {
                let location = tables.address(address.saturating_sub(1));
                tables.push(location);
            }
        }
    }

    /// Whether comments have come since the record began.
    pub fn has_comments(&self) -> bool {
        self.has_comments
    }
}

fn parse(line: &str, tables: &mut Tables) -> Result<u64, String> {
    let mut columns = line[1..].split('\t').map(str::trim).filter(|column| !column.is_empty());
    let address = columns.next().and_then(hexadecimal).ok_or("a frame without an address")?;
    let Some(function) = columns.next() else {
        return Ok(tables.address(address));
    };
    let place = columns.next().ok_or("a frame without file and line")?;
    let name = function.rsplit_once("+0x").map_or(function, |(name, _)| name);
    let (file, line) = place.rsplit_once(':').ok_or("a frame without a line number")?;
    let line = super::decimal(line).ok_or_else(|| format!("{line:?} is not a line number"))?;
    let function = tables.function(name, file);
    Ok(tables.frame(address, function, line))
}
