//! HTTP/2 response bodies are not closed
//!
//! ## What it detects
//!
//! Responses of `net/http` clients over HTTP/2 whose body is neither closed nor read to io.EOF.
//!
//! ## Why it grows
//!
//! All streams share one connection, so no connection is added. But each unfinished stream has a goroutine, and data
//! from the server is buffered until it is read: up to 4 MiB per response, where flow control stops the server.
//! Twenty unread bodies have held 84 MB. A completely received body is freed with its response, so small responses do
//! not leak.
//!
//! ## Evidence
//!
//! - Heap: chunks of 16 KiB, allocated by `getDataBufferChunk` below `(*clientConnReadLoop).processData`. This stack
//!   belongs to the connection and has no frame of the program; the caller is found in the stacks that build the
//!   request.
//! - Goroutines: `(*clientStream).writeRequest` parked in `selectgo`, one for each response, and only one `readLoop`.
//! - The frames are those of `net/http/internal/http2` from Go 1.27 on, `net/http.http2...` before.
//!
//! ## What looks alike
//!
//! - *HTTP/1 bodies* (`http-body-not-closed`): one connection per response, `(*persistConn).readLoop`.
//! - *Large downloads in flight* use the same chunks. Their number falls again between requests.
//! - *gRPC streams* (`grpc-stream-not-ended`) have a transport of their own and no `clientConnReadLoop`.
//!
//! ## Fix
//!
//! Close the body right after the error check. To give up early, also cancel the request context: it resets the
//! stream.
//!
//! ```go
//! ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
//! defer cancel()
//! req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
//! if err != nil {
//!     return err
//! }
//! resp, err := client.Do(req)
//! if err != nil {
//!     return err
//! }
//! defer resp.Body.Close()
//! ```
//!
//! ## How to confirm
//!
//! Count `writeRequest` in the goroutine profile: it rises by one per call. With `GODEBUG=http2client=0` the program
//! leaks connections instead. The linter `bodyclose` finds the line.

use super::http_body_not_closed::REQUESTS;
use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("http2-body-not-closed", include_str!("http2_body_not_closed.rs")),
    heap: Frames {
        any: &[
            "net/http/internal/http2.(*clientConnReadLoop).processData",
            "net/http/internal/http2.(*clientStream).doRequest",
        ],
        all: &["net/http/internal/http2.(*clientConnReadLoop).processData"],
        with: &["net/http/internal/http2.(*clientConnReadLoop).run", "runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["^ net/http/internal/http2.(*clientStream).writeRequest"], ..Frames::NONE },
    blame: REQUESTS,
    unit: Some(Unit {
        leaf: &[
            "^ net/http/internal/http2.init.func {16384} << net/http/internal/http2.getDataBufferChunk",
            "^ net/http.init.func {16384} << net/http/internal/http2.getDataBufferChunk",
        ],
        objects: 1,
        counted: Counted::UnreadChunk,
    }),
    fix: "defer resp.Body.Close() after the error check; cancel the request's context to give up early",
    ..Signature::DEFAULT
};
