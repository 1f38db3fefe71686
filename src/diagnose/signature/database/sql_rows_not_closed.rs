//! Database rows are not closed
//!
//! ## What it detects
//!
//! Results of `database/sql` queries (`sql.Rows`) that are neither closed nor read to the end.
//!
//! ## Why it grows
//!
//! Rows hold their connection until they are closed, so every further query opens another one: about 1.7 KB in
//! `database/sql` and the buffers of the driver, 4 to 16 KiB in most. With a cancellable context each also has a
//! goroutine. `rows.Next` closes them when it returns false, so only an early exit from the loop leaks: a `return` or
//! `break` after the first row, or a `Scan` error. With `SetMaxOpenConns` the connections do not grow; queries wait
//! instead (`sql-pool-exhausted`).
//!
//! ## Evidence
//!
//! - Heap: what the driver allocates to connect, below `database/sql.(*DB).conn` and `(*DB).query`; the rows
//!   themselves in `(*DB).queryDC`. Below `(*DB).exec` too: a statement that runs while rows hold the other
//!   connections opens a new one; the responsible function shown is then the one that runs the statement.
//! - Goroutines: `database/sql.(*Rows).awaitDone`, one for each. Without a cancellable context there is none.
//!
//! ## What looks alike
//!
//! - *Unfinished transactions* (`sql-tx-not-ended`): `(*DB).begin` instead of `(*DB).query`.
//! - *`sql.Open` per request* (`sql-open-per-request`): `database/sql.OpenDB` grows in step.
//! - *A pool that fills up* under load stops at `SetMaxIdleConns` idle connections, by default two.
//!
//! ## Fix
//!
//! Close the rows right after the error check, and check `rows.Err` at the end. For a single row, use `QueryRow`.
//!
//! ```go
//! rows, err := db.QueryContext(ctx, query, id)
//! if err != nil {
//!     return err
//! }
//! defer rows.Close()
//! for rows.Next() {
//!     // ...
//! }
//! return rows.Err()
//! ```
//!
//! ## How to confirm
//!
//! `db.Stats()`: `InUse` rises and does not fall. With `db.SetMaxOpenConns(5)` in a test the sixth call hangs. The
//! linters `sqlclosecheck` and `rowserrcheck` find the line.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("sql-rows-not-closed", include_str!("sql_rows_not_closed.rs")),
    heap: Frames {
        any: &[
            "database/sql.(*DB).query",
            "database/sql.(*DB).queryDC",
            "database/sql.(*Stmt).QueryContext",
            "database/sql.(*Rows).awaitDone",
            // What is executed needs a connection of its own while rows keep the others.
            "database/sql.(*DB).conn << database/sql.(*DB).exec",
        ],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["database/sql.(*Rows).awaitDone"], ..Frames::NONE },
    blame: &["database/sql.(*DB).query << @app", "database/sql.(*DB).queryDC << @app"],
    unit: Some(Unit {
        leaf: &[
            "^ database/sql.(*DB).queryDC",
            "^ database/sql.(*Stmt).QueryContext",
            "^ database/sql.(*Stmt).QueryContext.func",
        ],
        objects: 1,
        counted: Counted::Result,
    }),
    fix: "defer rows.Close() after the error check; use QueryRow for a single row",
    ..Signature::DEFAULT
};
