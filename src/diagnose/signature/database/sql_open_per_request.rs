//! A database handle is opened per request
//!
//! ## What it detects
//!
//! `sql.Open` (or `sql.OpenDB`) in a function that runs often, instead of one handle for the program.
//!
//! ## Why it grows
//!
//! A `sql.DB` is not a connection but a connection pool, with a goroutine that opens connections
//! (`connectionOpener`). The goroutine refers to the pool, so an unclosed handle is never freed: about 1.5 KB each,
//! the goroutine, and up to two idle connections with the driver's buffers.
//!
//! ## Evidence
//!
//! - Heap: `database/sql.OpenDB`, in blocks of 208 B, and `(*DB).connectionOpener`.
//! - Goroutines: `database/sql.(*DB).connectionOpener` parked in `selectgo`; one per handle.
//!
//! ## What looks alike
//!
//! - *Unclosed rows or transactions* (`sql-rows-not-closed`, `sql-tx-not-ended`) use more connections of one handle:
//!   `OpenDB` does not grow.
//! - *One handle per tenant* in a map is intended, and stops at the number of tenants.
//!
//! ## Fix
//!
//! Open the database once, at program start, and share the handle: it is safe for concurrent use. Close short-lived
//! handles.
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
//! `grep -rn 'sql.Open' --include='*.go'` finds where it is opened. A program with one handle has one
//! `connectionOpener` in the goroutine profile.

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
    fix: "open the database once and share the handle; close short-lived handles",
    ..Signature::DEFAULT
};
