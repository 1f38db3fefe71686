//! pprof's protobuf format: the samples are streamed off the wire into columns, the small tables are decoded by prost.
//!
//! In: a window on decompressed bytes. Out: a [`Decoded`] profile whose ids are those of the file.
//! Invariant: no `Sample` message is ever built; a sample costs its location ids, its values and one label-set number.
//! Does not know the other files: `fold` gives ids that hold for the run.

use std::io::Read;

use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use rustc_hash::FxHashMap;

use super::error::Problem;
use super::proto;
use super::wire::{Field, Value, Window, reason};

/// One profile with the ids of its file.
#[derive(Default)]
pub(super) struct Decoded {
    pub sample_types: Vec<proto::ValueType>,
    pub samples: Samples,
    pub mappings: Vec<proto::Mapping>,
    pub locations: Vec<proto::Location>,
    pub functions: Vec<proto::Function>,
    pub strings: Strings,
    pub drop_frames: i64,
    pub keep_frames: i64,
    pub time_nanos: Option<i64>,
    pub duration_nanos: i64,
    pub period_type: Option<proto::ValueType>,
    pub period: i64,
    pub comments: Vec<i64>,
    pub default_sample_type: i64,
}

/// The samples as columns.
#[derive(Default)]
pub(super) struct Samples {
    /// Location slots of all stacks, leaf first, one stack after the other.
    pub slots: Vec<u32>,
    /// Where the stack of each sample ends in `slots`.
    pub stack_ends: Vec<u32>,
    /// One column per sample type.
    pub values: Vec<Vec<i64>>,
    /// Label set of each sample: an index into `label_sets`.
    pub labels: Vec<u32>,
    /// The distinct label sets as they stand on the wire: the label messages, each after its length (4 bytes).
    pub label_sets: Vec<Box<[u8]>>,
    /// Location ids of 2^31 and more; slot 2^31 + i is the i-th.
    pub wide_ids: Vec<u64>,
    wide_slots: FxHashMap<u64, u32>,
    label_ids: FxHashMap<Box<[u8]>, u32>,
    row: Vec<i64>,
    row_labels: Vec<u8>,
}

/// The string table: one run of text and where each string ends.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
    /// Whether some string was not UTF-8.
    pub has_invalid: bool,
}

/// Most sample types of one profile: producers have up to a dozen.
pub(super) const MOST_SAMPLE_TYPES: usize = 1000;

/// Bytes that a table entry of a few bytes on the wire can take in memory.
const ENTRY_COST: usize = 96;
/// Bytes that one sample takes beside its locations and values.
const SAMPLE_COST: usize = 8;
/// Bytes that a location or a value of a sample takes, which may be one byte on the wire.
const ELEMENT_COST: usize = 8;

/// Decodes a whole profile.
pub(super) fn decode<R: Read>(window: &mut Window<R>) -> Result<Decoded, Problem> {
    let mut decoded = Decoded::default();
    let mut cost = 0;
    loop {
        window.charge(cost)?;
        let Some(field) = window.next_field()? else { break };
        cost = decoded.accept(field)?;
    }
    Ok(decoded)
}

impl Decoded {
    /// Takes in one top-level field and returns what it costs in memory beyond its bytes on the wire.
    fn accept(&mut self, field: Field<'_>) -> Result<usize, Problem> {
        match (field.number, field.value) {
            (2, Value::Bytes(body)) => {
                let before = self.samples.slots.len();
                self.samples.push(body)?;
                let elements = self.samples.slots.len() - before + self.samples.row.len();
                return Ok(SAMPLE_COST + ELEMENT_COST * elements);
            }
            (1, Value::Bytes(body)) => self.sample_types.push(message("sample type", self.sample_types.len(), body)?),
            (3, Value::Bytes(body)) => self.mappings.push(message("mapping", self.mappings.len(), body)?),
            (4, Value::Bytes(body)) => {
                self.locations.push(message("location", self.locations.len(), body)?);
                return Ok(ENTRY_COST + 4 * body.len());
            }
            (5, Value::Bytes(body)) => self.functions.push(message("function", self.functions.len(), body)?),
            (6, Value::Bytes(body)) => {
                self.strings.push(body);
                return Ok(8);
            }
            (7, Value::Varint(value)) => self.drop_frames = value as i64,
            (8, Value::Varint(value)) => self.keep_frames = value as i64,
            (9, Value::Varint(value)) if self.time_nanos.is_some() && value != 0 => return Err(concatenated()),
            (9, Value::Varint(value)) => self.time_nanos = Some(value as i64),
            (10, Value::Varint(value)) => self.duration_nanos = value as i64,
            (11, Value::Bytes(body)) => self.period_type = Some(message("period type", 0, body)?),
            (12, Value::Varint(value)) => self.period = value as i64,
            (13, Value::Varint(value)) => self.comments.push(value as i64),
            (13, Value::Bytes(packed)) => unpack("comment", packed, |value| self.comments.push(value as i64))?,
            (14, Value::Varint(value)) => self.default_sample_type = value as i64,
            (1..=14, _) => {
                let cause = format!("field {} has the wrong wire type", field.number);
                return Err(Problem::Wire { offset: field.offset, cause });
            }
            _ => return Ok(0),
        }
        Ok(ENTRY_COST)
    }
}

