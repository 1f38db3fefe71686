//! Evidence, held against heaps whose every block is known: simulated ones by the thousand, and recorded runs of a
//! program that counts what it keeps.

#![allow(clippy::print_stdout, reason = "the figures are for reading")]

mod heap;
mod limits;
mod rules;
mod simulated;
#[path = "../support/mod.rs"]
mod support;
