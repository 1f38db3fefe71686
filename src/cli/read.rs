//! The beginning of every pipeline: from what the user named to a diff.
//!
//! In: a [`Request`]. Out: the diff, and the goroutine profiles, opened. Invariant: no output is one of the inputs.

use anyhow::{Result, bail};

use crate::diff;
use crate::load;
use crate::source::Files;
use crate::units;

use super::output::refuse_overwriting;
use super::request::{Request, Target};

/// Source, load, diff: the beginning of every pipeline. Also opens the goroutine profiles.
pub(super) fn read(request: &Request, files: &Files) -> Result<(diff::Diff, Vec<load::Input>)> {
    let inputs = files.open_all(&request.inputs)?;
    let goroutines = files.open_all(&request.goroutines)?;
    refuse_overwriting(request.targets.iter().map(Target::destination), files)?;
    let mut loaded = request.process.load(inputs, request.limits, files)?;
    if request.diff.sides.is_empty() {
        loaded = loaded.in_order_of_time();
    }
    let mut diff = diff::diff(loaded, &request.diff)?;
    if let Some(frame) = &request.flame_root {
        // As it was typed, not as the pattern that it stands for.
        diff.filters.retain(|(option, _)| *option != "show-from");
        diff.filters.push(("flame-root", frame.clone()));
    }
    let metric = diff.metric();
    if !units::fits(request.look.scale, &metric.unit) {
        bail!("--unit: {} is in {}, which does not convert to that unit", metric.name, metric.unit);
    }
    Ok((diff, goroutines))
}
