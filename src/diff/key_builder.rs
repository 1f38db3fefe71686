//! Hands out keys: what a frame is compared by and shown as.
//!
//! In: functions, files and lines as the profiles spell them. Out: the same number for frames that are the same at the
//! granularity asked for. Invariant: names shown do not depend on the order of samples or snapshots.
//! Knows nothing of stacks.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rayon::prelude::*;
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

/// A function's names and file, as numbers of texts.
#[derive(Debug, Clone, Copy)]
struct Spelled {
    /// The name it is compared under.
    normalized: u32,
    /// Its name in every build.
    canonical: u32,
    /// Its file, relative to its package.
    file: u32,
    origin: Origin,
}

/// Texts by number.
#[derive(Default)]
struct Texts {
    ids: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.texts.len() as u32;
        let text: Arc<str> = Arc::from(text);
        self.texts.push(text.clone());
        self.ids.insert(text, id);
        id
    }

    fn get(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }
}

/// The module of package main with its version, `example.com/app@v1.2.0/`, where the program was installed by version: it
/// lies in the module cache like what it depends on.
fn main_module(symbols: &Symbols) -> Option<&str> {
    symbols.functions().find_map(|function| {
        let file = symbols.str(function.file);
        let is_main = symbols.str(function.name).starts_with("main.");
        let version = is_main.then(|| file.find("@v")).flatten()?;
        Some(&file[..version + file[version..].find('/')? + 1])
    })
}

/// How every function of the run is spelled.
fn spell_all(symbols: &Symbols, spelling: Spelling, texts: &mut Texts) -> Vec<Spelled> {
    let homes = homes(symbols);
    let main = main_module(symbols);
    let spell = |id: u32| {
        let function = symbols.function(FunctionId(id));
        let (name, file) = (symbols.str(function.name), symbols.str(function.file));
        let home = directory(file).and_then(|directory| homes.get(directory));
        let normalized = normalize(name, Spelling::AcrossBuilds);
        let canonical = home.and_then(|home| rehome(&normalized, home)).map_or(normalized, Cow::Owned);
        let compared = match spelling {
            Spelling::AcrossBuilds => canonical.clone(),
            spelling => normalize(name, spelling),
        };
        let origin = match name::origin(name, file) {
            Origin::Dependency if main.is_some_and(|main| file.contains(main)) => Origin::Application,
            origin => origin,
        };
        (compared, canonical, name::relative_file(name, file), origin)
    };
    let count = symbols.function_count() as u32;
    let spelled: Vec<_> = (0..count).into_par_iter().with_min_len(512).map(spell).collect();
    let mut number = |(compared, canonical, file, origin): (Cow<'_, str>, Cow<'_, str>, String, Origin)| Spelled {
        normalized: texts.number(&compared),
        canonical: texts.number(&canonical),
        file: texts.number(&file),
        origin,
    };
    spelled.into_iter().map(&mut number).collect()
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
    pub texts: Vec<Arc<str>>,
}

/// Hands out keys.
pub(super) struct Builder<'a> {
    symbols: &'a Symbols,
    granularity: Granularity,
    spelling: Spelling,
    texts: Texts,
    functions: Vec<Spelled>,
    ids: FxHashMap<Identity, KeyId>,
    keys: Vec<Key>,
    origins: Vec<Origin>,
    groups_of: Vec<GroupId>,
    groups: Vec<Group>,
    group_ids: FxHashMap<String, GroupId>,
}

impl<'a> Builder<'a> {
    pub fn new(symbols: &'a Symbols, granularity: Granularity, spelling: Spelling) -> Self {
        let mut texts = Texts::default();
        Self {
            symbols,
            granularity,
            spelling,
            functions: spell_all(symbols, spelling, &mut texts),
            texts,
            ids: FxHashMap::default(),
            keys: Vec::new(),
            origins: Vec::new(),
            groups_of: Vec::new(),
            groups: Vec::new(),
            group_ids: FxHashMap::default(),
        }
    }

    /// What was handed out.
    pub fn finish(self) -> Built {
        let Self { keys, origins, groups_of, groups, texts, .. } = self;
        Built { keys, origins, groups_of, groups, texts: texts.texts }
    }

    /// The key of a frame, and the text of its file.
    pub fn key(&mut self, location: &Location, line: &Line) -> (KeyId, u32) {
        let (name, spelled) = match line.function {
            Some(function) => {
                let name = self.symbols.str(self.symbols.function(function).name);
                (Cow::Borrowed(name), self.functions[function.index()])
            }
            None => {
                let name = self.unknown_name(location);
                let number = self.texts.number(&name);
                let file = self.texts.number("");
                let spelled = Spelled { normalized: number, canonical: number, file, origin: Origin::Dependency };
                (Cow::Owned(name), spelled)
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
                self.push_key(location, line, &name, spelled);
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

    /// The name of a frame without symbols: its binary, as in pprof.
    fn unknown_name(&self, location: &Location) -> String {
        let binary = location.mapping.map_or(StringId::EMPTY, |mapping| self.symbols.mapping(mapping).file);
        match self.symbols.str(binary).rsplit(['/', '\\']).next() {
            Some(base) if !base.is_empty() => format!("[{base}]"),
            _ => "<unknown>".to_owned(),
        }
    }

    fn push_key(&mut self, location: &Location, line: &Line, name: &str, spelled: Spelled) {
        let text = |number| self.texts.get(number).to_owned();
        let (normalized, canonical, file) = (text(spelled.normalized), text(spelled.canonical), text(spelled.file));
        let mut shown = shown_name(name, self.spelling);
        if self.granularity == Granularity::Address {
            shown = format!("{:#x} {shown}", location.address);
        }
        let line = if matches!(self.granularity, Granularity::Line | Granularity::Address) { line.line } else { 0 };
        let group = self.group(&shown, &canonical, &file, line);
        self.keys.push(Key { name: shown, normalized, canonical, file, line });
        self.origins.push(spelled.origin);
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
        if *known != package && rank(&package) < rank(known) {
            *known = package;
        }
    }
    homes
}

fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A name as it is shown: whole, but for the text of type arguments.
fn shown_name(name: &str, spelling: Spelling) -> String {
    match name.find('[') {
        Some(_) if spelling != Spelling::Exact => normalize(name, Spelling::SameBuild).into_owned(),
        _ => name.to_owned(),
    }
}
