//! The suspects in words: what is wrong, how much, where, why it is thought so, and what to do.
//!
//! In: a report. Out: a list. Invariant: it says what the other formats say; nothing where there is no suspect to expect.

use std::io::{self, Write};

use crate::model::name;
use crate::units::thousands;

use super::super::{Report, Style, Suspect, absence, aside, sentence, suspect};
use super::{breakable, chart, escape};

/// Writes the suspects.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(absence) = absence::absence(report, style.scale) {
        writeln!(out, "<p class=\"suspects\">{}</p>", escape(&absence))?;
    }
    if report.suspects.is_empty() {
        return write_aside(report, style, out);
    }
    let suspects: Vec<&Suspect> = report.suspects.iter().collect();
    writeln!(out, "<section class=\"suspects\" aria-labelledby=\"suspects-title\">")?;
    writeln!(out, "<h2 id=\"suspects-title\">{}</h2>\n<ol>", suspect::heading(&suspects))?;
    let times = chart::times(report);
    for suspect in &suspects {
        writeln!(out, "<li><p><strong>{}</strong>{}.", escape(&suspect.headline(report, style.scale)), place(suspect))?;
        writeln!(out, "{}</p>", escape(&suspect.explanation))?;
        let steps = suspect.steps.as_deref().unwrap_or_default();
        if let Some(course) = suspect.course(report, style.scale) {
            let line = if steps.len() > 2 { chart::line(steps, &times, &course) } else { String::new() };
            writeln!(out, "<p class=\"course\">{line} {}.</p>", escape(&sentence::capital(&course)))?;
        }
        write_holders(suspect, style, out)?;
        writeln!(out, "<p>Fix: {}. <code>leakdiff explain {}</code></p></li>", escape(suspect.fix), suspect.code)?;
    }
    writeln!(out, "</ol>")?;
    if let Some(caution) = suspect::caution(report, &suspects) {
        writeln!(out, "<p>{}.</p>", escape(&sentence::capital(&caution)))?;
    }
    writeln!(out, "</section>")?;
    write_aside(report, style, out)
}

/// Draws who holds its objects: from the root to them, hop by hop.
fn write_holders(suspect: &Suspect, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(holders) = &suspect.holders else { return Ok(()) };
    if holders.is_empty() {
        return suspect.held(style.scale).iter().try_for_each(|text| writeln!(out, "<p>{}.</p>", escape(text)));
    }
    for holder in holders {
        writeln!(out, "<ol class=\"path\" aria-label=\"who holds it\">\n<li>{}</li>", breakable(&holder.root))?;
        for hop in &holder.path {
            let field = hop.field.as_deref().map_or(String::new(), |field| format!("<i>{}</i> ", breakable(field)));
            let count = if hop.count > 1 {
                format!(" <small>× {}</small>", thousands(hop.count as i64))
            } else {
                String::new()
            };
            writeln!(out, "<li>{field}{}{count}</li>", breakable(&hop.name))?;
        }
        writeln!(out, "</ol>")?;
        let said = holder.beside_path(style.scale);
        if !said.is_empty() {
            writeln!(out, "<p>{}.</p>", escape(&sentence::capital(&said)))?;
        }
    }
    Ok(())
}

/// What is no suspect, and why.
fn write_aside(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let asides = aside::listed(report, style.scale);
    if asides.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section class=\"aside\" aria-labelledby=\"aside-title\">\n<h2 id=\"aside-title\">Not leaks</h2>\n<ul>"
    )?;
    asides.iter().try_for_each(|text| writeln!(out, "<li>{}</li>", escape(text)))?;
    writeln!(out, "</ul>\n</section>")
}

fn place(suspect: &Suspect) -> String {
    let Some(frame) = &suspect.responsible else { return String::new() };
    let likely = frame.likely();
    let line = frame.line.map_or(String::new(), |line| format!(":{line}"));
    let place = frame
        .file
        .as_ref()
        .map_or(String::new(), |file| format!(" (<code>{}{line}</code>)", breakable(sentence::tail(file))));
    format!(", {likely}in <code>{}</code>{place}", breakable(&name::short(&frame.function)))
}
