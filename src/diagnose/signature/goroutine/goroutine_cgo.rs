//! Goroutines are blocked in C calls
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program in C calls.
//!
//! ## Why it grows
//!
//! A C call cannot be interrupted and occupies a whole thread: about 5 KB of heap in the runtime, and a system stack
//! (8 MiB of address space). A C function that waits for a lock, a socket or a device holds both.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.cgocall` called by `_Cfunc_...` of the package, with its Go caller above.
//! - Heap: only the threads show, `runtime.allocm`: `os-threads`.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *Many concurrent calls* that all return: the number falls again.
//! - *Name lookups* by the system resolver are C calls too, below `net.cgoLookupIP`.
//!
//! ## Fix
//!
//! Give the C call a timeout, and limit concurrent calls.
//!
//! ```go
//! slots <- struct{}{} // a channel with room for as many as may run
//! defer func() { <-slots }()
//! C.query(db, C.int(timeout.Milliseconds()))
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they show as `[syscall, 12 minutes]`. `gdb -p PID` and `thread apply all bt`
//! show where they are in C.
