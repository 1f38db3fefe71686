//! Database transactions are not committed or rolled back
//!
//! ## What it detects
//!
//! Transactions of `database/sql` that on some path are neither committed nor rolled back.
//!
//! ## Why it grows
//!
//! A transaction holds its connection until `Commit` or `Rollback`, so every further one opens another: a driver
//! connection with its buffers, about 0.7 KB in `database/sql`, and a goroutine that waits for the end of the
//! transaction's context. In the database it holds its locks.
//!
//! ## Evidence
//!
//! - Heap: what the driver allocates to connect, below `database/sql.(*DB).conn` and `(*DB).begin`; the transaction itself,
//!   128 to 144 B, in `(*DB).beginDC`.
//! - Goroutines: `database/sql.(*Tx).awaitDone` parked in `chanrecv1`, one for each.
//!
//! ## What looks alike
//!
//! - *Rows that are not closed* (`sql-rows-not-closed`): `(*DB).query` instead of `(*DB).begin`.
//! - *Long transactions* under load are as many as requests in flight, and end with them.
//!
//! ## Fix
//!
//! Defer the rollback right after the error check; after a commit it does nothing.
//!
//! ```go
//! tx, err := db.BeginTx(ctx, nil)
//! if err != nil {
//!     return err
//! }
//! defer tx.Rollback()
//! // ...
//! return tx.Commit()
//! ```
//!
//! ## How to confirm
//!
//! `db.Stats().InUse` rises and does not fall. In PostgreSQL, `select state, count(*) from pg_stat_activity group by 1`
//! shows `idle in transaction`.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("sql-tx-not-ended", include_str!("sql_tx_not_ended.rs")),
    heap: Frames {
        any: &["database/sql.(*DB).begin", "database/sql.(*DB).beginDC", "database/sql.(*Tx).awaitDone"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["database/sql.(*Tx).awaitDone"], ..Frames::NONE },
    blame: &["database/sql.(*DB).begin << @app", "database/sql.(*DB).beginDC << @app"],
    unit: Some(Unit { leaf: &["^ database/sql.(*DB).beginDC"], objects: 1, counted: Counted::Transaction }),
    fix: "defer tx.Rollback() after the error check; after a commit it does nothing",
    ..Signature::DEFAULT
};
