//! Goroutine profiles as a table: how many goroutines wait, for what and where, and how many more they became.
//!
//! In: a diff of goroutine profiles in any form. Out: rows of ids and counts. Invariant: every goroutine is counted in
//! exactly one row, so that rows, those set apart and the remainder add up to the total.
//! Knows nothing of text for people, and nothing of heaps.
//!
//! Goroutines are grouped by the source location of the operation that blocks them, as LeakProf does: not by whole stacks,
//! because one leak has many callers. What they wait for tells rows apart too, but not where forms of profile are mixed.

mod benign;
pub(crate) mod parked;
mod selects;
mod state;

pub use benign::{Benign, Kind};
pub use selects::{has_timer, selects};
pub use state::State;

use std::cmp::Reverse;

use crate::diff::{Diff, KeyId, Spot};
use crate::model::hash::HashMap;
use crate::model::name;
use crate::model::{LabelValue, LabelsId, LocationId, Metric, Snapshot};

use super::Place;
use super::{Nearest, best};
use crate::model::Series;
use state::{blocking_frame, state_of};

/// The least that the stack of a goroutine takes, in bytes (`runtime.stackMin`): it is in no heap profile.
pub const LEAST_STACK: i64 = 2048;

/// The name of a frame without symbols.
const UNKNOWN: &str = "<unknown>";

/// What a goroutine profile counts.
pub const METRICS: &[&str] = &["goroutine", "goroutineleak"];

/// All goroutines, grouped.
#[derive(Debug, Clone)]
pub struct Table {
    /// Goroutines that wait, then those that may be gone in a moment; what grew most first.
    pub rows: Vec<Row>,
    /// Goroutines that every program has.
    pub benign: Vec<Row>,
    /// The number of rows left out.
    pub left_out: usize,
    /// What they hold.
    pub rest: Series,
    /// All goroutines.
    pub total: Series,
}

/// Goroutines that wait for the same at the same place.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whether they are suspicious at all.
    pub kind: Kind,
    /// What they wait for.
    pub state: State,
    /// The blocking operation: the frame of the program or a library that began it.
    pub place: Option<Place>,
    /// How many there are in each snapshot.
    pub counts: Series,
    /// The function in which most of them began.
    pub entry: Option<KeyId>,
    /// The frame of the user's own code that most of them have nearest to the blocking operation.
    pub responsible: Option<Place>,
    /// Who started most of them: function, and file with line; only the form `debug=2` tells.
    pub creator: Option<(String, String)>,
    /// The longest wait in the newest snapshot, in minutes; only the form `debug=2` tells.
    pub longest_wait: Option<i64>,
    /// How many of the newest snapshot the collector proved to be blocked for ever.
    pub proven: i64,
    /// An entry with the stack that most of them have.
    pub heaviest: usize,
}

/// The growth from which on goroutines that may be gone in a moment are shown.
const MANY: i64 = 10;

/// Groups the goroutines. Rows that did not grow are left out, a few goroutines that may be gone in a moment, and more
/// than `top` rows; `None` for all. At the places `timed` a timer ends the wait.
pub fn table(diff: &Diff, top: Option<usize>, timed: &[Place]) -> Table {
    let mut rows = Groups::new(diff).rows();
    let is_timed = |row: &&mut Row| row.place.as_ref().is_some_and(|place| timed.contains(place));
    rows.iter_mut().filter(is_timed).for_each(|row| row.kind = Kind::Transient);
    let order = |row: &Row| {
        let name = row.place.as_ref().map(|place| (&diff.keys.key(place.key).canonical, place.spot.line));
        (
            row.kind,
            Reverse(row.counts.delta()),
            Reverse(row.counts.after()),
            name.map(|(name, line)| (name.clone(), line)),
        )
    };
    rows.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.state.cmp(&b.state)));
    let (benign, mut rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.kind.is_benign());
    let count = rows.len();
    if let Some(top) = top {
        let least = |row: &Row| if row.kind == Kind::Transient { MANY } else { 1 };
        rows.retain(|row| row.counts.delta() >= least(row));
        rows.truncate(top);
    }
    let total = Series(diff.totals(diff.metric));
    let mut rest = total.clone();
    for row in rows.iter().chain(&benign) {
        for (rest, count) in rest.0.iter_mut().zip(&row.counts.0) {
            *rest -= count;
        }
    }
    Table { left_out: count - rows.len(), rows, benign, rest, total }
}

/// Whether there are less than half as many goroutines as before: of a leak they tell nothing then.
pub(crate) fn have_fallen(diff: &Diff) -> bool {
    let counts = Series(diff.totals(diff.metric));
    counts.0.len() > 1 && counts.after().saturating_mul(2) < counts.before()
}

