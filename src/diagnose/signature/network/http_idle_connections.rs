//! HTTP server holds idle keep-alive connections
//!
//! ## What it detects
//!
//! Goroutines of an `http.Server` that wait for the next request on a keep-alive connection.
//!
//! ## Why it grows
//!
//! Clients keep connections open for the next request: each has about 10 KB of heap, a goroutine and a file
//! descriptor. Their number follows the number of clients: it is load, not a leak.
//!
//! ## Evidence
//!
//! - Goroutines: `(*conn).serve` parked in `bufio.(*Reader).Peek`: a request was answered, and no other has arrived.
//! - Heap: `bufio.NewReaderSize` below `net/http.newBufioReader`, and `bufio.NewWriterSize` below
//!   `net/http.newBufioWriterSize`, both called by `(*conn).serve`.
//!
//! ## What looks alike
//!
//! - *Clients that send slowly or not at all* wait in `readRequest`: `http-server-connections`.
//! - *Hijacked connections* (`hijacked-connections`) have no goroutine in `Peek`.
//!
//! ## Fix
//!
//! No action needed if it levels off with the number of clients. `http.Server.IdleTimeout` limits how long a
//! connection stays idle.
//!
//! ## How to confirm
//!
//! It rises and falls with the number of clients; `Server.ConnState` counts them by state.

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
