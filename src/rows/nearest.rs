//! Whose a stack is: the function of the program that is nearest to its leaf.
//!
//! In: a diff, then stacks of it. Out: the frame, and what it calls towards the leaf. Invariant: what the frames of a
//! location say is worked out once, so that most stacks cost a look at each of their locations.

use crate::diff::{Diff, KeyId, Spot};
use crate::model::LocationId;
use crate::model::name::Origin;

/// A frame and where it stands.
pub(crate) type Frame = (KeyId, Spot);

/// The application frame nearest to the leaf of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    pub frame: Frame,
    /// What it calls towards the leaf, if anything.
    pub callee: Option<KeyId>,
}

/// Standard library functions that run application code on behalf of other application code: a database driver, the
/// constructor of a pool. What is called back there is not accountable when its user stands further up.
const CALLS_BACK: &[&str] = &["database/sql.", "sync.(*Pool).Get"];
/// The same for what the called code passes on to `net/http` again: a `RoundTripper` around another one.
const PASSES_ON: &[&str] = &["net/http.send", "net/http.(*Client).do"];

/// What a function does with code that is not its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CallsBack {
    Never,
    Always,
    /// Only where the code called ends in the package of the function again.
    Through,
}

impl CallsBack {
    fn of(name: &str) -> Self {
        match name {
            _ if CALLS_BACK.iter().any(|prefix| name.starts_with(prefix)) => Self::Always,
            _ if PASSES_ON.contains(&name) => Self::Through,
            _ => Self::Never,
        }
    }

    /// Whether the code called is passed over in favour of who stands above.
    fn passes_over(self, passes_on: impl Fn() -> bool) -> bool {
        self == Self::Always || (self == Self::Through && passes_on())
    }
}

/// What the frames of a location say.
#[derive(Debug, Clone, Copy)]
struct Says {
    has_application: bool,
    calls_back: bool,
}

/// Finds the owners of stacks.
pub(crate) struct Nearest<'a> {
    diff: &'a Diff,
    calls_back: Vec<CallsBack>,
    locations: Vec<Says>,
}

impl<'a> Nearest<'a> {
    pub fn new(diff: &'a Diff) -> Self {
        let keys = &diff.keys;
        let calls_back: Vec<CallsBack> = keys.iter().map(|key| CallsBack::of(&key.canonical)).collect();
        let says = |location: u32| {
            let frames = keys.of_location(LocationId(location));
            Says {
                has_application: frames.iter().any(|key| keys.origin(*key) == Origin::Application),
                calls_back: frames.iter().any(|key| calls_back[key.index()] != CallsBack::Never),
            }
        };
        let locations = (0..diff.symbols.location_count() as u32).map(says).collect();
        Self { diff, calls_back, locations }
    }

    /// The owner of a stack, if it has a frame of the program.
    pub fn of(&self, stack: &[LocationId]) -> Option<Owner> {
        let keys = &self.diff.keys;
        if stack.iter().any(|location| self.locations[location.index()].calls_back) {
            return self.past_callbacks(stack);
        }
        let at = stack.iter().position(|location| self.locations[location.index()].has_application)?;
        let mut frames = keys.frames(&stack[at..]);
        let mut before = stack[..at].iter().rev().find_map(|location| keys.of_location(*location).last()).copied();
        let frame = frames.find(|(key, _)| {
            let is_application = keys.origin(*key) == Origin::Application;
            before = if is_application { before } else { Some(*key) };
            is_application
        });
        frame.map(|frame| Owner { frame, callee: before })
    }

    /// As [`Nearest::of`], where something in the stack calls back.
    fn past_callbacks(&self, stack: &[LocationId]) -> Option<Owner> {
        let keys = &self.diff.keys;
        let mut nearest: Option<Owner> = None;
        let mut callee = None;
        let passes_on = |nearest: &Option<Owner>| {
            let callee = nearest.and_then(|owner| owner.callee);
            callee.is_some_and(|callee| keys.key(callee).canonical.starts_with("net/http."))
        };
        for frame in keys.frames(stack) {
            let key = frame.0;
            let is_application = keys.origin(key) == Origin::Application;
            if nearest.is_none() && is_application {
                nearest = Some(Owner { frame, callee });
            } else if !is_application && self.calls_back[key.index()].passes_over(|| passes_on(&nearest)) {
                return self.above(stack, key).or(nearest);
            } else if !is_application && nearest.is_some() {
                return nearest;
            }
            callee = Some(key);
        }
        nearest
    }

    /// The application frame nearest above `inner`, as one that calls `inner`.
    fn above(&self, stack: &[LocationId], inner: KeyId) -> Option<Owner> {
        let keys = &self.diff.keys;
        let mut above = keys.frames(stack).skip_while(|(key, _)| *key != inner);
        let frame = above.find(|(key, _)| keys.origin(*key) == Origin::Application)?;
        Some(Owner { frame, callee: Some(inner) })
    }
}
