//! What docs/ci.md tells people to copy, and the GitHub Action: the shell recipe is run from start to end, the script of
//! the action is run as a runner would, and every block is read as what it is.

#![allow(clippy::print_stderr, reason = "a skipped test has to be seen")]

#[path = "../support/mod.rs"]
mod support;

mod action;
mod documents;
mod recipe;
mod shop;
