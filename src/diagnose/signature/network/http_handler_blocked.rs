//! HTTP handlers do not return
//!
//! ## What it detects
//!
//! Requests to an `http.Server` that are never answered: their handlers wait for a channel, a lock, another service,
//! or a client that disappeared.
//!
//! ## Why it grows
//!
//! A request in a handler holds its connection with two buffers of 4 KiB, a response writer of 2 KiB, its headers and
//! body, and two goroutines: the handler, and one that watches the connection. That is about 14 KB of heap plus the
//! stacks and whatever the handler holds. No server timeout ends a handler: `WriteTimeout` only makes its writes
//! fail.
//!
//! ## Evidence
//!
//! - Heap: the buffers of the connections below `net/http.(*conn).serve`, and in step with them
//!   `net/http.newBufioWriterSize` called by `(*conn).readRequest`.
//! - Goroutines: the handler below `net/http.serverHandler.ServeHTTP`, parked in `chanrecv1`, `selectgo`, a lock or
//!   `time.Sleep`, and as many `(*connReader).backgroundRead`.
//!
//! ## What looks alike
//!
//! - *Idle connections* (`http-server-connections`): the 2 KiB writer returns to its pool after each response, so it
//!   does not grow.
//! - *Hijacked connections* (`hijacked-connections`): the writer is released as well, although the handler may still
//!   run.
//! - *Long polling and server-sent events* wait by design. Their number follows the number of clients.
//! - *More load*: more requests in flight. Compare at the same load, or after the load ends.
//!
//! ## Fix
//!
//! End every wait in a handler with the request: its context is cancelled when the client disconnects. Set timeouts
//! on calls to other services.
//!
//! ```go
//! ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
//! defer cancel()
//! select {
//! case answer := <-answers:
//!     write(w, answer)
//! case <-ctx.Done():
//!     http.Error(w, "no answer in time", http.StatusGatewayTimeout)
//! }
//! ```
//!
//! ## How to confirm
//!
//! `/debug/pprof/goroutine?debug=2` shows where the handlers wait, and for how long.

use crate::model::Page;

use super::http_server_connections::CONNECTIONS;
use crate::diagnose::signature::{Frames, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("http-handler-blocked", include_str!("http_handler_blocked.rs")),
    heap: Frames {
        any: &[
            "net/http.newBufioReader < net/http.(*conn).serve",
            "net/http.newBufioWriterSize < net/http.(*conn).serve",
        ],
        all: &["net/http.newBufioWriterSize < net/http.(*conn).readRequest"],
        with: &["runtime.malg", "net/http.(*connReader).backgroundRead $"],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &[
            "runtime.chanrecv << net/http.serverHandler.ServeHTTP",
            "runtime.chansend << net/http.serverHandler.ServeHTTP",
            "runtime.selectgo << net/http.serverHandler.ServeHTTP",
            "runtime.block << net/http.serverHandler.ServeHTTP",
            "runtime.semacquire1 << net/http.serverHandler.ServeHTTP",
            "sync.runtime_notifyListWait << net/http.serverHandler.ServeHTTP",
            "time.Sleep << net/http.serverHandler.ServeHTTP",
        ],
        with: &["net/http.(*connReader).backgroundRead $"],
        ..Frames::NONE
    },
    blame: &["@app << net/http.serverHandler.ServeHTTP"],
    unit: Some(CONNECTIONS),
    needs_goroutines: true,
    fix: "end every wait on r.Context().Done(); set timeouts on calls to other services",
    ..Signature::DEFAULT
};