/// What goroutines have in common that are one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Identity {
    /// Forms tell it differently, or not at all: where they are mixed the place alone counts.
    state: Option<State>,
    key: Option<KeyId>,
    /// Lines mean the same within one build only.
    spot: Option<Spot>,
    benign: Option<Benign>,
}

/// What a stack says.
#[derive(Debug, Clone, Copy)]
struct Described {
    state: State,
    place: Option<(KeyId, Spot)>,
    entry: Option<KeyId>,
    responsible: Option<(KeyId, Spot)>,
    benign: Option<Benign>,
}

/// Counts by what goroutines have, for the one that most of them have.
type Tally<T> = HashMap<T, i64>;

/// What is collected of one row.
#[derive(Debug, Default)]
struct Group {
    counts: Vec<i64>,
    states: Tally<State>,
    spots: Tally<(KeyId, Spot)>,
    entries: Tally<KeyId>,
    responsible: Tally<(KeyId, Spot)>,
    creators: Tally<(String, String)>,
    stacks: Tally<usize>,
    longest_wait: Option<i64>,
    proven: i64,
}

struct Groups<'a> {
    diff: &'a Diff,
    groups: HashMap<Identity, Group>,
}

/// What the labels of a goroutine say, in the form `debug=2`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub state: Option<State>,
    pub wait: Option<i64>,
    pub creator: Option<(String, String)>,
    pub is_leaked: bool,
}

impl<'a> Groups<'a> {
    fn new(diff: &'a Diff) -> Self {
        let mut groups: HashMap<Identity, Group> = HashMap::default();
        let has_lines = is_one_build(diff);
        let has_states = forms(diff).windows(2).all(|pair| pair[0].1 == pair[1].1);
        let nearest = Nearest::new(diff);
        let newest = diff.snapshots.len() - 1;
        for (number, snapshot) in diff.snapshots.iter().enumerate() {
            let tells_parked = (0..snapshot.len()).any(|row| is_parked(diff, snapshot.stack(row)));
            let is_proven = snapshot.metrics.iter().any(Metric::is_of_proven_leaks);
            let mut described: HashMap<&[LocationId], Described> = HashMap::default();
            let mut told: HashMap<LabelsId, Told> = HashMap::default();
            let values = diff.row_values(diff.metric, number);
            for (row, (entry, count)) in diff.entry_of_row(number).iter().zip(values).enumerate() {
                let stack = snapshot.stack(row);
                let seen = *described.entry(stack).or_insert_with(|| describe(diff, stack, &nearest));
                let told = told.entry(snapshot.labels(row)).or_insert_with_key(|labels| tell(diff, *labels));
                let is_waiting = !tells_parked || is_parked(diff, stack);
                let state = match seen.state {
                    State::Unknown => told.state.unwrap_or(if is_waiting { State::Unknown } else { State::Running }),
                    known => known,
                };
                let state = if state == State::Unknown && tells_parked { State::Parked } else { state };
                let (key, spot) = seen.place.unzip();
                let identity = Identity {
                    state: has_states.then_some(state),
                    key,
                    spot: spot.filter(|_| has_lines),
                    benign: seen.benign,
                };
                let group = groups.entry(identity).or_default();
                group.counts.resize(newest + 1, 0);
                group.counts[number] += count;
                // Of what did not come with growth the newest tells, and of what is gone the oldest.
                let weight = if number == newest { count } else { 0 };
                *group.states.entry(state).or_default() += count;
                group.add(*entry as usize, &seen, told, weight);
                if number == newest {
                    group.longest_wait = group.longest_wait.max(told.wait);
                    group.proven += if is_proven || told.is_leaked { count } else { 0 };
                }
            }
        }
        Self { diff, groups }
    }

    fn rows(self) -> Vec<Row> {
        let diff = self.diff;
        let key_order = |key: &KeyId| Reverse(diff.keys.key(*key).name.clone());
        let row = |(identity, group): (Identity, Group)| {
            let counts = Series(group.counts);
            let place = |tally| best(diff, &tally).map(|((key, spot), _)| Place { key, spot });
            let is_told = |state: &State| *state != State::Unknown;
            let state = group.states.into_iter().max_by_key(|(state, count)| (is_told(state), *count, Reverse(*state)));
            let state = state.map_or(State::Unknown, |(state, _)| state);
            let kind = Kind::of(identity.benign, state, identity.key.map(|key| diff.keys.key(key)), &counts);
            Row {
                kind,
                state,
                place: place(group.spots),
                entry: most(group.entries, key_order),
                responsible: place(group.responsible),
                creator: most(group.creators, |creator| Reverse(creator.clone())),
                longest_wait: group.longest_wait,
                proven: group.proven,
                heaviest: most(group.stacks, |entry| Reverse((stack_order(diff, *entry), *entry))).unwrap_or_default(),
                counts,
            }
        };
        self.groups.into_iter().map(row).collect()
    }
}

