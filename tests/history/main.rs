//! What is said of the history of a sum: simulated curves, and the laws that any series obeys.

#![allow(clippy::print_stdout, reason = "the tables are for reading")]

mod laws;
mod simulated;
mod world;
