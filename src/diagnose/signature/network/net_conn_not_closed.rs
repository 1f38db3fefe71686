//! Network connections are not closed
//!
//! ## What it detects
//!
//! Connections that the program dials or accepts itself, with `net.Dial`, `tls.Dial` or `Listener.Accept`, and does
//! not close.
//!
//! ## Why it grows
//!
//! The connection itself is small, about 290 B of heap: a descriptor of 128 B and two addresses. But it also has a
//! file descriptor, buffers of the program (8 KiB for a `bufio.Reader` and a `bufio.Writer`), often a goroutine with
//! a stack of at least 2 KiB, and with TLS tens of KiB. A finalizer closes connections that nothing refers to; leaked
//! ones are held by a list, a map, or a goroutine that waits in a read.
//!
//! ## Evidence
//!
//! - Heap: `net.newFD`, in blocks of 128 B, below `net.(*sysDialer)` (dialled) or `net.(*TCPListener).Accept` (accepted),
//!   and in step with it `net.sockaddrToTCP`.
//! - Goroutines: `net.(*conn).Read` called by the program, where each connection has a goroutine.
//! - The bytes are few, so look at the objects: `--sample-index inuse_objects`.
//!
//! ## What looks alike
//!
//! - *Connections of `net/http`*: a client's are dialled by a goroutine of the transport (`http-body-not-closed`,
//!   `http-client-per-request`), a server's are accepted by `(*Server).Serve` (`http-server-connections`).
//! - *Connections of a database, gRPC or Redis client* have frames of the library, and other signatures.
//! - *A connection pool* that fills up stops at its limit.
//!
//! ## Fix
//!
//! Close the connection on every path, and set deadlines, so that a peer that disappeared is noticed.
//!
//! ```go
//! conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
//! if err != nil {
//!     return err
//! }
//! defer conn.Close()
//! conn.SetDeadline(time.Now().Add(30 * time.Second))
//! ```
//!
//! ## How to confirm
//!
//! `ls /proc/PID/fd | wc -l` rises with each call, and `ss -tnp` shows the remote addresses: `CLOSE-WAIT` means that
//! the peer closed the connection and this program did not.

use crate::model::Page;

use crate::diagnose::signature::{Confidence, Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("net-conn-not-closed", include_str!("net_conn_not_closed.rs")),
    heap: Frames {
        any: &[
            "net.newFD << @app",
            "**redigo/redis.Dial* < @app",
            "**redigo/redis.Dial* < **redigo/redis.Dial* < @app",
        ],
        not: &["net/http.(*Server).newConn"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["net.(*conn).Read << @app", "crypto/tls.(*Conn).Read << @app"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ net.newFD << @app"], objects: 1, counted: Counted::Connection }),
    with_goroutines: Confidence::Medium,
    fix: "close the connection on every path; set read and write deadlines",
    ..Signature::DEFAULT
};
