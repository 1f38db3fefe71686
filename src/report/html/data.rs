//! What the page's script works on: call trees, frames and stacks as columns of numbers beside one table of texts.
//!
//! In: a report with its details. Out: JSON that may stand inside a `<script>` element. Invariant: parents come before
//! children, and a text stands in it once. Numbers that follow from others are left out: what shrank is what grew less
//! the change.

use std::io;

use serde::Serialize;

use crate::model::Amount;
use crate::model::hash::HashMap;
use crate::model::name::Origin;
use crate::units;

use super::super::details::{CallTree, Details};
use super::super::{Report, Style, escape};

/// Everything the script reads.
#[derive(Serialize)]
struct Data<'a> {
    /// Whether there is one input only.
    single: bool,
    metrics: Vec<Metric<'a>>,
    texts: Vec<String>,
    frames: Frames,
    /// Callers first, then allocators first.
    trees: Vec<Columns>,
    rows: Vec<RowStack>,
}

#[derive(Serialize)]
struct Metric<'a> {
    name: &'a str,
    /// Units to print in with their factors, smallest first; none for counts.
    units: Vec<(&'static str, f64)>,
    /// The metric that counts the objects of this one.
    objects: Option<usize>,
}

/// One element per frame.
#[derive(Serialize, Default)]
struct Frames {
    name: Vec<usize>,
    file: Vec<usize>,
    /// 0 for application code, 1 for a dependency, 2 for the standard library.
    origin: Vec<u8>,
    /// The row it is counted in, or -1.
    row: Vec<i64>,
}

/// One element per node; the root is the first.
#[derive(Serialize, Default)]
struct Columns {
    /// The parent's number, less the parent's number of the node before.
    parent: Vec<usize>,
    /// The frame; -1 for the root.
    frame: Vec<i64>,
    line: Vec<i64>,
    stacks: Vec<usize>,
    /// Per metric.
    before: Vec<Vec<i64>>,
    after: Vec<Vec<i64>>,
    /// What grew below it, less what it is at least: the change where that is growth.
    grown: Vec<Vec<i64>>,
}

/// A stack, leaf first: frame, line, frame, line, ...
#[derive(Serialize)]
struct RowStack {
    stack: Vec<i64>,
    #[serde(skip_serializing_if = "is_zero")]
    more: usize,
    /// Before and after in each metric but the first; none where rows count what they called, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<(i64, i64)>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The data of a report; `null` when it has no details.
pub(super) fn json(report: &Report, style: &Style) -> io::Result<String> {
    let data = report.details.as_ref().map(|details| Data::new(report, details, style));
    Ok(escape::json_in_html(&serde_json::to_string(&data)?))
}

impl<'a> Data<'a> {
    fn new(report: &Report, details: &'a Details, style: &Style) -> Self {
        let mut texts = Texts::default();
        let mut frames = Frames::default();
        for frame in &details.frames {
            frames.name.push(texts.number(&frame.name));
            frames.file.push(texts.number(&frame.file));
            frames.row.push(frame.row.map_or(-1, |row| row as i64));
            frames.origin.push(match frame.origin {
                Origin::Application => 0,
                Origin::Dependency => 1,
                Origin::Standard => 2,
            });
        }
        let metric = |metric: &'a crate::model::Metric| Metric {
            name: &metric.name,
            units: units::steps(&metric.unit, style.scale),
            objects: objects_of(details, metric),
        };
        Self {
            single: report.inputs.len() < 2,
            metrics: details.metrics.iter().map(metric).collect(),
            texts: texts.texts,
            frames,
            trees: vec![columns(&details.callers_first), columns(&details.allocators_first)],
            rows: (0..details.stacks.len()).map(|row| row_stack(report, details, row)).collect(),
        }
    }
}

/// The metric that counts the objects of a metric of bytes.
fn objects_of(details: &Details, metric: &crate::model::Metric) -> Option<usize> {
    metric.companion(details.metrics.iter(), metric.counted_as(Amount::Objects)?)
}

/// Texts, each once.
#[derive(Default)]
struct Texts {
    texts: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Texts {
    fn number(&mut self, text: &str) -> usize {
        let text = escape::terminal(text);
        if let Some(number) = self.numbers.get(&*text) {
            return *number;
        }
        self.texts.push(text.to_string());
        self.numbers.insert(text.into_owned(), self.texts.len() - 1);
        self.texts.len() - 1
    }
}

fn columns(CallTree { tree, frames }: &CallTree) -> Columns {
    let count = frames.len() + 1;
    let mut columns = Columns::default();
    let mut parent = 0;
    for (index, node) in tree.nodes().iter().enumerate().take(count) {
        columns.parent.push(node.parent - parent);
        parent = node.parent;
        let (frame, line) = index.checked_sub(1).map_or((-1, 0), |at| (frames[at].0 as i64, frames[at].1));
        columns.frame.push(frame);
        columns.line.push(line);
        columns.stacks.push(node.stacks);
    }
    for metric in 0..tree.metrics.len() {
        let sums = || (0..count).map(|node| &tree.sums(node)[metric]);
        columns.before.push(sums().map(|sums| sums.before).collect());
        columns.after.push(sums().map(|sums| sums.after).collect());
        columns.grown.push(sums().map(|sums| sums.grown - sums.delta().max(0)).collect());
    }
    columns
}

fn row_stack(report: &Report, details: &Details, row: usize) -> RowStack {
    let stack = &details.stacks[row];
    let pairs = stack.frames.iter().flat_map(|(frame, line)| [*frame as i64, *line]);
    let ends = details.others.iter().map(|rows| (rows[row].before(), rows[row].after()));
    let others = if report.ranks_by_cum() { Vec::new() } else { ends.collect() };
    RowStack { stack: pairs.collect(), more: stack.more, others }
}
