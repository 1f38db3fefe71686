//! Goroutines wait in a select
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in a `select` and become more: none of its cases comes true yet. The
//! confidence is medium at most, since a profile does not show whether one of the cases ends the wait.
//!
//! ## Why it grows
//!
//! A `select` without `default` waits until one of its channels is ready. Without a case for the end,
//! `<-ctx.Done()` or a channel that is closed, it waits for ever. It costs one more block of 96 to 112 B for each
//! case: 939 B of heap with two cases, and 2 KiB of stack.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.selectgo` called by the function with the select.
//! - Heap: as many blocks of 96 B (up to Go 1.24) or 112 B as there are cases, where the goroutine waits, and
//!   `runtime.malg`: `goroutine-leak`.
//!
//! ## What looks alike
//!
//! - *A select with a timer or a context* ends some day. A profile does not say which cases there are: look at the
//!   source. Where a context is never cancelled, `context-not-cancelled` grows too.
//! - *Goroutines of net/http* wait in `selectgo` below `net/http.(*persistConn).readLoop`: `http-body-not-closed`.
//! - *`select {}`* (`goroutine-select-empty`) is parked in `runtime.block`.
//!
//! ## Fix
//!
//! Look at the cases. Where none of them ends the wait for certain, add one.
//!
//! ```go
//! for {
//!     select {
//!     case job := <-jobs:
//!         job.Run()
//!     case <-ctx.Done():
//!         return
//!     }
//! }
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they stand as `[select, 12 minutes]`, with `created by`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists those that nothing can wake.
