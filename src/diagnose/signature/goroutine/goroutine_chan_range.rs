//! Goroutines range over a channel nobody closes
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in `for v := range ch` (or `v, ok := <-ch`) and become more.
//!
//! ## Why it grows
//!
//! A loop over a channel ends when the channel is closed, not when nothing refers to it any more. A worker that is
//! started for each request or connection and whose channel is dropped without `close` waits for ever: about 716 B
//! of heap and 2 KiB of stack for the smallest, and all that it refers to.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.chanrecv2` called by the function with the loop.
//! - Heap: `runtime.malg` grows, with one block of 96 to 112 B where the goroutine waits: `goroutine-leak`.
//!
//! ## What looks alike
//!
//! - *A pool of workers* waits here as well, but their number stays.
//! - *A ticker's loop*, `for range time.Tick(d)`, is parked in `chanrecv2` too, and `time.NewTicker` grows:
//!   `time-tick`.
//!
//! ## Fix
//!
//! The one who sends closes, once, when there is nothing more to send.
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
//! In `/debug/pprof/goroutine?debug=2` they stand as `[chan receive, 12 minutes]` on the line of the loop: that form
//! does not tell the loop from a plain receive, and they are called `goroutine-chan-receive`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists them.
