//! The limits of a run: what the user says, else what there is memory for.
//!
//! In: the options, and how many inputs are in memory together. Out: [`Limits`].

use anyhow::{Result, anyhow};

use crate::load::Limits;
use crate::{source, units};

/// The limits for so many inputs; `max_inflated` as the user typed it.
pub(super) fn limits(max_inflated: Option<&str>, inputs: usize) -> Result<Limits> {
    Ok(match max_inflated {
        Some(text) => Limits { inflated: size("--max-inflated", text)? },
        None => Limits::within(source::memory(), inputs),
    })
}

/// A size that the user typed for an option.
pub(super) fn size(option: &str, text: &str) -> Result<u64> {
    units::parse_bytes(text).ok_or_else(|| anyhow!("{option} {text}: not a size; write for example 512MiB or 4GiB"))
}
