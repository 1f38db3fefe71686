//! When two frames of different snapshots are the same: the key of a frame, and the row it is counted in.
//!
//! In: the visible lines of every location, a granularity, a spelling. Out: a sequence of keys per location.
//! Invariant: frames with equal keys are the same frame in every snapshot of the run.
//! Knows nothing of values.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::model::name::{self, Origin};
use crate::model::{FunctionId, Line, Location, LocationId, MappingId, StringId, Symbols};

use super::filter::Frames;
use super::normalize::{Spelling, normalize};

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
    /// The function's name: as the profiles spell it where they agree, else normalised.
    pub name: String,
    /// The name under which it is compared.
    pub normalized: String,
    /// Its file, relative to its package; empty when not stated. Where the granularity has no files, the first one seen.
    pub file: String,
    /// Its line where the granularity has one, else 0.
    pub line: i64,
}

/// A row's name and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Function, file or package.
    pub name: String,
    /// The text its fingerprint is made from: the same across builds.
    pub normalized: String,
    /// The file, relative to its package; empty when the row has none.
    pub file: String,
    /// The line where the granularity has one, else 0.
    pub line: i64,
}

/// What makes a frame the same: the parts that the granularity does not look at are left at their defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Identity {
    name: u32,
    file: u32,
    line: i64,
    place: Option<(Option<MappingId>, u64)>,
}

/// A function's name and file as they are compared.
#[derive(Debug, Clone, Copy)]
struct Spelled {
    normalized: u32,
    file: u32,
    origin: Origin,
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
    /// The texts that the keys and spots were made from: names and files, by number.
    texts: Vec<String>,
    hashes: Vec<Affine>,
}

/// What a location does to the hash of a stack: `hash * factor + summand`, modulo 2^64. Doing so location by location
/// gives the same as key by key, so that it does not matter how frames are split into locations.
#[derive(Debug, Clone, Copy)]
struct Affine {
    factor: u64,
    summand: u64,
}

impl Affine {
    fn of(keys: &[KeyId]) -> Self {
        const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
        let start = Self { factor: 1, summand: 0 };
        keys.iter().fold(start, |Self { factor, summand }, key| Self {
            factor: factor.wrapping_mul(BASE),
            summand: summand.wrapping_mul(BASE).wrapping_add(scramble(u64::from(key.0) + 1)),
        })
    }
}

