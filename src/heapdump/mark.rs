//! Which root reaches which object first, and by which way.
//!
//! In: a dump and its names. Out: for each object its holder and its way. Invariant: breadth first, phase after phase, so that
//! an object belongs to the root that the user knows best and by the shortest way; no edges are stored; linear in objects
//! and pointers.
//! Knows nothing of two dumps.

use crate::load::heap_dump::Object;

use super::dump::Dump;
use super::heap::ObjectId;
use super::names::{Names, is_runtime};
use super::own;
use super::paths::{PathId, Paths, Shape, first_word};
use super::roots::{Kind, PHASES, Relation, Root, RootId, Roots, starts};
use super::walk::{Queue, Walked, walk};

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

/// What is to be known of an object.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// The code of the closure that it is.
    closure: Option<u64>,
    shape: Shape,
    size: usize,
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
        let mut queue = Queue::new();
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
        marked.exhaust(dump, names, queue);
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

    /// Follows all pointers from these objects.
    fn exhaust(&mut self, dump: &Dump<'_>, names: &Names<'_>, mut queue: Queue) {
        let look = |object: &Object<'_>| {
            let closure = first_word(object).filter(|code| names.closure(*code).is_some());
            Look { closure, shape: Shape::of(object, 0), size: object.contents.len() }
        };
        let is_known = |held_by: u32| held_by != NOT_REACHED;
        while let Some(walked) = walk(&dump.heap, &mut queue, look, |id| is_known(self.holder_of[id.index()])) {
            for Walked { objects, pointers } in walked {
                for (id, look) in objects {
                    let path = self.path_to(id, look, dump, names);
                    self.path_of[id.index()] = path;
                    self.paths.count(path, look.size);
                }
                for (holder, object) in pointers {
                    let held_by = &mut self.holder_of[object.index()];
                    if !is_known(*held_by) {
                        *held_by = holder.0;
                        queue.push_back(object);
                    }
                }
            }
        }
    }

    /// The way to an object whose holder is known.
    fn path_to(&mut self, id: ObjectId, look: Look, dump: &Dump<'_>, names: &Names<'_>) -> PathId {
        let (of, field) = match self.held_by(id) {
            Some(HeldBy::Object(holder)) => (self.path_of[holder.index()], 0),
            Some(HeldBy::Root(entry)) => (self.paths.of_root(entry.root), entry.field),
            None => return PathId::NONE,
        };
        let Some((code, function)) = look.closure.and_then(|code| Some((code, names.closure(code)?))) else {
            // Which field of a variable it is, an object cannot tell.
            let shape = if field == 0 { look.shape } else { Shape::of(&dump.heap.object(id), field) };
            return self.paths.child(of, shape);
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

    /// Forgets what holds each object, and gives the room away: ways are not followed any more.
    pub fn forget_holders(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.holder_of)
    }

    /// The root that an object belongs to.
    pub fn root_of(&self, id: ObjectId) -> Option<RootId> {
        let path = self.path_of[id.index()];
        (path != PathId::NONE).then(|| self.paths.get(path).root)
    }
}
