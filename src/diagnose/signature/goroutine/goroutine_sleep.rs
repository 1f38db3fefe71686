//! Goroutines sleep in an endless loop
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in `time.Sleep`: a loop that polls or retries forever,
//! started repeatedly.
//!
//! ## Why it grows
//!
//! `time.Sleep` cannot be interrupted, and a loop that never checks for an end does not exit. Each goroutine costs
//! about 611 B of heap and 2 KiB of stack, plus what it holds.
//!
//! ## Evidence
//!
//! - Goroutines: `time.Sleep` called by the function with the loop.
//! - Heap: `time.Sleep` allocates one timer for each goroutine that ever slept, 80 B up to Go 1.22 and 96 B from Go
//!   1.23 on; `runtime.malg` grows in step.
//!
//! ## What looks alike
//!
//! - *Long work that sleeps in between* ends, and the number falls again.
//! - *Goroutines that slept and exited* leave their timer to the next goroutine that reuses the descriptor. It
//!   follows the peak.
//!
//! ## Fix
//!
//! Wait for a timer or the end.
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
//! In `/debug/pprof/goroutine?debug=2` they show as `[sleep]`, with `created by`. `goroutineleak` does not list them,
//! since a timer wakes them.
