//! Goroutines wait to receive from a channel
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in a receive (`v := <-ch`): nobody sends or closes. A receive
//! from a nil channel looks the same.
//!
//! ## Why it grows
//!
//! A receive waits until somebody sends or closes the channel. If the sender failed before, the receiver waits
//! forever, with the channel and everything its variables refer to: at least about 716 B of heap and 2 KiB of stack.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.chanrecv1` called by the function that receives. `chanrecv2` is the form with `v, ok` and
//!   the loop over a channel: `goroutine-chan-range`.
//! - Heap: a receive looks like a send. `runtime.malg` grows, with one block of 96 to 112 B where the goroutine
//!   waits: `goroutine-leak`.
//!
//! ## What looks alike
//!
//! - *Idle workers*: a fixed number of goroutines waits for work. It does not grow.
//! - *Waiting for a timer* (`<-time.After(d)`) is parked here too; it ends when the timer fires.
//!
//! ## Fix
//!
//! Close the channel on every path of the sender, also after an error, or select on the context.
//!
//! ```go
//! results := make(chan Result, 1)
//! go func() {
//!     defer close(results)
//!     // send to results
//! }()
//! select {
//! case r := <-results:
//! case <-ctx.Done():
//!     return ctx.Err()
//! }
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they show as `[chan receive, 12 minutes]`, those on a nil channel as `[chan
//! receive (nil chan)]`. From Go 1.27 on `/debug/pprof/goroutineleak` lists them.
