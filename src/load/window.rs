//! A window on a stream that holds one field of protobuf's wire format, or one line of text, at a time.
//!
//! In: a reader of decompressed bytes. Out: the top-level fields one after the other, each with its position, or lines.
//! Invariant: at most one field or line and one read-ahead block are in memory, and never more bytes than the limit in all,
//! so that a profile of any size streams through the processor's cache.
//! Knows nothing of profiles.

use std::io::{self, Cursor, Read};

use prost::encoding::{WireType, decode_key, decode_varint};

use super::error::Problem;
use super::utf16::Utf16;

/// One field of a message.
pub(super) struct Field<'a> {
    /// Position of its key in the decompressed data.
    pub offset: u64,
    /// Its number.
    pub number: u32,
    /// Its value.
    pub value: Value<'a>,
}

/// The value of a field, as far as the wire tells it.
pub(super) enum Value<'a> {
    /// An integer.
    Varint(u64),
    /// A string, a message, or packed integers.
    Bytes(&'a [u8]),
    /// Eight or four bytes, which no field of a profile uses.
    Fixed,
}

/// How much is read ahead: small enough to stay in the second-level cache between inflating and decoding.
const BLOCK: usize = 128 << 10;
/// A field or line of so many bytes is taken whatever the limit.
const LEAST_LONGEST: u64 = 16 << 20;
/// The longest key and length together.
const LONGEST_PREFIX: usize = 20;

/// A line of text without its end, which may be `\\n` or `\\r\\n`.
pub(super) struct Line<'a> {
    /// Its number in the input, from 1 on.
    pub number: u64,
    /// What stands on it.
    pub text: &'a [u8],
    /// Whether it has no end: it is the last one, and may be cut.
    pub is_open: bool,
}

/// A stream of fields or lines.
pub(super) struct Window {
    reader: Box<dyn Read + Send>,
    is_gzip: bool,
    buffer: Vec<u8>,
    start: usize,
    offset: u64,
    lines: u64,
    ended: bool,
    limit: u64,
    charged: u64,
}

impl Window {
    /// A window on `reader`, from which at most `limit` bytes are taken, and before which `lines` lines stood.
    pub fn new(reader: Box<dyn Read + Send>, is_gzip: bool, lines: u64, limit: u64) -> Self {
        Self { reader, is_gzip, buffer: Vec::new(), start: 0, offset: 0, lines, ended: false, limit, charged: 0 }
    }

    /// Takes off the byte order mark that a text may begin with. A text in UTF-16 is in UTF-8 from here on.
    pub fn take_byte_order_mark(&mut self) -> Result<(), Problem> {
        match self.beginning()? {
            [0xef, 0xbb, 0xbf, ..] => self.consume(3),
            [0xff, 0xfe, ..] => self.recode(u16::from_le_bytes),
            [0xfe, 0xff, ..] => self.recode(u16::from_be_bytes),
            _ => {}
        }
        Ok(())
    }

    /// Reads what follows the mark as UTF-16.
    fn recode(&mut self, order: fn([u8; 2]) -> u16) {
        let read = std::mem::take(&mut self.buffer).split_off(self.start + 2);
        let unread = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(Utf16::new(Cursor::new(read).chain(unread), order));
        (self.start, self.ended) = (0, false);
    }

    /// Passes over so many lines.
    pub fn skip_lines(&mut self, count: usize) -> Result<(), Problem> {
        for _ in 0..count {
            self.next_line()?;
        }
        Ok(())
    }

    /// The first bytes, without consuming them: as many as a read-ahead block, fewer where the data is shorter.
    #[expect(clippy::indexing_slicing, reason = "the window lies in the buffer")]
    pub fn beginning(&mut self) -> Result<&[u8], Problem> {
        self.want(BLOCK)?;
        Ok(&self.buffer[self.start..])
    }

    /// All that is left.
    pub fn rest(&mut self) -> Result<Vec<u8>, Problem> {
        while !self.ended {
            let have = self.buffer.len() - self.start;
            self.want(have + 1)?;
        }
        let rest = std::mem::take(&mut self.buffer).split_off(self.start);
        self.offset += rest.len() as u64;
        self.start = 0;
        Ok(rest)
    }

