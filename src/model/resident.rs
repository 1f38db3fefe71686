//! The memory of a process as the system counts it.
//!
//! In: what `load` read. Out: plain values in bytes. Knows no file and no format.

/// How much memory a process or a control group has at one moment, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    /// What the system counts in all: the resident set of a process, what is charged to a control group.
    pub total: u64,
    /// What belongs to no file: heap, stacks, anonymous maps. `None` where it is not told.
    pub anonymous: Option<u64>,
    /// What is of files: code, mapped files, of a control group also the page cache. `None` where it is not told.
    pub file: Option<u64>,
}