/// The error for a file that holds more than one profile.
pub(super) fn concatenated() -> Problem {
    Problem::Malformed("two profiles stand one after the other in this file; give them as two files".to_owned())
}

fn message<M: Message + Default>(what: &str, index: usize, body: &[u8]) -> Result<M, Problem> {
    M::decode(body).map_err(|error| Problem::Part { part: format!("{what} {}", index + 1), cause: reason(&error) })
}

fn unpack(part: &str, mut packed: &[u8], mut each: impl FnMut(u64)) -> Result<(), Problem> {
    while !packed.is_empty() {
        let value = decode_varint(&mut packed)
            .map_err(|error| Problem::Part { part: part.to_owned(), cause: reason(&error) })?;
        each(value);
    }
    Ok(())
}

const WIDE: u64 = 1 << 31;

impl Samples {
    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.stack_ends.len()
    }

    /// The location id that a slot stands for.
    pub fn location_id(&self, slot: u32) -> u64 {
        match u64::from(slot) {
            narrow if narrow < WIDE => narrow,
            wide => self.wide_ids[(wide - WIDE) as usize],
        }
    }

    /// Decodes one sample message.
    fn push(&mut self, body: &[u8]) -> Result<(), Problem> {
        self.row.clear();
        self.row_labels.clear();
        self.fields(body).and_then(|()| self.end_row()).map_err(|cause| self.problem(cause))
    }

    fn problem(&self, cause: String) -> Problem {
        Problem::Part { part: format!("sample {}", self.len() + 1), cause }
    }

    fn fields(&mut self, mut rest: &[u8]) -> Result<(), String> {
        while !rest.is_empty() {
            let (number, wire_type) = decode_key(&mut rest).map_err(|error| reason(&error))?;
            match (number, wire_type) {
                (1..=3, WireType::LengthDelimited) => {
                    let length = varint(&mut rest)?;
                    if length > rest.len() as u64 {
                        return Err(format!("field {number} claims {length} bytes, but only {} are left", rest.len()));
                    }
                    let (body, after) = rest.split_at(length as usize);
                    rest = after;
                    self.length_delimited(number, body)?;
                }
                (1, WireType::Varint) => {
                    let slot = self.slot(varint(&mut rest)?);
                    self.slots.push(slot);
                }
                (2, WireType::Varint) => self.row.push(varint(&mut rest)? as i64),
                (1..=3, _) => return Err(format!("field {number} has the wrong wire type")),
                (_, WireType::StartGroup | WireType::EndGroup) => {
                    return Err(format!("field {number} is a group, which profiles do not have"));
                }
                (_, wire_type) => skip_field(wire_type, number, &mut rest, DecodeContext::default())
                    .map_err(|error| reason(&error))?,
            }
        }
        Ok(())
    }

    fn length_delimited(&mut self, number: u32, mut body: &[u8]) -> Result<(), String> {
        match number {
            1 => {
                self.slots.reserve(body.len());
                while !body.is_empty() {
                    let slot = match short_varint(&mut body) {
                        Some(slot) => slot,
                        None => self.slot(varint(&mut body)?),
                    };
                    self.slots.push(slot);
                }
            }
            2 => {
                while !body.is_empty() {
                    self.row.push(varint(&mut body)? as i64);
                }
            }
            _ => {
                self.row_labels.extend_from_slice(&(body.len() as u32).to_le_bytes());
                self.row_labels.extend_from_slice(body);
            }
        }
        Ok(())
    }

    #[inline]
    fn slot(&mut self, id: u64) -> u32 {
        if id < WIDE { id as u32 } else { self.wide_slot(id) }
    }

    #[cold]
    fn wide_slot(&mut self, id: u64) -> u32 {
        *self.wide_slots.entry(id).or_insert_with(|| {
            self.wide_ids.push(id);
            (WIDE + self.wide_ids.len() as u64 - 1) as u32
        })
    }

    fn end_row(&mut self) -> Result<(), String> {
        if self.row.len() > MOST_SAMPLE_TYPES {
            return Err(format!("it has {} values, more than the limit of {MOST_SAMPLE_TYPES}", self.row.len()));
        }
        if self.values.is_empty() {
            self.values = vec![Vec::new(); self.row.len()];
        }
        if self.row.is_empty() || self.row.len() != self.values.len() {
            return Err(format!("it has {} values, where {} are expected", self.row.len(), self.values.len().max(1)));
        }
        for (column, value) in self.values.iter_mut().zip(&self.row) {
            column.push(*value);
        }
        let end = u32::try_from(self.slots.len()).map_err(|_| "the stacks hold over 2^32 locations".to_owned())?;
        self.stack_ends.push(end);
        let labels = self.label_set();
        self.labels.push(labels);
        Ok(())
    }

    /// The number of the label set of the row under way. Neighbouring samples often share it.
    fn label_set(&mut self) -> u32 {
        if let Some(last) = self.labels.last()
            && *self.label_sets[*last as usize] == *self.row_labels
        {
            return *last;
        }
        if let Some(id) = self.label_ids.get(self.row_labels.as_slice()) {
            return *id;
        }
        let id = self.label_sets.len() as u32;
        let set: Box<[u8]> = self.row_labels.as_slice().into();
        self.label_sets.push(set.clone());
        self.label_ids.insert(set, id);
        id
    }

    /// The labels of one set.
    pub fn decode_labels(&self, set: usize) -> Result<Vec<proto::Label>, Problem> {
        let mut labels = Vec::new();
        let mut rest = &self.label_sets[set][..];
        while let Some((length, after)) = rest.split_first_chunk() {
            let (body, after) = after.split_at(u32::from_le_bytes(*length) as usize);
            labels.push(proto::Label::decode(body).map_err(|error| {
                let sample = self.labels.iter().position(|labels| *labels as usize == set).unwrap_or_default();
                Problem::Part { part: format!("sample {}: label", sample + 1), cause: reason(&error) }
            })?);
            rest = after;
        }
        Ok(labels)
    }
}

