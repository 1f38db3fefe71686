//! Files are not closed
//!
//! ## What it detects
//!
//! Open files that are retained and not closed: in a list, a cache or a long-lived struct.
//!
//! ## Why it grows
//!
//! An open file is 96 to 104 B of heap and a file descriptor. The descriptors run out first: the usual limit is 1024
//! per process; then opening fails with "too many open files". The garbage collector closes a file that nothing
//! refers to, so leaked files are still held by something, often with a buffer of 4 KiB.
//!
//! ## Evidence
//!
//! - Heap: `os.newFile` below `os.OpenFile`, called by the function that opens. The bytes are few, so look at the objects:
//!   `--sample-index inuse_objects`.
//! - Goroutines: none. Reading a regular file parks no goroutine.
//!
//! ## What looks alike
//!
//! - *`defer` in a loop* (`defer-in-loop`): the function that opens also grows itself, by one deferred call per file.
//! - *Pipes to other programs* (`exec-not-waited`) come from `os.Pipe` below `os/exec.(*Cmd).Start`.
//! - *A cache of open files*, as stores of log segments have, stops at its limit.
//!
//! ## Fix
//!
//! Close the file right after the check of the error, in the function that opens it.
//!
//! ```go
//! f, err := os.Open(path)
//! if err != nil {
//!     return err
//! }
//! defer f.Close()
//! ```
//!
//! ## How to confirm
//!
//! `ls -l /proc/PID/fd` lists the files, and their number rises. On other systems use `lsof -p PID`.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Raise, Signature, Unit};

/// How a program opens a file.
pub(crate) const OPENED: &[&str] = &["os.newFile << os.OpenFile << @app", "os.newFile << os.(*Root).OpenFile << @app"];

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("file-not-closed", include_str!("file_not_closed.rs")),
    heap: Frames { any: OPENED, ..Frames::NONE },
    unit: Some(Unit {
        leaf: &["^ os.newFile << os.OpenFile << @app", "^ os.newFile << os.(*Root).OpenFile << @app"],
        objects: 1,
        counted: Counted::File,
    }),
    fix: "defer f.Close() after the error check, in the function that opens the file",
    raise: Raise::By("count the files in /proc/PID/fd"),
    ..Signature::DEFAULT
};
