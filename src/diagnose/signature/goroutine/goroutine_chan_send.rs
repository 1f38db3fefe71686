//! Goroutines wait to send on a channel
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in a send (`ch <- v`) and become more: nobody receives any more.
//!
//! ## Why it grows
//!
//! A send waits until there is a receiver or room in the buffer. When the receiver has returned early, after a
//! timeout or with the first of several answers, the sender waits for ever. It keeps its stack (2 KiB at least),
//! the channel, and all that its variables refer to: about 716 B of heap and 2 KiB of stack for the smallest. A
//! goroutine is never collected.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.chansend1` called by the function that sends.
//! - Heap: cannot tell a send from a receive. What shows is `runtime.malg` (448 B up to Go 1.24, 480 B from 1.26),
//!   one block of 96 to 112 B where the goroutine waits, and the channel where it was made. A heap profile alone
//!   gives `goroutine-leak`.
//!
//! ## What looks alike
//!
//! - *A full queue*: senders wait while the consumer is slow, and their number falls again.
//! - *Waiting to receive* (`goroutine-chan-receive`) is parked in `chanrecv1`, *a select* (`goroutine-select`) in
//!   `selectgo`.
//!
//! ## Fix
//!
//! Give the channel room for every answer that may come, or let the sender give up with the caller's context.
//!
//! ```go
//! prices := make(chan Price, len(sources)) // nobody has to wait
//! go func() {
//!     select {
//!     case prices <- ask(source):
//!     case <-ctx.Done():
//!     }
//! }()
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they stand as `[chan send, 12 minutes]`, with `created by`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists them. In tests `goleak` fails on them.
