//! Suspects: is the leak named, is the function to blame named, and is what is no leak left alone?
//!
//! `score` holds all fixtures against what their programs counted themselves; `built` shows single rules on profiles
//! written for them, `many` on a great many of them; `faces` shows that every format says the same.

#[path = "../support/mod.rs"]
mod support;

mod built;
mod faces;
mod many;
mod regressions;
mod score;
mod series;
