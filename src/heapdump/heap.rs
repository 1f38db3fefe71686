//! The objects of a dump, found by any pointer into them.
//!
//! In: where each object lies, in memory and in the dump. Out: the object that a pointer leads to. Invariant: twelve bytes
//! an object and a fortieth of the heap; a pointer is found in constant time, by a bit for each place where an object can
//! begin and by how many begin before. Sizes stay in the dump.
//! Knows nothing of roots.

use rayon::prelude::*;

use crate::load::heap_dump::{Object, object_at};

/// The number of an object, in the order of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ObjectId(pub u32);

impl ObjectId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An address and a place in the dump, of 48 bits each: as wide as the addresses of 64-bit processors are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot([u32; 3]);

/// Most objects: one bit of their number is needed.
const MOST_OBJECTS: usize = (1 << 31) - 1;
/// What fits in a slot.
pub(super) const MOST: u64 = (1 << 48) - 1;

impl Slot {
    fn new(address: u64, offset: u64) -> Self {
        Self([address as u32, offset as u32, (address >> 32) as u32 | ((offset >> 32) as u32) << 16])
    }

    fn address(self) -> u64 {
        u64::from(self.0[0]) | u64::from(self.0[2] & 0xffff) << 32
    }

    fn offset(self) -> usize {
        (u64::from(self.0[1]) | u64::from(self.0[2] >> 16) << 32) as usize
    }
}

/// Bytes that a bit of the index stands for, as a power of two: objects begin at multiples of it.
const GRAIN: u32 = 3;
/// Bytes that a mark of the index stands for, as a power of two.
const MARK: u32 = GRAIN + 6;
/// Bytes of a region of the index, as a power of two: spans of the allocator lie close together.
const REGION: u32 = 22;
/// Marks of a region.
const MARKS: usize = 1 << (REGION - MARK);

/// Most bytes of the index for each object, and for all of few.
const BYTES_OF_INDEX: usize = 24;
const LEAST_INDEX: usize = 16 << 20;

/// Where objects begin in a stretch of 512 bytes, and how many begin before it.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    bits: [u32; 2],
    before: u32,
}

impl Mark {
    fn bits(self) -> u64 {
        u64::from(self.bits[0]) | u64::from(self.bits[1]) << 32
    }
}

/// The marks of a region.
#[derive(Debug)]
struct Region {
    number: u64,
    marks: Box<[Mark]>,
}

/// All objects.
#[derive(Debug)]
pub(super) struct Heap<'a> {
    dump: &'a [u8],
    slots: Vec<Slot>,
    regions: Vec<Region>,
    lowest: u64,
    highest: u64,
}

/// Collects the objects of a dump.
#[derive(Debug, Default)]
pub(super) struct HeapBuilder {
    slots: Vec<Slot>,
}

impl HeapBuilder {
    /// Adds the object whose address stands at `offset` of the dump. Whether it could be: addresses have 48 bits, and objects
    /// begin at multiples of eight.
    pub fn push(&mut self, address: u64, offset: usize) -> bool {
        if address > MOST
            || address & ((1 << GRAIN) - 1) != 0
            || offset as u64 > MOST
            || self.slots.len() >= MOST_OBJECTS
        {
            return false;
        }
        self.slots.push(Slot::new(address, offset as u64));
        true
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Sorts the objects and makes the index.
    pub fn build(self, dump: &[u8]) -> Heap<'_> {
        let Self { mut slots } = self;
        slots.par_sort_unstable_by_key(|slot| (slot.address(), slot.offset()));
        // A dump that has two objects at one address is damaged; the first of them is taken.
        slots.dedup_by_key(|slot| slot.address());
        slots.shrink_to_fit();
        let mut heap = Heap { dump, slots, regions: Vec::new(), lowest: 0, highest: 0 };
        heap.index();
        heap
    }
}

impl<'a> Heap<'a> {
    /// Makes the index, where the objects lie close enough together: addresses that are scattered, as only in a damaged dump, would
    /// cost a region each.
    fn index(&mut self) {
        let last = self.slots.len().checked_sub(1).map(|last| self.object(ObjectId(last as u32)));
        self.lowest = self.slots.first().map_or(0, |slot| slot.address());
        self.highest = last.map_or(0, |object| object.address.saturating_add(object.contents.len() as u64));
        let regions = self.slots.chunk_by(|a, b| a.address() >> REGION == b.address() >> REGION).count();
        let most = self.slots.len() * BYTES_OF_INDEX + LEAST_INDEX;
        if regions * MARKS * size_of::<Mark>() <= most {
            self.make_index();
        }
    }

