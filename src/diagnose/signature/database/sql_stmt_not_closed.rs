//! Prepared statements are not closed
//!
//! ## What it detects
//!
//! Statements that are prepared repeatedly with `database/sql` and not closed.
//!
//! ## Why it grows
//!
//! The database handle and the connection list every statement prepared on them, so a statement is never freed while
//! the handle lives: about 570 B each, the driver's data, and a prepared statement in the database server, which has
//! its own limit (`max_prepared_stmt_count`).
//!
//! ## Evidence
//!
//! - Heap: `(*DB).prepareDC` and, below it, `(*DB).addDepLocked` and `(*driverConn).prepareLocked`. The lists are
//!   maps, which grow in jumps.
//! - Goroutines: none.
//!
//! ## What looks alike
//!
//! - *Rows that are not closed* (`sql-rows-not-closed`): they hold connections, below `(*DB).query`.
//! - *A fixed set of statements*, prepared on each connection of a pool, stops growing with the pool.
//!
//! ## Fix
//!
//! Prepare once and reuse the statement, or close it where it was prepared. Do not prepare a statement that is used
//! once: `ExecContext` and `QueryContext` take arguments too.
//!
//! ```go
//! stmt, err := db.PrepareContext(ctx, query)
//! if err != nil {
//!     return err
//! }
//! defer stmt.Close()
//! ```
//!
//! ## How to confirm
//!
//! MySQL: `show global status like 'Prepared_stmt_count'`. PostgreSQL: `select count(*) from pg_prepared_statements`
//! on the same connection.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Raise, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("sql-stmt-not-closed", include_str!("sql_stmt_not_closed.rs")),
    heap: Frames { any: &["database/sql.(*DB).prepareDC", "database/sql.(*driverConn).prepareLocked"], ..Frames::NONE },
    unit: Some(Unit { leaf: &["^ database/sql.(*DB).prepareDC"], objects: 1, counted: Counted::Statement }),
    fix: "prepare once and reuse the statement, or defer stmt.Close()",
    raise: Raise::By("ask the database how many statements are prepared"),
    ..Signature::DEFAULT
};
