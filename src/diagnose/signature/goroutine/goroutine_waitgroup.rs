//! Goroutines wait for a WaitGroup
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in `sync.(*WaitGroup).Wait` (or `errgroup.(*Group).Wait`) and become
//! more.
//!
//! ## Why it grows
//!
//! `Wait` returns when `Done` was called as often as `Add` said. One worker that returns without `Done`, panics, or
//! never ends, and the waiting goroutine stays, with what it holds: about 602 B of heap and 2 KiB of stack for the
//! smallest.
//!
//! ## Evidence
//!
//! - Goroutines: `sync.runtime_SemacquireWaitGroup` (up to Go 1.23 `sync.runtime_Semacquire`) called by
//!   `sync.(*WaitGroup).Wait`.
//! - Heap: the same function allocates a block of 96 to 112 B for each waiting goroutine; `runtime.malg` grows in
//!   step.
//!
//! ## What looks alike
//!
//! - *Workers that hang*: then they grow as well, and are the cause. Look at the other suspects first.
//! - *A lock* waits in `runtime_SemacquireMutex`: `goroutine-mutex`.
//!
//! ## Fix
//!
//! Call `Done` by `defer` as the first thing, or let `WaitGroup.Go` (from Go 1.25 on) do it.
//!
//! ```go
//! group.Add(1)
//! go func() {
//!     defer group.Done()
//!     work()
//! }()
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they stand as `[sync.WaitGroup.Wait, 12 minutes]` (`[semacquire]` up to Go
//! 1.24). Count the workers that are still there.
