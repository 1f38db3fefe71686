//! Objects and where their pointers lead, many at a time.
//!
//! In: a queue of objects. Out: for a batch from its front what is to be known of each, and the objects that they point to, in the
//! order of the queue. Invariant: the same whatever the number of threads; nothing is decided here, so that who asks does so one
//! after the other.
//! Knows no roots.

use std::collections::VecDeque;

use rayon::prelude::*;

use crate::load::heap_dump::Object;

use super::heap::{Heap, ObjectId, word};

/// Objects that are still to be looked at, breadth first.
pub(super) type Queue = VecDeque<ObjectId>;

/// Objects that are looked at before what they point to is taken: so many edges are in memory, and no more.
const BATCH: usize = 1 << 15;
/// Objects that one thread looks at in one go.
const PART: usize = 1 << 10;

/// A part of a batch.
pub(super) struct Walked<T> {
    /// The objects, with what was asked of each.
    pub objects: Vec<(ObjectId, T)>,
    /// Pointers: from which object to which.
    pub pointers: Vec<(ObjectId, ObjectId)>,
}

/// Takes a batch from a queue and looks at it; nothing where the queue is empty. Pointers to what `is_known` are left out.
pub(super) fn walk<T: Send>(
    heap: &Heap<'_>,
    queue: &mut Queue,
    ask: impl Fn(&Object<'_>) -> T + Sync,
    is_known: impl Fn(ObjectId) -> bool + Sync,
) -> Option<Vec<Walked<T>>> {
    let batch: Vec<ObjectId> = queue.drain(..queue.len().min(BATCH)).collect();
    let part = |part: &[ObjectId]| {
        let mut walked = Walked { objects: Vec::with_capacity(part.len()), pointers: Vec::with_capacity(part.len()) };
        for id in part {
            let object = heap.object(*id);
            walked.objects.push((*id, ask(&object)));
            let found = object.fields.filter_map(|offset| heap.find(word(object.contents, offset)?));
            walked.pointers.extend(found.filter(|next| !is_known(*next)).map(|next| (*id, next)));
        }
        walked
    };
    (!batch.is_empty()).then(|| batch.par_chunks(PART).map(part).collect())
}
