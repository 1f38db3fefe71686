//! What every fuzz target does with its bytes: a function each, without the fuzzer.
//!
//! In: bytes that came from anywhere. Out: nothing, or a panic that says which promise was broken.
//! Invariant: the same bytes are used the same way by the fuzzer and by `cargo test`, which includes this file.

pub mod baseline;
pub mod config;
pub mod diff;
pub mod filters;
pub mod flame;
pub mod folded;
pub mod gate;
pub mod globs;
pub mod goroutines;
pub mod heap_dump;
pub mod inputs;
pub mod load;
pub mod memray;
pub mod page;
pub mod readers;
pub mod resident;
pub mod suppressions;
pub mod symbols;
pub mod texts;
pub mod v8_heap;

/// A fuzz target: its name, which its corpus has too, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("load", load::run),
    ("texts", texts::run),
    ("baseline", baseline::run),
    ("diff", diff::run),
    ("gate", gate::run),
    ("goroutines", goroutines::run),
    ("flame", flame::run),
    ("page", page::run),
    ("config", config::run),
    ("filters", filters::run),
    ("globs", globs::run),
    ("suppressions", suppressions::run),
    ("symbols", symbols::run),
    ("resident", resident::run),
    ("v8_heap", v8_heap::run),
    ("heap_dump", heap_dump::run),
    ("memray", memray::run),
    ("folded", folded::run),
];
