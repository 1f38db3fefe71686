//! Colours and patterns: orange grew, blue shrank, grey did not change; hatched is new, dashed is gone.
//!
//! In: the sums of a frame. Out: the class of its rectangle, and the definitions of all classes.
//! Invariant: the colour is the sign and, on a square-root scale, the size of the cumulative change, so that a change a
//! hundred times smaller than the largest still has a tenth of its colour. Orange and blue are told apart with every
//! common colour blindness; hatch and dashes survive a greyscale print. All fills carry black text.

use std::fmt::Write;

use crate::diff::{Sums, Tree};

/// How many shades there are of each hue.
pub(super) const LEVELS: usize = 8;

/// Growth from faint to strong.
const GROWN: [&str; LEVELS] = ["#fee6ce", "#fdd7ad", "#fdc58a", "#fdae6b", "#fd9a4e", "#f98533", "#ee6f1b", "#e05a08"];
/// Shrinkage from faint to strong.
const SHRUNK: [&str; LEVELS] = ["#deebf7", "#cbdff1", "#b3d3e8", "#9ac8e1", "#82bbdb", "#6aaed6", "#559fcd", "#4090c5"];

/// The scale of one picture.
pub(super) struct Palette {
    /// The largest change of any frame.
    largest: i64,
}

impl Palette {
    /// The scale on which the largest change of any frame has the strongest colour. The root is no frame: where growth
    /// is spread over many entry points, it would leave them all pale.
    pub fn new(tree: &Tree) -> Self {
        let changes = (1..tree.len()).map(|node| tree.sums(node)[0].delta().abs());
        Self { largest: changes.max().unwrap_or(0) }
    }

    /// The largest change of any frame.
    pub fn largest(&self) -> i64 {
        self.largest
    }

    /// The shade of a change, from 1 to [`LEVELS`]; 0 for none.
    fn level(&self, delta: i64) -> usize {
        if delta == 0 {
            return 0;
        }
        let share = delta.unsigned_abs() as f64 / self.largest.max(1) as f64;
        ((share.sqrt() * LEVELS as f64).ceil() as usize).clamp(1, LEVELS)
    }

    /// The class of a frame's rectangle.
    pub fn class(&self, sums: &Sums) -> String {
        let level = self.level(sums.delta());
        match (sums.before, sums.after) {
            (before, after) if before == after => "z".to_owned(),
            (0, 1..) => format!("n{level}"),
            (1.., 0) => format!("s{level} gone"),
            (before, after) if after > before => format!("g{level}"),
            _ => format!("s{level}"),
        }
    }
}

/// The style sheet, and the hatched patterns.
pub(super) fn definitions(out: &mut String) -> std::fmt::Result {
    out.push_str("<style><![CDATA[\n");
    for (index, (grown, shrunk)) in GROWN.iter().zip(SHRUNK).enumerate() {
        let level = index + 1;
        writeln!(out, ".g{level}{{fill:{grown}}}.s{level}{{fill:{shrunk}}}.n{level}{{fill:url(#n{level})}}")?;
    }
    out.push_str(include_str!("style.css"));
    out.push_str("]]></style>\n<defs>\n");
    for level in 1..=LEVELS {
        write!(out, "<pattern id=\"n{level}\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\"")?;
        write!(out, " patternTransform=\"rotate(45)\"><rect class=\"g{level}\" width=\"7\" height=\"7\"/>")?;
        writeln!(out, "<rect class=\"hatch\" width=\"2\" height=\"7\"/></pattern>")?;
    }
    out.push_str("</defs>\n");
    Ok(())
}
