//! A profile holds no samples
//!
//! ## What was seen
//!
//! The profile is well-formed, but has no samples.
//!
//! ## Why it matters
//!
//! Compared with an empty profile, everything is new; and an empty new profile looks like an improvement. Neither
//! says anything about the program.
//!
//! ## What to do
//!
//! In Go, check these causes:
//!
//! - `runtime.MemProfileRate` is 0, set in the program or by `GODEBUG=memprofilerate=0`.
//! - Nothing in the program refers to `runtime.MemProfile`, so the linker turned heap profiling off. Import
//!   `net/http/pprof` or call `pprof.WriteHeapProfile` somewhere.
//! - The profile was taken before the first garbage collection ended. Fetch it with `?gc=1`.
//! - The program is small: at the default rate one sample stands for 512 KiB.
//!
//! ## How it is decided
//!
//! The decoded profile has no samples, before any filter. An empty `goroutineleak` profile means that nothing leaked:
//! there is no warning.
//!
//! ## Example
//!
//! ```text
//! warning[empty]: heap1.pb.gz: the profile has no samples (is heap profiling on, and did a garbage collection run?)
//! ```

use crate::model::{Code, Metric, Page, Snapshot, Warning};

const CODE: Code = Code::Empty;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("empty.rs"));

/// A profile holds no samples.
pub fn warning(Snapshot { header, metrics, .. }: &Snapshot) -> Warning {
    let message = match metrics.iter().any(Metric::is_memory) {
        true => "the profile has no samples (is heap profiling on, and did a garbage collection run?)",
        false => "the profile has no samples",
    };
    Warning::about(&header.label, CODE, message)
}
