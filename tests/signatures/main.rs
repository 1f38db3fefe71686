//! Known leaks are called by their names, and what looks alike is not.

#[path = "../support/mod.rs"]
mod support;

mod coverage;
mod deferred;
mod goroutines;
mod network;
mod retention;
