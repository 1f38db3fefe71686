//! An HTTP transport is created per request
//!
//! ## What it detects
//!
//! A new `http.Transport`, or an `http.Client` with one, per request instead of one for the whole program.
//!
//! ## Why it grows
//!
//! A transport keeps its connections open for reuse. If it was created for one request, nothing reuses them. Each
//! connection has two goroutines that refer to the transport, so neither is freed: about 15 KB of heap per request
//! (23 KB with TLS), two goroutines and a file descriptor, until the server closes the connection or
//! `IdleConnTimeout` expires, which is off in a new `http.Transport{}`.
//!
//! ## Evidence
//!
//! - Heap: what a connection allocates, below `net/http.(*Transport).dialConn`, and in step with it
//!   `net/http.(*Transport).onceSetNextProtoDefaults`, which runs once per transport, `queueForIdleConn` and
//!   `tryPutIdleConn`.
//! - Goroutines: `(*persistConn).readLoop` parked in `bufio.(*Reader).Peek`, waiting for a request that does not come.
//!
//! ## What looks alike
//!
//! - *Bodies that are not closed* (`http-body-not-closed`): the same connections, but `onceSetNextProtoDefaults` does not
//!   grow, and `readLoop` is parked in `selectgo`.
//! - *Idle connections of one transport* stop at `MaxIdleConns`.
//!
//! ## Fix
//!
//! Create the client once and share it; it is safe for concurrent use. If a transport must be short-lived, close its
//! idle connections at the end.
//!
//! ```go
//! var client = &http.Client{Timeout: 10 * time.Second} // one for the program
//!
//! t := &http.Transport{TLSClientConfig: config}        // or, if it must be
//! defer t.CloseIdleConnections()
//! ```
//!
//! ## How to confirm
//!
//! `grep -rn 'http.Transport{' --include='*.go'` finds where transports are created. `lsof -p PID` shows far more
//! connections to one host than requests in flight.

use super::http_body_not_closed::CONNECTIONS;
use crate::model::Page;

use crate::diagnose::signature::{Frames, Signature};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("http-client-per-request", include_str!("http_client_per_request.rs")),
    heap: Frames {
        any: &[
            "net/http.(*Transport).dialConn",
            "net/http.(*Transport).dialConnFor",
            "net/http.(*persistConn).readLoop",
            "net/http.(*persistConn).writeLoop",
            "net/http.(*Transport).onceSetNextProtoDefaults",
        ],
        all: &["net/http.(*Transport).onceSetNextProtoDefaults", "net/http.(*Transport).dialConn"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &["bufio.(*Reader).Peek < net/http.(*persistConn).readLoop", "^ net/http.(*persistConn).writeLoop"],
        all: &["bufio.(*Reader).Peek < net/http.(*persistConn).readLoop"],
        ..Frames::NONE
    },
    blame: &[
        "net/http.(*Transport).onceSetNextProtoDefaults << @app",
        "net/http.(*Transport).queueForIdleConn << @app",
        "net/http.(*Transport).roundTrip << @app",
    ],
    unit: Some(CONNECTIONS),
    needs_goroutines: true,
    fix: "create one http.Client and share it; call CloseIdleConnections on short-lived transports",
    ..Signature::DEFAULT
};