    /// Counts `bytes` of memory, beyond the field itself, against the limit: a few bytes on the wire can ask for many
    /// in memory.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Problem> {
        self.charged += bytes as u64;
        self.check_limit()
    }

    /// What was taken so far: what was read and what it cost.
    pub fn spent(&self) -> u64 {
        self.offset + self.charged
    }

    /// The longest field or line: it is in memory twice, here and where it goes.
    fn longest(&self) -> u64 {
        (self.limit / 4).max(LEAST_LONGEST)
    }

    /// The next field, or `None` at the end of the data.
    #[expect(clippy::indexing_slicing, reason = "the window lies in the buffer")]
    pub fn next_field(&mut self) -> Result<Option<Field<'_>>, Problem> {
        self.want(LONGEST_PREFIX)?;
        let offset = self.offset;
        let mut rest = &self.buffer[self.start..];
        if rest.is_empty() {
            return Ok(None);
        }
        let before = rest.len();
        let wire = |cause: String| Problem::Wire { offset, cause };
        let (number, wire_type) = decode_key(&mut rest).map_err(|error| wire(reason(&error)))?;
        match wire_type {
            WireType::Varint => {
                let value = decode_varint(&mut rest).map_err(|error| wire(reason(&error)))?;
                let used = before - rest.len();
                self.consume(used);
                Ok(Some(Field { offset, number, value: Value::Varint(value) }))
            }
            WireType::LengthDelimited => {
                let length = decode_varint(&mut rest).map_err(|error| wire(reason(&error)))?;
                let prefix = before - rest.len();
                let body = self.body(prefix, number, length)?;
                Ok(Some(Field { offset, number, value: Value::Bytes(&self.buffer[body]) }))
            }
            WireType::SixtyFourBit | WireType::ThirtyTwoBit => {
                let length = if wire_type == WireType::SixtyFourBit { 8 } else { 4 };
                let prefix = before - rest.len();
                self.body(prefix, number, length)?;
                Ok(Some(Field { offset, number, value: Value::Fixed }))
            }
            WireType::StartGroup | WireType::EndGroup => {
                Err(wire(format!("field {number} is a group, which profiles do not have")))
            }
        }
    }

    /// The next line, or `None` at the end of the data.
    #[expect(clippy::indexing_slicing, reason = "the window lies in the buffer")]
    pub fn next_line(&mut self) -> Result<Option<Line<'_>>, Problem> {
        let mut searched = 0;
        let length = loop {
            let unsearched = &self.buffer[self.start + searched..];
            if let Some(end) = unsearched.iter().position(|byte| *byte == b'\n') {
                break searched + end;
            }
            searched += unsearched.len();
            if searched as u64 > self.longest() {
                return Err(Problem::TooLong { limit: self.longest() });
            }
            if self.want(searched + 1)? == searched {
                break searched;
            }
        };
        let body = self.start..self.start + length;
        let is_open = body.end == self.buffer.len();
        if is_open && body.is_empty() {
            return Ok(None);
        }
        self.consume(length + usize::from(!is_open));
        self.lines += 1;
        let text = &self.buffer[body];
        Ok(Some(Line { number: self.lines, text: text.strip_suffix(b"\r").unwrap_or(text), is_open }))
    }

    /// Consumes a field of `prefix` and `length` bytes and returns where its body lies in the buffer.
    fn body(&mut self, prefix: usize, number: u32, length: u64) -> Result<std::ops::Range<usize>, Problem> {
        if length > self.limit {
            return Err(self.past_end(number, length));
        }
        if length > self.longest() {
            return Err(Problem::TooLong { limit: self.longest() });
        }
        let whole = prefix + length as usize;
        if self.want(whole)? < whole {
            return Err(self.past_end(number, length));
        }
        let body = self.start + prefix..self.start + whole;
        self.consume(whole);
        Ok(body)
    }

    fn past_end(&self, number: u32, length: u64) -> Problem {
        let cause = format!("field {number} claims {length} bytes, more than there are");
        Problem::Wire { offset: self.offset, cause }
    }

    fn consume(&mut self, bytes: usize) {
        self.start += bytes;
        self.offset += bytes as u64;
    }

    /// Reads until `bytes` are at hand or the data ends; returns how many are.
    fn want(&mut self, bytes: usize) -> Result<usize, Problem> {
        let mut have = self.buffer.len() - self.start;
        if have >= bytes || self.ended {
            return Ok(have);
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        while have < bytes && !self.ended {
            have = self.read_block(have)?;
        }
        Ok(have)
    }

    /// Reads one more block after the `have` bytes at hand.
    #[expect(clippy::indexing_slicing, reason = "the window lies in the buffer")]
    fn read_block(&mut self, have: usize) -> Result<usize, Problem> {
        self.make_room(have + BLOCK);
        self.buffer.resize(have + BLOCK, 0);
        let mut end = have;
        while end < self.buffer.len() {
            match self.reader.read(&mut self.buffer[end..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.read_error(end, &error)),
            }
        }
        self.buffer.truncate(end);
        self.check_limit()?;
        Ok(end)
    }

    /// Makes room for so many bytes in all: in a large buffer not, as usual, for as many again.
    fn make_room(&mut self, bytes: usize) {
        const LARGE: usize = 16 << 20;
        if bytes > LARGE && bytes > self.buffer.capacity() {
            self.buffer.reserve_exact(bytes / 8 + bytes - self.buffer.len());
        }
    }

    fn read_error(&self, end: usize, error: &io::Error) -> Problem {
        let inflated = self.offset + end as u64;
        match error.kind() {
            io::ErrorKind::UnexpectedEof if self.is_gzip => Problem::TruncatedGzip { inflated },
            // What flate2 finds wrong carries no number of the system's.
            _ if self.is_gzip && error.raw_os_error().is_none() => {
                Problem::DamagedGzip { inflated, cause: error.to_string() }
            }
            _ => Problem::Unreadable { cause: io::Error::new(error.kind(), error.to_string()) },
        }
    }

    fn check_limit(&self) -> Result<(), Problem> {
        let inflated = self.offset + (self.buffer.len() - self.start) as u64;
        if inflated + self.charged > self.limit { Err(Problem::TooLarge { limit: self.limit }) } else { Ok(()) }
    }
}

/// What prost found, without its own preamble.
pub(super) fn reason(error: &prost::DecodeError) -> String {
    let text = error.to_string();
    text.strip_prefix("failed to decode Protobuf message: ").unwrap_or(&text).to_owned()
}
