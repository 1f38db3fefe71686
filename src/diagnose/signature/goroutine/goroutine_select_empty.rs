//! Goroutines block in an empty select
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in `select {}` and become more.
//!
//! ## Why it grows
//!
//! An empty select waits for ever: such a goroutine was meant to live as long as the process. Started more than
//! once, each costs 448 B (up to Go 1.24) or 480 B of heap and its stack, and all that its variables refer to.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.block` called by the function with the select.
//! - Heap: `runtime.malg` alone, which is called `goroutine-leak`; no frame tells who started it. What it keeps was
//!   allocated by others: with goroutine profiles it is joined to the function that started it, where that made about
//!   as many blocks of one kind.
//!
//! ## What looks alike
//!
//! - *`main` in `select {}`* is one goroutine, and stays one.
//! - *Goroutines that are done* leave `runtime.malg` behind for good: the runtime keeps the descriptors for the
//!   next ones. It grows with the peak of goroutines and not with their number: `goroutine-high-water`.
//!
//! ## Fix
//!
//! Wait for something that comes to an end.
//!
//! ```go
//! <-ctx.Done()
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they stand as `[select (no cases)]`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists them.
