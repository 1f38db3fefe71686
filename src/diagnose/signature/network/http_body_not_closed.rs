//! HTTP response bodies are not closed
//!
//! ## What it detects
//!
//! Responses of `net/http` clients (HTTP/1) whose body is neither closed nor read to io.EOF.
//!
//! ## Why it grows
//!
//! A response holds its connection until its body is closed. The connection has two goroutines, a reader and a writer
//! with buffers of 4 KiB each, and a file descriptor: about 14 KB of heap per response (22 KB with TLS) and 8 KB of
//! stacks, which a heap profile does not show. They are not freed, even if the response itself is.
//!
//! ## Evidence
//!
//! - Heap: `bufio.NewReaderSize` and `bufio.NewWriterSize` called by `net/http.(*Transport).dialConn`, about 60 % of
//!   the growth; `net/http.(*persistConn).readLoop` and what it reads. These stacks have no frame of the program,
//!   because a goroutine of the transport allocates. The caller is found in the stacks that build the request and
//!   grow in step.
//! - Goroutines: `(*persistConn).readLoop` parked in `selectgo`, and as many `writeLoop`.
//!
//! ## What looks alike
//!
//! - *A client per request* (`http-client-per-request`): the same connections, and `onceSetNextProtoDefaults` grows
//!   too, once per transport. Its `readLoop` is parked in `Peek`.
//! - *Idle connections*: they stop growing at `MaxIdleConns`.
//! - *HTTP/2* has other frames: `http2-body-not-closed`.
//!
//! ## Fix
//!
//! Close the body right after the error check, on every path. To reuse the connection, read it to io.EOF.
//!
//! ```go
//! resp, err := client.Do(req)
//! if err != nil {
//!     return err
//! }
//! defer resp.Body.Close()
//! _, err = io.Copy(dst, resp.Body)
//! ```
//!
//! ## How to confirm
//!
//! `go tool pprof -top goroutine.pb.gz` shows equal numbers of `readLoop` and `writeLoop`, rising by one per call.
//! The linter `bodyclose` finds the line.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

/// Connections of a client by their buffers of 4 KiB.
pub(crate) const CONNECTIONS: Unit = Unit {
    leaf: &[
        "^ bufio.NewReaderSize < net/http.(*Transport).dialConn",
        "^ bufio.NewWriterSize < net/http.(*Transport).dialConn",
    ],
    objects: 2,
    counted: Counted::Connection,
};

/// Stacks that make a request: who does has its body.
pub(crate) const REQUESTS: &[&str] = &[
    "net/http.NewRequestWithContext << @app",
    "net/http.(*Transport).roundTrip << @app",
    "net/http.(*Client).do << @app",
];

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("http-body-not-closed", include_str!("http_body_not_closed.rs")),
    heap: Frames {
        any: &[
            "net/http.(*Transport).dialConn",
            "net/http.(*Transport).dialConnFor",
            "net/http.(*persistConn).readLoop",
            "net/http.(*persistConn).writeLoop",
        ],
        not: &["net/http.(*Transport).onceSetNextProtoDefaults"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &["^ net/http.(*persistConn).readLoop", "^ net/http.(*persistConn).writeLoop"],
        ..Frames::NONE
    },
    blame: REQUESTS,
    unit: Some(CONNECTIONS),
    needs_goroutines: true,
    fix: "defer resp.Body.Close() after the error check; read to io.EOF to reuse the connection",
    ..Signature::DEFAULT
};
