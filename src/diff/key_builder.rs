//! Hands out keys: what a frame is compared by and shown as.
//!
//! In: the functions of the run by class, locations and lines. Out: the same number for frames that are the same at the
//! granularity asked for. Invariant: names shown do not depend on the order of samples or snapshots.
//! Knows nothing of stacks.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::model::hash::{HashMap, HashSet};
use crate::model::name::{self, Origin};
use crate::model::{Line, Location, MappingId, Snapshot, StringId, Symbols};

use super::identity::{Class, Functions};
use super::key::{Granularity, Group, GroupId, Key, KeyId};

/// What makes a frame the same: the parts that the granularity does not look at are left at their defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Identity {
    class: u32,
    file: u32,
    line: i64,
    place: Option<(Option<MappingId>, u64)>,
}

/// Texts by number.
#[derive(Default)]
struct Texts {
    ids: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    fn number(&mut self, text: &Arc<str>) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.texts.len() as u32;
        self.texts.push(text.clone());
        self.ids.insert(text.clone(), id);
        id
    }

    fn get(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }
}

/// What a builder has handed out.
pub(super) struct Built {
    pub keys: Vec<Key>,
    /// Whose code each key is.
    pub origins: Vec<Origin>,
    /// The group of each key.
    pub groups_of: Vec<GroupId>,
    pub groups: Vec<Group>,
    /// Files by number.
    pub texts: Vec<Arc<str>>,
}

/// How frames without a name are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nameless {
    /// Not at all, but by their binary, as pprof does.
    Merged,
    /// By their line, where it is known, else by their address.
    Apart,
}

/// Hands out keys.
pub(super) struct Builder<'a> {
    symbols: &'a Symbols,
    granularity: Granularity,
    nameless: Nameless,
    /// The main binaries of the snapshots.
    binaries: HashSet<&'a str>,
    texts: Texts,
    /// The class of each function and the number of its file.
    functions: Vec<(u32, u32)>,
    /// Those of functions, then those of frames without a name.
    classes: Vec<Class>,
    /// The class of each name that was made for a frame without one.
    made: HashMap<String, u32>,
    ids: HashMap<Identity, KeyId>,
    keys: Vec<Key>,
    origins: Vec<Origin>,
    groups_of: Vec<GroupId>,
    groups: Vec<Group>,
    group_ids: HashMap<String, GroupId>,
}

impl<'a> Builder<'a> {
    pub fn new(
        symbols: &'a Symbols,
        snapshots: &'a [Snapshot],
        granularity: Granularity,
        functions: Functions,
        nameless: Nameless,
    ) -> Self {
        let mut texts = Texts::default();
        let Functions { class_of, files, classes, .. } = functions;
        Self {
            symbols,
            granularity,
            nameless,
            binaries: snapshots.iter().map(|snapshot| snapshot.header.binary.as_str()).collect(),
            functions: class_of.into_iter().zip(files.iter().map(|file| texts.number(file))).collect(),
            texts,
            classes,
            made: HashMap::default(),
            ids: HashMap::default(),
            keys: Vec::new(),
            origins: Vec::new(),
            groups_of: Vec::new(),
            groups: Vec::new(),
            group_ids: HashMap::default(),
        }
    }

    /// What was handed out.
    pub fn finish(self) -> Built {
        let Self { keys, origins, groups_of, groups, texts, .. } = self;
        Built { keys, origins, groups_of, groups, texts: texts.texts }
    }

