//! A Redis client is created per request
//!
//! ## What it detects
//!
//! `redis.NewClient` of go-redis in a function that runs often, without `Close`.
//!
//! ## Why it grows
//!
//! A client is a connection pool with a background goroutine: `(*ConnPool).reaper` up to version 8,
//! `(*CircuitBreakerManager).cleanupLoop` in current versions of 9. The goroutine refers to the client, so an
//! unclosed client is never freed. Each connection has a reader and a writer with buffers of 4 KiB each, or of
//! `ReadBufferSize` and `WriteBufferSize`.
//!
//! ## Evidence
//!
//! - Heap: `redis.NewClient` and what it calls, such as `maintnotifications.newCircuitBreakerManager`; the buffers of
//!   connections, below `internal/pool.NewConnWithBufferSize` or `NewConn`.
//! - Goroutines: `(*ConnPool).reaper` or `(*CircuitBreakerManager).cleanupLoop`, one for each client.
//! - Untested: the frames were read in the source; no recording shows them.
//!
//! ## What looks alike
//!
//! - *A pool that fills up* under load: connections grow, `NewClient` does not. It stops at `PoolSize`, by default
//!   ten per processor.
//! - *Connections that the program dials itself* (`net-conn-not-closed`) have no frame of go-redis.
//!
//! ## Fix
//!
//! Create the client once and share it: it is safe for concurrent use. Close short-lived clients.
//!
//! ```go
//! rdb := redis.NewClient(&redis.Options{Addr: addr}) // in main
//! defer rdb.Close()
//! carts := carts.NewStore(rdb)
//! ```
//!
//! ## How to confirm
//!
//! `redis-cli client list | wc -l` rises with each request. `grep -rn 'redis.NewClient' --include='*.go'` finds where
//! clients are created.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("redis-client-per-request", include_str!("redis_client_per_request.rs")),
    heap: Frames {
        any: &[
            "**go-redis**.NewClient",
            "**go-redis**.NewClusterClient",
            "**go-redis**/internal/pool.NewConn*",
            "**go-redis**/internal/pool.(*ConnPool).reaper",
            "**go-redis**/maintnotifications.(*CircuitBreakerManager).cleanupLoop",
            "gopkg.in/redis.v*.NewClient",
            "gopkg.in/redis.v*/internal/pool.NewConn*",
            "gopkg.in/redis.v*/internal/pool.(*ConnPool).reaper",
        ],
        all: &["**redis**.New*Client"],
        with: &["**go-redis** $", "gopkg.in/redis.v** $", "runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames {
        any: &[
            "**go-redis**/internal/pool.(*ConnPool).reaper",
            "**go-redis**/maintnotifications.(*CircuitBreakerManager).cleanupLoop",
        ],
        ..Frames::NONE
    },
    blame: &["**go-redis**.New*Client << @app", "gopkg.in/redis.v*.NewClient << @app"],
    unit: Some(Unit {
        leaf: &["^ bufio.NewReaderSize << **go-redis**/internal/pool.NewConn*"],
        objects: 1,
        counted: Counted::Connection,
    }),
    fix: "create one redis.Client and share it; close short-lived clients",
    ..Signature::DEFAULT
};
