//! Database rows are not closed
//!
//! ## What it detects
//!
//! Results of `database/sql` queries (`sql.Rows`) that are neither closed nor read to their end.
//!
//! ## Why it grows
//!
//! Rows keep their connection until they are closed, so that every further query opens another one: about 1.7 KB in
//! `database/sql` and the buffers of the driver, 4 to 16 KiB in most. With a context that can be cancelled each also has a
//! goroutine. `rows.Next` closes them when it returns false, so that only a loop that is left early leaks: a `return` or
//! `break` after the first row, an error of `Scan`. With `SetMaxOpenConns` the connections do not grow; queries wait
//! instead (`sql-pool-exhausted`).
//!
//! ## Evidence
//!
//! - Heap: what the driver allocates to connect, below `database/sql.(*DB).conn` and `(*DB).query`; the rows themselves in
//!   `(*DB).queryDC`. Below `(*DB).exec` too: what is executed while rows keep the other connections opens a new one, and
//!   then the function named is that which executes.
//! - Goroutines: `database/sql.(*Rows).awaitDone`, one for each. Without a context that can be cancelled there is none.
//!
//! ## What looks alike
//!
//! - *Transactions* that are not ended (`sql-tx-not-ended`): `(*DB).begin` instead of `(*DB).query`.
//! - *`sql.Open` for each request* (`sql-open-per-request`): `database/sql.OpenDB` grows in step.
//! - *A pool that fills up* under load keeps `SetMaxIdleConns` connections, two if it is not set, and stops there.
//!
//! ## Fix
//!
//! Close the rows right after the check of the error, and look at `rows.Err` at the end. For one row, use `QueryRow`.
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
//! `db.Stats()`: `InUse` rises and does not fall. With `db.SetMaxOpenConns(5)` in a test the sixth call hangs. The linters
//! `sqlclosecheck` and `rowserrcheck` find the place in the source.

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
