//! The suspects on a terminal: how much, who, how sure; then what it is and what to do.
//!
//! In: a report, a width and whether to colour. Out: text. Invariant: no line is wider than the width.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::diagnose::signature::Confidence;

use super::super::escape::terminal;
use super::super::fit::{pad, wrap, wrap_below};
use super::super::paint::{Ink, paint};
use super::super::site::{self, Detail, Piece, Site};
use super::super::{Report, Style, Suspect, absence, aside, suspect};

/// Columns before the lines about a suspect but the first.
const INDENT: usize = 3;
/// What the first line of a suspect fills where the terminal is wider.
const WIDEST: usize = 100;

/// Writes what is wrong, how much, where, and what to do.
pub(in crate::report) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(absence) = absence::absence(report, style.scale) {
        writeln!(out, "{}", wrap(&terminal(&absence), style.width))?;
    }
    let suspects = suspect::listed(report);
    if suspects.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", paint(&suspect::heading(&suspects).to_uppercase(), Ink::Bold, style))?;
    let growths: Vec<String> = suspects.iter().map(|suspect| suspect.growth(report, style.scale)).collect();
    let widest = growths.iter().map(|growth| growth.width()).max().unwrap_or(0);
    for (number, (suspect, growth)) in suspects.iter().zip(&growths).enumerate() {
        let start = format!("{:<INDENT$}{}", number + 1, pad(growth, widest));
        write_first(report, suspect, &start, style, out)?;
        let (fix, command) = (format!("fix: {}", suspect.fix), format!("leakdiff explain {}", suspect.code));
        let both = format!("{fix}   {command}");
        // The command stands behind the advice where there is room.
        let is_short = style.width.is_none_or(|width| both.width() + INDENT < width);
        let advice = if is_short { vec![both] } else { vec![fix, command] };
        let held = suspect.held(style.scale);
        // An allow-list of a gate takes it.
        let fingerprint = report.verdict.as_ref().map(|_| format!("fingerprint {}", suspect.fingerprint));
        for line in std::iter::once(suspect.what(report, style.scale)).chain(held).chain(advice).chain(fingerprint) {
            writeln!(out, "{}{}", " ".repeat(INDENT), wrap_below(&terminal(&line), style.width, INDENT))?;
        }
    }
    Ok(())
}

/// How much, who, and how sure at the end of the line.
fn write_first(report: &Report, suspect: &Suspect, start: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let confidence = suspect.confidence.word();
    let room = style.width.map_or(usize::MAX, |width| {
        width.min(WIDEST).saturating_sub(start.width() + confidence.width() + 4).max(INDENT)
    });
    let site = match &suspect.responsible {
        Some(frame) => Site::of_responsible(frame).linked(report),
        None => Site::of_function(suspect.allocated().unwrap_or("none of your functions"), None, None),
    };
    let pieces: Vec<Piece> = site.fitted(room, if style.width.is_some() { Detail::Place } else { Detail::Full });
    let gap = if style.width.is_some() { room.saturating_sub(site::width(&pieces)) } else { 0 };
    let ink = if suspect.confidence > Confidence::Low { Ink::Red } else { Ink::Yellow };
    let [start, confidence] = [(start, ink), (confidence, Ink::Bold)].map(|(text, ink)| paint(text, ink, style));
    writeln!(out, "{start}  {}{}  {confidence}", site::painted(&pieces, None, style), " ".repeat(gap))
}

/// Writes texts below each other, the first behind a mark.
pub(in crate::report) fn list(mark: &str, texts: &[String], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (number, text) in texts.iter().enumerate() {
        let mark = if number == 0 { mark.to_owned() } else { " ".repeat(mark.len()) };
        writeln!(out, "{mark}{}", wrap_below(&terminal(text), style.width, mark.len()))?;
    }
    Ok(())
}

/// Writes what grew and is no leak, with the reason: a line each.
pub(in crate::report) fn write_aside(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    list("Not leaks: ", &aside::listed(report, style.scale), style, out)
}
