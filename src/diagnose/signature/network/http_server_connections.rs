//! HTTP server holds connections of silent clients
//!
//! ## What it detects
//!
//! A growing number of open connections between requests on an `http.Server`: clients keep them alive, send slowly,
//! or disappeared without closing.
//!
//! ## Why it grows
//!
//! An open connection costs about 10 KB of heap (a reader and a writer with buffers of 4 KiB each, and contexts), a
//! goroutine and a file descriptor. A server without `IdleTimeout` and `ReadTimeout` never closes one by itself; both
//! are off by default, also in `http.ListenAndServe`.
//!
//! ## Evidence
//!
//! - Heap: `bufio.NewReaderSize` below `net/http.newBufioReader`, and `bufio.NewWriterSize` below
//!   `net/http.newBufioWriterSize`, both called by `(*conn).serve`. Requests themselves do not grow.
//! - Goroutines: `(*conn).serve` parked in `bufio.(*Reader).Peek`, waiting for the next request, or in `readRequest`,
//!   waiting for the rest of one.
//!
//! ## What looks alike
//!
//! - *Handlers that do not return* (`http-handler-blocked`): the 2 KiB response writer grows in step, below
//!   `(*conn).readRequest`.
//! - *Hijacked connections* (`hijacked-connections`): the request is retained, but no response writer. From Go 1.23
//!   on, a hijacked connection whose handler has returned looks like an idle one in the heap; in the goroutine
//!   profile no `(*conn).serve` waits in `Peek` for it.
//! - *More clients* mean more connections. They level off with the number of clients, and end with them.
//!
//! ## Fix
//!
//! Set the timeouts of the server. `IdleTimeout` ends idle connections, `ReadHeaderTimeout` and `ReadTimeout` end
//! slow requests.
//!
//! ```go
//! srv := &http.Server{
//!     Handler:           mux,
//!     ReadHeaderTimeout: 5 * time.Second,
//!     ReadTimeout:       30 * time.Second,
//!     IdleTimeout:       2 * time.Minute,
//! }
//! ```
//!
//! ## How to confirm
//!
//! `ss -tn state established '( sport = :8080 )'` counts the connections of the server's port; `Server.ConnState`
//! counts them by state in the program. `curl --limit-rate 1` acts as a slow client.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

/// Connections by their buffers of 4 KiB.
pub(crate) const CONNECTIONS: Unit = Unit {
    leaf: &[
        "^ bufio.NewReaderSize << net/http.newBufioReader < net/http.(*conn).serve",
        "^ bufio.NewWriterSize < net/http.newBufioWriterSize < net/http.(*conn).serve",
    ],
    objects: 2,
    counted: Counted::Connection,
};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("http-server-connections", include_str!("http_server_connections.rs")),
    heap: Frames {
        any: &[
            "net/http.newBufioReader < net/http.(*conn).serve",
            "net/http.newBufioWriterSize < net/http.(*conn).serve",
            "net/http.(*Server).newConn",
            "net.(*TCPListener).Accept << net/http.(*Server).Serve",
        ],
        all: &["net/http.newBufioReader < net/http.(*conn).serve"],
        not: &[
            "net/http.newBufioWriterSize < net/http.(*conn).readRequest",
            "net/textproto.readMIMEHeader << net/http.(*conn).readRequest",
            "net/http.(*conn).hijackLocked",
            "github.com/gorilla/websocket.newConn",
            "github.com/coder/websocket.newConn",
            "nhooyr.io/websocket.newConn",
            "golang.org/x/net/websocket.newHybiConn",
        ],
        with: &["runtime.malg"],
    },
    goroutines: Frames {
        any: &["net/http.(*connReader).Read << net/http.(*conn).readRequest < net/http.(*conn).serve"],
        // Those between requests belong to it, and are load.
        with: &["bufio.(*Reader).Peek < net/http.(*conn).serve"],
        ..Frames::NONE
    },
    blame: &["net/http.(*Server).Serve << @app"],
    unit: Some(CONNECTIONS),
    is_load: true,
    needs_goroutines: true,
    fix: "set ReadHeaderTimeout, ReadTimeout and IdleTimeout on the http.Server",
    ..Signature::DEFAULT
};
