//! Goroutines: the table in every form of profile, beside a heap, and the memory of the whole process.
//!
//! `forms` holds the forms of one moment against each other and against what the programs counted; `rules` shows single
//! rules on profiles written for them; `beside` shows what goroutines add to a heap, `held` what they hold of it; `memory` the
//! sums of a process.

#[path = "../support/mod.rs"]
mod support;

mod beside;
mod forms;
mod goldens;
mod held;
mod memory;
mod rules;
mod several;
