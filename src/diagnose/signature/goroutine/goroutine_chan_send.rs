//! Goroutines wait to send on a channel
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in a send (`ch <- v`): nobody receives.
//!
//! ## Why it grows
//!
//! A send waits for a receiver or room in the buffer. If the receiver returned early, after a timeout or with the
//! first of several answers, the sender waits forever. It retains the channel and everything its variables refer to:
//! at least about 716 B of heap and 2 KiB of stack. The garbage collector never frees a goroutine.
//!
//! ## Evidence
//!
//! - Goroutines: `runtime.chansend1` called by the function that sends.
//! - Heap: a send looks like a receive. It shows `runtime.malg` (448 B up to Go 1.24, 480 B from 1.26), one block of
//!   96 to 112 B where the goroutine waits, and the channel where it was created. A heap profile alone gives
//!   `goroutine-leak`.
//!
//! ## What looks alike
//!
//! - *A full queue*: senders wait while the consumer is slow, and their number falls again.
//! - *Waiting to receive* (`goroutine-chan-receive`) is parked in `chanrecv1`, *a select* (`goroutine-select`) in
//!   `selectgo`.
//!
//! ## Fix
//!
//! Give the channel a buffer for every possible answer, or let the sender select on the caller's context.
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
//! In `/debug/pprof/goroutine?debug=2` they show as `[chan send, 12 minutes]`, with `created by`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists them. In tests `goleak` reports them.
