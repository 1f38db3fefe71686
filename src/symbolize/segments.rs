//! Where the parts of a binary lie: from an address in a mapping to the address that the binary itself uses.
//!
//! In: the segments of a binary. Out: addresses as its symbols and debug information have them, whatever address space
//! randomisation made of them. Invariant: an address outside of what the binary has is none of it.

use object::{Object, ObjectSegment};

use crate::model::Mapping;

/// Mappings begin and end with a page.
const PAGE: u64 = 4096;

/// A part of a binary that is loaded as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    /// Where it stands in the file.
    pub offset: u64,
    /// The address that it is linked for.
    pub address: u64,
    /// Its length in memory.
    pub size: u64,
}

/// The segments of a binary.
pub(super) fn of<'data>(object: &impl Object<'data>) -> Vec<Segment> {
    let segments = object.segments();
    let segment = segments.map(|segment| Segment {
        offset: segment.file_range().0,
        address: segment.address(),
        size: segment.size(),
    });
    segment.collect()
}

/// A mapping of the whole address space: a text that names the binary, and not where it was mapped.
fn is_everywhere(mapping: &Mapping) -> bool {
    mapping.size >= u64::MAX - PAGE
}

/// Whether a mapping can be one of a binary with these segments: another build has other lengths.
pub(super) fn has(segments: &[Segment], mapping: &Mapping) -> bool {
    // Writers that state the segment and not its pages begin within one.
    let end = (mapping.offset / PAGE * PAGE).checked_add(mapping.size);
    is_everywhere(mapping)
        || segments.iter().any(|segment| {
            let start = segment.offset / PAGE * PAGE;
            let last = segment.offset.checked_add(segment.size).and_then(|end| end.checked_next_multiple_of(PAGE));
            start <= mapping.offset / PAGE * PAGE && end.zip(last).is_some_and(|(end, last)| end <= last)
        })
}

/// The address in the binary of an address in a mapping of it.
pub(super) fn address(segments: &[Segment], mapping: &Mapping, address: u64) -> Option<u64> {
    if is_everywhere(mapping) {
        return Some(address);
    }
    let at = mapping.offset.checked_add(address)?;
    let start = |segment: &Segment| segment.offset / PAGE * PAGE;
    let inside = |segment: &&Segment| start(segment) <= at && at < segment.offset.saturating_add(segment.size);
    // Two segments may share a page of the file: the one whose mapping it is.
    let segment = segments.iter().filter(inside).max_by_key(|segment| start(segment) == mapping.offset)?;
    Some(at.wrapping_sub(segment.offset).wrapping_add(segment.address))
}
