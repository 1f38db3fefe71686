//! What would be freed if a root let go of what it holds.
//!
//! In: what was marked, and the roots in question. Out: for each the bytes that nothing else reaches, and who else reaches most
//! of the rest. Invariant: one pass for all other roots, then one for each in question over what they left: what several of
//! those in question reach together is freed by none of them alone.
//! Knows no names.

use crate::load::heap_dump::Object;

use super::dump::Dump;
use super::heap::ObjectId;
use super::mark::Marked;
use super::names::Names;
use super::own;
use super::roots::{Kind, PHASES, RootId, starts};
use super::walk::{Queue, Walked, walk};

/// What clearing a root does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Clearing {
    /// Bytes that are reached from nowhere else.
    pub freed: u64,
    /// The other root that reaches most of what is not freed, and how many bytes of it.
    pub also_held_by: Option<(RootId, u64)>,
}

/// Roots that are asked about together: as many as there are bits for.
const TOGETHER: usize = 30;
/// The phase of what only may be a pointer.
const UNSURE: usize = 3;
/// The phase of what the runtime holds.
const RUNTIME: usize = 2;
/// Not to be followed yet.
const CLOSED: u32 = IS_SET;
/// Not reached.
const NONE: u32 = u32::MAX;
/// What tells a set of roots in question from the number of another root.
const IS_SET: u32 = 1 << 31;

/// What clearing each of these roots does. What holds each object is forgotten.
pub(super) fn clear(dump: &Dump<'_>, names: &Names<'_>, marked: &mut Marked, asked: &[RootId]) -> Vec<Clearing> {
    asked.chunks(TOGETHER).flat_map(|asked| Clear::new(dump, marked, asked).run(names)).collect()
}

struct Clear<'a> {
    dump: &'a Dump<'a>,
    marked: &'a mut Marked,
    asked: &'a [RootId],
    /// By which of the other roots each object is reached, or by which set of those in question.
    reached: Vec<u32>,
    /// For each root in question and other root the bytes that both reach.
    shared: Vec<Vec<(RootId, u64)>>,
}

impl<'a> Clear<'a> {
    fn new(dump: &'a Dump<'a>, marked: &'a mut Marked, asked: &'a [RootId]) -> Self {
        let mut reached = marked.forget_holders();
        reached.clear();
        reached.resize(dump.heap.len(), NONE);
        Self { dump, marked, asked, reached, shared: vec![Vec::new(); asked.len()] }
    }

    fn run(mut self, names: &Names<'_>) -> Vec<Clearing> {
        let mut begin: Vec<Vec<ObjectId>> = vec![Vec::new(); self.asked.len()];
        for object in own::machines(self.dump, names) {
            self.reached[object.index()] = CLOSED;
        }
        for phase in 0..PHASES {
            if phase == RUNTIME {
                self.reached.iter_mut().filter(|reached| **reached == CLOSED).for_each(|reached| *reached = NONE);
            }
            let mut roots = std::mem::take(&mut self.marked.roots);
            let starts = starts(phase, self.dump, names, &mut roots);
            self.marked.roots = roots;
            let mut queue = Queue::new();
            for start in starts {
                let Some(object) = self.dump.heap.find(start.pointer) else { continue };
                let first = self.marked.root_of(object);
                match self.number(start.root) {
                    Some(asked) => begin[asked].push(object),
                    None if self.marked.roots.get(start.root).is_dumping() => {}
                    // What may be a pointer keeps nothing that surely is another's.
                    None if phase == UNSURE && first.is_some_and(|first| self.number(first).is_some()) => {}
                    None => self.visit(object, start.root, &mut queue),
                }
            }
            self.exhaust_others(queue);
        }
        for (asked, object) in self.timers() {
            begin[asked].push(object);
        }
        for (asked, begin) in begin.into_iter().enumerate() {
            self.exhaust_asked(asked, begin);
        }
        self.sum()
    }

    /// Which of the roots in question it is.
    fn number(&self, root: RootId) -> Option<usize> {
        self.asked.iter().position(|asked| *asked == root)
    }

    /// What the runtime holds on behalf of functions in question.
    fn timers(&self) -> Vec<(usize, ObjectId)> {
        let is_timer = |root: &RootId| self.marked.roots.get(*root).kind == Kind::Timer;
        if !self.asked.iter().any(is_timer) {
            return Vec::new();
        }
        let all = (0..self.dump.heap.len() as u32).map(ObjectId);
        all.filter_map(|object| Some((self.begins(object)?, object))).collect()
    }

