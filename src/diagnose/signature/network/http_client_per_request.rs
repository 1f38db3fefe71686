//! An HTTP transport is made for each request
//!
//! ## What it detects
//!
//! A new `http.Transport`, or an `http.Client` around one, for each request instead of one for the whole program.
//!
//! ## Why it grows
//!
//! A transport keeps its connections open after a response, to use them again. Nobody uses those of a transport that was
//! made for one request. The connection has two goroutines that refer to the transport, so that neither is collected:
//! about 15 KB of heap for each request (23 KB with TLS), two goroutines and a file descriptor, until the server
//! closes the connection or `IdleConnTimeout` ends, which is off in a transport made by hand.
//!
//! ## Evidence
//!
//! - Heap: what a connection needs, below `net/http.(*Transport).dialConn`, and in step with it
//!   `net/http.(*Transport).onceSetNextProtoDefaults`, which runs once for each transport, `queueForIdleConn` and
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
//! Make the client once and share it; it is safe for use by many goroutines. Where a transport has to be short-lived,
//! close its idle connections when it is done with.
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
//! `grep -rn 'http.Transport{' --include='*.go'` finds where transports are made. `lsof -p PID` shows established
//! connections to one host far beyond what is in flight.

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
    fix: "create one http.Client for the whole program; close idle connections of short-lived ones",
    ..Signature::DEFAULT
};
