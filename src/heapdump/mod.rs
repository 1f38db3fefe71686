//! Who holds what: heap dumps of Go to the globals, goroutines and finalizers that keep objects alive.
//!
//! In: the bytes of one dump or more, and of the program that wrote them. Out: [`Holders`]: who holds how much, how much that
//! grew, by which path, and what would be freed. Invariant: every reachable object is counted once, for the root that
//! reaches it first; counts are exact, only what allocated an object rests on samples. The contents of memory are followed
//! and never handed out.
//! Knows nothing of text for people, files, or the diff of profiles.

mod binary;
mod chain;
mod clear;
mod dump;
mod error;
mod finding;
mod heap;
mod holders;
mod known;
mod mark;
mod names;
mod own;
mod paths;
mod roots;
mod samples;
mod types;
mod walk;
mod warning;

pub use crate::load::heap_dump::Broken;
pub use binary::Binary;
pub use dump::{Build, Dump};
pub use error::Error;
pub use holders::{Cleared, Held, Holder, Holders, HoldsOf, Hop, Options, holders};
pub use known::{known, site};
pub use roots::Kind;
pub use samples::{AllocatedAt, Known, Site};
pub use warning::{PAGES, warnings};
