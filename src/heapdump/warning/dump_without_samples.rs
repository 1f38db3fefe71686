//! A heap dump does not say who allocated its objects
//!
//! ## What was seen
//!
//! The dump has objects, and next to none of them were sampled by the memory profiler.
//!
//! ## Why it matters
//!
//! Who holds what, and how much, is exact without any sample. Which function allocated it is known for sampled objects only.
//!
//! ## What to do
//!
//! Import `net/http/pprof` in the program, or call `pprof.WriteHeapProfile` somewhere: where nothing refers to
//! `runtime.MemProfile`, the linker turns sampling off, also where `runtime/pprof` is imported for nothing. If `runtime.MemProfileRate` is set to 0, do not. Call `runtime.GC()` right before
//! `debug.WriteHeapDump`, so that what was sampled since the last collection is counted.
//!
//! ## How it is decided
//!
//! At most one object of the dump was sampled.
//!
//! ## Example
//!
//! ```text
//! warning[dump-without-samples]: after.dump: no object was sampled; who allocated what grew is not known (import net/http/pprof)
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::DumpWithoutSamples;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("dump_without_samples.rs"));

/// Whether so few samples say nothing: where sampling is off, one is made when the program starts.
pub fn applies(sampled: usize) -> bool {
    sampled <= 1
}

/// A dump has next to no samples.
pub fn warning(label: &str, sampled: usize) -> Warning {
    let objects = if sampled == 1 { "1 object was sampled" } else { "no object was sampled" };
    let message = format!("{objects}; who allocated what grew is not known (import net/http/pprof)");
    Warning::about(label, CODE, message)
}
