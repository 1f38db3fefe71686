//! Cumulative counters fell: another process, or a restart
//!
//! ## What was seen
//!
//! A profile counts what was ever allocated at each stack since the process began. At some stacks that count is lower in
//! the later profile. In one process it can only rise.
//!
//! ## Why it matters
//!
//! The two profiles are of two processes: of a service that was restarted in between, or of two replicas behind one
//! address. What differs between them is then no growth over time. A process that has just begun holds less of
//! everything, so a leak looks like a shrinking, and warming up looks like a leak. The sampling error is larger too: two
//! processes are sampled independently, while in one process what both profiles hold cancels exactly.
//!
//! ## What to do
//!
//! Take both profiles from one process. Ask one replica by its own address, not through a load balancer, and compare its
//! start time:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://replica-1:6060/debug/pprof/heap?gc=1'
//! sleep 600
//! curl -so heap2.pb.gz 'http://replica-1:6060/debug/pprof/heap?gc=1'
//! leakdiff heap1.pb.gz heap2.pb.gz
//! ```
//!
//! If two runs are what you want to compare, do the same work in both, and read small differences as noise.
//!
//! ## How it is decided
//!
//! Both profiles are of the same build (or state none) and in the order in which they were taken. Of the last metric that
//! counts what was allocated (in Go profiles `alloc_space`), the values of each stack and block size are compared, before
//! any filter of yours; one that fell is enough. The message says how many fell. The opposite is no proof: counters that
//! only rose may still be those of two processes. Files of `go test -memprofile` are of two runs as a matter of course, and
//! nothing is said: the main binary is called `*.test`, or both state `alloc_space` as their default and nothing is in
//! use.
//!
//! ## Example
//!
//! ```text
//! warning[restart]: cumulative allocations of 1 stack are lower in heap2.pb.gz than in heap1.pb.gz: the process was restarted, or these are two processes; compare snapshots of one run
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::{Guard, history};

const CODE: Code = Code::Restart;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("restart.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (before, after, step) in history(diff).filter(|(.., step)| step.fallen > 0 && !diff.is_of_test_runs()) {
        let stacks = if step.fallen == 1 { "stack" } else { "stacks" };
        let message = format!(
            "cumulative allocations of {} {stacks} are lower in {} than in {}: the process was restarted, or these are \
             two processes; compare snapshots of one run",
            step.fallen, after.label, before.label
        );
        warnings.push(Warning::about(&after.label, CODE, message));
    }
    warnings
}
