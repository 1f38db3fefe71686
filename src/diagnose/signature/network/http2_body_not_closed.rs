//! HTTP/2 response bodies are not closed
//!
//! ## What it detects
//!
//! Responses of `net/http` clients over HTTP/2 whose body is neither closed nor read to its end.
//!
//! ## Why it grows
//!
//! All streams share one connection, so no connection is added. But each stream that was not ended has a goroutine, and
//! what the server has sent is buffered until somebody reads it: up to 4 MiB for each response, where the flow control
//! of the stream stops the server. Twenty bodies that nobody reads have held 84 MB. A body that has arrived completely
//! is collected with its response, so small answers do not leak.
//!
//! ## Evidence
//!
//! - Heap: chunks of 16 KiB, made by `getDataBufferChunk` below `(*clientConnReadLoop).processData`. The stack is that
//!   of the connection and holds no frame of the program; the caller is found in the stacks that build the request.
//! - Goroutines: `(*clientStream).writeRequest` parked in `selectgo`, one for each response, and only one `readLoop`.
//! - The frames are those of `net/http/internal/http2` from Go 1.27 on, `net/http.http2...` before.
//!
//! ## What looks alike
//!
//! - *HTTP/1 bodies* (`http-body-not-closed`): a connection for each response, `(*persistConn).readLoop`.
//! - *Large downloads in flight* buffer the same chunks. They come back to the same number between requests.
//! - *gRPC streams* (`grpc-stream-not-ended`) have a transport of their own and no `clientConnReadLoop`.
//!
//! ## Fix
//!
//! Close the body right after the check of the error. To give up early, cancel the context of the request as well: it
//! resets the stream.
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
//! Count `writeRequest` in the goroutine profile: it rises by one for each call. With `GODEBUG=http2client=0` the same
//! program leaks connections instead. The linter `bodyclose` finds the place in the source.

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
