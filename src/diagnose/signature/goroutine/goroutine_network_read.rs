//! Goroutines read from connections without a deadline
//!
//! ## What it detects
//!
//! A growing number of goroutines of the program parked in a read from a connection.
//!
//! ## Why it grows
//!
//! A read waits until the peer sends or closes. A peer that disappeared does neither, for hours or forever. Each
//! reader costs 480 B of heap and 4 to 8 KiB of stack, its buffer, the connection and a file descriptor.
//!
//! ## Evidence
//!
//! - Goroutines: `internal/poll.runtime_pollWait` below `net.(*conn).Read`, with the reading function above it.
//! - Heap: only what the goroutine holds, mainly its buffer, with the first function of the goroutine at the root of
//!   the stack: `goroutine-leak`. The read does not show.
//!
//! ## What looks alike
//!
//! - *Silent clients*: their number equals the open connections. `ss -tn` counts them.
//! - *Unclosed connections* show `net.newFD` in the heap as well.
//! - *Idle connections of net/http* read below `(*persistConn).readLoop` or `(*conn).serve`.
//!
//! ## Fix
//!
//! Set a deadline before each read, and close the connection after use.
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
//! In `/debug/pprof/goroutine?debug=2` they show as `[IO wait, 12 minutes]`; the minutes distinguish dead peers from
//! slow ones.
