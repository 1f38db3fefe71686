//! N snapshots to one diff: common metrics, filter, alignment, subtraction.
//!
//! In: loaded snapshots and what to compare. Out: a [`Diff`] as wide as there are snapshots; two files and a series
//! share one path. Invariant: values are exact integers; sums cannot overflow, which is checked once, here.
//! Knows nothing of ranking or of what a number means.

mod align;
mod allocator;
mod error;
mod filter;
mod history;
mod identity;
mod key;
mod key_builder;
mod labels;
mod metric;
mod module;
mod nameless;
pub mod normalize;
mod partition;
mod partners;
mod runs;
mod spots;
mod stack_hash;
mod stacks;
mod tags;
mod tree;
mod values;
mod warning;

use std::cmp::Ordering;
use std::sync::OnceLock;

pub use error::Error;
pub use filter::Filter;
pub use history::Step;
pub use key::{Granularity, Group, GroupId, Key, KeyId, Keys, Spot};
pub use metric::{CommonMetric, Idle};
pub use stacks::Stacks;
pub use tags::TagFilter;
pub use tree::{Folded, Node, Sums, Tree, TreeOptions, Width};
pub use warning::PAGES;

use crate::load::Loaded;
use crate::model::{Amount, Glob, Kind, Location, LocationId, Metric, Snapshot, State, Symbols, Warning, called};
use align::Alignment;
use identity::{Functions, Spelling};
use key_builder::Nameless;

/// What to compare, and how.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The metric: a name as pprof accepts it, or an index; `None` for the default.
    pub sample_index: Option<String>,
    /// What a row stands for.
    pub by: Granularity,
    /// The key of the label whose values rows stand for, with [`Granularity::Label`].
    pub label: String,
    /// Compare names byte by byte, as the profiles spell them, and nothing but names.
    pub exact_names: bool,
    /// Whether all snapshots are of one process, so that nothing that tells two functions apart is dropped; `None` to
    /// decide it from the files.
    pub is_one_process: Option<bool>,
    /// Which samples and frames take part.
    pub filter: Filter,
    /// Functions and packages that are code of the program; empty to infer it from names and files.
    pub app: Vec<Glob>,
    /// How many of the inputs, in their order, are runs of each snapshot; empty where each input is a snapshot of its own.
    pub sides: Vec<usize>,
    /// Compare what is in use by default even where that is next to nothing: a gate has to say so, not to test something else.
    pub keeps_idle: bool,
}

