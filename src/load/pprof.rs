//! pprof's protobuf format: the samples are streamed off the wire into columns, the small tables are decoded by prost.
//!
//! In: a window on decompressed bytes. Out: a [`Decoded`] profile whose ids are those of the file.
//! Invariant: no `Sample` message is ever built; a sample costs its location ids, its values and one label-set number.
//! Does not know the other files: `fold` gives ids that hold for the run.

use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use super::decoded::{Decoded, Samples, concatenated};
use super::error::Problem;
use super::window::{Field, Value, Window, reason};

/// Bytes that a table entry of a few bytes on the wire can take in memory.
const ENTRY_COST: usize = 96;
/// Bytes that one sample takes beside its locations and values, here and in all that follows: its entry, its hash, the
/// sums by stack.
const SAMPLE_COST: usize = 128;
/// Bytes that a location or a value of a sample takes, which may be one byte on the wire.
const ELEMENT_COST: usize = 8;

/// Decodes a whole profile.
pub(super) fn decode(window: &mut Window) -> Result<Decoded, Problem> {
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

impl Samples {
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
                self.push_short_slots(&mut body);
                while !body.is_empty() {
                    let slot = self.slot(varint(&mut body)?);
                    self.slots.push(slot);
                    self.push_short_slots(&mut body);
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

    /// Takes location ids of one to three bytes off the beginning, as long as eight bytes are left.
    fn push_short_slots(&mut self, rest: &mut &[u8]) {
        let known = self.slots.len();
        self.slots.resize(known + rest.len(), 0);
        let mut room = self.slots.iter_mut().skip(known);
        let mut count = 0;
        while let Some([one, other]) = two_short_varints(rest)
            && let (Some(first), Some(second)) = (room.next(), room.next())
        {
            (*first, *second) = (one, other);
            count += 2;
        }
        self.slots.truncate(known + count);
    }
}

/// Two integers of one to three bytes each: nearly all location ids are such, in no order that a processor could foresee.
/// Both are cut out of one word, without a branch on how long they are, so that where the next two begin is known as soon
/// as can be. `None` leaves `rest` as it is.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "eight bytes are there")]
fn two_short_varints(rest: &mut &[u8]) -> Option<[u32; 2]> {
    const LAST_BYTE_MARKS: u64 = 0x8080_8080_8080_8080;
    const MOST_BITS: u32 = 24;
    let word = u64::from_le_bytes(*rest.first_chunk()?);
    let lasts = !word & LAST_BYTE_MARKS;
    let first = lasts.trailing_zeros() + 1;
    let both = (lasts & lasts.wrapping_sub(1)).trailing_zeros() + 1;
    if first > MOST_BITS || both - first > MOST_BITS {
        return None;
    }
    let value = |word: u64, bits: u32| {
        let word = word as u32 & (u32::MAX >> (32 - bits));
        word & 0x7f | word >> 1 & 0x3f80 | word >> 2 & 0x1f_c000
    };
    *rest = &rest[both as usize / 8..];
    Some([value(word, first), value(word >> first, both - first)])
}

/// One integer of one to three bytes, read without a branch on how many: nearly all location ids are such, in no order
/// that a processor could foresee. `None` leaves `rest` as it is.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "four bytes are there")]
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