impl Group {
    fn add(&mut self, entry: usize, seen: &Described, told: &Told, weight: i64) {
        seen.place.into_iter().for_each(|place| *self.spots.entry(place).or_default() += weight);
        seen.entry.into_iter().for_each(|entry| *self.entries.entry(entry).or_default() += weight);
        seen.responsible.into_iter().for_each(|frame| *self.responsible.entry(frame).or_default() += weight);
        told.creator.iter().for_each(|creator| *self.creators.entry(creator.clone()).or_default() += weight);
        *self.stacks.entry(entry).or_default() += weight;
    }
}

/// What most have; of equals the one that comes first in an order.
fn most<T, O: Ord>(tally: Tally<T>, order: impl Fn(&T) -> O) -> Option<T> {
    tally.into_iter().max_by_key(|(one, count)| (*count, order(one))).map(|(one, _)| one)
}

fn stack_order(diff: &Diff, entry: usize) -> Vec<&str> {
    diff.stack_keys(entry).map(|key| &*diff.keys.key(key).name).collect()
}

/// Whether all snapshots may be of one build: lines are the same then. Text forms do not say.
fn is_one_build(diff: &Diff) -> bool {
    let mut builds = diff.snapshots.iter().map(|snapshot| &snapshot.header.build_id).filter(|build| !build.is_empty());
    let first = builds.next();
    builds.all(|build| Some(build) == first)
}

/// Whether a stack shows that its goroutine waits: proto files have this frame, text forms do not.
pub(crate) fn is_parked(diff: &Diff, stack: &[LocationId]) -> bool {
    diff.keys.of_stack(stack).next().is_some_and(|key| diff.keys.key(key).canonical == "runtime.gopark")
}

/// What a form of profile shows of what goroutines wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The frames of the runtime: the binary form.
    Frames,
    /// The state in words: `debug=2`.
    Words,
    /// Neither: `debug=1`.
    Neither,
}

/// The form of each snapshot that has goroutines, with its position.
pub(crate) fn forms(diff: &Diff) -> Vec<(usize, Form)> {
    let filled = diff.snapshots.iter().enumerate().filter(|(_, snapshot)| !snapshot.is_empty());
    let form = |(number, snapshot): (usize, &Snapshot)| {
        let mut rows = 0..snapshot.len();
        let has_words = |row: usize| tell(diff, snapshot.labels(row)).state.is_some();
        let form = match () {
            () if rows.clone().any(|row| is_parked(diff, snapshot.stack(row))) => Form::Frames,
            () if rows.any(has_words) => Form::Words,
            () => Form::Neither,
        };
        (number, form)
    };
    filled.map(form).collect()
}

fn describe(diff: &Diff, stack: &[LocationId], nearest: &Nearest<'_>) -> Described {
    let names: Vec<&str> = diff.keys.of_stack(stack).map(|key| diff.keys.key(key).canonical.as_str()).collect();
    let state = state_of(&names);
    let frames: Vec<(KeyId, Spot)> = diff.keys.frames(stack).collect();
    let is_outer = |name: &str| name::package(name) == "runtime";
    let began = names.iter().rposition(|name| !is_outer(name)).or(names.len().checked_sub(1));
    Described {
        state,
        // What begins or ends has no frame with a name yet.
        place: blocking_frame(&names, state).map(|at| frames[at]).filter(|_| names.iter().any(|name| *name != UNKNOWN)),
        entry: began.map(|at| frames[at].0),
        responsible: nearest.of(stack).map(|owner| owner.frame),
        benign: Benign::of(&names),
    }
}

pub(crate) fn tell(diff: &Diff, labels: LabelsId) -> Told {
    let text = |value: &LabelValue| match value {
        LabelValue::Text(text) => diff.symbols.str(*text).to_owned(),
        LabelValue::Number(number, _) => number.to_string(),
    };
    let (mut told, mut creator, mut at) = (Told::default(), None, String::new());
    for label in diff.symbols.labels(labels) {
        match (diff.symbols.str(label.key), &label.value) {
            ("state", value) => told.state = State::named(&text(value)),
            ("wait", LabelValue::Number(minutes, _)) => told.wait = Some(*minutes),
            ("created by", value) => creator = Some(text(value)),
            ("created at", value) => at = text(value),
            ("leaked", _) => told.is_leaked = true,
            _ => {}
        }
    }
    told.creator = creator.map(|function| {
        let (file, line) = at.rsplit_once(':').unwrap_or((&at, ""));
        let file = name::relative_file(&function, file);
        let place = if line.is_empty() { file } else { format!("{file}:{line}") };
        (function, place)
    });
    told
}
