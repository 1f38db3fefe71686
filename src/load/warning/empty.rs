//! A profile holds no samples
//!
//! ## What was seen
//!
//! The profile is well-formed, and there is not one sample in it.
//!
//! ## Why it matters
//!
//! Against an empty profile everything is new, and against everything else an empty profile is an improvement. Neither
//! says anything about the program.
//!
//! ## What to do
//!
//! In Go, look for these:
//!
//! - `runtime.MemProfileRate` is 0, set in the program or by `GODEBUG=memprofilerate=0`.
//! - Nothing in the program refers to `runtime.MemProfile`, so that the linker turned heap profiling off. Import
//!   `net/http/pprof` or call `pprof.WriteHeapProfile` somewhere.
//! - The profile was taken before the first garbage collection ended. Fetch it with `?gc=1`.
//! - The program is small: at the default rate one sample stands for 512 KiB.
//!
//! ## How it is decided
//!
//! The decoded profile has no sample, before any filter. A `goroutineleak` profile without one says that nothing leaked,
//! and is not warned of.
//!
//! ## Example
//!
//! ```text
//! warning[empty]: heap1.pb.gz: the profile holds no samples (is heap profiling on, and did a collection run?)
//! ```

use crate::model::{Code, Metric, Page, Snapshot, Warning};

const CODE: Code = Code::Empty;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("empty.rs"));

/// A profile holds no samples.
pub fn warning(Snapshot { header, metrics, .. }: &Snapshot) -> Warning {
    let message = match metrics.iter().any(Metric::is_memory) {
        true => "the profile holds no samples (is heap profiling on, and did a collection run?)",
        false => "the profile holds no samples",
    };
    Warning::about(&header.label, CODE, message)
}
