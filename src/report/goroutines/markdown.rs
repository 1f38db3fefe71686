//! The goroutine table as Markdown, for a ticket.
//!
//! In: the report. Out: GitHub-flavoured Markdown. Invariant: no text of the profile is read as markup.

use std::io::{self, Write};

use crate::report::escape::markdown;
use crate::report::markdown::{code, write_inputs, write_suspects};
use crate::report::{Style, header};
use crate::units::{Scale, format_signed, thousands};

use super::{Answer, note, set_apart, stacks};

pub(super) fn write(answer: &Answer<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Answer { report, goroutines } = answer;
    writeln!(out, "**{}**\n", markdown(&header::total(report, style.scale).join(", ")))?;
    write_inputs(report, out)?;
    writeln!(out, "\n| growth | before → after | state | where |")?;
    writeln!(out, "| ---: | ---: | :--- | :--- |")?;
    for row in &goroutines.rows {
        let growth = format_signed(row.delta, "count", Scale::Auto);
        let line = row.line.map_or(String::new(), |line| format!(":{line}"));
        let file =
            row.file.as_ref().map_or(String::new(), |file| format!("<br>{}", markdown(&format!("{file}{line}"))));
        let remarks: Vec<String> =
            row.remarks().iter().map(|remark| format!("<br>{}", markdown(&remark.text()))).collect();
        let (before, after) = (thousands(row.before), thousands(row.after));
        let (state, function) = (row.state.name(), code(&row.function));
        writeln!(out, "| {growth} | {before} → {after} | {state} | {function}{file}{} |", remarks.concat())?;
    }
    writeln!(out)?;
    if let Some(apart) = set_apart(goroutines) {
        writeln!(out, "{}\n", markdown(&apart))?;
    }
    if let Some(stacks) = stacks(answer, style.scale) {
        writeln!(out, "{stacks}\n")?;
    }
    if !note(goroutines).is_empty() {
        writeln!(out, "{}\n", markdown(note(goroutines)))?;
    }
    write_suspects(report, style, out)?;
    for warning in &report.warnings {
        writeln!(out, "> **{}** {}\n", warning.code.as_str(), markdown(&warning.message))?;
    }
    Ok(())
}