/// Snapshots side by side.
#[derive(Debug)]
pub struct Diff {
    /// The symbols of the run.
    pub symbols: Symbols,
    /// The snapshots, oldest first, as far as the filter let their samples through.
    pub snapshots: Vec<Snapshot>,
    /// The metrics that all snapshots have.
    pub metrics: Vec<CommonMetric>,
    /// The metric compared: an index into `metrics`.
    pub metric: usize,
    /// The keys of all frames.
    pub keys: Keys,
    /// What a row stands for.
    pub by: Granularity,
    /// The key of the label whose values rows stand for; empty where they stand for something else.
    pub label: String,
    /// The filters in effect: the name of the option, and what was given with it.
    pub filters: Vec<(&'static str, String)>,
    /// What is survivable but should be said.
    pub warnings: Vec<Warning>,
    /// How little is in use, where the metric was chosen because of that.
    pub idle: Option<Idle>,
    is_idle: bool,
    alignment: Alignment,
    history: OnceLock<Vec<Step>>,
    /// Of each snapshot that holds several runs, the means of each metric, row by row.
    means: Vec<Vec<Vec<i64>>>,
}

/// Compares the snapshots, the first being the base.
///
/// # Errors
/// When they have no metric in common, none of that name, or one whose units or sums do not fit.
pub fn diff(loaded: Loaded, options: &Options) -> Result<Diff, Error> {
    let Loaded { symbols, snapshots, mut warnings } = loaded;
    let mut snapshots = runs::pool(snapshots, &options.sides)?;
    let metrics = metric::common_metrics(&snapshots)?;
    let asked = options.sample_index.as_deref().map(|asked| metric::asked(&metrics, asked)).transpose()?;
    let metric = asked.unwrap_or_else(|| metric::preferred(&metrics, snapshots.last()));
    let is_free = asked.is_none() && !options.keeps_idle;
    let instead = metric::instead_of_idle(&metrics, &snapshots);
    let is_idle = instead.is_some();
    let (metric, idle) = match instead.filter(|_| is_free) {
        Some((allocated, idle)) => (allocated, Some(idle)),
        None => (metric, None),
    };
    check_sums(&snapshots, &metrics)?;
    let functions = identify(&symbols, &snapshots, &metrics, options);
    let history = OnceLock::new();
    if options.filter.drops_samples() {
        // What the filter leaves out tells as much about the process as what it lets through.
        let _ = history.set(whole_history(&symbols, &snapshots, &metrics, functions.clone()));
    }
    let frames = options.filter.apply(&symbols, options.exact_names, &mut snapshots, &mut warnings);
    let nameless = if options.exact_names { Nameless::Merged } else { Nameless::Apart };
    let mut keys = Keys::new(&symbols, &snapshots, &frames, options.by, functions, nameless);
    drop(frames);
    module::infer(&mut keys, &snapshots);
    for glob in keys.declare_application(&options.app) {
        filter::no_match(&mut warnings, &format!("--app {}", glob.text()), true);
    }
    if options.by == Granularity::Label {
        let values = labels::values(&symbols, &options.label);
        keys.group_by_labels(&options.label, values);
    }
    let alignment = Alignment::new(&symbols, &keys, &snapshots);
    let (by, filters) = (options.by, options.filter.active());
    let mut diff = Diff {
        symbols,
        snapshots,
        metrics,
        metric,
        keys,
        by,
        label: options.label.clone(),
        filters,
        warnings,
        idle,
        is_idle,
        alignment,
        history,
        means: Vec::new(),
    };
    diff.means = (0..diff.snapshots.len()).map(|snapshot| diff.means_over_runs(snapshot)).collect();
    Ok(diff)
}

/// Which functions of the snapshots are one.
fn identify(symbols: &Symbols, snapshots: &[Snapshot], metrics: &[CommonMetric], options: &Options) -> Functions {
    let build = snapshots.first().map_or("", |first| first.header.build_id.as_str());
    let is_one_build = !build.is_empty() && snapshots.iter().all(|snapshot| snapshot.header.build_id == build);
    if options.exact_names {
        return Functions::new(symbols, snapshots, Spelling::Exact);
    }
    if is_one_build || options.is_one_process == Some(true) {
        return Functions::new(symbols, snapshots, Spelling::OneBuild);
    }
    let functions = Functions::new(symbols, snapshots, Spelling::AcrossBuilds);
    if functions.has_guesses && options.is_one_process.is_none() {
        // Only where it makes a difference: whether the files tell of one process takes an alignment of its own.
        let as_spelled = Functions::new(symbols, snapshots, Spelling::OneBuild);
        let steps = whole_history(symbols, snapshots, metrics, as_spelled.clone());
        if history::are_of_one_process(snapshots, &steps) {
            return as_spelled;
        }
    }
    functions
}

/// What the cumulative counters of whole snapshots tell.
fn whole_history(
    symbols: &Symbols,
    snapshots: &[Snapshot],
    metrics: &[CommonMetric],
    functions: Functions,
) -> Vec<Step> {
    let mut snapshots = snapshots.to_vec();
    let frames = Filter::default().apply(symbols, true, &mut snapshots, &mut Vec::new());
    let keys = Keys::new(symbols, &snapshots, &frames, Granularity::Function, functions, Nameless::Apart);
    history::steps(&snapshots, metrics, &Alignment::new(symbols, &keys, &snapshots))
}

/// Every later sum and difference is of some of these values, each with one sign, so that none can overflow if the sum
/// of all magnitudes does not.
fn check_sums(snapshots: &[Snapshot], metrics: &[CommonMetric]) -> Result<(), Error> {
    const MOST: u128 = i64::MAX as u128;
    let name = |snapshot: &Snapshot| called(&snapshot.header.label, &snapshot.header.path);
    for CommonMetric { metric, columns } in metrics {
        let mut sum = 0_u128;
        let too_large = |inputs: String| Err(Error::Overflow { inputs, metric: metric.name.clone() });
        for (snapshot, (column, factor)) in snapshots.iter().zip(columns) {
            let magnitude: u128 = snapshot.column(*column).iter().map(|value| u128::from(value.unsigned_abs())).sum();
            let magnitude = magnitude * u128::from(factor.unsigned_abs());
            if magnitude > MOST {
                return too_large(name(snapshot));
            }
            sum += magnitude;
        }
        if sum > MOST {
            return too_large(snapshots.iter().map(name).collect::<Vec<_>>().join(", "));
        }
    }
    Ok(())
}

impl Diff {
    /// The metric compared.
    pub fn metric(&self) -> &Metric {
        &self.metrics[self.metric].metric
    }

