//! What the picture says of a frame, in words: its title, which is tooltip and accessible name, and its label.
//!
//! In: a node of the tree. Out: lines of plain text, not yet escaped.
//! Invariant: `new` and `gone` are words, never infinite factors; the full name comes first.

use unicode_width::UnicodeWidthChar;

use crate::diff::Sums;
use crate::units::{format, format_signed, thousands};

use super::{NAME_MAX, Scene};

/// The width of one column of the monospaced font.
const COLUMN: f64 = 6.65;

/// Words for one picture.
pub(super) struct Words<'a> {
    pub scene: &'a Scene<'a>,
    /// The unit of the metric compared.
    pub unit: &'a str,
}

impl Words<'_> {
    /// The lines of a frame's title: name, place, change, what it hides, objects, share, what is folded.
    pub fn title(&self, node: usize) -> Vec<String> {
        let Scene { diff, tree, is_diff, .. } = self.scene;
        let (sums, whole) = (&tree.sums(node)[0], &tree.sums(0)[0]);
        let mut lines = Vec::with_capacity(7);
        match tree.node(node).key.map(|key| diff.keys.key(key)) {
            Some(key) => {
                lines.push(cut(&key.name));
                lines.extend(self.place(node));
            }
            None => lines.push("all stacks".to_owned()),
        }
        lines.push(self.change(sums, self.unit));
        if sums.grown > 0 && sums.shrunk > 0 && *is_diff {
            let (grown, shrunk) = (self.signed(sums.grown), self.signed(-sums.shrunk));
            lines.push(format!("grown {grown}, shrunk {shrunk} in different stacks"));
        }
        for (metric, sums) in tree.metrics.iter().zip(tree.sums(node)).skip(1) {
            let metric = &diff.metrics[*metric].metric;
            let what = if metric.is_objects() { "objects" } else { &metric.name };
            lines.push(format!("{what}: {}", self.change(sums, &metric.unit)));
        }
        lines.extend(self.share(sums, whole));
        lines.extend(self.folded(node));
        lines
    }

    /// File and line, as far as the profile states them.
    fn place(&self, node: usize) -> Option<String> {
        let spot = self.scene.tree.node(node).spot?;
        let file = self.scene.diff.keys.file(spot);
        match (file.is_empty(), spot.line) {
            (true, _) => None,
            (false, 1..) => Some(format!("{}:{}", cut(file), spot.line)),
            (false, _) => Some(cut(file)),
        }
    }

    /// `12.1 MiB → 48.4 MiB, +36.3 MiB (4.0×)`, with words where nothing was before, is after, or changed.
    pub fn change(&self, sums: &Sums, unit: &str) -> String {
        let text = |value| format(value, unit, self.scene.options.scale);
        let (before, after) = (text(sums.before), text(sums.after));
        if !self.scene.is_diff {
            return after;
        }
        let relative = match (sums.before, sums.after) {
            (before, after) if before == after && sums.grown == 0 => return format!("{} (unchanged)", text(after)),
            (before, after) if before == after => "no change in sum".to_owned(),
            (0, _) => "new".to_owned(),
            (_, 0) => "gone".to_owned(),
            (before, after) => factor(before, after),
        };
        let delta = format_signed(sums.delta(), unit, self.scene.options.scale);
        format!("{before} → {after}, {delta} ({relative})")
    }

    /// What stands in the box beside the name.
    pub fn short_change(&self, sums: &Sums) -> String {
        match (self.scene.is_diff, sums.before, sums.after) {
            (false, _, after) => format(after, self.unit, self.scene.options.scale),
            (true, before, after) if before == after => "unchanged".to_owned(),
            (true, 0, _) => format!("{} new", self.signed(sums.delta())),
            (true, _, 0) => format!("{} gone", self.signed(sums.delta())),
            _ => self.signed(sums.delta()),
        }
    }

    fn signed(&self, value: i64) -> String {
        format_signed(value, self.unit, self.scene.options.scale)
    }

    fn share(&self, sums: &Sums, whole: &Sums) -> Option<String> {
        let (part, whole, what) = match sums.delta() {
            _ if !self.scene.is_diff => (sums.after, whole.after, "the total"),
            0 => (sums.after, whole.after, "the total after"),
            delta if delta > 0 => (delta, whole.grown, "all growth"),
            delta => (-delta, whole.shrunk, "all shrinkage"),
        };
        (whole > 0).then(|| format!("{} of {what}", percent(part as f64 / whole as f64)))
    }

    fn folded(&self, node: usize) -> Option<String> {
        let tree = &self.scene.tree;
        let folded = tree.node(node).folded;
        let counted = |count: usize, one: &str, many: &str| {
            let noun = if count == 1 { one } else { many };
            format!("{} {noun}", thousands(count as i64))
        };
        let frames = match tree.inverted {
            true => counted(folded.frames, "lighter caller", "lighter callers"),
            false => counted(folded.frames, "lighter callee", "lighter callees"),
        };
        let stacks = counted(folded.stacks, "stack", "stacks");
        let change = self.short_change(&tree.folded(node)[0]);
        (folded.frames > 0).then(|| format!("not drawn: {frames} in {stacks}, {change}"))
    }
}

