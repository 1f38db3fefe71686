//! The oracle: what `go tool pprof -top -diff_base` says about two profiles, leakdiff says to the byte.
//!
//! Held against the recorded tables `fixtures/*/pprof*.tsv`, and against pprof itself where Go is installed.
//!
//! What "the same" means: both tools give a row a flat and a cumulative change. pprof leaves out a row whose two changes
//! are 0; leakdiff lists it, since something was there before and after. So rows with 0/0 are left out on both sides, and
//! what remains must be the same set of names with the same numbers. No other row may be missing on either side.
//! Samples without a stack (some goroutine profiles have one) are in pprof's total and in none of its rows; leakdiff has
//! a row for them, `(no stack)`, which counts here for its own total alone.

#![allow(clippy::print_stderr, reason = "a skipped comparison has to be seen")]

mod exported;
mod filters;
mod goroutines;
mod labels;
mod list;
mod peek;
mod places;
mod recorded;
mod rows;
#[path = "../support/mod.rs"]
mod support;
mod tool;
