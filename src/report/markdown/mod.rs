//! Markdown for a ticket, a pull request or the summary of a CI step: the verdict of a gate where there is one, a summary,
//! a table, and the stack of each row folded away.
//!
//! In: a report. Out: GitHub-flavoured Markdown. Invariant: no text of the profile is read as markup; with a verdict the
//! whole is shorter than what GitHub takes as the summary of a step.

mod gate;

use std::io::{self, Write};
use std::sync::Arc;

use crate::units::thousands;

use super::columns::{self, Cells, Column, Line, TOTAL, WHERE};
use super::escape::{markdown, terminal};
use super::header;
use super::memory;
use super::{Breach, Culprit, Report, Style, absence, aside, sentence, suspect};

/// The most bytes of a report with a verdict. GitHub takes 1 MiB as the summary of a step, and drops what is longer.
const LONGEST_SUMMARY: usize = 1_000_000;

/// The most frames of a stack that are shown; fewer where the summary is too long with so many.
const FRAMES: &[usize] = &[usize::MAX, 32, 0];

/// Writes the report as Markdown.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(verdict) = &report.verdict else { return write_report(report, style, usize::MAX, out) };
    let mut text = Vec::new();
    for frames in FRAMES {
        text.clear();
        gate::write(verdict, style.scale, *frames, &mut text)?;
        write_report(report, style, *frames, &mut text)?;
        if text.len() <= LONGEST_SUMMARY {
            return out.write_all(&text);
        }
    }
    let end = text[..LONGEST_SUMMARY].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    out.write_all(&text[..end])?;
    writeln!(out, "\n> Cut off here: the whole is {} bytes long.", thousands(text.len() as i64))
}

fn write_report(report: &Report, style: &Style, frames: usize, out: &mut dyn Write) -> io::Result<()> {
    let total = header::total(report, style.scale);
    writeln!(out, "**{}**\n", markdown(&total.join(", ")))?;
    write_inputs(report, out)?;
    if let Some(sampling) = header::sampling(report) {
        writeln!(out, "- {}", markdown(&sampling))?;
    }
    writeln!(out)?;
    write_suspects(report, style, out)?;
    write_around(report, style, out)?;
    write_rows(report, style, out)?;
    let stacks = report.rows.iter().filter_map(|row| Some((&row.name, row.stack.as_ref()?)));
    for (name, stack) in stacks.filter(|(_, stack)| stack.len() > 1 && frames > 0) {
        write_names(name, stack, frames, out)?;
    }
    for warning in &report.warnings {
        let input = warning.input.as_ref().map_or(String::new(), |input| format!("{}: ", markdown(input)));
        writeln!(out, "> **{}** {input}{}\n", warning.code.as_str(), markdown(&warning.message))?;
    }
    if let Some(explain) = header::explain(&report.warnings) {
        writeln!(out, "For more: `{explain}`\n")?;
    }
    Ok(())
}

/// A list of what was compared, and of what.
pub(super) fn write_inputs(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (index, input) in report.inputs.iter().enumerate() {
        let later = header::later(report, index).map_or(String::new(), |later| format!(", {later}"));
        writeln!(out, "- {}: {}{later}", markdown(&input.label), header::time(input.time_nanos))?;
    }
    writeln!(out, "- {}", markdown(&header::metric(report)))?;
    if let Some(others) = header::other_metrics(report) {
        writeln!(out, "- other metrics: {}", markdown(&others))?;
    }
    if let Some(filters) = header::filters(report) {
        writeln!(out, "- filters: {}", code(&filters))?;
    }
    Ok(())
}

/// A list of what is wrong, how much, where, why it is thought so, and what to do.
pub(super) fn write_suspects(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(absence) = absence::absence(report, style.scale) {
        writeln!(out, "{}\n", markdown(&absence))?;
    }
    let suspects = suspect::listed(report);
    if suspects.is_empty() {
        return write_aside(report, style, out);
    }
    writeln!(out, "{}:\n", suspect::heading(&suspects))?;
    for (number, suspect) in suspects.iter().enumerate() {
        write!(out, "{}. **{}**", number + 1, markdown(&suspect.headline(report, style.scale)))?;
        if let Some(frame) = &suspect.responsible {
            let likely = frame.likely();
            write!(out, ", {likely}in {}{}", code(&frame.function), place(frame.file.as_deref(), frame.line))?;
        }
        let course =
            suspect.course(report, style.scale).map(|course| format!(" {}.", markdown(&sentence::capital(&course))));
        writeln!(out, ".<br>\n   {}{}<br>", markdown(&suspect.explanation), course.unwrap_or_default())?;
        write!(out, "   Fix: {} (`leakdiff explain {}`)", markdown(suspect.fix), suspect.code)?;
        for held in suspect.held(style.scale) {
            write!(out, "<br>\n   {}", markdown(&sentence::capital(&held)))?;
        }
        match &report.verdict {
            Some(_) => writeln!(out, "<br>\n   fingerprint {}", code(&suspect.fingerprint))?,
            None => writeln!(out)?,
        }
    }
    writeln!(out)?;
    if let Some(caution) = suspect::caution(report, &suspects) {
        writeln!(out, "{}.\n", sentence::capital(&caution))?;
    }
    write_aside(report, style, out)
}

