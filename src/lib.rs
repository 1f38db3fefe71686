//! Compares heap profiles in pprof format: what grew, is it real, and who is responsible.
//!
//! The rooms in the order data flows through them: [`load`] turns bytes into snapshots, [`diff`] aligns and subtracts
//! them, [`analyze`] ranks what grew and finds who is responsible, [`check`] holds limits against
//! it, [`report`] renders the result for people, [`export`] the diff for other tools. [`model`] holds the nouns, [`units`] the units. [`source`] is the only room that opens files.

pub mod analyze;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diff;
pub mod export;
pub mod load;
pub mod model;
pub mod report;
pub mod source;
pub mod units;
