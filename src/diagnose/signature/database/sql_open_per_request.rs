//! A database handle is opened for each request
//!
//! ## What it detects
//!
//! `sql.Open` (or `sql.OpenDB`) in a function that runs often, instead of one handle for the program.
//!
//! ## Why it grows
//!
//! A `sql.DB` is no connection but a pool of them, with a goroutine that opens connections (`connectionOpener`). The
//! goroutine refers to the pool, so that a handle that is not closed is never collected: about 1.5 KB each, the goroutine,
//! and up to two idle connections with the buffers of the driver.
//!
//! ## Evidence
//!
//! - Heap: `database/sql.OpenDB`, in blocks of 208 B, and `(*DB).connectionOpener`.
//! - Goroutines: `database/sql.(*DB).connectionOpener` parked in `selectgo`; their number is that of the handles.
//!
//! ## What looks alike
//!
//! - *Rows or transactions that are not ended* (`sql-rows-not-closed`, `sql-tx-not-ended`) open connections of one handle:
//!   `OpenDB` does not grow.
//! - *A handle for each tenant* in a map is meant, and stops with the number of tenants.
//!
//! ## Fix
//!
//! Open the database once, when the program starts, and share the handle: it is safe for use by many goroutines. Where it
//! has to be short-lived, close it.
//!
//! ```go
//! db, err := sql.Open("pgx", dsn) // in main
//! if err != nil {
//!     log.Fatal(err)
//! }
//! defer db.Close()
//! orders := orders.NewRepository(db)
//! ```
//!
//! ## How to confirm
//!
//! `grep -rn 'sql.Open' --include='*.go'` finds where it is opened. The goroutine profile has one `connectionOpener` in a
//! program with one handle.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("sql-open-per-request", include_str!("sql_open_per_request.rs")),
    heap: Frames {
        // The connections of a handle are its own, whatever they were opened for.
        any: &["database/sql.OpenDB", "database/sql.(*DB).connectionOpener", "database/sql.(*DB).conn << @app"],
        all: &["database/sql.OpenDB << @app"],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["database/sql.(*DB).connectionOpener"], ..Frames::NONE },
    blame: &["database/sql.OpenDB << @app"],
    unit: Some(Unit { leaf: &["^ database/sql.OpenDB"], objects: 1, counted: Counted::Handle }),
    fix: "open the database once and share the handle; close short-lived ones",
    ..Signature::DEFAULT
};