    /// Which of the functions in question an object is the closure of, that the runtime holds on its behalf.
    fn begins(&self, object: ObjectId) -> Option<usize> {
        let number = self.number(self.marked.root_of(object)?)?;
        let path = self.marked.paths.get(self.marked.path_of[object.index()]);
        let is_entry = path.depth == 1 && self.marked.roots.get(path.root).kind == Kind::Timer;
        is_entry.then_some(number)
    }

    /// Whether a goroutine in question holds an object.
    fn is_of_goroutine(&self, object: ObjectId) -> bool {
        let first = self.marked.root_of(object).filter(|first| self.number(*first).is_some());
        first.is_some_and(|first| self.marked.roots.get(first).kind == Kind::Goroutine)
    }

    fn visit(&mut self, object: ObjectId, by: RootId, queue: &mut Queue) {
        if self.reached[object.index()] != NONE {
            return;
        }
        // The runtime lets go of what it holds on behalf of a goroutine that ends or a function that is cleared.
        if self.marked.roots.get(by).is_on_behalf() && (self.begins(object).is_some() || self.is_of_goroutine(object)) {
            return;
        }
        self.reached[object.index()] = by.0;
        queue.push_back(object);
    }

    fn exhaust_others(&mut self, mut queue: Queue) {
        let size = |object: &Object<'_>| object.contents.len() as u64;
        while let Some(walked) = walk(&self.dump.heap, &mut queue, size, |id| self.reached[id.index()] != NONE) {
            for Walked { objects, pointers } in walked {
                for (id, bytes) in objects {
                    let by = RootId(self.reached[id.index()]);
                    if let Some(asked) = self.marked.root_of(id).and_then(|first| self.number(first)) {
                        self.share(asked, by, bytes);
                    }
                }
                for (holder, object) in pointers {
                    let by = RootId(self.reached[holder.index()]);
                    self.visit(object, by, &mut queue);
                }
            }
        }
    }

    fn share(&mut self, asked: usize, with: RootId, bytes: u64) {
        let shared = &mut self.shared[asked];
        match shared.iter_mut().find(|(root, _)| *root == with) {
            Some((_, sum)) => *sum += bytes,
            None => shared.push((with, bytes)),
        }
    }

    /// Follows the pointers of one root in question to what no other root reaches.
    fn exhaust_asked(&mut self, asked: usize, begin: Vec<ObjectId>) {
        let bit = 1_u32 << asked;
        let is_known = |reached: u32| reached != NONE && (reached & IS_SET == 0 || reached & bit != 0);
        let mut queue = Queue::new();
        for object in begin {
            self.add(object, bit, is_known, &mut queue);
        }
        while let Some(walked) = walk(&self.dump.heap, &mut queue, |_| (), |id| is_known(self.reached[id.index()])) {
            for (_, object) in walked.into_iter().flat_map(|walked| walked.pointers) {
                self.add(object, bit, is_known, &mut queue);
            }
        }
    }

    fn add(&mut self, object: ObjectId, bit: u32, is_known: impl Fn(u32) -> bool, queue: &mut Queue) {
        let reached = &mut self.reached[object.index()];
        if !is_known(*reached) {
            *reached = if *reached == NONE { IS_SET | bit } else { *reached | bit };
            queue.push_back(object);
        }
    }

    fn sum(mut self) -> Vec<Clearing> {
        let mut clearings = vec![Clearing::default(); self.asked.len()];
        for index in 0..self.dump.heap.len() {
            let set = self.reached[index];
            if set == NONE || set & IS_SET == 0 {
                continue;
            }
            let bytes = self.dump.heap.object(ObjectId(index as u32)).contents.len() as u64;
            let set = set & !IS_SET;
            if set.is_power_of_two() {
                clearings[set.trailing_zeros() as usize].freed += bytes;
                continue;
            }
            let members: Vec<usize> = (0..self.asked.len()).filter(|asked| set & (1 << asked) != 0).collect();
            for asked in &members {
                for other in members.iter().filter(|other| *other != asked) {
                    self.share(*asked, self.asked[*other], bytes);
                }
            }
        }
        for (clearing, shared) in clearings.iter_mut().zip(&self.shared) {
            let name = |root: &RootId| &self.marked.roots.get(*root).name;
            let most = shared.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| name(&b.0).cmp(name(&a.0))));
            clearing.also_held_by = most.copied();
        }
        clearings
    }
}
