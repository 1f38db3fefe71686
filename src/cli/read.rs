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
use super::process::Process;
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
    let opened = Opened { inputs: progress.watch(inputs), goroutines, limits: request.limits };
    let Gathered { loaded, goroutines } = load(opened, &request.process, request.gathering, is_series, files)?;
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

/// What was opened, and how much it may take.
pub(super) struct Opened {
    pub inputs: Vec<Input>,
    pub goroutines: Vec<Input>,
    pub limits: Limits,
}

/// Loads what is compared, in the order of its times where it is a series, with what is known beside it.
pub(super) fn load(
    opened: Opened,
    process: &Process,
    gathering: Option<Gathering>,
    is_series: bool,
    files: &Files,
) -> Result<Gathered> {
    let Opened { inputs, goroutines, limits } = opened;
    let mut gathered = match gathering.filter(|_| !process.has_more_metrics()) {
        Some(gathering) => {
            let mut gathered = gather(inputs, gathering, limits)?;
            process.complete(&mut gathered.loaded, 0, files)?;
            gathered
        }
        None => {
            let loaded = process.load(inputs, limits, files)?;
            let loaded = if is_series { loaded.in_order_of_time() } else { loaded };
            Gathered { loaded, goroutines: None }
        }
    };
    if !goroutines.is_empty() {
        gathered.goroutines = Some(load::load(goroutines, limits)?.in_order_of_time());
    }
    Ok(gathered)
}
