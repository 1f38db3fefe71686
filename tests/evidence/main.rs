//! Evidence, held against heaps whose every block is known: simulated ones by the thousand, and recorded runs of a
//! program that counts what it keeps.

mod heap;
mod rules;
mod simulated;
#[path = "../support/mod.rs"]
#[allow(dead_code)]
mod support;