/// One integer of one to three bytes, read without a branch on how many: nearly all location ids are such, in no order
/// that a processor could foresee. `None` leaves `rest` as it is.
#[inline(always)]
fn short_varint(rest: &mut &[u8]) -> Option<u32> {
    const LAST_BYTE_MARKS: u32 = 0x0080_8080;
    let word = u32::from_le_bytes(*rest.first_chunk()?);
    let lasts = !word & LAST_BYTE_MARKS;
    if lasts == 0 {
        return None;
    }
    let bits = lasts.trailing_zeros() + 1;
    let word = word & (u32::MAX >> (32 - bits));
    *rest = &rest[bits as usize / 8..];
    Some(word & 0x7f | word >> 1 & 0x3f80 | word >> 2 & 0x1f_c000)
}

/// One integer of any length.
#[inline(always)]
fn varint(rest: &mut &[u8]) -> Result<u64, String> {
    match **rest {
        [byte @ 0..0x80, ref tail @ ..] => {
            *rest = tail;
            Ok(u64::from(byte))
        }
        _ => long_varint(rest),
    }
}

#[inline(never)]
fn long_varint(rest: &mut &[u8]) -> Result<u64, String> {
    if let Some(short) = short_varint(rest) {
        return Ok(u64::from(short));
    }
    decode_varint(rest).map_err(|error| reason(&error))
}

impl Strings {
    fn push(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) => {
                self.has_invalid = true;
                self.text.push_str(&String::from_utf8_lossy(bytes));
            }
        }
        self.ends.push(self.text.len());
    }

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string at `index`, or `None` when the table has no such entry.
    pub fn get(&self, index: i64) -> Option<&str> {
        let index = usize::try_from(index).ok()?;
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        Some(&self.text[start..end])
    }
}
