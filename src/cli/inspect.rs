//! `leakdiff inspect`: what profiles are.
//!
//! In: what the user typed. Out: text or JSON. Invariant: each input is told of, also where others cannot be loaded.

use anyhow::Result;

use crate::report::{Inspection, Style, write_inspections, write_inspections_json};
use crate::source::{Files, Location};
use crate::{diff, load, warnings};

use super::command_args::InspectArgs;
use super::inputs::{Inputs, inputs};
use super::limits::limits;
use super::output::print;
use super::request::Look;
use super::{Console, Exit};

/// Tells of each input; an error where one cannot be loaded.
pub(super) fn run_inspect(args: InspectArgs, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    let look = Look::new(&args.look)?;
    let Inputs { locations, is_found, .. } = inputs(&args.inputs, &[], &[])?;
    let limits = limits(args.look.max_inflated.as_deref(), 1)?;
    let inspections: Vec<Inspection> = locations
        .iter()
        .map(|location| {
            let failed = |error: anyhow::Error| {
                Inspection::failed(&location.label, &location.path.display().to_string(), told(&error))
            };
            inspect(location, limits, files).unwrap_or_else(failed)
        })
        .collect();
    let style: Style = look.style_of_console(console);
    let out = &mut console.stdout;
    print(out, |out| match args.format.as_str() {
        "json" => write_inspections_json(&inspections, out),
        _ if look.is_ascii => write_inspections(&inspections, &style, &mut crate::report::Ascii::new(out)),
        _ => write_inspections(&inspections, &style, out),
    })?;
    let failed = inspections.iter().filter(|inspection| inspection.error.is_some()).count();
    // What lies beside profiles is no error.
    let most = if is_found { inspections.len().saturating_sub(1) } else { 0 };
    Ok(if failed > most { Exit::Error } else { Exit::Done })
}

fn inspect(location: &Location, limits: load::Limits, files: &Files) -> Result<Inspection> {
    let inputs = files.open_all(std::slice::from_ref(location))?;
    let diff = diff::diff(load::load(inputs, limits)?, &diff::Options::default())?;
    let warnings = warnings::warnings(&diff);
    Inspection::new(&diff, warnings).ok_or_else(|| anyhow::anyhow!("it holds no profile"))
}

/// What is wrong with an input, without its name.
fn told(error: &anyhow::Error) -> String {
    let of_load = error.downcast_ref::<load::Error>();
    let text = of_load.map_or_else(|| error.to_string(), |error| error.problem.to_string());
    match of_load.and_then(|error| error.problem.hint()) {
        Some(hint) => format!("{text}; {hint}"),
        None => text,
    }
}
