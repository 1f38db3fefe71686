//! What stands around the frames: the opening of the file, what is compared, the legend.
//!
//! In: a scene. Out: markup. Invariant: everything needed to read the picture stands in it: both inputs with their
//! times, the metric, the totals, what widths and colours mean, what is not drawn.

use std::cmp::Ordering;
use std::fmt::{Result, Write};

use crate::diff::{Diff, Width};
use crate::model::{Amount, Header, Kind, Metric, State, Warning};
use crate::units::{format_signed, format_span, format_time, thousands};

use super::palette::{LEVELS, Palette};
use super::words::{Words, clip};
use super::{MARGIN, PICTURE, Scene, xml};

/// The columns a line of the header can take.
const COLUMNS: usize = 170;

/// The start of the file: the root element, its title and description, the background.
pub(super) fn open(scene: &Scene<'_>, height: i64, out: &mut String) -> Result {
    let mode = Width::ALL.iter().find(|(_, width)| *width == scene.width).map_or("", |(name, _)| name);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>")?;
    write!(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{PICTURE}\" height=\"{height}\"")?;
    write!(out, " viewBox=\"0 0 {PICTURE} {height}\" data-width=\"{mode}\" data-diff=\"{}\"", scene.is_diff)?;
    writeln!(out, " data-share=\"{}\">", xml(share_of(scene.width)))?;
    writeln!(out, "<title>{}</title>", xml(&title(scene)))?;
    let words = Words { scene, unit: &scene.diff.metric().unit };
    writeln!(out, "<desc>{}</desc>", xml(&total(scene, &words)))?;
    writeln!(out, "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>")
}

/// Title, inputs, totals, notes and legend. Returns where the frames begin.
pub(super) fn header(scene: &Scene<'_>, out: &mut String) -> std::result::Result<i64, std::fmt::Error> {
    let words = Words { scene, unit: &scene.diff.metric().unit };
    let mut y = 26;
    line(out, "title", y, &title(scene))?;
    y += 4;
    for input in inputs(scene.diff) {
        y += 15;
        line(out, "dim", y, &input)?;
    }
    for filters in filters(scene.diff).iter().flat_map(|filters| wrap(filters)) {
        y += 15;
        line(out, "dim", y, &filters)?;
    }
    y += 3;
    for total in wrap(&total(scene, &words)) {
        y += 15;
        line(out, "total", y, &total)?;
    }
    for note in scene.options.warnings.iter().flat_map(|warning| wrap(&warning_text(warning))) {
        y += 15;
        line(out, "note", y, &note)?;
    }
    if scene.is_diff {
        y += 10;
        legend(scene, y, out)?;
        y += 28;
    }
    y += 17;
    let about = format!("{} {}", about_width(scene), not_drawn(scene));
    writeln!(out, "<text id=\"about\" class=\"dim\" x=\"{MARGIN}\" y=\"{y}\">{}</text>", xml(about.trim_end()))?;
    writeln!(out, "<g id=\"tools\" data-y=\"{}\"></g>", y + 8)?;
    Ok(y + 40)
}

fn line(out: &mut String, class: &str, y: i64, text: &str) -> Result {
    let columns = if class == "title" { COLUMNS * 2 / 3 } else { COLUMNS };
    let clipped = clip(text, columns);
    let clipped = if clipped.len() < text.len() { clip(text, columns - 1) + "…" } else { clipped };
    writeln!(out, "<text class=\"{class}\" x=\"{MARGIN}\" y=\"{y}\">{}</text>", xml(&clipped))
}

fn warning_text(warning: &Warning) -> String {
    match &warning.input {
        Some(input) => format!("Warning: {input}: {}", warning.message),
        None => format!("Warning: {}", warning.message),
    }
}

/// Text in lines of the header, broken at spaces.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn title(scene: &Scene<'_>) -> String {
    if let Some(title) = &scene.options.title {
        return title.clone();
    }
    let metric = &scene.diff.metric().name;
    match &scene.diff.snapshots[..] {
        [only] => format!("{metric} of {}", only.header.label),
        [oldest, .., newest] => format!("Change of {metric}: {} → {}", oldest.header.label, newest.header.label),
        [] => metric.clone(),
    }
}

fn inputs(diff: &Diff) -> Vec<String> {
    let time = |header: &Header| header.time_nanos.and_then(format_time).unwrap_or("time not stated".to_owned());
    match &diff.snapshots[..] {
        [] => Vec::new(),
        [only] => vec![format!("{}, {}", only.header.label, time(&only.header))],
        [oldest, between @ .., newest] => {
            let later = oldest.header.time_nanos.zip(newest.header.time_nanos).map(|(from, to)| {
                let span = format_span(to.abs_diff(from));
                match to.cmp(&from) {
                    Ordering::Less => format!(", {span} earlier"),
                    Ordering::Equal => ", at the same time".to_owned(),
                    Ordering::Greater => format!(", {span} later"),
                }
            });
            let between = match between.len() {
                0 => String::new(),
                count => format!("; {count} between are not compared"),
            };
            vec![
                format!("before: {}, {}", oldest.header.label, time(&oldest.header)),
                format!(
                    "after:  {}, {}{}{between}",
                    newest.header.label,
                    time(&newest.header),
                    later.unwrap_or_default()
                ),
            ]
        }
    }
}

fn filters(diff: &Diff) -> Option<String> {
    let filters: Vec<String> = diff.filters.iter().map(|(option, text)| format!("--{option} {text}")).collect();
    (!filters.is_empty()).then(|| format!("filters: {}", filters.join(" ")))
}

