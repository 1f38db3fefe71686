//! What to do next, where that would make the answer surer or take it to others.
//!
//! In: a report. Out: steps, with commands to copy. Invariant: nothing is advised that was done already, and nothing where
//! nothing grew.

use crate::model::{Kind, State, name};

use super::{Report, Suspect, suspect};

/// What to do next, the most telling first.
pub(super) fn steps(report: &Report) -> Vec<String> {
    let may_leak = matches!(report.metric.kind, Kind::Memory(State::Live, _) | Kind::Goroutines);
    if report.is_state() {
        return vec!["compare it with a later profile of the same process: leakdiff BASE NEW".to_owned()];
    }
    if !may_leak || report.total.delta <= 0 || report.inputs.len() < 2 {
        return Vec::new();
    }
    let suspects = suspect::listed(report);
    let look = source(report).unwrap_or_else(|| page(report));
    let steps = [suspect::caution(report, &suspects), goroutines(report, &suspects), Some(look)];
    steps.into_iter().flatten().collect()
}

/// Goroutine profiles, where they would tell more.
fn goroutines(report: &Report, suspects: &[&Suspect]) -> Option<String> {
    let is_wanted = report.goroutines.is_none() && suspects.iter().any(|suspect| suspect.wants_goroutines());
    is_wanted.then(|| "add goroutine profiles: --goroutines BEFORE AFTER".to_owned())
}

/// The lines of the function that is responsible for most.
fn source(report: &Report) -> Option<String> {
    let of_suspect = report.suspects.first().and_then(|suspect| suspect.responsible.as_ref());
    let of_row = report.rows.first().and_then(|row| row.responsible.as_ref());
    let frame = of_suspect.or(of_row).filter(|frame| frame.file.is_some())?;
    let name = name::short(&frame.function);
    let own = name::package_end(&name).map_or(&*name, |end| &name[end + 1..]);
    let own = own.rsplit('.').next().filter(|own| own.chars().all(|c| c.is_alphanumeric() || c == '_'))?;
    Some(format!("leakdiff list {own} {}", profiles(report)))
}

/// The page for others.
fn page(report: &Report) -> String {
    format!("leakdiff report {} -o leak.html", profiles(report))
}

/// The inputs as a shell takes them, where that is short.
fn profiles(report: &Report) -> String {
    const SHORT: usize = 60;
    let is_plain = |path: &&str| path.chars().all(|c| c.is_ascii_alphanumeric() || "-_./+".contains(c));
    let paths: Vec<&str> = report.inputs.iter().map(|input| input.path.as_str()).filter(is_plain).collect();
    let text = paths.join(" ");
    let is_whole = paths.len() == report.inputs.len() && text.len() <= SHORT;
    if is_whole { text } else { "BASE NEW".to_owned() }
}
