//! Recordings of services and kernels with and without leaks, labelled before any of them was looked at: how often the first
//! suspect is right, whether confidence keeps what it says, and that more of them never says less.
//!
//! `fixtures/corpus/README.md` says what they are. `cargo test --test corpus -- --nocapture` prints the tables.

#![allow(clippy::print_stdout, reason = "the tables are for reading")]

#[path = "../support/mod.rs"]
mod support;

mod calibration;
mod law;
mod recording;
mod score;
