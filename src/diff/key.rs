//! When two frames of different snapshots are the same: the key of a frame, and the row it is counted in.
//!
//! In: the visible lines of every location, a granularity, a spelling. Out: a sequence of keys per location.
//! Invariant: frames with equal keys are the same frame in every snapshot of the run.
//! Knows nothing of values.

use std::ops::Range;
use std::sync::Arc;

use crate::model::hash::HashMap;
use crate::model::name::Origin;
use crate::model::{Glob, LabelsId, Line, LocationId, Snapshot, Symbols};

use super::filter::Frames;
use super::identity::Functions;
use super::key_builder::{Builder, Built, Nameless};
use super::stack_hash::StackHashes;

/// What a row of the result stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Granularity {
    /// A function.
    #[default]
    Function,
    /// A line of a function.
    Line,
    /// A source file.
    File,
    /// A package, crate or namespace.
    Package,
    /// A whole stack of functions.
    Stack,
    /// An address.
    Address,
    /// The value of a label.
    Label,
}

impl Granularity {
    /// All of them with the names users give them.
    pub const ALL: &[(&str, Granularity)] = &[
        ("function", Granularity::Function),
        ("line", Granularity::Line),
        ("file", Granularity::File),
        ("package", Granularity::Package),
        ("stack", Granularity::Stack),
        ("address", Granularity::Address),
        ("label", Granularity::Label),
    ];
}

/// A key: what is the same frame in every snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

impl KeyId {
    /// Its position in the table of keys.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A row that values are counted in: a key, or a group of keys (a file, a package).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

impl GroupId {
    /// Its position in the table of groups.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where in the source a frame stands: frames with one key may stand at several lines, even in several files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    file: u32,
    /// The line; 0 when not stated.
    pub line: i64,
}

/// A frame as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The function's name: as the profiles spell it where they agree, else its normal form. A stack names it many times.
    pub name: Arc<str>,
    /// Its name in every build, whatever the options of this run; with the end of its file's path where the name reaches
    /// no further than its file.
    pub canonical: String,
    /// Its canonical name in version 0.1, where that was another.
    pub(super) canonical_0_1: Option<String>,
    /// Its file, relative to its package, as the newest profile has it; empty when not stated.
    pub file: String,
    /// Its line where the granularity has one, else 0.
    pub line: i64,
    /// The number of its function: keys of one function have the same.
    pub function: u32,
}

impl Key {
    /// What tells keys apart and orders them whatever the order of the input: equals are broken by it.
    pub fn order(&self) -> impl Ord + '_ {
        (&self.name, &self.file, self.line, &self.canonical)
    }

    /// Its canonical name in version 0.1, which fingerprints of that version are made of.
    pub fn canonical_0_1(&self) -> &str {
        self.canonical_0_1.as_deref().unwrap_or(&self.canonical)
    }

    /// Whether a pattern matches its function or its package, in whatever spelling.
    pub fn is_like(&self, glob: &Glob) -> bool {
        glob.matches(&self.name) || glob.matches(&self.canonical)
    }
}

/// A row's name and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Function, file or package.
    pub name: String,
    /// The text its fingerprint is made from: the same across builds.
    pub canonical: String,
    /// The file, relative to its package; empty when the row has none.
    pub file: String,
    /// The line where the granularity has one, else 0.
    pub line: i64,
}

/// The keys of all frames of a run. What loops over all samples read of a key stands in columns of its own.
#[derive(Debug)]
pub struct Keys {
    keys: Vec<Key>,
    origins: Vec<Origin>,
    groups_of: Vec<GroupId>,
    groups: Vec<Group>,
    starts: Vec<u32>,
    of_locations: Vec<KeyId>,
    /// Which line of its location each element of `of_locations` is.
    visible: Vec<u32>,
    /// Group of each element of `of_locations`.
    groups_of_locations: Vec<GroupId>,
    /// Where each element of `of_locations` stands.
    spots: Vec<Spot>,
    /// The files of spots, by number.
    texts: Vec<Arc<str>>,
    hashes: StackHashes,
    /// The group of each label set, where rows stand for values of a label.
    groups_of_labels: Vec<GroupId>,
}

impl Keys {
    /// The keys of `frames` at a granularity.
    pub(super) fn new(
        symbols: &Symbols,
        snapshots: &[Snapshot],
        frames: &Frames<'_>,
        granularity: Granularity,
        functions: Functions,
        nameless: Nameless,
    ) -> Self {
        let mut builder = Builder::new(symbols, snapshots, granularity, functions, nameless);
        let mut starts = Vec::with_capacity(frames.len() + 1);
        let mut of_locations = Vec::with_capacity(frames.len());
        let mut visible = Vec::with_capacity(frames.len());
        let mut spots = Vec::with_capacity(frames.len());
        starts.push(0);
        for (location, lines) in symbols.locations().zip(frames) {
            visible.extend(positions(&location.lines, lines));
            for line in lines.iter() {
                let (key, file) = builder.key(location, line);
                of_locations.push(key);
                spots.push(Spot { file, line: line.line });
            }
            starts.push(of_locations.len() as u32);
        }
        let of_range = |range: &[u32]| &of_locations[range[0] as usize..range[1] as usize];
        let hashes = StackHashes::new(starts.windows(2).map(of_range));
        let Built { keys, origins, groups_of, groups, texts } = builder.finish();
        let groups_of_locations = of_locations.iter().map(|key| groups_of[key.index()]).collect();
        Self {
            keys,
            origins,
            groups_of,
            groups,
            starts,
            of_locations,
            visible,
            groups_of_locations,
            spots,
            texts,
            hashes,
            groups_of_labels: Vec::new(),
        }
    }

