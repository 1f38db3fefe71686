//! HTTP server holds idle keep-alive connections
//!
//! ## What it detects
//!
//! Goroutines of an `http.Server` that wait for the next request of a connection that its client keeps alive.
//!
//! ## Why it grows
//!
//! Clients keep connections for the next request, each about 10 KB of heap, a goroutine and a file descriptor. Their number
//! follows that of the clients: it is load, and no leak.
//!
//! ## Evidence
//!
//! - Goroutines: `(*conn).serve` parked in `bufio.(*Reader).Peek`: a request was answered, and none came since.
//! - Heap: `bufio.NewReaderSize` below `net/http.newBufioReader`, and `bufio.NewWriterSize` below
//!   `net/http.newBufioWriterSize`, both called by `(*conn).serve`.
//!
//! ## What looks alike
//!
//! - *Clients that send slowly or not at all* wait in `readRequest`: `http-server-connections`.
//! - *Connections that were taken over* (`hijacked-connections`) have no goroutine in `Peek`.
//!
//! ## Fix
//!
//! Nothing to do where it levels off with the clients. `http.Server.IdleTimeout` bounds how long one is kept.
//!
//! ## How to confirm
//!
//! It goes up and down with the number of clients; `Server.ConnState` counts them by state.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Frames, Kind, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("http-idle-connections", include_str!("http_idle_connections.rs")),
    kind: Kind::Benign,
    goroutines: Frames { any: &["bufio.(*Reader).Peek < net/http.(*conn).serve"], ..Frames::NONE },
    fix: "no action needed: it follows the number of clients; http.Server.IdleTimeout bounds it",
    confidence: Confidence::High,
    with_goroutines: Confidence::High,
    ..Signature::DEFAULT
};
