//! Goroutines wait for a WaitGroup
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in `sync.(*WaitGroup).Wait` (or `errgroup.(*Group).Wait`).
//!
//! ## Why it grows
//!
//! `Wait` returns when `Done` was called as often as `Add` announced. If one worker returns without `Done`, panics or
//! never exits, the waiting goroutine stays with everything it holds: at least about 602 B of heap and 2 KiB of
//! stack.
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
//! - *Workers that hang*: then they grow as well, and are the cause. Check the other suspects first.
//! - *A lock* waits in `runtime_SemacquireMutex`: `goroutine-mutex`.
//!
//! ## Fix
//!
//! Start each worker with `defer group.Done()`, or use `WaitGroup.Go` (from Go 1.25 on).
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
//! In `/debug/pprof/goroutine?debug=2` they show as `[sync.WaitGroup.Wait, 12 minutes]` (`[semacquire]` up to Go
//! 1.24). Count the remaining workers.
