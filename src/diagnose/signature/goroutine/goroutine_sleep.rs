//! Goroutines sleep in an endless loop
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in `time.Sleep` and become more: a loop that polls or tries again for
//! ever, started again and again.
//!
//! ## Why it grows
//!
//! `time.Sleep` cannot be interrupted, and a loop around it that does not ask whether it is still wanted does not
//! end. Each goroutine costs about 611 B of heap and 2 KiB of stack, and what it holds.
//!
//! ## Evidence
//!
//! - Goroutines: `time.Sleep` called by the function with the loop.
//! - Heap: `time.Sleep` allocates one timer for each goroutine that ever slept, 80 B up to Go 1.22 and 96 B from Go
//!   1.23 on; `runtime.malg` grows in step.
//!
//! ## What looks alike
//!
//! - *Work that takes long and sleeps in between* ends, and its number falls again.
//! - *Goroutines that slept and are done* leave their timer behind, for the next goroutine that takes the
//!   descriptor. It grows with the peak.
//!
//! ## Fix
//!
//! Wait for the timer and for the end.
//!
//! ```go
//! ticker := time.NewTicker(time.Minute)
//! defer ticker.Stop()
//! for {
//!     select {
//!     case <-ticker.C:
//!         poll()
//!     case <-ctx.Done():
//!         return
//!     }
//! }
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they stand as `[sleep]`, with `created by`. `goroutineleak` does not list
//! them, since their timer wakes them.
