//! WebSocket or other hijacked connections are kept
//!
//! ## What it detects
//!
//! Connections that a handler took over from an `http.Server`, for WebSocket or a protocol of its own, and that stay
//! after the client has gone. On the other side, WebSocket connections that a client dials and does not close.
//!
//! ## Why it grows
//!
//! After `Hijack` the server has nothing to do with the connection any more: none of its timeouts apply, and it is the
//! program that closes it. Until then its buffers of 4 KiB each are kept: about 9 KB of heap, some 27 KB where both ends
//! of a WebSocket are in one process. A read without a deadline waits for ever for a client that went without a word,
//! and a map or hub of connections keeps those whose goroutines have ended.
//!
//! ## Evidence
//!
//! - Heap: the buffers of connections below `net/http.(*conn).serve`, where the request is kept too
//!   (`net/textproto.readMIMEHeader`), but the 2 KiB writer of its response is not: hijacking gives it back.
//! - Heap up to Go 1.22: `bufio.NewWriter` called by `(*conn).hijackLocked`, 4 KiB for each.
//! - Heap, WebSocket libraries: `websocket.newConn` below `(*Upgrader).Upgrade` or `(*Dialer).DialContext` of gorilla
//!   (`newConnBRW` in old versions), `newConn` of coder and nhooyr, `newHybiConn` of `golang.org/x/net`.
//! - Goroutines: `websocket.(*Conn).advanceFrame`, or a read below a handler, one for each connection; no `(*conn).serve`
//!   that waits in `Peek`.
//!
//! ## What looks alike
//!
//! - *Idle connections* (`http-server-connections`): their goroutines wait in `bufio.(*Reader).Peek` called by
//!   `(*conn).serve`, and no request is kept.
//! - *Handlers that do not end* (`http-handler-blocked`): the 2 KiB writer of a response grows in step.
//! - *More clients* are more connections, by design. They end when the clients go.
//!
//! ## Fix
//!
//! Set a read deadline that a pong moves on, send pings, and close and forget the connection on every path.
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
//! Compare the size of the program's own list of connections with what `ss -tn` shows as established. Pull the cable of
//! a client: its connection has to be gone after the deadline.

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
    fix: "extend the read deadline on each pong; close and forget the connection on every path",
    ..Signature::DEFAULT
};
