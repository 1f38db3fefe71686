//! Compares heap profiles in pprof format: what grew, is it real, and who is responsible.
//!
//! The rooms in the order data flows through them: [`load`] turns bytes into snapshots, [`symbolize`] names native addresses, [`diff`] aligns and subtracts
//! them, [`stats`] says what samples can tell, [`rows`] ranks what grew and finds who is responsible, [`diagnose`] names
//! leaks, [`compare`] does all of it in one call, [`check`] holds limits against it, [`report`] renders the result for people, [`export`] the diff for other tools. [`model`] holds the nouns, [`units`] the units. [`source`] is the only room that opens files.
//!
//! From the bytes of two profiles to JSON:
//!
//! ```
//! use leakdiff::compare::{self, compare};
//! use leakdiff::diff::{self, diff};
//! use leakdiff::load::{Input, Limits, load};
//! use leakdiff::report::Report;
//!
//! let before = b"heap profile: 1: 4096 [1: 4096] @ heap/1\n1: 4096 [1: 4096] @ 0x40\n#\t0x40\tmain.keep+0x8\t/app/main.go:7\n\n";
//! let after = b"heap profile: 3: 12288 [3: 12288] @ heap/1\n3: 12288 [3: 12288] @ 0x40\n#\t0x40\tmain.keep+0x8\t/app/main.go:7\n\n";
//!
//! let inputs = vec![Input::new("before", before.as_slice()), Input::new("after", after.as_slice())];
//! let diff = diff(load(inputs, Limits::default())?, &diff::Options::default())?;
//! let report = Report::new(&diff, &compare(&diff, None, compare::Options::default()));
//!
//! let mut json = Vec::new();
//! report.write_json(&mut json)?;
//! let json: serde_json::Value = serde_json::from_slice(&json)?;
//! assert_eq!(json["total"]["delta"], 8192);
//! assert_eq!(json["rows"][0]["name"], "main.keep");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![deny(clippy::missing_errors_doc, clippy::missing_panics_doc)]
// A panic is no answer: what cannot fail says so where it stands.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod diagnose;
pub mod diff;
pub mod export;
mod flame;
pub mod fleet;
pub mod heapdump;
pub mod load;
pub mod model;
pub mod report;
pub mod rows;
pub mod source;
pub mod stats;
pub mod symbolize;
pub mod units;
pub mod warnings;
#[cfg(feature = "cli")]
pub mod watch;
