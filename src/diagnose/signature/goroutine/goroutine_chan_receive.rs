//! Goroutines wait to receive from a channel
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in a receive (`v := <-ch`) and become more: nobody sends or closes any
//! more. A receive from a nil channel looks the same.
//!
//! ## Why it grows
//!
//! A receive waits until somebody sends or closes the channel. When the sender failed before it could, the receiver
//! waits for ever, with its stack (2 KiB at least), the channel, and all that its variables refer to: about 716 B
//! of heap and 2 KiB of stack for the smallest.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.chanrecv1` called by the function that receives. `chanrecv2` is the form with `v, ok` and
//!   the loop over a channel: `goroutine-chan-range`.
//! - Heap: cannot tell a receive from a send. `runtime.malg` grows, with one block of 96 to 112 B where the
//!   goroutine waits: `goroutine-leak`.
//!
//! ## What looks alike
//!
//! - *Idle workers*: a fixed number of goroutines waits for work. They do not become more.
//! - *Waiting for a timer* (`<-time.After(d)`) is parked here too; it ends when the timer fires.
//!
//! ## Fix
//!
//! Close the channel on every path of the sender, also after an error, or wait for the context as well.
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
//! In `/debug/pprof/goroutine?debug=2` they stand as `[chan receive, 12 minutes]`, those on a nil channel as `[chan
//! receive (nil chan)]`. From Go 1.27 on `/debug/pprof/goroutineleak` lists them.
