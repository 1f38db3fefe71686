//! Goroutines range over a channel nobody closes
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in `for v := range ch` (or `v, ok := <-ch`).
//!
//! ## Why it grows
//!
//! A loop over a channel ends when the channel is closed, not when nothing refers to it. A worker per request or
//! connection whose channel is dropped without `close` waits forever: at least about 716 B of heap and 2 KiB of
//! stack, and everything it refers to.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.chanrecv2` called by the function with the loop.
//! - Heap: `runtime.malg` grows, with one block of 96 to 112 B where the goroutine waits: `goroutine-leak`.
//!
//! ## What looks alike
//!
//! - *A worker pool* waits here as well, but its size stays constant.
//! - *A ticker loop*, `for range time.Tick(d)`, is parked in `chanrecv2` too, and `time.NewTicker` grows:
//!   `time-tick`.
//!
//! ## Fix
//!
//! The sender closes the channel, once, after the last send.
//!
//! ```go
//! jobs := make(chan Job)
//! defer close(jobs) // ends the workers
//! for range workers {
//!     go func() {
//!         for job := range jobs {
//!             job.Run()
//!         }
//!     }()
//! }
//! ```
//!
//! The channel of a ticker is never closed, and `Stop` does not end the loop: wait for the context as well.
//!
//! ```go
//! ticker := time.NewTicker(time.Second)
//! defer ticker.Stop()
//! for {
//!     select {
//!     case <-ticker.C:
//!         refresh()
//!     case <-ctx.Done():
//!         return
//!     }
//! }
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they show as `[chan receive, 12 minutes]` on the line of the loop. That form
//! does not distinguish a loop from a plain receive: leakdiff reports `goroutine-chan-receive`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists them.
