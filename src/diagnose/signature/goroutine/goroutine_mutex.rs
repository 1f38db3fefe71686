//! Goroutines wait for a lock nobody releases
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program that wait in `Lock` or `RLock` of a `sync.Mutex` or `sync.RWMutex`.
//!
//! ## Why it grows
//!
//! A goroutine holds the lock and does not release it: an early return without `Unlock`, a panic, two locks taken in
//! different order, or a holder that waits itself. Every later goroutine waits as well, in a server every request: at
//! least about 602 B of heap and 2 KiB of stack, plus the request.
//!
//! ## Evidence
//!
//! - Goroutines: `internal/sync.runtime_SemacquireMutex` (up to Go 1.23 `sync.runtime_SemacquireMutex`),
//!   `sync.runtime_SemacquireRWMutexR` for `RLock`, `sync.runtime_SemacquireRWMutex` for `RWMutex.Lock`.
//! - Heap: the same function allocates a block of 96 to 112 B for each waiting goroutine; `runtime.malg` grows in
//!   step.
//!
//! ## What looks alike
//!
//! - *Contention*: the lock is held for a long time, but released. The number of waiting goroutines rises and falls.
//! - *A WaitGroup* waits in `runtime_SemacquireWaitGroup`: `goroutine-waitgroup`.
//!
//! ## Fix
//!
//! Defer the release on the line after `Lock`; hold no lock while waiting for a channel, the network or another lock.
//!
//! ```go
//! c.mu.Lock()
//! defer c.mu.Unlock()
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they show as `[sync.Mutex.Lock, 12 minutes]` (`[semacquire]` up to Go 1.19).
//! The holder is the goroutine between `Lock` and `Unlock` of the same object, if it still exists. `go vet` and the
//! mutex profile can help.
