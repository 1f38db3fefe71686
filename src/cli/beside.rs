//! The goroutine profiles that stand beside heaps, as the user names them: one by one, as a folder, or as a pattern.
//!
//! In: the values of `--goroutines`. Out: their locations, and what of these values are heaps. Invariant: no file is dropped.

use std::ffi::OsString;

use anyhow::{Result, bail};

use crate::source::{Location, several};

/// The goroutine profiles, and the heaps that were named right after a folder or a pattern of them.
pub(super) fn beside(values: &[OsString]) -> Result<(Vec<Location>, Vec<OsString>)> {
    let named = values.iter().map(|value| Ok((value, several(value)?))).collect::<Result<Vec<_>>>()?;
    if named.iter().all(|(_, files)| files.is_none()) {
        if values.len() == 1 {
            bail!("--goroutines: two profiles or more are wanted, or a folder or a quoted pattern that has them");
        }
        return Ok((values.iter().map(|value| Location::parse(value)).collect(), Vec::new()));
    }
    let (mut goroutines, mut heaps) = (Vec::new(), Vec::new());
    for (value, files) in named {
        match files {
            Some(files) => goroutines.extend(files.into_iter().map(Location::of)),
            None => heaps.push(value.clone()),
        }
    }
    Ok((goroutines, heaps))
}
