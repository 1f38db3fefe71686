//! What stands beside the numbers: warnings, and how the report was made.
//!
//! In: a report. Out: HTML. Invariant: passwords in addresses are not repeated.

use std::io::{self, Write};

use crate::units::{format, thousands};

use super::super::{Input, Report, Style, header, sentence};
use super::{breakable, escape};

/// Writes the warnings, if there are any.
pub(super) fn write_warnings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(explain) = header::explain(&report.warnings) else { return Ok(()) };
    writeln!(out, "<section class=\"warnings\">\n<h2>Before you trust the numbers</h2>\n<ul>")?;
    for warning in &report.warnings {
        let input = warning.input.as_ref().map_or(String::new(), |input| format!("<b>{}</b>: ", safe(input)));
        let message = safe(&warning.message);
        writeln!(out, "<li><code>{}</code> {input}{message}</li>", warning.code.as_str())?;
    }
    writeln!(out, "</ul>\n<p>For more: <code>{explain}</code></p>\n</section>")
}

/// Writes how the report was made.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section class=\"about\">\n<h2>How this was made</h2>")?;
    if let Some(command) = report.details.as_ref().and_then(|details| details.command.as_ref()) {
        writeln!(out, "<pre><code>{}</code></pre>", escape(&without_passwords(command)))?;
    }
    let heads = ["Input", "Taken", "Total", "Samples", "Stacks", "Period", "Build"];
    writeln!(out, "<div class=\"scroll\">\n<table>\n<thead><tr>")?;
    for head in heads {
        writeln!(out, "<th scope=\"col\">{head}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for (index, input) in report.inputs.iter().enumerate() {
        let later = header::later(report, index).filter(|_| index > 0).map(|later| format!(" <small>{later}</small>"));
        let total = report.details.as_ref().and_then(|details| details.totals.get(index).copied());
        let total = total.map_or(String::new(), |total| format(total, &report.metric.unit, style.scale));
        write_input(input, &later.unwrap_or_default(), &total, out)?;
        input.runs.iter().try_for_each(|run| write_input(run, "", "", out))?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")?;
    let is_sampled = sentence::is_heap(report) && report.inputs.iter().any(|input| input.period > Some(1));
    let estimates = if is_sampled { " Values are estimates from samples." } else { "" };
    let growth = match report.inputs.len() {
        0 | 1 => "",
        _ => " Growth is after minus before; totals are not made equal.",
    };
    let counts = match report.ranks_by_cum() {
        true => "and in all that it called",
        false => "itself, not what that called",
    };
    writeln!(
        out,
        concat!(
            "<p>Metric: <code>{}</code>.{}{} A row counts what is at its {} {}.</p>\n{}{}",
            "<p>{} {}</p>\n</section>"
        ),
        escape(&header::metric(report)),
        estimates,
        growth,
        report.by,
        counts,
        listed("Other metrics that the inputs have", header::other_metrics(report)),
        listed("Filters in effect", header::filters(report)),
        report.tool.name,
        report.tool.version
    )
}

fn write_input(input: &Input, later: &str, total: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut label = safe(&input.label);
    if input.path != input.label {
        label.push_str(&format!(" <span class=\"place\">{}</span>", safe(&input.path)));
    }
    let cells = [
        format!("{}{later}", header::time(input.time_nanos)),
        total.to_owned(),
        thousands(input.samples as i64),
        thousands(input.stacks as i64),
        input.period.map_or("not stated".to_owned(), thousands),
        input.build_id.as_ref().map_or("not stated".to_owned(), |id| format!("<code>{}</code>", breaks(id))),
    ];
    writeln!(out, "<tr><th scope=\"row\">{label}</th><td>{}</td></tr>", cells.join("</td><td>"))
}

/// A line of its own, where there is something to say.
fn listed(what: &str, text: Option<String>) -> String {
    text.map_or(String::new(), |text| format!("<p>{what}: <code>{}</code></p>\n", escape(&text)))
}

/// Markup of a text that may hold addresses.
fn safe(text: &str) -> String {
    breakable(&without_passwords(text))
}

/// An id that may break anywhere.
fn breaks(id: &str) -> String {
    let characters: Vec<char> = id.chars().collect();
    let parts = characters.chunks(8).map(|part| escape(&part.iter().collect::<String>()));
    parts.collect::<Vec<_>>().join("<wbr>")
}

/// Text in which what stands before the `@` of an address (`http://user:secret@host`) is left out.
fn without_passwords(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(scheme) = rest.find("://") {
        let (head, tail) = rest.split_at(scheme + 3);
        safe.push_str(head);
        let authority = tail.find(['/', ' ', '\'', '"', '?', '#']).unwrap_or(tail.len());
        rest = match tail[..authority].rfind('@') {
            Some(at) => {
                safe.push('…');
                &tail[at..]
            }
            None => tail,
        };
    }
    safe.push_str(rest);
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_left_out() {
        let safe = without_passwords("leakdiff a http://me:s3cret@host:1/x@y b=https://t@h");
        assert_eq!(safe, "leakdiff a http://…@host:1/x@y b=https://…@h");
        assert_eq!(without_passwords("a@b.pb.gz"), "a@b.pb.gz");
    }
}