    fn make_index(&mut self) {
        for slot in &self.slots {
            let address = slot.address();
            let number = address >> REGION;
            if self.regions.last().is_none_or(|region| region.number != number) {
                self.regions.push(Region { number, marks: vec![Mark::default(); MARKS].into_boxed_slice() });
            }
            if let Some(region) = self.regions.last_mut() {
                let grain = address >> GRAIN;
                region.marks[mark_of(address)].bits[usize::from(grain & 32 != 0)] |= 1 << (grain & 31);
            }
        }
        let mut before = 0;
        for mark in self.regions.iter_mut().flat_map(|region| &mut region.marks) {
            mark.before = before;
            before += mark.bits().count_ones();
        }
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// The object of this number.
    pub fn object(&self, id: ObjectId) -> Object<'a> {
        let empty = Object { address: 0, contents: &[], fields: Default::default() };
        // It was read once at this place, so that it can be again.
        self.slots.get(id.index()).and_then(|slot| object_at(self.dump, slot.offset())).unwrap_or(empty)
    }

    /// Whether a pointer lies between the first and the last object.
    pub fn may_hold(&self, pointer: u64) -> bool {
        (self.lowest..self.highest).contains(&pointer)
    }

    /// The object that holds the byte at this address.
    #[inline]
    pub fn find(&self, pointer: u64) -> Option<ObjectId> {
        if !self.may_hold(pointer) {
            return None;
        }
        let (count, is_begin) = self.count_up_to(pointer);
        let id = ObjectId(count.checked_sub(1)?);
        if is_begin {
            return Some(id);
        }
        let object = self.object(id);
        (pointer - object.address < object.contents.len() as u64).then_some(id)
    }

    /// How many objects begin at this address or before it, and whether one begins there.
    #[inline]
    fn count_up_to(&self, pointer: u64) -> (u32, bool) {
        if self.regions.is_empty() {
            let count = self.slots.partition_point(|slot| slot.address() <= pointer);
            let is_begin = count > 0 && self.slots[count - 1].address() == pointer;
            return (count as u32, is_begin);
        }
        let at = match self.region(pointer >> REGION) {
            Ok(at) => at,
            // No object begins in the whole region: one before may reach into it.
            Err(next) => {
                let first = self.regions.get(next).map(|region| region.marks[0].before);
                return (first.unwrap_or(self.slots.len() as u32), false);
            }
        };
        let mark = self.regions[at].marks[mark_of(pointer)];
        let upwards = mark.bits() << (63 - (pointer >> GRAIN & 63));
        let is_begin = upwards >> 63 == 1 && pointer & ((1 << GRAIN) - 1) == 0;
        (mark.before + upwards.count_ones(), is_begin)
    }

    /// Where the region of this number stands, or the next.
    fn region(&self, number: u64) -> Result<usize, usize> {
        // Arenas follow one another.
        let first = self.regions.first().map_or(0, |region| region.number);
        let guess = usize::try_from(number.saturating_sub(first)).unwrap_or(usize::MAX);
        match self.regions.get(guess) {
            Some(region) if region.number == number => Ok(guess),
            _ => self.regions.binary_search_by_key(&number, |region| region.number),
        }
    }
}

/// The number of the mark of an address in its region.
fn mark_of(address: u64) -> usize {
    (address >> MARK) as usize & (MARKS - 1)
}

/// The word at an offset of some memory.
pub(super) fn word(memory: &[u8], offset: usize) -> Option<u64> {
    let bytes = memory.get(offset..offset.checked_add(8)?)?;
    bytes.try_into().ok().map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_hold_addresses_and_offsets_of_48_bits() {
        for (address, offset) in [(0, 0), (0x00c0_0000_0000, 1), (MOST, MOST), (0x7fff_1234_5678, 0x1_2345_6789)] {
            let slot = Slot::new(address, offset);
            assert_eq!((slot.address(), slot.offset() as u64), (address, offset));
        }
    }
}