    /// The key of a frame, and the text of its file.
    pub fn key(&mut self, location: &Location, line: &Line) -> (KeyId, u32) {
        let named = line.function.filter(|function| self.symbols.function(*function).name != StringId::EMPTY);
        let (class, file) = match named {
            Some(function) => self.functions[function.index()],
            None => self.nameless(location, line),
        };
        let id = match self.ids.entry(self.identity(location, line, class, file)) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                let id = *entry.insert(KeyId(self.keys.len() as u32));
                self.push_key(location, line, class, file);
                id
            }
        };
        (id, file)
    }

    fn identity(&self, location: &Location, line: &Line, class: u32, file: u32) -> Identity {
        let by_name = Identity { class, ..Identity::default() };
        let by_file = Identity { file: file + 1, ..by_name };
        let by_line = Identity { line: line.line, ..by_file };
        match self.granularity {
            Granularity::Function | Granularity::Package | Granularity::Stack | Granularity::Label => by_name,
            Granularity::File => by_file,
            Granularity::Line => by_line,
            Granularity::Address => Identity { place: Some((location.mapping, location.address)), ..by_line },
        }
    }

    /// The class of a frame without a name, and the number of its file.
    fn nameless(&mut self, location: &Location, line: &Line) -> (u32, u32) {
        let file = line.function.map_or(StringId::EMPTY, |function| self.symbols.function(function).file);
        let file: Arc<str> = name::relative_file("", self.symbols.str(file)).into();
        let mapping = location.mapping.map(|mapping| self.symbols.mapping(mapping));
        let binary = self.symbols.str(mapping.map_or(StringId::EMPTY, |mapping| mapping.file));
        let address = location.address.wrapping_add(mapping.map_or(0, |mapping| mapping.offset));
        let name = self.made_name(binary, address, &file, line.line);
        let number = self.texts.number(&file);
        if let Some(class) = self.made.get(&name) {
            return (*class, number);
        }
        let is_told_apart = !name.starts_with(['[', '<']) || name.contains(' ');
        let is_own = is_told_apart && !binary.is_empty() && self.binaries.contains(binary);
        let origin = if is_own { name::origin("", &file) } else { Origin::Dependency };
        let class = self.classes.len() as u32;
        self.made.insert(name.clone(), class);
        self.classes.push(Class { canonical: name.clone(), name, canonical_0_1: None, file, origin });
        (class, number)
    }

    /// What a frame without a name is called: by its binary, as in pprof, and where that would merge most of a profile
    /// or the source is known, by what tells it apart from others there.
    fn made_name(&self, binary: &str, address: u64, file: &str, line: i64) -> String {
        let base = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let (file_name, binary) = match base(binary) {
            empty if empty.is_empty() => (empty, "<unknown>".to_owned()),
            name => (name.clone(), format!("[{name}]")),
        };
        match self.nameless {
            Nameless::Merged => binary,
            _ if !file.is_empty() && line > 0 => format!("{binary} {}:{line}", base(file)),
            _ if !file.is_empty() => format!("{binary} {}", base(file)),
            // By address the row has it already.
            Nameless::Apart if self.granularity != Granularity::Address && address > 0 => {
                if file_name.is_empty() {
                    format!("{address:#x} {binary}")
                } else {
                    format!("{file_name}+{address:#x}")
                }
            }
            _ => binary,
        }
    }

    fn push_key(&mut self, location: &Location, line: &Line, class: u32, file: u32) {
        let Class { name, canonical, canonical_0_1, origin, .. } = self.classes[class as usize].clone();
        let name = match self.granularity {
            Granularity::Address => format!("{:#x} {name}", location.address),
            _ => name,
        };
        let is_by_line = matches!(self.granularity, Granularity::Line | Granularity::Address);
        let is_by_file = is_by_line || self.granularity == Granularity::File;
        let file =
            if is_by_file { self.texts.get(file).to_owned() } else { self.classes[class as usize].file.to_string() };
        let line = if is_by_line { line.line } else { 0 };
        let key = Key { name: name.into(), canonical, canonical_0_1, file, line, function: class };
        let group = self.group(&key);
        self.keys.push(key);
        self.origins.push(origin);
        self.groups_of.push(group);
    }

    fn group(&mut self, key: &Key) -> GroupId {
        let nameless =
            |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        let shared = match self.granularity {
            Granularity::File => Some((nameless(&key.file, "(no file)"), key.file.clone())),
            Granularity::Package => Some((nameless(&name::package(&key.canonical), "(no package)"), String::new())),
            _ => None,
        };
        let next = GroupId(self.groups.len() as u32);
        let Some((name, file)) = shared else {
            let Key { name, canonical, file, line, .. } = key.clone();
            self.groups.push(Group { name: name.to_string(), canonical, file, line });
            return next;
        };
        if let Some(id) = self.group_ids.get(&name) {
            return *id;
        }
        self.group_ids.insert(name.clone(), next);
        self.groups.push(Group { canonical: name.clone(), name, file, line: 0 });
        next
    }
}
