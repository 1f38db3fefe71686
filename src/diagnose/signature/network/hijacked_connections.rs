//! WebSocket or other hijacked connections are retained
//!
//! ## What it detects
//!
//! Connections that a handler hijacked from an `http.Server`, for WebSocket or another protocol, and that remain
//! after the client disappears. On the client side, WebSocket connections that are dialled and not closed.
//!
//! ## Why it grows
//!
//! After `Hijack` the server no longer manages the connection: its timeouts do not apply, and the program must close
//! it. Until then its buffers of 4 KiB each are retained: about 9 KB of heap, or 27 KB if both ends of a WebSocket
//! are in one process. A read without a deadline waits forever for a client that disappeared, and a map or hub of
//! connections retains those whose goroutines have exited.
//!
//! ## Evidence
//!
//! - Heap: the buffers of connections below `net/http.(*conn).serve`, where the request is retained too
//!   (`net/textproto.readMIMEHeader`), but not the 2 KiB response writer: hijacking releases it.
//! - Heap up to Go 1.22: `bufio.NewWriter` called by `(*conn).hijackLocked`, 4 KiB for each.
//! - Heap, WebSocket libraries: `websocket.newConn` below `(*Upgrader).Upgrade` or `(*Dialer).DialContext` of gorilla
//!   (`newConnBRW` in old versions), `newConn` of coder and nhooyr, `newHybiConn` of `golang.org/x/net`.
//! - Goroutines: `websocket.(*Conn).advanceFrame`, or a read below a handler, one for each connection; no `(*conn).serve`
//!   that waits in `Peek`.
//!
//! ## What looks alike
//!
//! - *Idle connections* (`http-server-connections`): their goroutines wait in `bufio.(*Reader).Peek` called by
//!   `(*conn).serve`, and no request is retained.
//! - *Handlers that do not return* (`http-handler-blocked`): the 2 KiB response writer grows in step.
//! - *More clients* mean more connections, by design. They end with the clients.
//!
//! ## Fix
//!
//! Set a read deadline, extend it on each pong, send pings, and close and remove the connection on every path.
//!
//! ```go
//! defer func() { hub.remove(conn); conn.Close() }()
//! conn.SetReadDeadline(time.Now().Add(pongWait))
//! conn.SetPongHandler(func(string) error {
//!     return conn.SetReadDeadline(time.Now().Add(pongWait))
//! })
//! ```
//!
//! ## How to confirm
//!
//! Compare the program's own list of connections with the established ones in `ss -tn`. Disconnect a client from the
//! network: its connection must disappear after the deadline.

use crate::model::Page;

use super::http_server_connections::CONNECTIONS;
use crate::diagnose::signature::{Frames, Signature};

/// The connections of a server, for it is the request that tells, and those that WebSocket libraries make.
const TAKEN_OVER: &[&str] = &[
    "net/http.newBufioReader < net/http.(*conn).serve",
    "net/http.newBufioWriterSize < net/http.(*conn).serve",
    "net/http.(*conn).hijackLocked",
    "github.com/gorilla/websocket.newConn",
    "github.com/gorilla/websocket.newConnBRW",
    "github.com/coder/websocket.newConn",
    "nhooyr.io/websocket.newConn",
    "golang.org/x/net/websocket.newHybiConn",
];

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("hijacked-connections", include_str!("hijacked_connections.rs")),
    heap: Frames { any: TAKEN_OVER, with: &["runtime.malg"], ..Frames::NONE },
    goroutines: Frames {
        any: &[
            "github.com/gorilla/websocket.(*Conn).advanceFrame",
            "github.com/coder/websocket.(*Conn).readFrameHeader",
            "nhooyr.io/websocket.(*Conn).readFrameHeader",
            "golang.org/x/net/websocket.(*Conn).Read",
            "net.(*conn).Read << @app << net/http.(*conn).serve",
        ],
        not: &["net/http.(*body).Read"],
        ..Frames::NONE
    },
    blame: &[
        "net/http.(*response).Hijack << @app",
        "github.com/gorilla/websocket.(*Upgrader).Upgrade << @app",
        "github.com/gorilla/websocket.(*Dialer).DialContext << @app",
        "@app << net/http.serverHandler.ServeHTTP",
    ],
    unit: Some(CONNECTIONS),
    fix: "set a read deadline and extend it on each pong; close and remove the connection on every path",
    ..Signature::DEFAULT
};
