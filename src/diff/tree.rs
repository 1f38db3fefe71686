//! The call tree of a diff: what every call path held before and after, and what grew and shrank below it.
//!
//! In: a [`Diff`] and the metrics wanted. Out: a [`Tree`], parents before children, siblings side by side in the order
//! of their names: the convention of flame graphs, which keeps a frame in its place from metric to metric, from width
//! to width and from one picture to the next.
//! Invariant: of every node and metric, own + folded + children = the node, exactly. Per-stack changes are those of
//! whole stacks: samples of one stack that differ in block size are added up before growth is told from shrinkage.
//! The tree is built from the root, and only frames of a stated share of the whole are descended into. So the cost is
//! linear in the samples, the number of nodes is at most depth / share for each width and never more than is allowed, and
//! depth does not recurse.
//! Knows nothing of text for people.

use std::ops::{AddAssign, Range};

use super::partition::Partition;
use super::stacks::Stacks;
use super::{Diff, KeyId, Spot};

/// What the width of a frame stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// What changed below it, growth and shrinkage both counted: what did not change takes no room.
    #[default]
    Growth,
    /// The value after.
    After,
    /// The value before.
    Before,
    /// The larger of before and after, stack by stack.
    Max,
}

impl Width {
    /// All of them with the names users give them.
    pub const ALL: &[(&str, Width)] =
        &[("growth", Width::Growth), ("after", Width::After), ("before", Width::Before), ("max", Width::Max)];
}

/// Sums over stacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// In the oldest snapshot; 0 when there is only one.
    pub before: i64,
    /// In the newest snapshot.
    pub after: i64,
    /// What the stacks that grew grew by.
    pub grown: i64,
    /// What the stacks that shrank shrank by; not negative.
    pub shrunk: i64,
}

impl Sums {
    /// Of one stack.
    pub fn of(before: i64, after: i64) -> Self {
        let delta = after - before;
        Self { before, after, grown: delta.max(0), shrunk: (-delta).max(0) }
    }

    /// After minus before.
    pub fn delta(&self) -> i64 {
        self.after - self.before
    }

    /// How wide a frame with these sums is. Never negative, also where a profile has negative values.
    pub fn width(&self, width: Width) -> i64 {
        let width = match width {
            Width::Growth => self.grown + self.shrunk,
            Width::After => self.after,
            Width::Before => self.before,
            Width::Max => self.before + self.grown,
        };
        width.max(0)
    }
}

impl AddAssign<&Sums> for Sums {
    fn add_assign(&mut self, other: &Sums) {
        self.before += other.before;
        self.after += other.after;
        self.grown += other.grown;
        self.shrunk += other.shrunk;
    }
}

/// What tree to build.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeOptions {
    /// The metrics that decide how heavy a frame is: indices into [`Diff::metrics`].
    pub metrics: Vec<usize>,
    /// Metrics that are summed beside them.
    pub companions: Vec<usize>,
    /// The share of the whole from which a frame has a node of its own; 0 for all frames.
    pub share: f64,
    /// The most nodes it may have. Nodes are made from the root outwards; what is left then is folded, however heavy.
    pub most_nodes: usize,
    /// Whether the tree starts at the allocating frames and branches into their callers.
    pub inverted: bool,
}

/// What a node may take in memory, with the copies that are made while it is drawn, and as text.
const NODE_BYTES: u64 = 4 << 10;

impl TreeOptions {
    /// How many nodes an output of so many bytes has room for.
    pub fn nodes_in(bytes: u64) -> usize {
        usize::try_from(bytes / NODE_BYTES).unwrap_or(usize::MAX)
    }
}

/// One frame on one call path. Node 0 is the root, which is no frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The frame; `None` for the root.
    pub key: Option<KeyId>,
    /// The file and line of the frame through which most of the change of the first metric went; `None` for the root.
    pub spot: Option<Spot>,
    /// The node below which it stands; the root's is the root.
    pub parent: usize,
    /// Its distance from the root.
    pub depth: usize,
    /// Its children.
    pub children: Range<usize>,
    /// How many stacks run through it.
    pub stacks: usize,
    /// What is below it without nodes of its own.
    pub folded: Folded,
}

/// The children of a node that are too light for nodes of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Folded {
    /// How many children; what is below them is not counted.
    pub frames: usize,
    /// How many stacks run through them.
    pub stacks: usize,
}

