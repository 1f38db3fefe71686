//! Goroutines are blocked in C calls
//!
//! ## What it detects
//!
//! Goroutines of the program that are in a call of a C function and become more.
//!
//! ## Why it grows
//!
//! A call of C cannot be interrupted and takes a whole thread: about 5 KB of heap for what the runtime keeps of it,
//! and a stack of the system (8 MiB of address space). A C function that waits for a lock, a socket or a device
//! keeps both.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.cgocall` called by `_Cfunc_...` of the package, with the function that calls it above.
//! - Heap: only the threads show, `runtime.allocm`: `os-threads`.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *Many calls at the same time* that all come back: the number falls again.
//! - *Look-ups of names* by the system's resolver are calls of C too, below `net.cgoLookupIP`.
//!
//! ## Fix
//!
//! Give the C side a timeout, and limit how many calls there are at once.
//!
//! ```go
//! slots <- struct{}{} // a channel with room for as many as may run
//! defer func() { <-slots }()
//! C.query(db, C.int(timeout.Milliseconds()))
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they stand as `[syscall, 12 minutes]`. `gdb -p PID` and `thread apply all
//! bt` show where in C they are.
