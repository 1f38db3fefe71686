//! How a gate ended, and every limit that it held with its figures.
//!
//! In: a report. Out: HTML. Invariant: no text of a profile is markup.

use std::io::{self, Write};

use super::super::figures::{self, COLUMNS};
use super::super::finding::safe_sentence;
use super::super::{Breach, Report, Style, gate};
use super::escape;

/// Writes how the gate ended, in one line.
pub(super) fn write_verdict(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(verdict) = &report.verdict else { return Ok(()) };
    let text = match gate::line(verdict, "") {
        (Some(but), text) => format!(", {but}; {text}"),
        (None, text) => format!(": {text}"),
    };
    writeln!(
        out,
        "<p class=\"verdict\"><strong>{}</strong>{}</p>",
        gate::word(verdict.result),
        escape(&safe_sentence(&text))
    )
}

/// Writes a table of all limits, and what is to be said of those that did not hold.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(verdict) = &report.verdict else { return Ok(()) };
    writeln!(out, "<section class=\"limits\">\n<h2>Limits</h2>\n<div class=\"scroll\">\n<table>\n<thead><tr>")?;
    for (heading, _) in COLUMNS {
        writeln!(out, "<th scope=\"col\">{heading}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for check in &verdict.checks {
        let cells: Vec<String> = figures::cells(check, style.scale).iter().map(|cell| escape(cell)).collect();
        let result = figures::result(check);
        writeln!(out, "<tr><th scope=\"row\">{result}</th><td>{}</td></tr>", cells.join("</td><td>"))?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")?;
    if !verdict.breaches.is_empty() {
        writeln!(out, "<ul>")?;
        verdict.breaches.iter().try_for_each(|breach| write_breach(breach, out))?;
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</section>")
}

fn write_breach(breach: &Breach, out: &mut dyn Write) -> io::Result<()> {
    let advice = breach.advice.as_ref().map_or(String::new(), |advice| format!("; {}", safe_sentence(advice)));
    let text = format!("{}{advice}", safe_sentence(&breach.message));
    writeln!(out, "<li><strong>{}</strong> {}</li>", gate::word(breach.outcome), escape(&text))
}
