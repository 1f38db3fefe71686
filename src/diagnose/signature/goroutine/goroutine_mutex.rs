//! Goroutines wait for a lock nobody releases
//!
//! ## What it detects
//!
//! Goroutines of the program that wait in `Lock` or `RLock` of a `sync.Mutex` or `sync.RWMutex` and become more.
//!
//! ## Why it grows
//!
//! Somebody holds the lock and does not release it: an early return without `Unlock`, a panic, two locks taken in
//! different order, or a holder that waits itself. Everybody who comes later waits as well, in a server each
//! request: about 602 B of heap and 2 KiB of stack for the smallest, and the request with it.
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
//! - *Contention*: the lock is held for long, but released. The number of waiting goroutines goes up and down.
//! - *A WaitGroup* waits in `runtime_SemacquireWaitGroup`: `goroutine-waitgroup`.
//!
//! ## Fix
//!
//! Release in the line after taking, by `defer`; hold no lock while waiting for a channel, a network or another
//! lock.
//!
//! ```go
//! c.mu.Lock()
//! defer c.mu.Unlock()
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they stand as `[sync.Mutex.Lock, 12 minutes]` (`[semacquire]` up to Go
//! 1.19). The holder is the one goroutine between `Lock` and `Unlock` of the same object, or there is none. `go
//! vet` and the mutex profile help with the rest.