/// How many times more: `4.0×`, `0.25×`; per cent where that would say `1.0×`.
fn factor(before: i64, after: i64) -> String {
    let factor = after as f64 / before as f64;
    match factor {
        negative if negative < 0.0 => "the sign changed".to_owned(),
        near if (near - 1.0).abs() < 0.05 => format!("{:+.1} %", (near - 1.0) * 100.0),
        small if small < 0.95 => format!("{small:.2}×"),
        large if large >= 100.0 => format!("{}×", thousands(large as i64)),
        factor => format!("{factor:.1}×"),
    }
}

/// A share: `31.4 %`.
fn percent(share: f64) -> String {
    match share * 100.0 {
        small if small > 0.0 && small < 0.05 => "under 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

/// A name of bearable length.
pub(super) fn cut(name: &str) -> String {
    match name.char_indices().nth(NAME_MAX) {
        Some((end, _)) => format!("{}… ({} more characters)", &name[..end], name[end..].chars().count()),
        None => name.to_owned(),
    }
}

/// As much of a label as fits a box: name and change, the name, the name without package and receiver, the beginning of
/// that, or nothing.
pub(super) fn fit(label: &str, change: &str, width: f64) -> String {
    let columns = ((width - 6.0).max(0.0) / COLUMN) as usize;
    let fits = |text: &str| columns_of(text) <= columns;
    let (whole, bare) = (format!("{label} {change}"), bare(label));
    match () {
        () if fits(&whole) => whole,
        () if fits(label) => label.to_owned(),
        () if fits(bare) => bare.to_owned(),
        () if columns < 3 => String::new(),
        () => clip(bare, columns - 1) + "…",
    }
}

/// A Go name without package and receiver: of `http.(*Transport).dialConn` the `dialConn`.
fn bare(label: &str) -> &str {
    if label.contains("::") {
        return label;
    }
    let name = label.split_once('.').map_or(label, |(_, name)| name);
    let method =
        name.strip_prefix('(').and_then(|receiver| receiver.split_once(").")).map_or(name, |(_, method)| method);
    if method.is_empty() { label } else { method }
}

/// The beginning of a text that takes at most so many columns.
pub(super) fn clip(text: &str, columns: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|character| {
            used += character.width().unwrap_or(8);
            used <= columns
        })
        .collect()
}

/// How many columns a text takes; what will be spelled out takes more than it seems.
fn columns_of(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(8)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_say_how_many_times() {
        assert_eq!(factor(100, 400), "4.0×");
        assert_eq!(factor(400, 100), "0.25×");
        assert_eq!(factor(1000, 1003), "+0.3 %");
        assert_eq!(factor(1, 12345), "12,345×");
    }

    #[test]
    fn labels_are_cut_to_the_box() {
        assert_eq!(fit("main.leak", "+1 B", 200.0), "main.leak +1 B");
        assert_eq!(fit("main.leak", "+1 B", 70.0), "main.leak");
        assert_eq!(fit("main.leak", "+1 B", 40.0), "leak");
        assert_eq!(fit("http.(*Transport).dialConn", "+1 B", 65.0), "dialConn");
        assert_eq!(fit("http.(*Transport).dialConn", "+1 B", 40.0), "dial…");
        assert_eq!(fit("main.leak", "+1 B", 20.0), "");
    }
}
