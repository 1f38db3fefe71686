//! The ways that lead from roots to objects, those of one shape together.
//!
//! In: one object after the other, with the way that its holder was reached by. Out: for each way how many objects and bytes
//! lie at its end. Invariant: sums are exact and the number of ways is bounded: lists and trees, whose elements hold one
//! another, are one hop however long they are.
//! Knows no names: a shape is a size, where pointers stand in it, or the code of a closure.

use crate::load::heap_dump::Object;
use crate::model::hash::HashMap;

use super::heap::word;
use super::roots::RootId;

/// The number of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PathId(pub u32);

impl PathId {
    /// Not reached.
    pub const NONE: Self = Self(u32::MAX);

    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A way: that of its holder, and one hop more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path {
    pub parent: PathId,
    pub root: RootId,
    pub shape: Shape,
    /// Hops from the root.
    pub depth: u32,
    pub objects: u64,
    pub bytes: u64,
}

/// What the objects of a hop look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Shape(pub u64);

impl Shape {
    /// What roots themselves have.
    pub const ROOT: Self = Self(0);
    const CLOSURE: u64 = 1 << 63;

    /// A closure of the function whose code begins here.
    pub fn of_closure(code: u64) -> Self {
        Self(code | Self::CLOSURE)
    }

    /// The code of the closure that it is.
    pub fn closure(self) -> Option<u64> {
        (self.0 & Self::CLOSURE != 0).then_some(self.0 & !Self::CLOSURE)
    }

    /// What an object looks like that this field of a variable holds, or that another object does (0). Arrays with pointers grow from one dump to the next: of those only the pattern counts.
    pub fn of(object: &Object<'_>, field: u32) -> Self {
        /// Slots of this size have no header, and most of them are no arrays.
        const SMALL: usize = 512;
        /// The largest slot with a size class.
        const LARGEST_CLASS: usize = 32 << 10;
        /// Pointers that tell a pattern.
        const PATTERN: usize = 4;
        let size = object.contents.len();
        let mut hash = mix(0, u64::from(field));
        let mut fields = object.fields;
        let Some(first) = fields.next() else {
            let size = if size <= LARGEST_CLASS { size } else { size.next_power_of_two() };
            return Self(mix(hash, size as u64) & !Self::CLOSURE);
        };
        if size <= SMALL {
            hash = mix(hash, size as u64);
            hash = mix(hash, first as u64);
            hash = fields.fold(hash, |hash, offset| mix(hash, offset as u64));
        } else {
            hash = mix(hash, u64::MAX);
            hash = fields.take(PATTERN).fold(hash, |hash, offset| mix(hash, offset.wrapping_sub(first) as u64));
        }
        Self(hash & !Self::CLOSURE)
    }
}

fn mix(hash: u64, value: u64) -> u64 {
    // Fibonacci hashing: shapes are few, and of no one's choosing but the compiler's.
    (hash.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// All ways.
#[derive(Debug, Default)]
pub(super) struct Paths {
    pub all: Vec<Path>,
    ids: HashMap<(PathId, u64), PathId>,
    of_roots: HashMap<RootId, PathId>,
    last: Option<((PathId, Shape), PathId)>,
}

/// The longest way: what lies deeper is taken for part of its last hop.
const LONGEST: u32 = 48;
/// Most ways: what would be one more is taken for part of its holder.
const MOST: usize = 1 << 20;

impl Paths {
    /// The way that is a root itself.
    pub fn of_root(&mut self, root: RootId) -> PathId {
        if let Some(id) = self.of_roots.get(&root) {
            return *id;
        }
        let id = self.push(Path { parent: PathId::NONE, root, shape: Shape::ROOT, depth: 0, objects: 0, bytes: 0 });
        self.of_roots.insert(root, id);
        id
    }

    /// The way to an object of this shape that is held at the end of another way.
    #[inline]
    pub fn child(&mut self, of: PathId, shape: Shape) -> PathId {
        if let Some((key, id)) = self.last
            && key == (of, shape)
        {
            return id;
        }
        let id = self.find(of, shape);
        self.last = Some(((of, shape), id));
        id
    }

    fn find(&mut self, of: PathId, shape: Shape) -> PathId {
        /// Elements may hold one another by way of so many other shapes.
        const LONGEST_CIRCLE: usize = 3;
        let mut back = of;
        for _ in 0..LONGEST_CIRCLE {
            let Some(path) = self.all.get(back.index()) else { break };
            if path.shape == shape {
                return back;
            }
            back = path.parent;
        }
        if let Some(id) = self.ids.get(&(of, shape.0)) {
            return *id;
        }
        let parent = self.get(of);
        if parent.depth >= LONGEST || self.all.len() >= MOST {
            return of;
        }
        let path = Path { parent: of, root: parent.root, shape, depth: parent.depth + 1, objects: 0, bytes: 0 };
        let id = self.push(path);
        self.ids.insert((of, shape.0), id);
        id
    }

    fn push(&mut self, path: Path) -> PathId {
        let id = PathId(self.all.len() as u32);
        self.all.push(path);
        id
    }

    pub fn get(&self, id: PathId) -> &Path {
        &self.all[id.index()]
    }

    /// Counts an object at the end of a way.
    #[inline]
    pub fn count(&mut self, id: PathId, bytes: usize) {
        if let Some(path) = self.all.get_mut(id.index()) {
            path.objects += 1;
            path.bytes += bytes as u64;
        }
    }
}

impl Paths {
    /// Counts an object no longer.
    pub fn take_back(&mut self, id: PathId, bytes: usize) {
        if let Some(path) = self.all.get_mut(id.index()) {
            path.objects = path.objects.saturating_sub(1);
            path.bytes = path.bytes.saturating_sub(bytes as u64);
        }
    }
}

/// The word at the beginning of an object.
pub(super) fn first_word(object: &Object<'_>) -> Option<u64> {
    word(object.contents, 0)
}
