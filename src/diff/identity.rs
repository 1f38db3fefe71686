//! Which functions of a run are one, and what it is called.
//!
//! In: the functions that the profiles name, and which builds they stand in. Out: for each the number of its class.
//! Invariant: in one build or one process nothing that tells two functions apart is dropped; between builds exact names
//! (and files, where a name reaches no further) are matched first, and only what is left over by its normal form.
//! Knows nothing of stacks and values.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::hash::{HashMap, HashSet};
use crate::model::name::{self, Origin, components, demangle, is_go, is_local};
use crate::model::{Function, FunctionId, Snapshot, StringId, Symbols};

use super::normalize::{brief, normal_form, normal_form_0_1, rehome};
use super::partners::{Builds, Candidate, Folders, partners};

/// How much two snapshots may differ in what they call one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Names are compared byte by byte, and nothing but names.
    Exact,
    /// One build or one process made all snapshots: what tells two functions apart in one does so in all.
    OneBuild,
    /// Snapshots of one build id are of one build, each other one is of its own.
    AcrossBuilds,
}

/// Functions that are one.
#[derive(Debug, Clone)]
pub(super) struct Class {
    /// What it is shown as.
    pub name: String,
    /// Its name in every build, with its file where the name reaches no further.
    pub canonical: String,
    /// Its canonical name in version 0.1, where that was another.
    pub canonical_0_1: Option<String>,
    /// Its file: as the newest profile has it, relative to its package.
    pub file: Arc<str>,
    pub origin: Origin,
}

/// The functions of a run by id.
#[derive(Debug, Clone)]
pub(super) struct Functions {
    /// The class of each.
    pub class_of: Vec<u32>,
    /// The file of each, relative to its package.
    pub files: Vec<Arc<str>>,
    pub classes: Vec<Class>,
    /// Whether some were matched though they are not spelled or filed alike.
    pub has_guesses: bool,
}

/// What can be said of one function alone.
struct Described<'a> {
    name: &'a str,
    spelled: &'a str,
    source: &'a str,
    normal: Cow<'a, str>,
    file: Arc<str>,
    origin: Origin,
    is_local: bool,
}

impl Functions {
    /// The functions of all snapshots.
    pub fn new(symbols: &Symbols, snapshots: &[Snapshot], spelling: Spelling) -> Self {
        let described = describe(symbols);
        let mut class_of = exact_classes(symbols, &described, spelling);
        let builds = builds_of(snapshots, &class_of, spelling);
        let has_guesses = spelling == Spelling::AcrossBuilds && match_left_over(&described, &builds, &mut class_of);
        let members = members(&described, &mut class_of, snapshots);
        let mut classes: Vec<Class> = members.iter().map(|ids| class(&described, ids, spelling)).collect();
        tell_apart(&described, &members, &mut classes);
        let file = |(described, class): (&Described<'_>, &u32)| filed(described, &classes[*class as usize]);
        let files = described.iter().zip(&class_of).map(file).collect();
        Self { class_of, files, classes, has_guesses }
    }
}

fn describe(symbols: &Symbols) -> Vec<Described<'_>> {
    let homes = homes(symbols);
    let main = main_module(symbols);
    let describe = |id: u32| {
        let function = symbols.function(FunctionId(id));
        let (name, source) = (symbols.str(function.name), symbols.str(function.file));
        let home = directory(source).and_then(|directory| homes.get(directory));
        let normal = normal_form(name, source);
        let origin = match name::origin(name, source) {
            Origin::Dependency if main.is_some_and(|main| source.contains(main)) => Origin::Application,
            origin => origin,
        };
        Described {
            name,
            spelled: symbols.str(function.spelled),
            source,
            normal: home.and_then(|home| rehome(&normal, home)).map_or(normal, Cow::Owned),
            file: name::relative_file(name, source).into(),
            origin,
            is_local: is_local(name, source),
        }
    };
    (0..symbols.function_count() as u32).into_par_iter().with_min_len(512).map(describe).collect()
}

