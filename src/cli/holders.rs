//! `leakdiff holders`: who holds what grew, from heap dumps of Go.
//!
//! In: what the user typed. Out: text or JSON. Invariant: no output is one of the inputs.

use anyhow::Result;

use crate::report::holders::{HolderReport, WriteHolders, write_holders, write_holders_json};
use crate::source::{Files, Location};

use super::dumps::{Dumps, Told, is_json, known};
use super::holders_args::HoldersArgs;
use super::inputs::{Inputs, inputs};
use super::limits::{limits, size};
use super::output::write_one;
use super::request::Look;
use super::{Console, Exit};

/// Tells who holds what.
pub(super) fn run_holders(args: HoldersArgs, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    let look = Look::new(&args.look)?;
    let Inputs { locations: dumps, .. } = inputs(&args.dumps, &[], &[])?;
    let limits = limits(args.look.max_inflated.as_deref(), 1)?;
    let heap = args.heap.as_ref().map(|heap| known(&Location::parse(heap), limits, files)).transpose()?;
    let (known, period) = heap.unwrap_or_default();
    let least = size("--min", &args.min)?;
    let most = if args.top == 0 { usize::MAX } else { args.top };
    let dumps = Dumps { known, period, least, what_if: args.what_if, limits, ..Dumps::new(dumps, args.bin) };
    let Told { holders, facts, program, warnings } = dumps.read(files)?;
    let report = HolderReport::new(facts, program, &holders, most, least, warnings);
    let wants_json = args.format == "json" || args.output.as_deref().is_some_and(is_json);
    let write: WriteHolders = if wants_json { write_holders_json } else { write_holders };
    write_one((args.output.as_deref(), !wants_json), &look, files, console, |style, out| write(&report, style, out))?;
    Ok(Exit::Done)
}
