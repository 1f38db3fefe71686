//! Goroutines read from connections without a deadline
//!
//! ## What it detects
//!
//! Goroutines of the program that are parked in a read of a connection and become more.
//!
//! ## Why it grows
//!
//! A read waits until the peer sends or closes. A peer that has vanished does neither, for hours or for ever. Each
//! reader costs 480 B of heap and 4 to 8 KiB of stack, its buffer, the connection and a file descriptor.
//!
//! ## Evidence
//!
//! - Goroutines: `internal/poll.runtime_pollWait` below `net.(*conn).Read`, with the function that reads above it.
//! - Heap: only what the goroutine holds, above all its buffer, with the goroutine's first function at the end of
//!   the stack: `goroutine-leak`. That it reads does not show.
//!
//! ## What looks alike
//!
//! - *Clients that are connected and silent*: their number is that of the open connections. `ss -tn` counts them.
//! - *Connections that are not closed* show `net.newFD` in the heap as well.
//! - *Idle connections of net/http* read below `(*persistConn).readLoop` or `(*conn).serve`.
//!
//! ## Fix
//!
//! Set a deadline before each read, and close the connection when its owner is done with it.
//!
//! ```go
//! for {
//!     deadline := time.Now().Add(time.Minute)
//!     if err := conn.SetReadDeadline(deadline); err != nil {
//!         return err
//!     }
//!     n, err := conn.Read(buffer)
//!     // use buffer[:n]
//! }
//! ```
//!
//! ## How to confirm
//!
//! In `/debug/pprof/goroutine?debug=2` they stand as `[IO wait, 12 minutes]`; the minutes tell the dead from the
//! slow.