/// The call tree of a diff.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The metrics of all sums: those that weigh, then their companions.
    pub metrics: Vec<usize>,
    /// The share from which a frame has a node of its own.
    pub share: f64,
    /// Whether frames of this share were folded, because there were too many.
    pub is_cut: bool,
    /// Whether it starts at the allocating frames.
    pub inverted: bool,
    /// How many of `metrics` weigh.
    weighing: usize,
    pub(super) nodes: Vec<Node>,
    sums: Vec<Sums>,
    pub(super) own: Vec<Sums>,
    pub(super) folded: Vec<Sums>,
}

impl Tree {
    /// The call tree of `diff`.
    pub fn new(diff: &Diff, options: &TreeOptions) -> Self {
        let metrics: Vec<usize> = options.metrics.iter().chain(&options.companions).copied().collect();
        let stacks = Stacks::new(diff, &metrics);
        let tree = Self {
            share: options.share,
            is_cut: false,
            inverted: options.inverted,
            weighing: options.metrics.len(),
            nodes: Vec::new(),
            sums: Vec::new(),
            own: Vec::new(),
            folded: Vec::new(),
            metrics,
        };
        Partition::new(diff, &stacks, tree, options.most_nodes).build()
    }

    /// How many nodes there are, the root among them.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether no stack has a value.
    pub fn is_empty(&self) -> bool {
        self.nodes[0].stacks == 0
    }

    /// A node.
    pub fn node(&self, node: usize) -> &Node {
        &self.nodes[node]
    }

    /// All nodes, parents before children.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The sums at or below a node, one per metric.
    pub fn sums(&self, node: usize) -> &[Sums] {
        self.slice(&self.sums, node)
    }

    /// The sums of the stacks that end at a node, one per metric.
    pub fn own(&self, node: usize) -> &[Sums] {
        self.slice(&self.own, node)
    }

    /// The sums of the children that are too light for nodes of their own, one per metric.
    pub fn folded(&self, node: usize) -> &[Sums] {
        self.slice(&self.folded, node)
    }

    fn slice<'a>(&self, sums: &'a [Sums], node: usize) -> &'a [Sums] {
        &sums[node * self.metrics.len()..(node + 1) * self.metrics.len()]
    }

    /// How heavy a node is: its largest share of the whole over the metrics that weigh and all widths; from 0 to 1.
    pub fn weight(&self, node: usize) -> f64 {
        self.weight_of(self.sums(node))
    }

    pub(super) fn weight_of(&self, sums: &[Sums]) -> f64 {
        let share = |(sums, whole): (&Sums, &Sums), width| match whole.width(width) {
            0 => 0.0,
            whole => sums.width(width) as f64 / whole as f64,
        };
        let pairs = sums.iter().zip(self.sums(0)).take(self.weighing);
        let shares = pairs.flat_map(|pair| Width::ALL.iter().map(move |(_, width)| share(pair, *width)));
        shares.fold(0.0, f64::max)
    }

    /// The same tree as if it had been built with a larger share.
    #[must_use]
    pub fn fold(&self, share: f64) -> Self {
        let mut place = vec![None; self.len()];
        let mut tree = Self { share: share.max(self.share), ..self.clone() };
        (tree.nodes, tree.sums, tree.own, tree.folded) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (index, node) in self.nodes.iter().enumerate() {
            let Some(parent) = (if index == 0 { Some(0) } else { place[node.parent] }) else { continue };
            if index > 0 && self.weight(index) < share {
                tree.fold_into(parent, node.stacks, self.sums(index));
                continue;
            }
            place[index] = Some(tree.len());
            tree.push(Node { parent, children: 0..0, ..node.clone() }, self.sums(index));
            tree.own.extend_from_slice(self.own(index));
            tree.folded.extend_from_slice(self.folded(index));
        }
        tree
    }

    /// Adds a node, which becomes the last child of its parent. Children of one parent are added one after the other.
    pub(super) fn push(&mut self, node: Node, sums: &[Sums]) {
        let at = self.nodes.len();
        if at > 0 {
            let children = &mut self.nodes[node.parent].children;
            *children = if children.start == children.end { at..at + 1 } else { children.start..at + 1 };
        }
        self.nodes.push(node);
        self.sums.extend_from_slice(sums);
    }

    pub(super) fn fold_into(&mut self, parent: usize, stacks: usize, sums: &[Sums]) {
        let folded = &mut self.nodes[parent].folded;
        folded.frames += 1;
        folded.stacks += stacks;
        let at = parent * self.metrics.len();
        self.folded[at..].iter_mut().zip(sums).for_each(|(sum, more)| *sum += more);
    }
}
