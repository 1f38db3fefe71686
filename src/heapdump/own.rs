//! The runtime's own records: of goroutines, of threads, and of processors with their timers.
//!
//! In: a dump and its names. Out: which objects they are. Invariant: they hold what belongs to others: a channel leads to the
//! goroutines that wait for it, a ticker to the timers of all. So nothing is followed through them but from where they belong.
//! Knows nothing of who reaches what.

use super::dump::Dump;
use super::heap::{ObjectId, word};
use super::names::Names;

/// The records of goroutines, in the order of the dump's stacks; those without one in the heap are left out.
pub(super) fn goroutines(dump: &Dump<'_>) -> Vec<ObjectId> {
    dump.stacks.iter().filter_map(|stack| dump.heap.find(stack.goroutine.address)).collect()
}

/// The records of threads and processors.
pub(super) fn machines(dump: &Dump<'_>, names: &Names<'_>) -> Vec<ObjectId> {
    let of_goroutines = dump.stacks.iter().map(|stack| stack.goroutine.machine);
    let threads = dump.threads.iter().copied().chain(of_goroutines);
    threads.chain(processors(dump, names)).filter_map(|address| dump.heap.find(address)).collect()
}

/// What the slice `runtime.allp` leads to.
fn processors(dump: &Dump<'_>, names: &Names<'_>) -> Vec<u64> {
    let array = names.variable("runtime.allp").and_then(|address| dump.heap.find(dump.word_at(address)?));
    let Some(array) = array.map(|array| dump.heap.object(array)) else { return Vec::new() };
    array.fields.filter_map(|offset| word(array.contents, offset)).collect()
}
