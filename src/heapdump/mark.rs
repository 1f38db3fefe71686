//! Which root reaches which object first, and by which way.
//!
//! In: a dump and its names. Out: for each object its holder and its way. Invariant: breadth first, phase after phase, so that
//! an object belongs to the root that the user knows best and by the shortest way; no edges are stored; linear in objects
//! and pointers.
//! Knows nothing of two dumps.

use std::collections::VecDeque;

use crate::load::heap_dump::Object;

use super::dump::Dump;
use super::heap::{ObjectId, word};
use super::names::{Names, is_runtime};
use super::own;
use super::paths::{PathId, Paths, Shape, first_word};
use super::roots::{Kind, PHASES, Relation, Root, RootId, Roots, starts};

/// What was found reachable.
#[derive(Debug)]
pub(super) struct Marked {
    pub roots: Roots,
    pub paths: Paths,
    /// The way to each object.
    pub path_of: Vec<PathId>,
    holder_of: Vec<u32>,
    /// What holds objects that roots hold themselves.
    entries: Vec<Entry>,
}

/// What holds an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeldBy {
    Object(ObjectId),
    Root(Entry),
}

/// A pointer of a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub root: RootId,
    /// The address of the variable's word; 0 where it is none.
    pub word: u64,
    /// Which field of its variable the word is; 0 where that tells nothing.
    pub field: u32,
}

const NOT_REACHED: u32 = u32::MAX;
/// Not to be followed yet.
const CLOSED: u32 = u32::MAX - 1;
/// The phase of what is on stacks: the records of goroutines belong there.
const STACKS: usize = 1;
/// The phase of what the runtime holds.
const RUNTIME: usize = 2;
/// What tells the number of an entry from that of an object.
const IS_ENTRY: u32 = 1 << 31;

/// Follows all pointers from all roots.
pub(super) fn mark(dump: &Dump<'_>, names: &Names<'_>) -> Marked {
    let count = dump.heap.len();
    let mut marked = Marked {
        roots: Roots::default(),
        paths: Paths::default(),
        path_of: vec![PathId::NONE; count],
        holder_of: vec![NOT_REACHED; count],
        entries: Vec::new(),
    };
    let mut queue = VecDeque::new();
    let (goroutines, machines) = (own::goroutines(dump), own::machines(dump, names));
    for object in goroutines.iter().chain(&machines) {
        marked.holder_of[object.index()] = CLOSED;
    }
    for phase in 0..PHASES {
        marked.open(match phase {
            STACKS => &goroutines,
            RUNTIME => &machines,
            _ => &[],
        });
        for start in starts(phase, dump, names, &mut marked.roots) {
            let Some(object) = dump.heap.find(start.pointer) else { continue };
            if marked.holder_of[object.index()] == NOT_REACHED {
                let entry = Entry { root: start.root, word: start.word, field: start.field };
                if marked.entries.last() != Some(&entry) {
                    marked.entries.push(entry);
                }
                marked.holder_of[object.index()] = (marked.entries.len() as u32 - 1) | IS_ENTRY;
                queue.push_back(object);
            }
        }
        marked.exhaust(dump, names, &mut queue);
    }
    marked
}

impl Marked {
    /// Lets objects be followed that were not to be.
    fn open(&mut self, objects: &[ObjectId]) {
        for object in objects {
            if self.holder_of[object.index()] == CLOSED {
                self.holder_of[object.index()] = NOT_REACHED;
            }
        }
    }

    fn exhaust(&mut self, dump: &Dump<'_>, names: &Names<'_>, queue: &mut VecDeque<ObjectId>) {
        while let Some(id) = queue.pop_front() {
            let object = dump.heap.object(id);
            let path = self.path_to(id, &object, dump, names);
            self.path_of[id.index()] = path;
            self.paths.count(path, object.contents.len());
            for offset in object.fields {
                let Some(pointer) = word(object.contents, offset) else { continue };
                if let Some(next) = dump.heap.find(pointer)
                    && self.holder_of[next.index()] == NOT_REACHED
                {
                    self.holder_of[next.index()] = id.0;
                    queue.push_back(next);
                }
            }
        }
    }

    /// The way to an object whose holder is known.
    fn path_to(&mut self, id: ObjectId, object: &Object<'_>, dump: &Dump<'_>, names: &Names<'_>) -> PathId {
        let (of, field) = match self.held_by(id) {
            Some(HeldBy::Object(holder)) => (self.path_of[holder.index()], 0),
            Some(HeldBy::Root(entry)) => (self.paths.of_root(entry.root), entry.field),
            None => return PathId::NONE,
        };
        let closure = first_word(object).and_then(|code| Some((code, names.closure(code)?)));
        let Some((code, function)) = closure else {
            return self.paths.child(of, Shape::of(object, field));
        };
        let of = match self.timer_of(of, function, names) {
            Some(root) => self.move_holder(id, root, dump),
            None => of,
        };
        self.paths.child(of, Shape::of_closure(names.unslid(code)))
    }

    /// The function that the runtime holds a closure for: timers are all in one list.
    fn timer_of(&mut self, of: PathId, function: &str, names: &Names<'_>) -> Option<RootId> {
        let root = self.paths.get(of).root;
        let held = self.roots.get(root);
        let is_closer = held.kind == Kind::Timer && !names.is_own(&held.name) && names.is_own(function);
        if is_runtime(function) || !(held.is_on_behalf() || is_closer) {
            return None;
        }
        let name = function.to_owned();
        Some(self.roots.id(Root { kind: Kind::Timer, name, state: String::new(), relation: Relation::Is }))
    }

    /// Gives the timer that holds a closure to the function that it is for; returns the way to it.
    fn move_holder(&mut self, closure: ObjectId, root: RootId, dump: &Dump<'_>) -> PathId {
        /// Timers are small: what is larger holds more than one thing.
        const LARGEST: usize = 512;
        let of = self.paths.of_root(root);
        let Some(HeldBy::Object(holder)) = self.held_by(closure) else { return of };
        let object = dump.heap.object(holder);
        if object.contents.len() > LARGEST {
            return of;
        }
        let path = self.paths.child(of, Shape::of(&object, 0));
        self.paths.take_back(self.path_of[holder.index()], object.contents.len());
        self.paths.count(path, object.contents.len());
        self.path_of[holder.index()] = path;
        path
    }

    /// What an object was reached from; `None` where it was not.
    pub fn held_by(&self, id: ObjectId) -> Option<HeldBy> {
        match self.holder_of[id.index()] {
            NOT_REACHED | CLOSED => None,
            entry if entry & IS_ENTRY != 0 => Some(HeldBy::Root(self.entries[(entry & !IS_ENTRY) as usize])),
            holder => Some(HeldBy::Object(ObjectId(holder))),
        }
    }

    /// The root that an object belongs to.
    pub fn root_of(&self, id: ObjectId) -> Option<RootId> {
        let path = self.path_of[id.index()];
        (path != PathId::NONE).then(|| self.paths.get(path).root)
    }
}
