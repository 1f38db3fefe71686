//! Where each frame of the picture begins and ends.
//!
//! In: a tree, what widths stand for, the room there is. Out: the edges of every frame in hundredths of a user unit.
//! Invariant: edges are rounded from exact sums, so that a frame lies within its parent and siblings do not overlap.
//! Knows nothing of colours and words.

use crate::diff::{Tree, Width};

/// The least width, in hundredths, with which a frame is drawn.
pub(super) const VISIBLE: i64 = 10;

/// The edges of all frames.
pub(super) struct Layout {
    edges: Vec<(i64, i64)>,
    /// The depth of the deepest frame that is drawn.
    pub depth: usize,
}

impl Layout {
    /// Lays `tree` out over `room` hundredths of a user unit.
    pub fn new(tree: &Tree, width: Width, room: i64) -> Self {
        let spans = spans(tree, width);
        let whole = i128::from(spans[0].max(1));
        let scale = |value: i64| (i128::from(value) * i128::from(room) / whole) as i64;
        let mut starts = vec![0_i64; tree.len()];
        let mut edges = Vec::with_capacity(tree.len());
        let mut depth = 0;
        for (index, node) in tree.nodes().iter().enumerate() {
            let mut start = starts[index];
            let (left, right) = (scale(start), scale(start + spans[index]));
            edges.push((left, right));
            if right - left >= VISIBLE {
                depth = depth.max(node.depth);
            }
            for child in node.children.clone() {
                starts[child] = start;
                start += spans[child];
            }
        }
        edges[0] = (0, room);
        Self { edges, depth }
    }

    /// Left and right edge of a frame, counted from the left edge of the root.
    pub fn edges(&self, node: usize) -> (i64, i64) {
        self.edges[node]
    }

    /// All nodes, each before what is below it and after what is to the left of it.
    pub fn preorder<'a>(&self, tree: &'a Tree) -> impl Iterator<Item = usize> + 'a {
        let mut waiting = vec![0];
        std::iter::from_fn(move || {
            let node = waiting.pop()?;
            waiting.extend(tree.node(node).children.clone().rev());
            Some(node)
        })
    }
}

/// How much room each node takes: its width, or that of its children where negative values make those larger.
fn spans(tree: &Tree, width: Width) -> Vec<i64> {
    let mut spans: Vec<i64> = (0..tree.len()).map(|node| tree.sums(node)[0].width(width)).collect();
    for node in (0..tree.len()).rev() {
        let children = tree.node(node).children.clone();
        let children = children.fold(0_i64, |sum, child| sum.saturating_add(spans[child]));
        spans[node] = spans[node].max(children);
    }
    spans
}

/// Hundredths as a decimal number without trailing zeros.
pub(super) fn hundredths(value: i64) -> String {
    let (whole, rest) = (value / 100, value % 100);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn hundredths_are_short_decimals() {
        assert_eq!([1200, 1250, 1205, 5].map(hundredths), ["12", "12.5", "12.05", "0.05"]);
    }
}
