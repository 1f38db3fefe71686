//! A gRPC connection is created per call
//!
//! ## What it detects
//!
//! `grpc.NewClient` (or `Dial`, `DialContext`) in a function that runs often, without `Close`.
//!
//! ## Why it grows
//!
//! A `grpc.ClientConn` keeps its connection open for reuse: a reader and a writer with buffers of 32 KiB each, header
//! tables, and goroutines that refer to all of it: a reader, a writer (`loopyWriter`), and three that run callbacks.
//! It is never freed while it is open.
//!
//! ## Evidence
//!
//! - Heap: `google.golang.org/grpc.NewClient`, `(*ClientConn).newAddrConnLocked`, and what a connection allocates,
//!   below `grpc/internal/transport.NewHTTP2Client`: `bufio.NewReaderSize`, `newBufWriter`.
//! - Goroutines: `(*http2Client).reader` and `(*loopyWriter).run`, one of each for a connection, and three
//!   `grpcsync.(*CallbackSerializer).run`. In versions up to 1.39: `(*addrConn).resetTransport` and
//!   `(*ccBalancerWrapper).watcher`.
//!
//! ## What looks alike
//!
//! - *Unfinished streams* (`grpc-stream-not-ended`): `newClientStreamWithParams` grows, connections do not.
//! - *A server* has `(*http2Server).HandleStreams` and `keepalive`: its clients open the connections, perhaps one per
//!   call.
//! - *One connection per backend* stops at the number of backends.
//!
//! ## Fix
//!
//! Create the connection once and share it: it carries many calls at once and reconnects by itself. Close short-lived
//! connections.
//!
//! ```go
//! conn, err := grpc.NewClient(target, opts...) // in main
//! if err != nil {
//!     log.Fatal(err)
//! }
//! defer conn.Close()
//! client := pb.NewOrdersClient(conn)
//! ```
//!
//! ## How to confirm
//!
//! `grep -rnE 'grpc\.(NewClient|Dial)' --include='*.go'` finds where connections are created. `ss -tn` shows several
//! to one address.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("grpc-client-per-call", include_str!("grpc_client_per_call.rs")),
    heap: Frames {
        any: &[
            "google.golang.org/grpc.NewClient",
            "google.golang.org/grpc.DialContext",
            "google.golang.org/grpc.(*ClientConn).newAddrConnLocked",
            "google.golang.org/grpc.(*ClientConn).newAddrConn",
            "google.golang.org/grpc.(*addrConn).createTransport",
            "google.golang.org/grpc/internal/transport.NewHTTP2Client",
            "google.golang.org/grpc/internal/transport.newHTTP2Client",
            "google.golang.org/grpc/internal/transport.(*http2Client).reader",
            "google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run",
        ],
        with: &[
            "google.golang.org/grpc/** $",
            "google.golang.org/grpc/internal/transport.(*loopyWriter).run",
            "runtime.malg",
        ],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &[
            "google.golang.org/grpc/internal/transport.(*http2Client).reader",
            "google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run",
            "google.golang.org/grpc.(*addrConn).resetTransport",
            "google.golang.org/grpc.(*ccBalancerWrapper).watcher",
        ],
        with: &["google.golang.org/grpc/internal/transport.(*loopyWriter).run"],
        ..Frames::NONE
    },
    blame: &["google.golang.org/grpc.NewClient << @app", "google.golang.org/grpc.DialContext << @app"],
    unit: Some(Unit {
        leaf: &[
            "^ bufio.NewReaderSize << google.golang.org/grpc/internal/transport.NewHTTP2Client",
            "^ bufio.NewReaderSize << google.golang.org/grpc/internal/transport.newHTTP2Client",
        ],
        objects: 1,
        counted: Counted::Connection,
    }),
    fix: "create one grpc.ClientConn per target and share it; close short-lived connections",
    ..Signature::DEFAULT
};
