//! The profiles that the user named: one by one, as a folder, or as a pattern.
//!
//! In: words of the command line. Out: locations. Invariant: no file is opened, and none that was found is there twice.

use std::ffi::OsString;

use anyhow::Result;

use crate::source::{Location, distinct, several};

/// The profiles that were named.
#[derive(Default)]
pub(super) struct Inputs {
    pub locations: Vec<Location>,
    /// How many of them are runs of each side; empty where each is a snapshot of its own.
    pub sides: Vec<usize>,
    /// Whether some stand in a folder or fit a pattern.
    pub is_found: bool,
}

/// The profiles: those that were given alone, or the runs of both sides.
pub(super) fn inputs(alone: &[OsString], before: &[OsString], after: &[OsString]) -> Result<Inputs> {
    let [(alone, found), (before, of_before), (after, of_after)] =
        [locations(alone)?, locations(before)?, locations(after)?];
    let sides = [before.len(), after.len()].into_iter().filter(|runs| *runs > 0).collect();
    Ok(Inputs { locations: [alone, before, after].concat(), sides, is_found: found || of_before || of_after })
}

/// The files that names stand for, and whether a folder or a pattern is among them.
fn locations(inputs: &[OsString]) -> Result<(Vec<Location>, bool)> {
    let (mut locations, mut is_found) = (Vec::new(), false);
    for input in inputs {
        match several(input)? {
            Some(files) => {
                is_found = true;
                locations.extend(files.into_iter().map(Location::of));
            }
            None => locations.push(Location::parse(input)),
        }
    }
    Ok((if is_found { distinct(locations) } else { locations }, is_found))
}
