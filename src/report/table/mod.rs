//! The screen of a terminal: the answer first, then the rows that it rests on, then what to know and what to do next.
//!
//! In: a report, a width and whether to colour. Out: text. Invariant: no line is wider than the width (down to 60
//! columns), and no byte of the profile reaches the terminal unescaped.

mod rows;
mod suspects;

pub(super) use rows::new_table;
pub(super) use suspects::{write as write_suspects, write_aside};

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::escape::terminal;
use super::fit::{join, shorten, wrap};
use super::gate;
use super::paint::{Ink, paint};
use super::{Report, Style, header, next, process, stacks};

/// Columns before the lines that go on with the one above.
const INDENT: usize = 2;

/// Writes the report as a table.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(verdict) = &report.verdict {
        return gate::write(report, verdict, style, out);
    }
    write_header(report, style, out)?;
    section(out, |out| suspects::write(report, style, out))?;
    section(out, |out| write_rows(report, style, out))?;
    section(out, |out| stacks::write(report, style, out))?;
    section(out, |out| process::write(report, style, out))?;
    section(out, |out| {
        write_goroutines(report, style, out)?;
        write_aside(report, style, out)?;
        write_warnings(report, style, out)?;
        write_next(report, style, out)
    })
}

/// Writes a part of the screen with a line above it, where it has anything to say.
pub(super) fn section(out: &mut dyn Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut text = Vec::new();
    write(&mut text)?;
    if text.is_empty() {
        return Ok(());
    }
    out.write_all(b"\n")?;
    out.write_all(&text)
}

/// Writes what it comes to, and what was compared.
pub(super) fn write_header(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let room = style.width.unwrap_or(usize::MAX);
    for (number, pieces) in header::lines(report, style.scale, style.width).into_iter().enumerate() {
        let pieces: Vec<String> = pieces.iter().map(|piece| terminal(piece).into_owned()).collect();
        let text = match pieces.iter().all(|piece| piece.width() + INDENT <= room) {
            true => join(pieces.iter().map(String::as_str), "   ", style.width, INDENT),
            // What is too long for a line is broken between words.
            false => pieces.iter().map(|piece| broken(piece, style.width)).collect::<Vec<_>>().join("\n  "),
        };
        let ink = if number == 0 { Ink::Bold } else { Ink::Plain };
        text.lines().try_for_each(|line| writeln!(out, "{}", paint(line, ink, style)))?;
    }
    Ok(())
}

/// A piece of the header that is too long for a line. Of a pattern both ends are shown, and that something is left out.
fn broken(piece: &str, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width - INDENT);
    let words: Vec<String> = piece.split(' ').map(|word| shorten(word, room - INDENT)).collect();
    join(words.iter().map(String::as_str), " ", Some(room), INDENT)
}

fn write_rows(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if report.rows.is_empty() {
        return writeln!(out, "{}", wrap(&header::nothing(report), style.width));
    }
    writeln!(out, "{}", paint(&shorten(&header::title(report), style.width.unwrap_or(usize::MAX)), Ink::Bold, style))?;
    writeln!(out, "{}", rows::table(report, style).trim_fmt())
}

/// How many more goroutines there are, and what of them the rows do not show.
pub(super) fn write_goroutines(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match report.goroutines.as_ref().map(|goroutines| goroutines.sentence(style.scale)) {
        Some(sentence) => writeln!(out, "{}", wrap(&sentence, style.width)),
        None => Ok(()),
    }
}

/// Writes the warnings, and where to read more about them.
pub(super) fn write_warnings(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(explain) = header::explain(&report.warnings) else { return Ok(()) };
    for warning in &report.warnings {
        let text = header::warning(warning);
        writeln!(out, "{}", wrap(&terminal(&text), style.width))?;
    }
    writeln!(out, "{}", wrap(&format!("for more: {explain}"), style.width))
}

/// Writes what to do next, where that is known.
pub(super) fn write_next(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    suspects::list("Next: ", &next::steps(report), style, out)
}
