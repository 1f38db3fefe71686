//! Goroutines wait for a condition nobody signals
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in `sync.(*Cond).Wait`.
//!
//! ## Why it grows
//!
//! `Wait` returns after `Signal` or `Broadcast`; it has no context or timeout. A signal sent before the wait is lost.
//! Each waiting goroutine costs about 677 B of heap and 2 KiB of stack, plus what it holds.
//!
//! ## Evidence
//!
//! - Goroutines: `sync.runtime_notifyListWait` called by `sync.(*Cond).Wait`.
//! - Heap: the same function allocates a block of 96 to 112 B for each waiting goroutine; `runtime.malg` grows in
//!   step.
//!
//! ## What looks alike
//!
//! - *io.Pipe* and *HTTP/2 streams* wait for conditions as well, below frames of their packages.
//! - *Idle workers* that wait for work: their number does not grow.
//!
//! ## Fix
//!
//! Signal on every path that may end the wait, including shutdown. If a wait needs a timeout, use a channel.
//!
//! ```go
//! q.mu.Lock()
//! q.closed = true
//! q.mu.Unlock()
//! q.cond.Broadcast() // all that wait look again, and see that it is closed
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they show as `[sync.Cond.Wait, 12 minutes]`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists those whose condition is unreachable.
