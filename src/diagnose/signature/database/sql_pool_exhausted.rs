//! Queries wait for a database connection
//!
//! ## What it detects
//!
//! Calls of `database/sql` that wait because all connections the pool may have are in use, more of them all the time.
//!
//! ## Why it grows
//!
//! With `SetMaxOpenConns` a query waits until a connection comes back. Where connections do not come back (rows or
//! transactions that are not ended), or come back more slowly than requests arrive, the waiting goroutines pile up with
//! all that they hold. The wait has no end unless the context has one.
//!
//! ## Evidence
//!
//! - Heap: `database/sql.(*DB).conn` itself and `(*connRequestSet).Add` (Go 1.23 on), while no connection is opened:
//!   `addDepLocked` called by `conn` does not grow. Waiters for the lock of the pool stand in `(*DB).conn` as well.
//! - Goroutines: `database/sql.(*DB).conn` parked in `selectgo`, below the query.
//!
//! ## What looks alike
//!
//! - *Rows that are not closed* (`sql-rows-not-closed`) without a limit: every query opens a connection, none waits. With a
//!   limit they are a frequent cause of this.
//! - *A burst of load* waits for a while. The number of waiting goroutines falls again.
//!
//! ## Fix
//!
//! Find what holds the connections: `db.Stats().InUse` at rest has to be 0. Give every query a context with a timeout, so
//! that waiting ends.
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