    /// The common metric that a user means by a name as pprof accepts it, or by an index.
    pub fn metric_named(&self, asked: &str) -> Option<usize> {
        metric::named(&self.metrics, asked)
    }

    /// The common metric that counts in objects what the compared one counts in bytes.
    pub fn objects(&self) -> Option<usize> {
        self.objects_of(self.metric)
    }

    /// As [`Diff::objects`], of any metric.
    pub fn objects_of(&self, metric: usize) -> Option<usize> {
        self.companion(metric, self.metrics[metric].metric.counted_as(Amount::Objects)?)
    }

    /// The common metric that counts in bytes what the compared one counts in objects.
    pub fn bytes(&self) -> Option<usize> {
        self.companion(self.metric, self.metric().counted_as(Amount::Bytes)?)
    }

    /// What was ever allocated of what the compared metric says is in use; `None` also where the profiles do not count
    /// it since the one process began.
    pub fn allocated(&self) -> Option<usize> {
        self.allocated_of(self.metric)
    }

    /// As [`Diff::allocated`], of any metric.
    pub fn allocated_of(&self, metric: usize) -> Option<usize> {
        self.in_state(metric, State::Live, State::Allocated)
    }

    /// What is in use of what the compared metric says was ever allocated.
    pub fn in_use(&self) -> Option<usize> {
        self.in_state(self.metric, State::Allocated, State::Live)
    }

    fn in_state(&self, metric: usize, from: State, to: State) -> Option<usize> {
        let Kind::Memory(state, amount) = self.metrics[metric].metric.kind() else { return None };
        let is_told = history::is_cumulative(&self.snapshots) && !self.is_of_test_runs();
        (state == from && is_told).then(|| self.companion(metric, Kind::Memory(to, amount)))?
    }

    fn companion(&self, metric: usize, kind: Kind) -> Option<usize> {
        self.metrics[metric].metric.companion(self.metrics.iter().map(|metric| &metric.metric), kind)
    }

    /// Whether these are files of `go test -memprofile`, each of a run of its own: with what was allocated as their
    /// default and nothing in use, or of test binaries whose counters fell.
    pub fn is_of_test_runs(&self) -> bool {
        let are_tests = || self.snapshots.iter().all(metric::is_test);
        self.is_idle || (are_tests() && self.history().iter().any(|step| step.fallen > 0))
    }

    /// Whether nothing is in use in any snapshot, or at the end of a test next to nothing.
    pub fn is_idle(&self) -> bool {
        self.is_idle
    }

    /// Whether what grew from one profile to the next grew in the time between them. Differences did not, nor did what
    /// each profile counts over a span of its own, as those of a processor do.
    pub fn grows_in_time(&self) -> bool {
        let is_state = matches!(self.metric().kind(), Kind::Memory(State::Live, _) | Kind::Goroutines);
        !self.has_deltas() && !self.is_of_test_runs() && (is_state || history::is_cumulative(&self.snapshots))
    }

