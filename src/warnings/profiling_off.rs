//! Memory profiling is off in the program
//!
//! ## What was seen
//!
//! The profile states a sampling rate of 0: the program records no allocations.
//!
//! ## Why it matters
//!
//! Nothing can be compared. That no row grew proves nothing: the program may still leak.
//!
//! ## What to do
//!
//! Find what sets `runtime.MemProfileRate` to 0: the program, a library, or `GODEBUG=memprofilerate=0` in its
//! environment. If nothing does, the linker found no use of `runtime.MemProfile` and turned profiling off: import
//! `net/http/pprof`, or call `pprof.WriteHeapProfile` somewhere. Start the program with a rate, and take new
//! profiles:
//!
//! ```sh
//! GODEBUG=memprofilerate=524288 ./server &
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! ```
//!
//! The `debug=1` form contains `runtime.MemStats` even when profiling is off. These counters tell whether the heap
//! grows, but not who allocated it.
//!
//! ## How it is decided
//!
//! The first line of a Go heap profile in text form ends in `@ heap/0`; or a binary profile has a memory period
//! (`space`) of 0 and no samples. `HeapAlloc` and `HeapInuse` are shown for the first and the last input, if both
//! have them.
//!
//! ## Example
//!
//! ```text
//! warning[profiling-off]: heap1.pb.gz, heap2.pb.gz: memory profiling is off (MemProfileRate is 0): no allocations are recorded
//! ```

use crate::diff::Diff;
use crate::model::{Code, Header, MemStats, Page, Warning};
use crate::units::{self, Scale};

use super::Guard;

const CODE: Code = Code::ProfilingOff;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("profiling_off.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    let headers = || diff.snapshots.iter().map(|snapshot| &snapshot.header);
    let off: Vec<&str> = headers().filter(|header| header.profiling_is_off).map(|header| &*header.label).collect();
    if off.is_empty() {
        return Vec::new();
    }
    let inputs = off.join(", ");
    let growth = headers().next().zip(headers().next_back()).and_then(|(first, last)| growth(first, last));
    let message = format!(
        "{inputs}: memory profiling is off (MemProfileRate is 0): no allocations are recorded{}",
        growth.unwrap_or_default()
    );
    vec![Warning::general(CODE, message)]
}

/// What the counters of the runtime say of the same time.
fn growth(first: &Header, last: &Header) -> Option<String> {
    let (before, after) = first.mem_stats.zip(last.mem_stats)?;
    let counter = |value: fn(&MemStats) -> u64| {
        let shown = |stats| units::format(i64::try_from(value(stats)).unwrap_or(i64::MAX), "bytes", Scale::Auto);
        let (before, after) = (shown(&before), shown(&after));
        if before == after { before } else { format!("{before} → {after}") }
    };
    let (alloc, inuse) = (counter(|stats| stats.heap_alloc), counter(|stats| stats.heap_inuse));
    Some(format!("; runtime.MemStats has HeapAlloc {alloc}, HeapInuse {inuse}"))
}
