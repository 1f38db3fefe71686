//! The beginning of every pipeline: from what the user named to a diff.
//!
//! In: a [`Request`]. Out: the diff, and the goroutine profiles, loaded. Invariant: no output is one of the inputs.

use anyhow::{Result, bail};

use crate::diff;
use crate::load::{self, Input, Limits, Loaded};
use crate::source::{Files, GOROUTINES};
use crate::units;

use super::gather::{Gathered, Gathering, gather};
use super::output::refuse_overwriting;
use super::progress::Progress;
use super::request::Request;
use super::target::Target;
use super::{Console, wait};

/// Source, load, diff: the beginning of every pipeline. Also loads the goroutine profiles.
pub(super) fn read(
    request: &Request,
    files: &Files,
    console: &mut Console<'_>,
) -> Result<(diff::Diff, Option<Loaded>)> {
    let (inputs, goroutines) = match &request.wait {
        Some(wait) => wait::take(request, wait, files, console)?,
        None => (files.open_as(request.profile, &request.inputs)?, files.open_as(GOROUTINES, &request.goroutines)?),
    };
    refuse_overwriting(request.targets.iter().map(Target::destination), files)?;
    let is_series = request.diff.sides.is_empty();
    let progress = Progress::new(console);
    let inputs = progress.watch(inputs);
    let Gathered { loaded, goroutines } = load(inputs, goroutines, request.gathering, is_series, request.limits)?;
    drop(progress);
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

/// Loads what is compared, in the order of its times where it is a series, and the goroutines beside it.
pub(super) fn load(
    inputs: Vec<Input>,
    goroutines: Vec<Input>,
    gathering: Option<Gathering>,
    is_series: bool,
    limits: Limits,
) -> Result<Gathered> {
    let mut gathered = match gathering {
        Some(gathering) => gather(inputs, gathering, limits)?,
        None => {
            let loaded = load::load(inputs, limits)?;
            let loaded = if is_series { loaded.in_order_of_time() } else { loaded };
            Gathered { loaded, goroutines: None }
        }
    };
    if !goroutines.is_empty() {
        gathered.goroutines = Some(load::load(goroutines, limits)?.in_order_of_time());
    }
    Ok(gathered)
}
