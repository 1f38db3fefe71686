//! The verdict of a gate in Markdown, as the summary of a CI step has it: result, checks, breaches with their culprits.
//!
//! In: a verdict. Out: a section of Markdown. Invariant: no text of the profile is read as markup.

use std::io::{self, Write};

use crate::units::{Scale, format_signed};

use super::{Breach, Culprit, code, place, write_names};
use crate::report::escape::markdown;
use crate::report::figures::{self, COLUMNS};
use crate::report::finding::{evidence, other, safe, safe_sentence, summary};
use crate::report::{Check, Outcome, Verdict};

/// Writes the section. `stacks` is how many frames of a stack are shown; 0 leaves stacks out.
pub(super) fn write(verdict: &Verdict, scale: Scale, stacks: usize, out: &mut dyn Write) -> io::Result<()> {
    let mark = match verdict.result {
        Outcome::Pass => "✅",
        Outcome::Fail => "❌",
        Outcome::Inconclusive => "⚠️",
    };
    writeln!(out, "## {mark} leakdiff check {}\n", markdown(&summary(verdict)))?;
    let headings: Vec<&str> = COLUMNS.iter().map(|(heading, _)| *heading).collect();
    let rules: Vec<&str> = COLUMNS.iter().map(|(_, is_number)| if *is_number { "---:" } else { ":---" }).collect();
    writeln!(out, "| {} |", headings.join(" | "))?;
    writeln!(out, "| {} |", rules.join(" | "))?;
    for check in &verdict.checks {
        write_check(check, scale, out)?;
    }
    writeln!(out)?;
    for breach in &verdict.breaches {
        write_breach(breach, scale, stacks, out)?;
    }
    for allowed in &verdict.allowed {
        let (entry, reason) = (code(&safe(&allowed.entry)), markdown(&safe_sentence(&allowed.reason)));
        let suspect = allowed.suspect.map_or(String::new(), |code| format!(" (suspect {})", markdown(code)));
        writeln!(out, "- allowed: {entry}{suspect}, {reason}")?;
    }
    if !verdict.allowed.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "**fail**",
        Outcome::Inconclusive => "*inconclusive*",
    }
}

fn write_check(check: &Check, scale: Scale, out: &mut dyn Write) -> io::Result<()> {
    let result = if check.is_unmatched() { figures::result(check) } else { word(check.outcome) };
    let cells: Vec<String> = figures::cells(check, scale).iter().map(|cell| markdown(cell)).collect();
    writeln!(out, "| {result} | {} |", cells.join(" | "))
}

fn write_breach(breach: &Breach, scale: Scale, stacks: usize, out: &mut dyn Write) -> io::Result<()> {
    let unit = &breach.metric.unit;
    let limit = markdown(&safe(&breach.limit));
    writeln!(out, "### {} {limit}\n", breach.option)?;
    writeln!(out, "{}: {}", word(breach.outcome), markdown(&safe_sentence(&breach.message)))?;
    if let Some(known) = &breach.evidence {
        writeln!(out, "<br>evidence: {}", evidence(known, unit, scale))?;
    }
    if let Some(advice) = &breach.advice {
        writeln!(out, "<br>{}", markdown(&safe_sentence(advice)))?;
    }
    writeln!(out)?;
    for culprit in &breach.culprits {
        write_culprit(culprit, unit, scale, out)?;
    }
    if !breach.culprits.is_empty() {
        writeln!(out)?;
    }
    for culprit in breach.culprits.iter().filter(|culprit| culprit.stack.len() > 1 && stacks > 0) {
        write_names(&safe(&culprit.name), &culprit.stack, stacks, out)?;
    }
    Ok(())
}

fn write_culprit(culprit: &Culprit, unit: &str, scale: Scale, out: &mut dyn Write) -> io::Result<()> {
    let place_of = |file: &Option<String>, line| place(file.as_deref().map(safe).as_deref(), line);
    let amount = format_signed(culprit.delta, unit, scale);
    let name = code(&safe(&culprit.name));
    writeln!(out, "- **{amount}** in {name}{}", place_of(&culprit.file, culprit.line))?;
    if let Some(frame) = other(culprit) {
        let likely = frame.likely();
        let owner = code(&safe(&frame.function));
        writeln!(out, "  <br>{likely}on behalf of {owner}{}", place_of(&frame.file, frame.line))?;
    }
    let suspect = culprit.suspect.as_deref().map_or(String::new(), |code| format!(", {}", markdown(&safe(code))));
    writeln!(out, "  <br>fingerprint {}{suspect}", code(&safe(&culprit.fingerprint)))
}