    /// Says that the code of the program is what matches one of these patterns, and nothing else, if there are any.
    ///
    /// Returns those that match nothing.
    pub(super) fn declare_application<'a>(&mut self, app: &'a [Glob]) -> impl Iterator<Item = &'a Glob> {
        let mut has_matched = vec![false; app.len()];
        for (key, origin) in self.keys.iter().zip(&mut self.origins) {
            let matching = app.iter().zip(&mut has_matched).filter(|(glob, _)| key.is_like(glob));
            let matching = matching.map(|(_, has_matched)| *has_matched = true).count();
            *origin = match (matching, *origin) {
                _ if app.is_empty() => *origin,
                (1.., _) => Origin::Application,
                (0, Origin::Application) => Origin::Dependency,
                (0, origin) => origin,
            };
        }
        app.iter().zip(has_matched).filter(|(_, has_matched)| !has_matched).map(|(glob, _)| glob)
    }

    /// Says that code of the program is of a dependency after all.
    pub(super) fn set_dependencies(&mut self, is_dependency: impl Fn(&Key) -> bool) {
        for (key, origin) in self.keys.iter().zip(&mut self.origins) {
            if *origin == Origin::Application && is_dependency(key) {
                *origin = Origin::Dependency;
            }
        }
    }

    /// Says that rows stand for these texts, one for each label set; each is a group of its own.
    pub(super) fn group_by_labels(&mut self, key: &str, texts: Vec<String>) {
        let mut known: HashMap<String, GroupId> = HashMap::default();
        let of_text = |text: String| {
            *known.entry(text).or_insert_with_key(|name| {
                let canonical = format!("{key}={name}");
                self.groups.push(Group { name: name.clone(), canonical, file: String::new(), line: 0 });
                GroupId(self.groups.len() as u32 - 1)
            })
        };
        self.groups_of_labels = texts.into_iter().map(of_text).collect();
    }

    /// The group of a label set, where rows stand for values of a label.
    pub fn group_of_labels(&self, labels: LabelsId) -> Option<GroupId> {
        self.groups_of_labels.get(labels.index()).copied()
    }

    /// A hash of the keys of a stack.
    pub(super) fn hash(&self, stack: &[LocationId]) -> u64 {
        self.hashes.of(stack)
    }

    /// The keys of a location's frames, innermost first.
    pub fn of_location(&self, location: LocationId) -> &[KeyId] {
        let at = location.index();
        &self.of_locations[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The frames of a stack, leaf first: each with where it stands.
    pub fn frames<'a>(
        &'a self,
        stack: &'a [LocationId],
    ) -> impl DoubleEndedIterator<Item = (KeyId, Spot)> + Clone + 'a {
        stack.iter().flat_map(|location| self.frame_numbers(*location)).map(|number| self.frame(number))
    }

    /// How many frames all locations have together.
    pub fn frame_count(&self) -> usize {
        self.of_locations.len()
    }

    /// The frames of a location, innermost first, by their numbers among those of all locations.
    pub fn frame_numbers(&self, location: LocationId) -> Range<usize> {
        self.starts[location.index()] as usize..self.starts[location.index() + 1] as usize
    }

    /// A frame by its number.
    pub fn frame(&self, number: usize) -> (KeyId, Spot) {
        (self.of_locations[number], self.spots[number])
    }

    /// The group of a frame.
    pub fn group_of_frame(&self, number: usize) -> GroupId {
        self.groups_of_locations[number]
    }

    /// The keys of a stack, leaf first.
    pub fn of_stack<'a>(&'a self, stack: &'a [LocationId]) -> impl DoubleEndedIterator<Item = KeyId> + 'a {
        stack.iter().flat_map(|location| self.of_location(*location)).copied()
    }

    /// Which of a location's own lines are visible, innermost first; 0 for one that has no symbols.
    pub fn visible_lines(&self, location: LocationId) -> &[u32] {
        let at = location.index();
        &self.visible[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The groups of a location's frames, innermost first.
    pub fn groups_of_location(&self, location: LocationId) -> &[GroupId] {
        let at = location.index();
        &self.groups_of_locations[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The groups of a stack, leaf first.
    pub fn groups_of_stack<'a>(&'a self, stack: &'a [LocationId]) -> impl Iterator<Item = GroupId> + 'a {
        stack.iter().flat_map(|location| self.groups_of_location(*location)).copied()
    }

    /// The file of a spot, relative to its package; empty when not stated.
    pub fn file(&self, spot: Spot) -> &str {
        &self.texts[spot.file as usize]
    }

    /// Whose code a frame is.
    pub fn origin(&self, id: KeyId) -> Origin {
        self.origins[id.index()]
    }

    /// The group that a frame is counted in.
    pub fn group_of(&self, id: KeyId) -> GroupId {
        self.groups_of[id.index()]
    }

    /// A key.
    pub fn key(&self, id: KeyId) -> &Key {
        &self.keys[id.index()]
    }

    /// A group.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.index()]
    }

    /// For each key, in the order of its id, whether a pattern matches it.
    pub fn like(&self, glob: &Glob) -> Vec<bool> {
        self.keys.iter().map(|key| key.is_like(glob)).collect()
    }

    /// Every key in the order of its id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Key> {
        self.keys.iter()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How many groups there are.
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }
}

/// Where in `all` the lines of `some` stand, which are a part of it in the same order.
fn positions(all: &[Line], some: &[Line]) -> impl Iterator<Item = u32> {
    let mut from = 0;
    some.iter().map(move |line| {
        let at = from + all[from..].iter().position(|other| other == line).unwrap_or_default();
        from = (at + 1).min(all.len());
        at as u32
    })
}
