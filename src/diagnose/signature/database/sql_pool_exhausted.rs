//! Queries wait for a database connection
//!
//! ## What it detects
//!
//! A growing number of `database/sql` calls that wait because all connections of the pool are in use.
//!
//! ## Why it grows
//!
//! With `SetMaxOpenConns` a query waits for a free connection. If connections are not returned (unclosed rows or
//! transactions), or more slowly than requests arrive, waiting goroutines accumulate with everything they hold. They
//! wait forever unless the context ends.
//!
//! ## Evidence
//!
//! - Heap: `database/sql.(*DB).conn` itself and `(*connRequestSet).Add` (Go 1.23 on), while no connection is opened:
//!   `addDepLocked` called by `conn` does not grow. Goroutines that wait for the pool lock are in `(*DB).conn` as
//!   well.
//! - Goroutines: `database/sql.(*DB).conn` parked in `selectgo`, below the query.
//!
//! ## What looks alike
//!
//! - *Rows that are not closed* (`sql-rows-not-closed`) without a limit: every query opens a connection, none waits.
//!   With a limit they are a common cause of this.
//! - *A burst of load* makes queries wait for a while. The number of waiting goroutines falls again.
//!
//! ## Fix
//!
//! Find what holds the connections: without load, `db.Stats().InUse` must be 0. Give every query a context with a
//! timeout.
//!
//! ```go
//! ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
//! defer cancel()
//! rows, err := db.QueryContext(ctx, query)
//! if err != nil {
//!     return err
//! }
//! defer rows.Close()
//! ```
//!
//! ## How to confirm
//!
//! `db.Stats()`: `InUse` equals `MaxOpenConnections`, `WaitCount` and `WaitDuration` rise.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("sql-pool-exhausted", include_str!("sql_pool_exhausted.rs")),
    heap: Frames {
        any: &[
            "^ database/sql.(*DB).conn",
            "database/sql.(*connRequestSet).Add < database/sql.(*DB).conn",
            "sync.(*Mutex).Lock < database/sql.(*DB).conn",
        ],
        all: &["^ database/sql.(*DB).conn"],
        not: &["database/sql.(*DB).addDepLocked < database/sql.(*DB).conn"],
        with: &["runtime.malg"],
    },
    goroutines: Frames {
        any: &["^ database/sql.(*DB).conn", "sync.(*Mutex).Lock < database/sql.(*DB).conn"],
        ..Frames::NONE
    },
    blame: &["database/sql.(*DB).conn << @app"],
    unit: Some(Unit { leaf: &["^ database/sql.(*DB).conn {24}"], objects: 1, counted: Counted::WaitingQuery }),
    needs_goroutines: true,
    fix: "find what holds the connections; give queries a context with a timeout",
    ..Signature::DEFAULT
};
