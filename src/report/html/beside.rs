//! What no row of a heap shows: the memory of the whole process, and its goroutines with their stacks.
//!
//! In: a report. Out: a section. Invariant: it says what the other formats say; nothing where neither is known.

use std::io::{self, Write};

use crate::model::Status;
use crate::units::format_signed;

use super::super::{Change, Memory, Report, Style, header};
use super::{chart, escape, rows};

/// Writes the section.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if report.memory.is_none() && report.rss.is_none() && report.goroutines.is_none() {
        return Ok(());
    }
    writeln!(out, "<section class=\"beside\" aria-labelledby=\"beside-title\">")?;
    writeln!(out, "<h2 id=\"beside-title\">Beside the heap</h2>")?;
    if let Some(goroutines) = &report.goroutines {
        writeln!(out, "<p>{}</p>", escape(&goroutines.sentence(style.scale)))?;
    }
    if let Some(memory) = &report.memory {
        write_memory(memory, style, out)?;
    }
    if let Some(rss) = &report.rss {
        write_parts("Process", rss.explanation.as_deref(), rss.parts(), style, out)?;
    }
    writeln!(out, "</section>")
}

/// The memory that the profiles carry.
fn write_memory(memory: &Memory, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_parts("Memory", memory.explanation.as_deref(), memory.parts(), style, out)?;
    writeln!(
        out,
        "<p><small>Heap in use, heap idle, stacks and runtime add up to sys, all that Go obtained from the system. What \
         was released is a part of heap idle.</small></p>"
    )
}

/// Parts of memory, on one scale.
fn write_parts(
    heading: &str,
    explanation: Option<&str>,
    parts: Vec<(&'static str, Change)>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let Some(explanation) = explanation {
        writeln!(out, "<p>{}</p>", escape(explanation))?;
    }
    writeln!(out, "<div class=\"scroll\">\n<table>\n<thead><tr>")?;
    for head in [heading, "Growth", "Before → after"] {
        writeln!(out, "<th scope=\"col\">{head}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    let most = parts.iter().map(|(_, change)| change.before.max(change.after)).max().unwrap_or(0);
    for (name, change) in parts {
        let class = rows::class(Status::of(change.before, change.after));
        let growth = format_signed(change.delta, "bytes", style.scale);
        let (from_to, bars) = (header::from_to(change, "bytes", style.scale), chart::bars(change, most));
        writeln!(
            out,
            "<tr class=\"{class}\"><th scope=\"row\">{name}</th><td class=\"growth\">{growth}</td>\
             <td class=\"change\">{from_to}{bars}</td></tr>"
        )?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")
}