    /// Whether this is one profile that is a difference already: its values are growth.
    pub fn is_one_delta(&self) -> bool {
        self.snapshots.len() == 1 && self.has_deltas()
    }

    /// Whether some profile is a difference already.
    pub fn has_deltas(&self) -> bool {
        self.snapshots.iter().any(|snapshot| snapshot.header.is_delta)
    }

    /// Every location with its id.
    pub fn locations(&self) -> impl Iterator<Item = (LocationId, &Location)> {
        self.symbols.locations().enumerate().map(|(index, location)| (LocationId(index as u32), location))
    }

    /// How many entries there are. An entry is one stack of keys with one block size.
    pub fn entry_count(&self) -> usize {
        self.alignment.len()
    }

    /// How many stacks there are: entries that differ in block size only are one stack.
    pub fn stack_count(&self) -> usize {
        self.alignment.stack_count()
    }

    /// The stack of an entry, a number below [`Diff::stack_count`].
    pub fn stack_of(&self, entry: usize) -> usize {
        self.alignment.stack_of(entry)
    }

    /// One entry of a stack.
    pub fn first_entry(&self, stack: usize) -> usize {
        self.alignment.first_entry(stack)
    }

    /// The size of an entry's blocks in bytes; 0 when not stated.
    pub fn block_size(&self, entry: usize) -> i64 {
        self.alignment.block_size(entry)
    }

    /// The group that stands for an entry's labels, where rows stand for the values of one.
    pub fn label_group(&self, entry: usize) -> Option<GroupId> {
        self.alignment.label_group(entry)
    }

    /// The locations of an entry's stack, leaf first, as first seen.
    pub fn stack(&self, entry: usize) -> &[LocationId] {
        self.alignment.locations(&self.snapshots, entry as u32)
    }

    /// The keys of an entry's stack, leaf first.
    pub fn stack_keys(&self, entry: usize) -> impl DoubleEndedIterator<Item = KeyId> + '_ {
        self.keys.of_stack(self.stack(entry))
    }

    /// The frames of an entry's stack.
    pub fn frames(&self, entry: usize) -> impl DoubleEndedIterator<Item = (KeyId, Spot)> + Clone + '_ {
        self.keys.frames(self.stack(entry))
    }

    /// The order of the stacks of two entries: that of their keys, leaf first.
    pub fn compare_stacks(&self, a: usize, b: usize) -> Ordering {
        let order = |key: KeyId| self.keys.key(key).order();
        let pairs = self.stack_keys(a).zip(self.stack_keys(b));
        // Most frames of two stacks are the same: only where they are not are names compared.
        let different = pairs.filter(|(a, b)| a != b).map(|(a, b)| order(a).cmp(&order(b)));
        let length = |entry: usize| self.stack_keys(entry).count();
        different.into_iter().find(|ordering| ordering.is_ne()).unwrap_or_else(|| length(a).cmp(&length(b)))
    }

    /// For each row of a snapshot, its entry.
    pub fn entry_of_row(&self, snapshot: usize) -> &[u32] {
        &self.alignment.entry_of_row[snapshot]
    }

    /// What the cumulative counters tell of each two snapshots that follow each other, whatever the filter left out;
    /// empty where the profiles do not count what was allocated.
    pub fn history(&self) -> &[Step] {
        self.history.get_or_init(|| history::steps(&self.snapshots, &self.metrics, &self.alignment))
    }

    /// Whether most of what a snapshot holds stands at frames without a function name.
    pub fn is_mostly_nameless(&self, snapshot: usize) -> bool {
        let (column, _) = self.metrics[self.metric].columns[snapshot];
        nameless::is_most(&self.symbols, &self.snapshots[snapshot], column)
    }

    /// Whether the snapshots between two, these included, are of one process, as far as the files tell.
    pub fn is_of_one_process(&self, from: usize, to: usize) -> bool {
        let steps = self.history().get(from..to).unwrap_or_default();
        history::are_of_one_process(&self.snapshots[from..=to], steps)
    }
}
