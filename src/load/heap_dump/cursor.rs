//! The wire format of heap dumps: numbers, texts, memory, and the records made of them.
//!
//! In: bytes, and a place in them. Out: a record. Invariant: no length is believed that does not fit into what is left.
//! Knows nothing of what the records mean.

use std::borrow::Cow;

use super::records::{Bucket, Call, Fields, Frame, Goroutine, Object, Params, Record, Segment};

/// How many pauses of the collector follow the other statistics; after them the number of collections.
const PAUSES: usize = 256;

/// Why there is no record.
pub(super) enum Wrong {
    /// The bytes end.
    Early,
    /// A number of more than 64 bits.
    Number,
    /// A record of this unknown kind.
    Tag(u64),
}

/// A place in a dump.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Cursor<'a> {
    pub fn record(&mut self) -> Result<Record<'a>, Wrong> {
        Ok(match self.varint()? {
            0 => Record::End,
            1 => Record::Object(self.object()?),
            2 => Record::OtherRoot { description: self.text()?, address: self.varint()? },
            3 => {
                let [address, _] = self.varints()?;
                let name = self.text()?;
                self.varint()?;
                Record::Type { address, name }
            }
            4 => Record::Goroutine(self.goroutine()?),
            5 => Record::Frame(self.frame()?),
            6 => Record::Params(self.params()?),
            7 | 11 => {
                let [object, closure, code, _, _] = self.varints()?;
                Record::Finalizer { object, closure, code }
            }
            8 => {
                let [address, of] = self.varints()?;
                Record::Itab { address, of }
            }
            9 => {
                let [address, _, _] = self.varints()?;
                Record::Thread { address }
            }
            10 => {
                let stats = self.varints()?;
                for _ in 0..=PAUSES {
                    self.varint()?;
                }
                Record::MemStats(Box::new(stats))
            }
            tag @ (12 | 13) => {
                let address = self.varint()?;
                let (contents, fields) = (self.memory()?, self.fields()?);
                Record::Segment(Segment { is_bss: tag == 13, address, contents, fields })
            }
            14 => {
                let [record, _, _, _, closure, _, _] = self.varints()?;
                Record::Pending { pointers: [record, closure] }
            }
            15 => {
                let [record, _, _, data, _, _] = self.varints()?;
                Record::Pending { pointers: [record, data] }
            }
            16 => Record::Bucket(self.bucket()?),
            17 => {
                let [address, bucket] = self.varints()?;
                Record::Sample { address, bucket }
            }
            tag => return Err(Wrong::Tag(tag)),
        })
    }

    pub fn object(&mut self) -> Result<Object<'a>, Wrong> {
        Ok(Object { address: self.varint()?, contents: self.memory()?, fields: self.fields()? })
    }

    fn goroutine(&mut self) -> Result<Goroutine<'a>, Wrong> {
        let [address, _, _, creator, status, is_system, _, _] = self.varints()?;
        let wait_reason = self.text()?;
        let [context, machine, _, _] = self.varints()?;
        Ok(Goroutine { address, machine, creator, status, is_system: is_system != 0, wait_reason, context })
    }

    fn frame(&mut self) -> Result<Frame<'a>, Wrong> {
        let [_, _, _] = self.varints()?;
        let contents = self.memory()?;
        let [entry, _, _] = self.varints()?;
        Ok(Frame { contents, entry, function: self.text()?, fields: self.fields()? })
    }

    fn params(&mut self) -> Result<Params<'a>, Wrong> {
        let [is_big_endian, pointer_size, _, _] = self.varints()?;
        let (architecture, version) = (self.text()?, self.text()?);
        self.varint()?;
        Ok(Params { is_big_endian: is_big_endian != 0, pointer_size, architecture, version })
    }

    fn bucket(&mut self) -> Result<Bucket<'a>, Wrong> {
        let [id, size, count] = self.varints()?;
        // Each call takes three bytes at least.
        let left = (self.bytes.len() - self.at) as u64;
        if count > left / 3 {
            return Err(Wrong::Early);
        }
        let call = |_| Ok(Call { function: self.text()?, file: self.text()?, line: self.varint()? });
        let calls = (0..count).map(call).collect::<Result<_, Wrong>>()?;
        let [allocs, _] = self.varints()?;
        Ok(Bucket { id, size, calls, allocs })
    }

    fn varints<const N: usize>(&mut self) -> Result<[u64; N], Wrong> {
        let mut numbers = [0; N];
        for number in &mut numbers {
            *number = self.varint()?;
        }
        Ok(numbers)
    }

    #[inline]
    pub fn varint(&mut self) -> Result<u64, Wrong> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or(Wrong::Early)?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if shift == 63 && byte > 1 { Err(Wrong::Number) } else { Ok(value) };
            }
        }
        Err(Wrong::Number)
    }

    pub fn memory(&mut self) -> Result<&'a [u8], Wrong> {
        let length = usize::try_from(self.varint()?).map_err(|_| Wrong::Early)?;
        let end = self.at.checked_add(length).ok_or(Wrong::Early)?;
        let bytes = self.bytes.get(self.at..end).ok_or(Wrong::Early)?;
        self.at = end;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<Cow<'a, str>, Wrong> {
        Ok(String::from_utf8_lossy(self.memory()?))
    }

    fn fields(&mut self) -> Result<Fields<'a>, Wrong> {
        let start = self.at;
        while self.varint()? != 0 {
            self.varint()?;
        }
        Ok(Fields(self.bytes.get(start..self.at).unwrap_or_default()))
    }
}