/// The metric and its totals.
fn total(scene: &Scene<'_>, words: &Words<'_>) -> String {
    let (metric, sums) = (scene.diff.metric(), &scene.tree.sums(0)[0]);
    let mut text = format!("{}{}: {}", metric.name, meaning(metric), words.change(sums, words.unit));
    if !scene.is_diff {
        return text;
    }
    if sums.grown == 0 && sums.shrunk == 0 {
        text.push_str(". Nothing changed; what is there is drawn with the width 'after'.");
        return text;
    }
    // Writing to a string cannot fail.
    if sums.grown > 0 && sums.shrunk > 0 {
        let signed = |value| format_signed(value, words.unit, scene.options.scale);
        let _ = write!(text, "; {} in stacks that grew, {} in others", signed(sums.grown), signed(-sums.shrunk));
    }
    if let (Some(metric), Some(sums)) = (scene.tree.metrics.get(1), scene.tree.sums(0).get(1)) {
        let metric = &scene.diff.metrics[*metric].metric;
        let _ = write!(text, "; {}: {}", metric.name, words.change(sums, &metric.unit));
    }
    text
}

fn meaning(metric: &Metric) -> &'static str {
    match (metric.name.as_str(), metric.kind()) {
        ("alloc_space", _) => " (bytes allocated since the start)",
        ("alloc_objects", _) => " (objects allocated since the start)",
        (_, Kind::Memory(State::Live, Amount::Bytes)) => " (live bytes)",
        (_, Kind::Memory(State::Live, Amount::Objects)) => " (live objects)",
        (_, Kind::Memory(State::Allocated, Amount::Bytes)) => " (bytes allocated)",
        (_, Kind::Memory(State::Allocated, Amount::Objects)) => " (objects allocated)",
        (_, Kind::Goroutines | Kind::Other) => "",
    }
}

/// What the matched share of a search is a share of.
fn share_of(width: Width) -> &'static str {
    match width {
        Width::Growth => "all change",
        Width::After => "the total after",
        Width::Before => "the total before",
        Width::Max => "the larger of before and after",
    }
}

fn about_width(scene: &Scene<'_>) -> &'static str {
    match (scene.is_diff, scene.width) {
        (false, _) => "Width: value of the frame and what it calls.",
        (_, Width::Growth) => "Width: how much changed below a frame, growth plus shrinkage.",
        (_, Width::After) => "Width: value after.",
        (_, Width::Before) => "Width: value before.",
        (_, Width::Max) => "Width: the larger of before and after, stack by stack.",
    }
}

/// How many frames are folded, and from which share.
fn not_drawn(scene: &Scene<'_>) -> String {
    let folded: usize = scene.tree.nodes().iter().map(|node| node.folded.frames).sum();
    match folded {
        0 => String::new(),
        count => {
            let share = significant(scene.tree.share * 100.0);
            let noun = if count == 1 { "frame is" } else { "frames are" };
            let why = match scene.tree.is_cut {
                true => format!("{noun} lighter than {share} % of the whole or too many,"),
                false => format!("{noun} lighter than {share} % of the whole"),
            };
            format!("{} {why} and counted in the frame above.", thousands(count as i64))
        }
    }
}

/// A small number with two significant digits.
fn significant(value: f64) -> String {
    let decimals = if value > 0.0 { (1.0 - value.log10().floor()).clamp(0.0, 9.0) } else { 0.0 };
    let text = format!("{value:.*}", decimals as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The scale of the colours, and what hatch and dashes mean.
fn legend(scene: &Scene<'_>, y: i64, out: &mut String) -> Result {
    const SWATCH: i64 = 28;
    let largest = Palette::new(&scene.tree).largest();
    let levels = LEVELS as i64;
    writeln!(out, "<g id=\"legend\"><g>")?;
    for index in -levels..=levels {
        let class = match index {
            0 => "z".to_owned(),
            shrunk if shrunk < 0 => format!("s{}", -shrunk),
            grown => format!("g{grown}"),
        };
        let x = MARGIN + (index + levels) * SWATCH;
        writeln!(out, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{SWATCH}\" height=\"12\"/>")?;
    }
    let middle = MARGIN + levels * SWATCH + SWATCH / 2;
    let mut tick = |x: i64, anchor: &str, text: &str| {
        let y = y + 24;
        writeln!(out, "<text class=\"dim\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>", xml(text))
    };
    let value = |value: i64| format_signed(value, &scene.diff.metric().unit, scene.options.scale);
    tick(middle, "middle", "0")?;
    if largest > 0 {
        let end = (levels * SWATCH) + SWATCH / 2;
        tick(middle - end, "start", &value(-largest))?;
        tick(middle + end, "end", &value(largest))?;
        if largest >= 4 {
            let half = levels / 2 * SWATCH + SWATCH / 2;
            tick(middle - half, "middle", &value(-largest / 4))?;
            tick(middle + half, "middle", &value(largest / 4))?;
        }
    }
    let keys = MARGIN + (2 * levels + 1) * SWATCH + 24;
    let mut x = keys;
    writeln!(out, "</g><g class=\"keys\" data-x=\"{keys}\">")?;
    for (class, text) in [("g5", "grew"), ("n5", "new"), ("s5", "shrank"), ("s5 gone", "gone"), ("z", "unchanged")] {
        writeln!(out, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"34\" height=\"14\"/>")?;
        writeln!(out, "<text x=\"{}\" y=\"{}\">{text}</text>", x + 40, y + 11)?;
        x += 40 + 7 * text.len() as i64 + 22;
    }
    let colour = "colour: change of the frame and all below it";
    writeln!(out, "<text class=\"dim\" x=\"{keys}\" y=\"{}\">{colour}</text></g></g>", y + 27)
}
