//! HTML: one self-contained page that is attached to a ticket and read by a stranger.
//!
//! In: a report with its details. Out: one file. Everything but the flame graph is plain HTML, readable without script;
//! the page's own script draws the graph from data embedded as JSON, and sorts, filters and opens rows.
//! Invariant: no text of a profile is markup or script: it is escaped, and a content security policy lets no script and
//! no style run but the page's own, and nothing be fetched. The same report gives the same bytes.

mod about;
mod beside;
mod chart;
mod data;
mod limits;
mod rows;
mod suspects;

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::escape::html as escape;
use super::sentence::{self, Part};
use super::{Basis, Report, Style, percent};
use crate::flame::VIEWER;
use crate::units::{format, format_signed, thousands};

const STYLE: &str = concat!(include_str!("page.css"), include_str!("graph.css"));
/// What shows the report, around the viewer of the graph.
const PAGE: &str =
    concat!(include_str!("words.js"), include_str!("graph.js"), include_str!("flames.js"), include_str!("page.js"));

/// Writes the report as a page.
pub(in crate::report) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let headline = escape(&sentence::headline(report, style.scale));
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    let script = format!("(() => {{\n'use strict';\n{VIEWER}{PAGE}}})();\n");
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(&script),
        hash(STYLE)
    );
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"color-scheme\" content=\"light dark\">")?;
    writeln!(out, "<meta name=\"generator\" content=\"{} {}\">", report.tool.name, report.tool.version)?;
    writeln!(out, "<title>{headline}</title>\n<style>{STYLE}</style>\n</head>\n<body>")?;
    writeln!(out, "<header>\n<h1>{headline}</h1>")?;
    limits::write_verdict(report, out)?;
    limits::write(report, style, out)?;
    write_summary(report, style, out)?;
    write_totals(report, style, out)?;
    writeln!(out, "</header>\n<main>")?;
    about::write_warnings(report, out)?;
    suspects::write(report, style, out)?;
    beside::write(report, style, out)?;
    chart::write_series(report, style, out)?;
    write_tools(out)?;
    write_graph(report, out)?;
    rows::write(report, style, out)?;
    about::write(report, style, out)?;
    writeln!(out, "</main>")?;
    let data = data::json(report, style)?;
    writeln!(out, "<script type=\"application/json\" id=\"data\">{data}</script>")?;
    writeln!(out, "<script>{script}</script>\n</body>\n</html>")
}

fn write_summary(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let sentences = sentence::summary(report, style.scale);
    let text: Vec<String> = sentences.iter().map(|parts| parts.iter().map(part).collect()).collect();
    writeln!(out, "<p class=\"summary\">{}</p>", text.join(" "))
}

fn part(part: &Part) -> String {
    match part {
        Part::Plain(text) => escape(text),
        Part::Strong(text) => format!("<strong>{}</strong>", escape(text)),
        Part::Code(text) => format!("<code>{}</code>", breakable(text)),
    }
}

/// Escaped, with a place to break after each slash and dot of a long name.
fn breakable(text: &str) -> String {
    escape(text).replace('/', "/<wbr>").replace('.', ".<wbr>")
}

fn write_totals(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let unit = &report.metric.unit;
    let total = report.total;
    let mut cards = Vec::new();
    if report.inputs.len() < 2 {
        let total_or_growth = if report.is_state() { "Total" } else { "Growth" };
        cards.push((total_or_growth, format(total.after, unit, style.scale), String::new()));
    } else {
        cards.push(("Before", format(total.before, unit, style.scale), String::new()));
        cards.push(("After", format(total.after, unit, style.scale), String::new()));
        cards.push(("Growth", format_signed(total.delta, unit, style.scale), percent::relative(total)));
        // What two processes hold did not grow from one to the other.
        if report.sampling.basis != Basis::Independent {
            let rate = report.rate.map_or("not known".to_owned(), |rate| rate.words(unit, style.scale));
            cards.push(("Rate", rate, String::new()));
        }
    }
    if let Some(objects) = report.total_objects {
        let delta = format!("{}{}", if objects.delta > 0 { "+" } else { "" }, thousands(objects.delta));
        let counts = format!("{} → {}", thousands(objects.before), thousands(objects.after));
        let single = (thousands(objects.after), String::new());
        let (value, also) = if report.inputs.len() > 1 { (delta, counts) } else { single };
        cards.push(("Objects", value, also));
    }
    writeln!(out, "<dl class=\"totals\">")?;
    for (name, value, also) in cards {
        let also = if also.is_empty() { also } else { format!(" <small>{}</small>", escape(&also)) };
        writeln!(out, "<div><dt>{name}</dt><dd>{}{also}</dd></div>", escape(&value))?;
    }
    writeln!(out, "</dl>")
}