/// What is no suspect, and why.
fn write_aside(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let asides = aside::listed(report, style.scale);
    if asides.is_empty() {
        return Ok(());
    }
    writeln!(out, "Not leaks:\n")?;
    asides.iter().try_for_each(|text| writeln!(out, "- {}", markdown(text)))?;
    writeln!(out)
}

/// The memory of the whole process and its goroutines, where they are known.
fn write_around(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let of_profiles = report.memory.as_ref().map(|memory| ("memory", memory.parts(), &memory.explanation));
    let of_system = report.rss.as_ref().map(|rss| ("process", rss.parts(), &rss.explanation));
    for (heading, parts, explanation) in of_profiles.into_iter().chain(of_system) {
        writeln!(out, "| {heading} | before → after | growth |\n| :--- | ---: | ---: |")?;
        for [name, from_to, growth] in memory::lines(parts, style.scale) {
            writeln!(out, "| {name} | {from_to} | {growth} |")?;
        }
        writeln!(out)?;
        if let Some(explanation) = explanation {
            writeln!(out, "{explanation}\n")?;
        }
    }
    match &report.goroutines {
        Some(goroutines) => writeln!(out, "{}\n", goroutines.sentence(style.scale)),
        None => Ok(()),
    }
}

fn write_rows(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let cells = Cells::new(report, style.scale);
    let figures: Vec<&Column> = columns::figures(report, None).collect();
    let headings = figures.iter().map(|column| format!(" {} |", (column.heading)(report).to_lowercase()));
    writeln!(out, "|{} {} |", headings.collect::<String>(), (WHERE.heading)(report).to_lowercase())?;
    writeln!(out, "|{} :--- |", " ---: |".repeat(figures.len()))?;
    let figures = |line: &Line<'_>| {
        let texts = figures.iter().map(|column| (column.text)(&cells, line).replacen('~', "\\~", 1));
        texts.map(|text| format!(" {text} |")).collect::<String>()
    };
    for line in columns::rows(report) {
        let Some(row) = line.row else { continue };
        let responsible = columns::responsible(row).map_or(String::new(), |frame| {
            let place = place(frame.file.as_deref(), frame.line);
            format!("<br>← {}{}{place}", frame.likely(), code(&frame.function))
        });
        let place = place(row.file.as_deref(), row.line);
        writeln!(out, "|{} {}{place}{responsible} |", figures(&line), code(&row.name))?;
    }
    for line in columns::totals(report) {
        let mark = if line.name == TOTAL { "**" } else { "*" };
        writeln!(out, "|{} {mark}{}{mark} |", figures(&line), line.name)?;
    }
    writeln!(out)
}

/// A name as code inside a table cell, where HTML is the only quoting that holds for any character.
pub(super) fn code(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for character in terminal(text).chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '@' | '$' => {
                safe.push_str(&format!("&#{};", u32::from(character)));
            }
            other => safe.push(other),
        }
    }
    format!("<code>{safe}</code>")
}

/// A place behind a name.
fn place(file: Option<&str>, line: Option<i64>) -> String {
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    file.map_or(String::new(), |file| format!(" {}{line}", markdown(file)))
}

/// At most so many names of a stack, leaf first, folded away. Each line is indented by four spaces: code, whatever it
/// holds.
fn write_names(name: &str, stack: &[Arc<str>], most: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<details><summary>{}, heaviest stack</summary>\n", code(name))?;
    for name in stack.iter().take(most) {
        writeln!(out, "    {}", terminal(name))?;
    }
    if stack.len() > most {
        writeln!(out, "    ... {} more", thousands((stack.len() - most) as i64))?;
    }
    writeln!(out, "\n</details>\n")
}
