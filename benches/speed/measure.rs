//! Times a closure or a whole process, several times, and keeps the medians.

use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4;

/// What one run took.
#[derive(Clone, Copy)]
pub struct Cost {
    /// Seconds from start to end.
    pub seconds: f64,
    /// Largest resident size of the process in bytes; 0 for a closure.
    pub peak_bytes: u64,
}

/// The median over several runs.
pub fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    costs[costs.len() / 2]
}

/// One run of a closure.
pub fn closure<T>(work: impl FnOnce() -> T) -> (Cost, T) {
    let start = Instant::now();
    let result = work();
    (Cost { seconds: start.elapsed().as_secs_f64(), peak_bytes: 0 }, result)
}

/// One run of a process whose output is thrown away.
pub fn process(command: &mut Command) -> Cost {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command starts");
    let usage = child.wait4().expect("the command ends");
    assert!(usage.status.success(), "{command:?} failed");
    Cost { seconds: start.elapsed().as_secs_f64(), peak_bytes: usage.rusage.maxrss }
}