/// What is of use only with script stays hidden until the script runs.
fn write_tools(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        br#"<search class="tools scripted" hidden>
<label for="search">Search</label>
<input id="search" type="search" placeholder="function or file" autocomplete="off" spellcheck="false"
 aria-describedby="found">
<label class="check"><input id="regexp" type="checkbox"> regexp</label>
<output id="found" for="search regexp">Marks frames in the graph, filters the table.</output>
</search>
"#,
    )
}

fn write_graph(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(details) = &report.details else { return Ok(()) };
    writeln!(
        out,
        "<section class=\"graph\" aria-labelledby=\"graph-title\">\n<h2 id=\"graph-title\">Flame graph</h2>"
    )?;
    writeln!(out, "<p class=\"unscripted\">The flame graph is drawn by this page's script, which has not run.</p>")?;
    writeln!(out, "<div class=\"controls scripted\" hidden>\n<label>Metric <select id=\"metric\">")?;
    for (index, metric) in details.metrics.iter().enumerate() {
        writeln!(out, "<option value=\"{index}\">{}</option>", escape(&metric.name))?;
    }
    writeln!(out, "</select></label>\n<label>Width <select id=\"width\">")?;
    let is_single = report.inputs.len() < 2;
    let widths: &[(&str, &str)] = if is_single {
        &[("after", "value")]
    } else {
        &[("growth", "what changed"), ("after", "value after"), ("before", "value before"), ("max", "larger of both")]
    };
    for (value, text) in widths {
        writeln!(out, "<option value=\"{value}\">{text}</option>")?;
    }
    let leaves = if sentence::is_heap(report) { "allocators" } else { "functions" };
    write!(
        out,
        r#"</select></label>
<label>Order <select id="order">
<option value="0">callers on top</option>
<option value="1">{leaves} on top</option>
</select></label>
<button type="button" id="reset" disabled>Reset zoom</button>
<button type="button" id="next" hidden>Next call path</button>
</div>
<p class="scripted status" id="zoomed" role="status" hidden></p>
<div class="scripted flames" id="flames" role="tree" aria-label="Flame graph" tabindex="-1" hidden></div>
<p class="scripted tip" id="tip" hidden></p>
<ul class="legend scripted" id="legend" hidden></ul>
<div class="scripted stack" id="path" hidden></div>
"#
    )?;
    let trees = [&details.callers_first.tree, &details.allocators_first.tree];
    if trees.iter().any(|tree| tree.nodes().iter().any(|node| node.folded.frames > 0)) {
        let share = trees.map(|tree| tree.share).into_iter().fold(0.0, f64::max) * 100.0;
        let too_many = if trees.iter().any(|tree| tree.is_cut) { ", and those that are too many," } else { "" };
        let text =
            format!("Frames below {share:.2}% of everything{too_many} are counted in the frame above them, not drawn.");
        writeln!(out, "<p class=\"scripted folded\" hidden>{text}</p>")?;
    }
    writeln!(out, "</section>")
}

/// The base64 form of the SHA-256 of a text, as content security policies spell it.
fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_spelled_as_browsers_do() {
        assert_eq!(hash("alert('Hello, world.');"), "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }
}
