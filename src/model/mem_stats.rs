//! What Go's runtime says of its own memory: the counters of `runtime.MemStats`.
//!
//! In: the end of a heap profile in text form. Out: named numbers, bytes unless they say otherwise.
//! Invariant: a number is what the runtime printed; 0 where an old runtime printed none.

/// The memory of a Go process at the moment of a snapshot, as `runtime.MemStats` has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemStats {
    /// Live and not yet swept heap objects; the same as `heap_alloc`.
    pub alloc: u64,
    /// All bytes ever allocated on the heap.
    pub total_alloc: u64,
    /// All address space obtained from the system: the sum of the `*_sys` fields.
    pub sys: u64,
    /// Heap objects ever allocated; a number.
    pub mallocs: u64,
    /// Heap objects ever freed; a number.
    pub frees: u64,
    /// Live and not yet swept heap objects.
    pub heap_alloc: u64,
    /// Address space obtained for the heap, in use or idle.
    pub heap_sys: u64,
    /// Spans of the heap without objects.
    pub heap_idle: u64,
    /// Spans of the heap with at least one object.
    pub heap_inuse: u64,
    /// What of `heap_idle` was given back to the system.
    pub heap_released: u64,
    /// Heap objects in use; a number.
    pub heap_objects: u64,
    /// Stacks of goroutines.
    pub stack_inuse: u64,
    /// `stack_inuse` and the stacks of threads.
    pub stack_sys: u64,
    /// The runtime's span records in use.
    pub mspan_inuse: u64,
    /// Obtained for span records.
    pub mspan_sys: u64,
    /// The runtime's allocation caches in use.
    pub mcache_inuse: u64,
    /// Obtained for allocation caches.
    pub mcache_sys: u64,
    /// The tables of the profiler itself.
    pub buck_hash_sys: u64,
    /// What the garbage collector keeps for itself.
    pub gc_sys: u64,
    /// Everything else of the runtime.
    pub other_sys: u64,
    /// The heap size at which the next collection starts.
    pub next_gc: u64,
    /// When the last collection ended: nanoseconds since 1970, 0 before the first.
    pub last_gc: u64,
    /// Collections that ended; a number.
    pub num_gc: u64,
    /// Collections that the program asked for; a number.
    pub num_forced_gc: u64,
    /// The largest resident set of the process so far; `None` where the system does not tell.
    pub max_rss: Option<u64>,
}
