//! Bars and lines, drawn as inline SVG without any text or style of its own.
//!
//! In: values. Out: SVG elements. Invariant: every scale starts at zero, so that a small change does not look large.

use std::io::{self, Write};

use crate::units::{format, format_signed};

use super::super::{Change, Report, Style, header};
use super::escape;

/// Two bars, one below the other: before and after, on a scale that ends at `most`.
pub(super) fn bars(change: Change, most: i64) -> String {
    let part = |value: i64| (value.max(0) as f64 / most.max(1) as f64 * 100.0).min(100.0);
    format!(
        concat!(
            "<svg class=\"bars\" viewBox=\"0 0 100 9\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            "<rect class=\"before\" width=\"{:.2}\" height=\"4\"/>",
            "<rect class=\"after\" y=\"5\" width=\"{:.2}\" height=\"4\"/></svg>"
        ),
        part(change.before),
        part(change.after)
    )
}

/// A line through values at times, with the area below it.
pub(super) fn line(values: &[i64], times: &[f64], label: &str) -> String {
    let most = values.iter().copied().max().unwrap_or(0).max(1) as f64;
    let point =
        |(value, time): (&i64, &f64)| format!("{:.2},{:.2}", time * 100.0, 29.0 - 27.0 * (*value).max(0) as f64 / most);
    let points: Vec<String> = values.iter().zip(times).map(point).collect();
    let line = points.join(" ");
    format!(
        concat!(
            "<svg class=\"line\" viewBox=\"0 0 100 30\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{label}\">",
            "<polygon points=\"0,29 {line} 100,29\"/>",
            "<polyline points=\"{line}\" vector-effect=\"non-scaling-stroke\"/></svg>"
        ),
        label = escape(label),
        line = line
    )
}

/// Where each input stands on the axis of time, from 0 to 1; evenly where a time is missing or runs backwards.
pub(super) fn times(report: &Report) -> Vec<f64> {
    let count = report.inputs.len();
    let even = || (0..count).map(|index| index as f64 / (count.max(2) - 1) as f64).collect();
    let stated: Option<Vec<i64>> = report.inputs.iter().map(|input| input.time_nanos).collect();
    let Some(stated) = stated.filter(|times| times.len() > 1 && times.windows(2).all(|pair| pair[0] < pair[1])) else {
        return even();
    };
    let first = stated[0];
    let whole = (stated[count - 1] as f64) - (first as f64);
    stated.iter().map(|time| (*time as f64 - first as f64) / whole).collect()
}

/// How many values stand side by side.
const FEW: usize = 6;

/// The total over a series: a line, and the values it goes through.
pub(super) fn write_series(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(details) = report.details.as_ref().filter(|details| details.totals.len() > 2) else { return Ok(()) };
    let unit = &report.metric.unit;
    writeln!(out, "<section class=\"series\">\n<h2>Total over {} snapshots</h2>", details.totals.len())?;
    let label = format!("Total: {}", header::values(&details.totals, unit, style.scale));
    writeln!(out, "<div class=\"plot\">{}</div>", line(&details.totals, &times(report), &label))?;
    let few = if details.totals.len() > FEW { "" } else { " class=\"few\"" };
    writeln!(out, "<ol{few}>")?;
    for (index, total) in details.totals.iter().enumerate() {
        let step = match index {
            0 => header::time(report.inputs[0].time_nanos),
            index => {
                let step = format_signed(total - details.totals[index - 1], unit, style.scale);
                header::later(report, index).map_or(step.clone(), |later| format!("{step}, {later}"))
            }
        };
        let total = format(*total, unit, style.scale);
        writeln!(out, "<li><b>{}</b> <small>{}</small></li>", escape(&total), escape(&step))?;
    }
    writeln!(out, "</ol>\n</section>")
}
