//! One way from a root to one object, pointer by pointer.
//!
//! In: what was marked, and an object. Out: the objects between it and its root, each with the pointer that leads to it.
//! Invariant: it ends, whatever objects hold one another, as each was reached from the one before it.
//! Knows no types.

use crate::load::heap_dump::Object;

use super::dump::Dump;
use super::heap::{ObjectId, word};
use super::mark::{Entry, HeldBy, Marked};

/// From a root to an object.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    /// The pointer of the root.
    pub entry: Entry,
    /// The objects, that of the root first.
    pub links: Vec<Link<'a>>,
}

/// An object, and the pointer that leads to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link<'a> {
    pub id: ObjectId,
    pub object: Object<'a>,
    /// Where the pointer stands in its holder; 0 in a root.
    pub offset: usize,
    /// Where it leads, which may be into the middle of the object.
    pub pointer: u64,
}

/// The longest chain that is followed: beyond, the middle of a list would be told.
const LONGEST: usize = 1 << 16;

/// The way from its root to an object; `None` where it was not reached, or lies too deep.
pub(super) fn chain<'a>(dump: &Dump<'a>, marked: &Marked, object: ObjectId) -> Option<Chain<'a>> {
    let mut links = Vec::new();
    let mut at = object;
    let entry = loop {
        let object = dump.heap.object(at);
        match marked.held_by(at)? {
            HeldBy::Root(entry) => {
                let pointer = dump.word_at(entry.word).unwrap_or(object.address);
                links.push(Link { id: at, object, offset: 0, pointer });
                break entry;
            }
            HeldBy::Object(holder) => {
                let contents = dump.heap.object(holder);
                let mut pointers =
                    contents.fields.filter_map(|offset| Some((offset, word(contents.contents, offset)?)));
                let (offset, pointer) = pointers.find(|(_, pointer)| dump.heap.find(*pointer) == Some(at))?;
                links.push(Link { id: at, object, offset, pointer });
                at = holder;
            }
        }
        if links.len() > LONGEST {
            return None;
        }
    };
    links.reverse();
    Some(Chain { entry, links })
}

impl Dump<'_> {
    /// The word of a segment at an address.
    pub(super) fn word_at(&self, address: u64) -> Option<u64> {
        self.segments.iter().find_map(|segment| {
            let offset = address.checked_sub(segment.address)?;
            word(segment.contents, usize::try_from(offset).ok()?)
        })
    }
}
