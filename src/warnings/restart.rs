//! Cumulative counters fell: another process, or a restart
//!
//! ## What was seen
//!
//! A profile counts all memory allocated at each stack since the process started. Within one process this can only
//! rise. At some stacks it is lower in the later profile.
//!
//! ## Why it matters
//!
//! The two profiles come from two processes: the service restarted, or they are two replicas behind one address.
//! Their difference is then not growth over time. A fresh process holds less of everything, so a leak looks like
//! shrinkage, and warm-up looks like a leak. The sampling error is larger too: two processes are sampled
//! independently, while within one process unchanged samples cancel.
//!
//! ## What to do
//!
//! Take both profiles from one process. Use the address of one replica, not a load balancer, and compare its start
//! time:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://replica-1:6060/debug/pprof/heap?gc=1'
//! sleep 600
//! curl -so heap2.pb.gz 'http://replica-1:6060/debug/pprof/heap?gc=1'
//! leakdiff heap1.pb.gz heap2.pb.gz
//! ```
//!
//! To compare two runs on purpose, do the same work in both, and treat small differences as noise.
//!
//! ## How it is decided
//!
//! Both profiles come from the same build (or state none) and are in order of time. The last cumulative metric (in Go
//! `alloc_space`) is compared for each stack and block size, before your filters; one that fell is enough. The
//! message says how many fell. The opposite proves nothing: counters that only rose may still come from two
//! processes. Files of `go test -memprofile` always come from two runs, so there is no warning for them: the main
//! binary is called `*.test`, or both have `alloc_space` as default and nothing is in use.
//!
//! ## Example
//!
//! ```text
//! warning[restart]: cumulative allocations of 1 stack are lower in heap2.pb.gz than in heap1.pb.gz: the process restarted, or these are two processes; compare snapshots of one run
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
            "cumulative allocations of {} {stacks} are lower in {} than in {}: the process restarted, or these are \
             two processes; compare snapshots of one run",
            step.fallen, after.label, before.label
        );
        warnings.push(Warning::about(&after.label, CODE, message));
    }
    warnings
}