/// Functions that nothing tells apart: of one name as it is spelled, and of one file where the name reaches no further.
fn exact_classes(symbols: &Symbols, described: &[Described<'_>], spelling: Spelling) -> Vec<u32> {
    let mut classes: HashMap<(StringId, StringId), u32> = HashMap::default();
    let class = |(function, described): (&Function, &Described<'_>)| {
        let is_by_file = described.is_local && spelling != Spelling::Exact;
        let file = if is_by_file { function.file } else { StringId::EMPTY };
        let next = classes.len() as u32;
        *classes.entry((function.spelled, file)).or_insert(next)
    };
    symbols.functions().zip(described).map(class).collect()
}

/// For each class the builds that name it. Snapshots of one build id are of one build.
fn builds_of(snapshots: &[Snapshot], class_of: &[u32], spelling: Spelling) -> Vec<Builds> {
    let count = class_of.iter().max().map_or(0, |most| *most as usize + 1);
    let mut builds = vec![Builds::new(); count];
    if spelling != Spelling::AcrossBuilds {
        return builds;
    }
    let ids: Vec<&str> = snapshots.iter().map(|snapshot| snapshot.header.build_id.as_str()).collect();
    for (number, snapshot) in snapshots.iter().enumerate() {
        let first = ids.iter().position(|id| !id.is_empty() && *id == ids[number]);
        let build = first.unwrap_or(number) as u32;
        for function in snapshot.header.functions.iter() {
            let builds = &mut builds[class_of[function.index()] as usize];
            if let Err(at) = builds.binary_search(&build) {
                builds.insert(at, build);
            }
        }
    }
    builds
}

/// Joins classes of several builds that stand for one function; says whether there were any.
fn match_left_over(described: &[Described<'_>], builds: &[Builds], class_of: &mut [u32]) -> bool {
    let mut first_of: Vec<Option<usize>> = vec![None; builds.len()];
    let mut by_normal: HashMap<&str, Vec<usize>> = HashMap::default();
    for (id, class) in class_of.iter().enumerate() {
        if first_of[*class as usize].replace(id).is_none() {
            by_normal.entry(&described[id].normal).or_default().push(id);
        }
    }
    let mut folders = Folders::default();
    let candidate = |id: &usize| Candidate {
        id: class_of[*id],
        name: described[*id].name,
        file: described[*id].source,
        builds: builds[class_of[*id] as usize].clone(),
    };
    let is_several = |ids: &&Vec<usize>| ids.len() > 1;
    let is_filed = |ids: &[usize]| ids.iter().any(|id| described[*id].is_local);
    for ids in by_normal.values().filter(is_several).filter(|ids| is_filed(ids)) {
        ids.iter().for_each(|id| folders.add(described[*id].source, &builds[class_of[*id] as usize]));
    }
    let pairs_of = |ids: &Vec<usize>| partners(ids.iter().map(candidate).collect(), is_filed(ids).then_some(&folders));
    let pairs: Vec<(u32, u32)> = by_normal.values().filter(is_several).flat_map(pairs_of).collect();
    let mut joined = Joined((0..builds.len() as u32).collect());
    pairs.iter().for_each(|(a, b)| joined.join(*a, *b));
    class_of.iter_mut().for_each(|class| *class = joined.root(*class));
    !pairs.is_empty()
}

/// Sets of classes that grow together.
struct Joined(Vec<u32>);

impl Joined {
    fn root(&mut self, class: u32) -> u32 {
        let mut root = class;
        while self.0[root as usize] != root {
            root = self.0[root as usize];
        }
        self.0[class as usize] = root;
        root
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

/// The functions of each class, those that the newest snapshots name last; classes are numbered anew, without gaps.
fn members(described: &[Described<'_>], class_of: &mut [u32], snapshots: &[Snapshot]) -> Vec<Vec<usize>> {
    let mut newest = vec![0; class_of.len()];
    for (number, snapshot) in snapshots.iter().enumerate() {
        snapshot.header.functions.iter().for_each(|function| newest[function.index()] = number);
    }
    let mut numbers: HashMap<u32, u32> = HashMap::default();
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (id, class) in class_of.iter_mut().enumerate() {
        let next = numbers.len() as u32;
        *class = *numbers.entry(*class).or_insert(next);
        if *class == next && members.len() == next as usize {
            members.push(Vec::new());
        }
        members[*class as usize].push(id);
    }
    let order = |id: &usize| (newest[*id], described[*id].spelled, described[*id].source);
    members.iter_mut().for_each(|ids| ids.sort_by_key(order));
    members
}

/// What a class is, its name being one that is enough where no other is shown alike.
fn class(described: &[Described<'_>], ids: &[usize], spelling: Spelling) -> Class {
    let newest = newest(described, ids);
    let brief_of = |function: &Described<'_>| brief(function.name, function.source).into_owned();
    let brief = brief_of(newest);
    let name = match spelling {
        Spelling::Exact => newest.spelled.to_owned(),
        _ if ids.iter().all(|id| brief_of(&described[*id]) == brief) => brief,
        _ => newest.normal.clone().into_owned(),
    };
    let canonical = match spelling {
        Spelling::Exact => newest.normal.clone().into_owned(),
        _ => canonical(newest),
    };
    Class {
        name,
        canonical_0_1: canonical_0_1(newest).filter(|older| *older != canonical),
        canonical,
        file: newest.file.clone(),
        origin: ids.iter().map(|id| described[*id].origin).min().unwrap_or(newest.origin),
    }
}

/// Of the functions of a class that the newest snapshots name, the last by name and file.
#[expect(clippy::expect_used, reason = "classes are made of functions")]
fn newest<'d, 'a>(described: &'d [Described<'a>], ids: &[usize]) -> &'d Described<'a> {
    &described[*ids.last().expect("a class has a function")]
}

/// The name of a function in every build; where it reaches no further than its file, with the end of its path.
fn canonical(function: &Described<'_>) -> String {
    let parts = if function.is_local { components(function.source) } else { Vec::new() };
    match &parts[parts.len().saturating_sub(2)..] {
        [] => function.normal.clone().into_owned(),
        tail => format!("{} {}", function.normal, tail.join("/")),
    }
}

/// What version 0.1 made of it, which took names of all languages for Go's and told no files apart.
fn canonical_0_1(function: &Described<'_>) -> Option<String> {
    let is_go = is_go(function.name, function.source);
    (!is_go).then(|| normal_form_0_1(function.spelled).into_owned())
}

/// Classes that would be shown alike are shown as their newest build spells them, and if they still are, with the whole
/// path of their file.
fn tell_apart(described: &[Described<'_>], members: &[Vec<usize>], classes: &mut [Class]) {
    let mut numbers: Vec<usize> = (0..classes.len()).collect();
    numbers.sort_unstable_by(|a, b| classes[*a].name.cmp(&classes[*b].name));
    let is_alike = |a: &usize, b: &usize| classes[*a].name == classes[*b].name;
    let alike: Vec<Vec<usize>> =
        numbers.chunk_by(is_alike).filter(|alike| alike.len() > 1).map(<[_]>::to_vec).collect();
    for numbers in alike {
        let mut seen: HashSet<(String, Arc<str>)> = HashSet::default();
        for number in &numbers {
            let newest = newest(described, &members[*number]);
            classes[*number].name = demangle(newest.spelled, true).unwrap_or_else(|| newest.name.to_owned());
        }
        let is_shown_twice = numbers.iter().any(|number| {
            let Class { name, file, .. } = &classes[*number];
            !seen.insert((name.clone(), file.clone()))
        });
        for number in numbers.into_iter().filter(|_| is_shown_twice) {
            let newest = newest(described, &members[number]);
            if newest.is_local {
                classes[number].file = newest.source.into();
            }
        }
    }
}

/// The file of one function: that of its class where only the checkout differs.
fn filed(function: &Described<'_>, class: &Class) -> Arc<str> {
    let base = |file: &str| components(file).pop();
    let is_go = function.source.ends_with(".go");
    let is_same = !is_go && function.file != class.file && base(&function.file) == base(&class.file);
    if is_same { class.file.clone() } else { function.file.clone() }
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

/// The directory of a file.
fn directory(file: &str) -> Option<&str> {
    file.rsplit_once(['/', '\\']).map(|(directory, _)| directory)
}

/// The package whose functions lie in each directory. Where there are several (functions are linked into other
/// packages, inlined closures carry the name of their caller), it is the one named like the directory.
fn homes(symbols: &Symbols) -> HashMap<&str, Cow<'_, str>> {
    let mut homes: HashMap<&str, Cow<'_, str>> = HashMap::default();
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
