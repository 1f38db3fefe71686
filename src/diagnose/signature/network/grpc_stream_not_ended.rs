//! gRPC streams are neither drained nor cancelled
//!
//! ## What it detects
//!
//! gRPC client streams that are opened and abandoned, and stream handlers of a server that do not return.
//!
//! ## Why it grows
//!
//! A stream lives until its connection closes, its context is cancelled, or `Recv` has returned an error (`io.EOF` at
//! the end). Until then it retains its buffers, unread messages and, if its context stays alive, a goroutine of
//! `newClientStreamWithParams`. On the other side the server handler waits in `Send` or `Recv`.
//!
//! ## Evidence
//!
//! - Heap: `google.golang.org/grpc.newClientStreamWithParams` and `transport.(*http2Client).newStream`, below the
//!   function that opens the stream.
//! - Goroutines, client: `newClientStreamWithParams.func` parked in `selectgo`, one for each stream.
//! - Goroutines, server: the handler below `(*Server).processStreamingRPC`.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *A connection per call* (`grpc-client-per-call`): `NewClient` and `NewHTTP2Client` grow.
//! - *Calls in flight* have one stream each. Their number rises and falls with the load.
//!
//! ## Fix
//!
//! Give the stream a context that is cancelled when the function returns. In a server handler, select on the context
//! of the stream in every wait.
//!
//! ```go
//! ctx, cancel := context.WithCancel(ctx)
//! defer cancel()
//! stream, err := client.Watch(ctx, req)
//! if err != nil {
//!     return err
//! }
//! for {
//!     event, err := stream.Recv() // io.EOF at the end
//!     if err != nil {
//!         return err
//!     }
//!     // ...
//! }
//! ```
//!
//! ## How to confirm
//!
//! The goroutine profile with `debug=2` shows how long the streams have been waiting. `grpc.channelz` counts started
//! and finished streams per connection.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("grpc-stream-not-ended", include_str!("grpc_stream_not_ended.rs")),
    heap: Frames {
        any: &[
            "google.golang.org/grpc.newClientStream",
            "google.golang.org/grpc.newClientStreamWithParams",
            "google.golang.org/grpc.newClientStreamWithParams.func",
            "google.golang.org/grpc/internal/transport.(*http2Client).newStream",
            "google.golang.org/grpc/internal/transport.(*http2Client).NewStream",
        ],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &[
            "^ google.golang.org/grpc.newClientStreamWithParams.func",
            "@app << google.golang.org/grpc.(*Server).processStreamingRPC",
        ],
        ..Frames::NONE
    },
    blame: &["google.golang.org/grpc.newClientStream << @app"],
    unit: Some(Unit {
        leaf: &["^ google.golang.org/grpc.newClientStreamWithParams"],
        objects: 1,
        counted: Counted::Stream,
    }),
    fix: "give the stream a context that is cancelled on return, or read it to io.EOF",
    ..Signature::DEFAULT
};
