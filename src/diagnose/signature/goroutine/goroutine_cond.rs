//! Goroutines wait for a condition nobody signals
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in `sync.(*Cond).Wait` and become more.
//!
//! ## Why it grows
//!
//! `Wait` returns after `Signal` or `Broadcast`, and knows neither context nor timeout. A signal that was sent
//! before the wait began is lost. Each waiting goroutine costs about 677 B of heap and 2 KiB of stack, and what it
//! holds.
//!
//! ## Evidence
//!
//! - Goroutines: `sync.runtime_notifyListWait` called by `sync.(*Cond).Wait`.
//! - Heap: the same function allocates a block of 96 to 112 B for each waiting goroutine; `runtime.malg` grows in
//!   step.
//!
//! ## What looks alike
//!
//! - *io.Pipe* and *HTTP/2 streams* wait in conditions as well, below frames of their packages.
//! - *Idle workers* that wait for work do not become more.
//!
//! ## Fix
//!
//! Signal on every path that may end the wait, the shutdown too. Where a wait must be given up, a channel is the
//! better tool.
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
//! In `/debug/pprof/goroutine?debug=2` they stand as `[sync.Cond.Wait, 12 minutes]`. From Go 1.27 on
//! `/debug/pprof/goroutineleak` lists those whose condition nobody can reach.