/// Spreads the bits of a number over all 64 (the last step of splitmix64).
fn scramble(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Keys {
    /// The keys of `frames` at a granularity.
    pub(super) fn new(symbols: &Symbols, frames: &Frames<'_>, granularity: Granularity, spelling: Spelling) -> Self {
        let mut builder = Builder::new(symbols, granularity, spelling);
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
        let of_range = |range: &[u32]| Affine::of(&of_locations[range[0] as usize..range[1] as usize]);
        let hashes = starts.windows(2).map(of_range).collect();
        let Builder { keys, origins, groups_of, groups, texts, .. } = builder;
        let groups_of_locations = of_locations.iter().map(|key| groups_of[key.index()]).collect();
        let texts = in_order(texts);
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
        }
    }

    /// A hash of the keys of a stack.
    pub(super) fn hash(&self, stack: &[LocationId]) -> u64 {
        let step = |hash: u64, location: &LocationId| {
            let Affine { factor, summand } = self.hashes[location.index()];
            hash.wrapping_mul(factor).wrapping_add(summand)
        };
        scramble(stack.iter().fold(0, step))
    }

    /// The keys of a location's frames, innermost first.
    pub fn of_location(&self, location: LocationId) -> &[KeyId] {
        let at = location.index();
        &self.of_locations[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The frames of a stack, leaf first: each with where it stands.
    pub fn frames<'a>(&'a self, stack: &'a [LocationId]) -> impl DoubleEndedIterator<Item = (KeyId, Spot)> + 'a {
        let range =
            |location: &LocationId| self.starts[location.index()] as usize..self.starts[location.index() + 1] as usize;
        stack.iter().flat_map(range).map(|at| (self.of_locations[at], self.spots[at]))
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

    /// The groups of a stack, leaf first.
    pub fn groups_of_stack<'a>(&'a self, stack: &'a [LocationId]) -> impl Iterator<Item = GroupId> + 'a {
        let range = |location: &LocationId| {
            let at = location.index();
            &self.groups_of_locations[self.starts[at] as usize..self.starts[at + 1] as usize]
        };
        stack.iter().flat_map(range).copied()
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

/// Hands out keys.
struct Builder<'a> {
    symbols: &'a Symbols,
    granularity: Granularity,
    spelling: Spelling,
    texts: FxHashMap<String, u32>,
    functions: Vec<Option<Spelled>>,
    ids: FxHashMap<Identity, KeyId>,
    keys: Vec<Key>,
    origins: Vec<Origin>,
    groups_of: Vec<GroupId>,
    groups: Vec<Group>,
    group_ids: FxHashMap<String, GroupId>,
}

impl<'a> Builder<'a> {
    fn new(symbols: &'a Symbols, granularity: Granularity, spelling: Spelling) -> Self {
        Self {
            symbols,
            granularity,
            spelling,
            texts: FxHashMap::default(),
            functions: vec![None; symbols.function_count()],
            ids: FxHashMap::default(),
            keys: Vec::new(),
            origins: Vec::new(),
            groups_of: Vec::new(),
            groups: Vec::new(),
            group_ids: FxHashMap::default(),
        }
    }

    fn text(&mut self, text: Cow<'_, str>) -> u32 {
        let next = self.texts.len() as u32;
        match self.texts.get(&*text) {
            Some(id) => *id,
            None => *self.texts.entry(text.into_owned()).or_insert(next),
        }
    }

    fn spelled(&mut self, id: FunctionId) -> Spelled {
        if let Some(spelled) = self.functions[id.index()] {
            return spelled;
        }
        let function = self.symbols.function(id);
        let (name, file) = (self.symbols.str(function.name), self.symbols.str(function.file));
        let spelled = Spelled {
            normalized: self.text(normalize(name, self.spelling)),
            file: self.text(Cow::Owned(name::relative_file(name, file))),
            origin: name::origin(name, file),
        };
        self.functions[id.index()] = Some(spelled);
        spelled
    }

    /// The key of a frame, and the text of its file.
    fn key(&mut self, location: &Location, line: &Line) -> (KeyId, u32) {
        let (name, spelled) = match line.function {
            Some(function) => {
                let name = self.symbols.str(self.symbols.function(function).name);
                (Cow::Borrowed(name), self.spelled(function))
            }
            None => {
                let name = self.unknown_name(location);
                let normalized = self.text(Cow::Borrowed(&name));
                let file = self.text(Cow::Borrowed(""));
                (Cow::Owned(name), Spelled { normalized, file, origin: Origin::Dependency })
            }
        };
        let identity = self.identity(location, line, spelled);
        let id = match self.ids.entry(identity) {
            Entry::Occupied(entry) => {
                let id = *entry.get();
                self.merge_name(id, &name);
                self.merge_origin(id, spelled.origin);
                id
            }
            Entry::Vacant(entry) => {
                let id = *entry.insert(KeyId(self.keys.len() as u32));
                self.push_key(location, line, &name, spelled.origin);
                id
            }
        };
        (id, spelled.file)
    }

    fn identity(&self, location: &Location, line: &Line, spelled: Spelled) -> Identity {
        let by_name = Identity { name: spelled.normalized, ..Identity::default() };
        let by_file = Identity { file: spelled.file + 1, ..by_name };
        let by_line = Identity { line: line.line, ..by_file };
        match self.granularity {
            Granularity::Function | Granularity::Package | Granularity::Stack => by_name,
            Granularity::File => by_file,
            Granularity::Line => by_line,
            Granularity::Address => Identity { place: Some((location.mapping, location.address)), ..by_line },
        }
    }

    /// The name of a frame without symbols: its binary, as in pprof, or its address where rows are addresses.
    fn unknown_name(&self, location: &Location) -> String {
        let binary = location.mapping.map_or(StringId::EMPTY, |mapping| self.symbols.mapping(mapping).file);
        match self.symbols.str(binary).rsplit(['/', '\\']).next() {
            Some(base) if !base.is_empty() => format!("[{base}]"),
            _ => "<unknown>".to_owned(),
        }
    }

    fn push_key(&mut self, location: &Location, line: &Line, name: &str, origin: Origin) {
        let normalized = normalize(name, self.spelling).into_owned();
        let file = match line.function {
            Some(function) => name::relative_file(name, self.symbols.str(self.symbols.function(function).file)),
            None => String::new(),
        };
        let mut shown = shown_name(name, self.spelling);
        if self.granularity == Granularity::Address {
            shown = format!("{:#x} {shown}", location.address);
        }
        let line = if matches!(self.granularity, Granularity::Line | Granularity::Address) { line.line } else { 0 };
        let group = self.group(&shown, &normalized, &file, line);
        self.keys.push(Key { name: shown, normalized, file, line });
        self.origins.push(origin);
        self.groups_of.push(group);
    }

    fn group(&mut self, name: &str, normalized: &str, file: &str, line: i64) -> GroupId {
        let next = GroupId(self.groups.len() as u32);
        let nameless =
            |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        let (shared, group) = match self.granularity {
            Granularity::File => {
                let name = nameless(file, "(no file)");
                (true, Group { name: name.clone(), normalized: name, file: file.to_owned(), line: 0 })
            }
            Granularity::Package => {
                let name = nameless(&name::package(normalized), "(no package)");
                (true, Group { name: name.clone(), normalized: name, file: String::new(), line: 0 })
            }
            _ => {
                let (name, normalized) = (name.to_owned(), normalized.to_owned());
                (false, Group { name, normalized, file: file.to_owned(), line })
            }
        };
        if shared && let Some(id) = self.group_ids.get(&group.name) {
            return *id;
        }
        if shared {
            self.group_ids.insert(group.name.clone(), next);
        }
        self.groups.push(group);
        next
    }

    /// Functions of one name in several files are the user's own code if one of them is.
    fn merge_origin(&mut self, id: KeyId, origin: Origin) {
        let merged = &mut self.origins[id.index()];
        *merged = origin.min(*merged);
    }

    /// Where snapshots spell one function differently, it is shown by the name it is compared under.
    fn merge_name(&mut self, id: KeyId, name: &str) {
        let key = &mut self.keys[id.index()];
        if self.granularity == Granularity::Address || key.name == name || key.name == key.normalized {
            return;
        }
        if shown_name(name, self.spelling) != key.name {
            key.name.clone_from(&key.normalized);
            let group = &mut self.groups[self.groups_of[id.index()].index()];
            if matches!(self.granularity, Granularity::Function | Granularity::Line | Granularity::Stack) {
                group.name.clone_from(&key.name);
            }
        }
    }
}

/// Texts by their numbers, which are 0, 1, 2 ...
fn in_order(numbered: FxHashMap<String, u32>) -> Vec<String> {
    let mut texts = vec![String::new(); numbered.len()];
    for (text, number) in numbered {
        texts[number as usize] = text;
    }
    texts
}

/// A name as it is shown: whole, but for the text of type arguments.
fn shown_name(name: &str, spelling: Spelling) -> String {
    match name.find('[') {
        Some(_) if spelling != Spelling::Exact => normalize(name, Spelling::SameBuild).into_owned(),
        _ => name.to_owned(),
    }
}
