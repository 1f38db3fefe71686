//! Hands out keys: what a frame is compared by and shown as.
//!
//! In: functions, files and lines as the profiles spell them. Out: the same number for frames that are the same at the
//! granularity asked for. Invariant: names shown do not depend on the order of samples or snapshots.
//! Knows nothing of stacks.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::model::name::{self, Origin};
use crate::model::{FunctionId, Line, Location, MappingId, StringId, Symbols};

use super::key::{Granularity, Group, GroupId, Key, KeyId};
use super::normalize::{Spelling, normalize, rehome};

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

/// What a builder has handed out.
pub(super) struct Built {
    pub keys: Vec<Key>,
    /// Whose code each key is.
    pub origins: Vec<Origin>,
    /// The group of each key.
    pub groups_of: Vec<GroupId>,
    pub groups: Vec<Group>,
    /// Names and files by number.
    pub texts: Vec<String>,
}

/// Hands out keys.
pub(super) struct Builder<'a> {
    symbols: &'a Symbols,
    granularity: Granularity,
    spelling: Spelling,
    /// The package of each directory, to lead closures back to theirs.
    homes: FxHashMap<&'a str, Cow<'a, str>>,
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
    pub fn new(symbols: &'a Symbols, granularity: Granularity, spelling: Spelling) -> Self {
        Self {
            symbols,
            granularity,
            spelling,
            homes: homes(symbols),
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

    /// The name a function is compared under.
    fn compared(&self, name: &str, file: &str) -> String {
        match self.spelling {
            Spelling::AcrossBuilds => self.canonical(name, file),
            spelling => normalize(name, spelling).into_owned(),
        }
    }

    /// The name of a function in every build.
    fn canonical(&self, name: &str, file: &str) -> String {
        let normalized = normalize(name, Spelling::AcrossBuilds);
        let home = directory(file).and_then(|directory| self.homes.get(directory));
        home.and_then(|home| rehome(&normalized, home)).unwrap_or_else(|| normalized.into_owned())
    }

    fn spelled(&mut self, id: FunctionId) -> Spelled {
        if let Some(spelled) = self.functions[id.index()] {
            return spelled;
        }
        let function = self.symbols.function(id);
        let (name, file) = (self.symbols.str(function.name), self.symbols.str(function.file));
        let normalized = self.compared(name, file);
        let spelled = Spelled {
            normalized: self.text(Cow::Owned(normalized)),
            file: self.text(Cow::Owned(name::relative_file(name, file))),
            origin: name::origin(name, file),
        };
        self.functions[id.index()] = Some(spelled);
        spelled
    }

    /// What was handed out.
    pub fn finish(self) -> Built {
        let Self { keys, origins, groups_of, groups, texts, .. } = self;
        Built { keys, origins, groups_of, groups, texts: in_order(texts) }
    }

    /// The key of a frame, and the text of its file.
    pub fn key(&mut self, location: &Location, line: &Line) -> (KeyId, u32) {
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
        let (normalized, canonical, file) = match line.function {
            Some(function) => {
                let file = self.symbols.str(self.symbols.function(function).file);
                (self.compared(name, file), self.canonical(name, file), name::relative_file(name, file))
            }
            None => (name.to_owned(), name.to_owned(), String::new()),
        };
        let mut shown = shown_name(name, self.spelling);
        if self.granularity == Granularity::Address {
            shown = format!("{:#x} {shown}", location.address);
        }
        let line = if matches!(self.granularity, Granularity::Line | Granularity::Address) { line.line } else { 0 };
        let group = self.group(&shown, &canonical, &file, line);
        self.keys.push(Key { name: shown, normalized, canonical, file, line });
        self.origins.push(origin);
        self.groups_of.push(group);
    }

    fn group(&mut self, name: &str, canonical: &str, file: &str, line: i64) -> GroupId {
        let next = GroupId(self.groups.len() as u32);
        let nameless =
            |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        let (shared, group) = match self.granularity {
            Granularity::File => {
                let name = nameless(file, "(no file)");
                (true, Group { name: name.clone(), canonical: name, file: file.to_owned(), line: 0 })
            }
            Granularity::Package => {
                let name = nameless(&name::package(canonical), "(no package)");
                (true, Group { name: name.clone(), canonical: name, file: String::new(), line: 0 })
            }
            _ => {
                let (name, canonical) = (name.to_owned(), canonical.to_owned());
                (false, Group { name, canonical, file: file.to_owned(), line })
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

/// The directory of a file.
fn directory(file: &str) -> Option<&str> {
    file.rsplit_once(['/', '\\']).map(|(directory, _)| directory)
}

/// The package whose functions lie in each directory. Where there are several (functions are linked into other
/// packages, inlined closures carry the name of their caller), it is the one named like the directory.
fn homes(symbols: &Symbols) -> FxHashMap<&str, Cow<'_, str>> {
    let mut homes: FxHashMap<&str, Cow<'_, str>> = FxHashMap::default();
    for function in symbols.functions() {
        let Some(directory) = directory(symbols.str(function.file)) else { continue };
        let package = name::package(symbols.str(function.name));
        let rank = |package: &str| (last(package) != last(directory), package.to_owned());
        let known = homes.entry(directory).or_insert_with(|| package.clone());
        if rank(&package) < rank(known) {
            *known = package;
        }
    }
    homes
}

fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
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
