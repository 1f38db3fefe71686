//! Goroutines are blocked in an empty select
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in `select {}`.
//!
//! ## Why it grows
//!
//! An empty select waits forever: such a goroutine was meant to live as long as the process. If it is started
//! repeatedly, each costs 448 B (up to Go 1.24) or 480 B of heap, its stack, and everything its variables refer to.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.block` called by the function with the select.
//! - Heap: only `runtime.malg`, reported as `goroutine-leak`; no frame shows who started it. What it retains was
//!   allocated elsewhere: with goroutine profiles it is combined with the function that started it, if that allocated
//!   about as many blocks of one kind.
//!
//! ## What looks alike
//!
//! - *`main` in `select {}`* is one goroutine, and stays one.
//! - *Goroutines that exited* leave `runtime.malg` behind: the runtime reuses the descriptors. It follows the peak
//!   number of goroutines, not the current one: `goroutine-high-water`.
//!
//! ## Fix
//!
//! Wait for something that ends.
//!
//! ```go
//! <-ctx.Done()
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they show as `[select (no cases)]`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists them.
