//! What only a page that is explored needs: call trees, the stack of every row with its lines, totals of every input.
//!
//! In: a diff and its analysis. Out: [`Details`], resolved and owned but for the sums, which stay in their trees.
//! Invariant: frames are numbered in the order in which the trees and then the stacks name them; nothing is deeper than
//! [`DEEPEST`] or has more nodes than [`MOST_NODES`], and what is left out is counted.
//! Knows no markup.

use crate::compare::Analysis;
use crate::diff::{Diff, GroupId, KeyId, Spot, Tree, TreeOptions};
use crate::model::hash::HashMap;
use crate::model::name::Origin;
use crate::model::{Metric, Series};
use crate::rows::{self, Subject};

/// The share of the whole from which a frame has a node of its own: half a pixel of a wide screen.
const SHARE: f64 = 0.0005;
/// The most nodes of one tree.
const MOST_NODES: usize = 8_000;
/// The longest stack shown.
const DEEPEST: usize = 500;
/// The most metrics to switch between.
const MOST_METRICS: usize = 4;

/// What only a page that is explored needs.
#[derive(Debug, Clone)]
pub struct Details {
    /// The command line that made the report, where there was one.
    pub command: Option<String>,
    /// The total of the metric in every input.
    pub totals: Vec<i64>,
    /// The metrics of the trees; the first is the one compared.
    pub metrics: Vec<Metric>,
    /// Frames of trees and stacks.
    pub frames: Vec<Frame>,
    /// From the root to the allocating frames.
    pub callers_first: CallTree,
    /// From the allocating frames to the root.
    pub allocators_first: CallTree,
    /// The heaviest stack of every row of the report.
    pub stacks: Vec<Stack>,
    /// For each metric but the first, what every row of the report holds of it.
    pub others: Vec<Vec<Series>>,
}

/// A function as it stands in a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its name.
    pub name: String,
    /// The file it stands in, relative to its package; empty when not stated.
    pub file: String,
    /// Whose code it is.
    pub origin: Origin,
    /// The row of the report that it is counted in.
    pub row: Option<usize>,
}

/// A call tree and the frames of its nodes.
#[derive(Debug, Clone)]
pub struct CallTree {
    /// The tree; its metrics are those of [`Details::metrics`].
    pub tree: Tree,
    /// The frame of each node but the root, and the line it stands at; 0 where not stated.
    pub frames: Vec<(usize, i64)>,
}

/// A stack, leaf first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stack {
    /// Frames with the lines they stand at; 0 where not stated.
    pub frames: Vec<(usize, i64)>,
    /// How many more frames there are towards the root.
    pub more: usize,
}

impl Details {
    /// The details of an analysis.
    ///
    /// What a page of `most_bytes` has no room for is folded.
    pub fn new(diff: &Diff, analysis: &Analysis, command: Option<String>, most_bytes: u64) -> Self {
        let metrics = metrics(diff);
        let tree = |inverted: bool| tree(diff, &metrics, inverted, most_bytes);
        let (callers_first, allocators_first) = rayon::join(|| tree(false), || tree(true));
        let mut numbering = Numbering::new(diff, analysis);
        let callers_first = numbering.tree(callers_first);
        let allocators_first = numbering.tree(allocators_first);
        let stacks = analysis.rows.iter().map(|row| numbering.stack(row.heaviest)).collect();
        let others = rows::flat_in(diff, &analysis.rows, metrics.get(1..).unwrap_or_default());
        Self {
            command,
            totals: analysis.total.0.clone(),
            metrics: metrics.iter().map(|metric| diff.metrics[*metric].metric.clone()).collect(),
            callers_first,
            allocators_first,
            stacks,
            others,
            frames: numbering.frames,
        }
    }
}

/// The metric compared, its objects, then the others, bytes before objects.
fn metrics(diff: &Diff) -> Vec<usize> {
    let companion = diff.objects().or_else(|| diff.bytes());
    let is_objects = |metric: usize| diff.metrics[metric].metric.is_objects();
    let mut metrics: Vec<usize> = (0..diff.metrics.len()).collect();
    metrics.sort_by_key(|metric| (*metric != diff.metric, Some(*metric) != companion, is_objects(*metric)));
    metrics.truncate(MOST_METRICS);
    metrics
}

/// A tree of at most [`MOST_NODES`] nodes, as far as folding can do that.
fn tree(diff: &Diff, metrics: &[usize], inverted: bool, most_bytes: u64) -> Tree {
    let options = TreeOptions {
        metrics: metrics.to_vec(),
        companions: Vec::new(),
        share: SHARE,
        most_nodes: TreeOptions::nodes_in(most_bytes),
        inverted,
    };
    let tree = Tree::new(diff, &options);
    let weights: Vec<f64> = (0..tree.len()).map(|node| tree.weight(node)).collect();
    // No frame weighs more than the one it stands below, so that these are all that folding leaves.
    let left = |share: f64| weights.iter().filter(|weight| **weight >= share).count();
    let mut share = SHARE;
    while left(share) > MOST_NODES && share < 1.0 {
        share *= 1.5;
    }
    if share > SHARE { tree.fold(share) } else { tree }
}

/// Hands out numbers of frames.
struct Numbering<'a> {
    diff: &'a Diff,
    frames: Vec<Frame>,
    numbers: HashMap<(KeyId, &'a str), usize>,
    rows: HashMap<GroupId, usize>,
}

impl<'a> Numbering<'a> {
    fn new(diff: &'a Diff, analysis: &Analysis) -> Self {
        let group = |(index, row): (usize, &rows::Row)| match row.subject {
            Subject::Group(group) => Some((group, index)),
            Subject::Stack(_) | Subject::NoStack => None,
        };
        let rows = analysis.rows.iter().enumerate().filter_map(group).collect();
        Self { diff, frames: Vec::new(), numbers: HashMap::default(), rows }
    }

    /// The number of a frame and its line.
    fn number(&mut self, id: KeyId, spot: Option<Spot>) -> (usize, i64) {
        let (diff, rows, frames) = (self.diff, &self.rows, &mut self.frames);
        let file = spot.map_or("", |spot| diff.keys.file(spot));
        let number = *self.numbers.entry((id, file)).or_insert_with(|| {
            let name = diff.keys.key(id).name.to_string();
            let row = rows.get(&diff.keys.group_of(id)).copied();
            frames.push(Frame { name, file: file.to_owned(), origin: diff.keys.origin(id), row });
            frames.len() - 1
        });
        (number, spot.map_or(0, |spot| spot.line))
    }

    fn tree(&mut self, tree: Tree) -> CallTree {
        let nodes = tree.nodes().iter().skip(1);
        let shown = nodes.take(MOST_NODES).take_while(|node| node.depth <= DEEPEST);
        let frames = shown.filter_map(|node| node.key.map(|key| self.number(key, node.spot))).collect();
        CallTree { tree, frames }
    }

    fn stack(&mut self, entry: Option<usize>) -> Stack {
        let Some(entry) = entry else { return Stack::default() };
        let diff = self.diff;
        let mut frames = diff.keys.frames(diff.stack(entry));
        let shown: Vec<_> = frames.by_ref().take(DEEPEST).collect();
        let more = frames.count();
        Stack { frames: shown.into_iter().map(|(key, spot)| self.number(key, Some(spot))).collect(), more }
    }
}
