//! A differential flame graph: one SVG file that opens from disk, is read without script, and with it zoomed, searched
//! and switched from one width to another.
//!
//! In: a diff. Out: a picture in which the root is on top and callees hang below their callers (or, inverted, callers
//! below what allocates), as pprof's own view draws it: what is read first stands first, however deep the stacks are.
//! Invariant: a frame is as wide as its share of the chosen width, so children are never wider than their parent; its
//! colour is its cumulative signed change; what vanished is drawn, what did not change takes no room unless asked for.
//! Text of a profile enters as escaped character data and attribute values only; the script is a constant.
//!
//! # What inferno does and why this is not inferno
//!
//! `inferno` draws differential flame graphs of folded text, and its ways are kept: one file, titles as tooltips, click
//! to zoom, search with the matched share, siblings in the order of their names. But it gives a change to the last
//! frame of a stack only, so that all callers stay white; it takes widths from the second column, so that what vanished
//! has none; its colours are relative to the largest single change, so that one leak bleaches the others; it splits
//! names at `;`, knows no file and line, and an empty difference is an error to it. Its input is text of one pair of
//! numbers per stack and its output is finished, so none of this can be added from outside. The picture is therefore
//! drawn here from the call tree of the diff; who knows the other picture gets it from `inferno` itself (`classic.rs`).

mod layout;
mod page;
mod palette;
mod words;

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::diff::{Diff, Sums, Tree, TreeOptions, Width};
use crate::flame::VIEWER;
use crate::model::name;

use super::Options;
use super::escape::xml;
use layout::{Layout, hundredths};
use palette::Palette;
use words::Words;

/// The width of the picture in user units (pixels).
const PICTURE: i64 = 1200;
/// Room left free at both sides.
const MARGIN: i64 = 10;
/// The height of a frame.
const FRAME: i64 = 17;
/// Frames narrower than this, in hundredths, have no outline, which would cover them.
const THIN: i64 = 300;
/// The share of the whole below which frames are folded into their parents.
const SHARE: f64 = 0.0002;
/// How many bytes all frames may take together; lighter frames are folded until they fit.
const FRAMES_MAX: usize = 2_500_000;
/// Names are cut to this many characters.
const NAME_MAX: usize = 1000;

/// What the parts of the picture need to know.
struct Scene<'a> {
    diff: &'a Diff,
    tree: Tree,
    options: &'a Options,
    width: Width,
    /// Whether there is something to compare.
    is_diff: bool,
}

/// Writes the picture.
pub(super) fn write(diff: &Diff, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    #[cfg(feature = "classic")]
    if options.style == super::Style::Classic {
        return super::classic::write(diff, options, out);
    }
    let companion = diff.objects().or_else(|| diff.bytes());
    let tree = Tree::new(
        diff,
        &TreeOptions {
            metrics: vec![diff.metric],
            companions: companion.into_iter().collect(),
            share: SHARE,
            most_nodes: TreeOptions::nodes_in(options.most_bytes),
            inverted: options.inverted,
        },
    );
    let is_diff = diff.snapshots.len() > 1;
    let width = if is_diff { options.width } else { Width::After };
    let most_bytes = FRAMES_MAX.min(usize::try_from(options.most_bytes / 2).unwrap_or(FRAMES_MAX));
    let scene = Scene { diff, tree: fit(diff, tree, most_bytes), options, width, is_diff };
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = draw(&scene, &mut text);
    out.write_all(text.as_bytes())
}

/// Folds the lightest frames until the others fit.
fn fit(diff: &Diff, tree: Tree, most_bytes: usize) -> Tree {
    const FRAME_BYTES: usize = 480;
    let cost = |node: &crate::diff::Node| {
        let key = node.key.map(|key| diff.keys.key(key));
        FRAME_BYTES + key.map_or(0, |key| 2 * key.name.len().min(NAME_MAX) + key.file.len().min(NAME_MAX))
    };
    let mut weights: Vec<(f64, usize)> =
        tree.nodes().iter().enumerate().map(|(index, node)| (tree.weight(index), cost(node))).collect();
    weights.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut bytes = 0;
    let mut share = 0.0;
    for (weight, cost) in weights {
        bytes += cost;
        if bytes > most_bytes {
            // What weighs as much as the first that does not fit goes with it.
            share = weight.next_up();
            break;
        }
    }
    if share > tree.share { tree.fold(share) } else { tree }
}

fn draw(scene: &Scene<'_>, out: &mut String) -> std::fmt::Result {
    let layout = Layout::new(&scene.tree, scene.width, (PICTURE - 2 * MARGIN) * 100);
    let mut body = String::new();
    let top = page::header(scene, &mut body)?;
    let height = top + (layout.depth as i64 + 1) * FRAME + 2 * MARGIN;
    page::open(scene, height, out)?;
    palette::definitions(out)?;
    out.push_str(&body);
    writeln!(out, "<g id=\"frames\" data-top=\"{top}\">")?;
    let words = Words { scene, unit: &scene.diff.metric().unit };
    let palette = Palette::new(&scene.tree);
    for node in layout.preorder(&scene.tree) {
        frame(scene, &words, &palette, &layout, node, top, out)?;
    }
    out.push_str("</g>\n");
    let surface = include_str!("svg/script.js");
    writeln!(out, "<script><![CDATA[\n(() => {{\n'use strict';\n{VIEWER}{surface}}})();\n]]></script>")?;
    out.push_str("</svg>\n");
    Ok(())
}

fn frame(
    scene: &Scene<'_>,
    words: &Words<'_>,
    palette: &Palette,
    layout: &Layout,
    node: usize,
    top: i64,
    out: &mut String,
) -> std::fmt::Result {
    let tree = &scene.tree;
    let (depth, sums) = (tree.node(node).depth, tree.sums(node)[0]);
    let Sums { before, after, grown, shrunk } = sums;
    let (left, right) = layout.edges(node);
    let is_hidden = right - left < layout::VISIBLE && node > 0;
    let label = match tree.node(node).key {
        Some(key) => words::cut(&name::short(&scene.diff.keys.key(key).name)),
        None => "all".to_owned(),
    };
    let change = words.short_change(&sums);
    let class = if scene.is_diff { palette.class(&sums) } else { "z".to_owned() };
    let thin = if right - left < THIN { " thin" } else { "" };
    let hidden = if is_hidden { " class=\"hide\"" } else { "" };
    write!(out, "<g{hidden} data-f=\"{depth} {before} {after} {grown} {shrunk}\" data-l=\"{}\"", xml(&label))?;
    writeln!(out, " data-c=\"{}\"><title>{}</title>", xml(&change), xml_lines(&words.title(node)))?;
    let (x, y) = (MARGIN * 100 + left, top + depth as i64 * FRAME);
    let (x, w) = (hundredths(x), hundredths(right - left));
    write!(out, "<rect class=\"{class}{thin}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{}\"/>", FRAME - 1)?;
    let text_x = hundredths(MARGIN * 100 + left + 300);
    let text = words::fit(&label, &change, (right - left) as f64 / 100.0);
    writeln!(out, "<text x=\"{text_x}\" y=\"{}\">{}</text></g>", y + 12, xml(&text))
}

/// Lines of text, each escaped by itself so that a newline within one cannot pass for the end of it.
fn xml_lines(lines: &[String]) -> String {
    lines.iter().map(|line| xml(line)).collect::<Vec<_>>().join("\n")
}
