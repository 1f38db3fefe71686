//! The flame graph and the page in a real browser: opened from disk in headless Chromium, zoomed, searched, switched and walked.
//! No console error and no network request in any of it. Screenshots go to `target/browser/`, to be looked at.

#![allow(clippy::print_stderr, reason = "a skipped test has to be seen")]

mod chrome;
mod flame;
mod page;
#[path = "../support/mod.rs"]
mod support;
