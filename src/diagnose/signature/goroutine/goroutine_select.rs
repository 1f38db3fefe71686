//! Goroutines wait in a select
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in a `select`: none of its cases is ready. The confidence is
//! at most medium, since a profile does not show whether a case ends the wait.
//!
//! ## Why it grows
//!
//! A `select` without `default` waits until one of its channels is ready. Without a case that ends it, `<-ctx.Done()`
//! or a channel that is closed, it waits forever. Each case costs a block of 96 to 112 B: 939 B of heap with two
//! cases, and 2 KiB of stack.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.selectgo` called by the function with the select.
//! - Heap: as many blocks of 96 B (up to Go 1.24) or 112 B as there are cases, where the goroutine waits, and
//!   `runtime.malg`: `goroutine-leak`.
//!
//! ## What looks alike
//!
//! - *A select with a timer or a context* ends some time. A profile does not show the cases: check the source. If a
//!   context is never cancelled, `context-not-cancelled` grows too.
//! - *Goroutines of net/http* wait in `selectgo` below `net/http.(*persistConn).readLoop`: `http-body-not-closed`.
//! - *`select {}`* (`goroutine-select-empty`) is parked in `runtime.block`.
//!
//! ## Fix
//!
//! Check the cases. If none of them is certain to end the wait, add one.
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
//! In `/debug/pprof/goroutine?debug=2` they show as `[select, 12 minutes]`, with `created by`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists those that nothing can wake.
