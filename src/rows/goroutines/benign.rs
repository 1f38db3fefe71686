//! Goroutines that are no leak: those that every program has, and those that may be gone in a moment.
//!
//! In: the names of a stack, leaf first; the state and growth of a row. Out: a [`Kind`]. Invariant: nothing is hidden, it
//! is labelled; accept loops count as benign only as long as they do not become more.
//! The list is that of goleak's defaults, and what fetching a profile itself adds.

use crate::diff::Key;
use crate::model::name;

use super::State;
use crate::model::Series;

/// How suspicious the goroutines of a row are, the most suspicious first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// They wait for something.
    Blocked,
    /// They run, or wait for what comes by itself: a timer, the end of a context.
    Transient,
    /// Every program has them.
    Benign(Benign),
}

/// A goroutine that every program has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Benign {
    /// The one that runs `main`.
    Main,
    /// Writes the profile.
    Profiler,
    /// Runs tests, or waits for them.
    Tests,
    /// Waits for signals.
    Signals,
    /// Belongs to the runtime.
    Runtime,
    /// Accepts connections.
    Accepts,
}

impl Benign {
    /// What it does.
    pub fn words(self) -> &'static str {
        match self {
            Self::Main => "runs main",
            Self::Profiler => "writes this profile",
            Self::Tests => "runs tests",
            Self::Signals => "waits for signals",
            Self::Runtime => "belongs to the runtime",
            Self::Accepts => "accepts connections",
        }
    }

    /// What several do.
    pub fn words_of_many(self) -> &'static str {
        match self {
            Self::Main => "run main",
            Self::Profiler => "write this profile",
            Self::Tests => "run tests",
            Self::Signals => "wait for signals",
            Self::Runtime => "belong to the runtime",
            Self::Accepts => "accept connections",
        }
    }

    /// What a stack is, if benign.
    pub(super) fn of(names: &[&str]) -> Option<Self> {
        let is = |name: &str| names.contains(&name);
        let in_package = |package: &str| names.iter().any(|name| name::package(name) == package);
        let root = names.iter().rev().find(|name| name::package(name) != "runtime");
        match root {
            _ if is("runtime.main") || root == Some(&"main.main") => Some(Self::Main),
            _ if names.is_empty() => None,
            None => Some(Self::Runtime),
            _ if in_package("runtime/pprof") || in_package("net/http/pprof") => Some(Self::Profiler),
            _ if is("os/signal.loop") || is("os/signal.signal_recv") => Some(Self::Signals),
            _ if TESTS.iter().any(|name| is(name)) => Some(Self::Tests),
            _ if is("runtime/trace.Start.func1") => Some(Self::Runtime),
            _ if ACCEPTS.iter().any(|name| is(name)) => Some(Self::Accepts),
            _ => None,
        }
    }
}

/// Functions of a goroutine that waits for tests to end.
const TESTS: &[&str] = &["testing.RunTests", "testing.(*T).Run", "testing.(*T).Parallel", "testing.runFuzzing"];

/// Functions of a goroutine that waits for connections.
const ACCEPTS: &[&str] = &["net.(*TCPListener).Accept", "net.(*UnixListener).Accept", "net.(*netFD).accept"];

impl Kind {
    /// How suspicious the goroutines of a row are.
    pub(super) fn of(benign: Option<Benign>, state: State, waiting: Option<&Key>, counts: &Series) -> Self {
        let is_timed = || waiting.is_some_and(|key| matches!(&*name::package(&key.canonical), "time" | "context"));
        match benign {
            Some(Benign::Accepts) if counts.delta() > 0 && counts.0.len() > 1 => Self::Blocked,
            Some(benign) => Self::Benign(benign),
            None if matches!(state, State::Running | State::Syscall) || waiting.is_none() => Self::Transient,
            None if state == State::Select && is_timed() => Self::Transient,
            None => Self::Blocked,
        }
    }

    /// Whether every program has them.
    pub fn is_benign(self) -> bool {
        matches!(self, Self::Benign(_))
    }
}
