//! What a goroutine waits for, and the frame that waits.
//!
//! In: the names of a stack, leaf first, or the state as Go's text form spells it. Out: a [`State`], a position.
//! Invariant: the forms of one profile give one state where they tell the same; what a form does not tell is unknown.
//! Source: `runtime/runtime2.go` (`waitReasonStrings`), read with Go 1.27.

use crate::model::name;

/// What a goroutine does or waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(into = "&'static str")]
pub enum State {
    /// Sends to a channel.
    ChanSend,
    /// Receives from a channel.
    ChanReceive,
    /// Receives with `range` or `value, ok`; text forms call it a receive.
    ChanRange,
    /// Waits for one of several channels.
    Select,
    /// `select {}`.
    SelectNothing,
    /// Sends to a channel that is nil.
    NilSend,
    /// Receives from a channel that is nil.
    NilReceive,
    /// Locks a `sync.Mutex`.
    Mutex,
    /// Locks a `sync.RWMutex`.
    RwMutex,
    /// Waits for a `sync.WaitGroup`.
    WaitGroup,
    /// Waits for a `sync.Cond`.
    Cond,
    /// Waits for a semaphore of the runtime.
    Semaphore,
    /// Waits for the network or a pipe.
    Network,
    /// Sleeps.
    Sleep,
    /// Runs C.
    Cgo,
    /// Is in a system call.
    Syscall,
    /// Runs or could.
    Running,
    /// Waits for something else.
    Parked,
    /// The profile does not say.
    Unknown,
}

/// The functions that tell, from the leaf on.
const BY_FRAME: &[(&str, State)] = &[
    ("runtime.chansend1", State::ChanSend),
    ("runtime.chanrecv1", State::ChanReceive),
    ("runtime.chanrecv2", State::ChanRange),
    ("runtime.selectgo", State::Select),
    ("runtime.block", State::SelectNothing),
    ("runtime.netpollblock", State::Network),
    ("internal/poll.runtime_pollWait", State::Network),
    ("time.Sleep", State::Sleep),
    ("runtime.cgocall", State::Cgo),
    ("sync.runtime_SemacquireRWMutexR", State::RwMutex),
    ("sync.runtime_SemacquireRWMutex", State::RwMutex),
    ("sync.runtime_SemacquireMutex", State::Mutex),
    ("internal/sync.runtime_SemacquireMutex", State::Mutex),
    ("sync.runtime_SemacquireWaitGroup", State::WaitGroup),
    ("sync.(*WaitGroup).Wait", State::WaitGroup),
    ("sync.runtime_notifyListWait", State::Cond),
    ("sync.(*Cond).Wait", State::Cond),
    ("runtime.semacquire1", State::Semaphore),
    ("runtime.semacquire", State::Semaphore),
    ("syscall.Syscall", State::Syscall),
    ("syscall.Syscall6", State::Syscall),
];

/// The states as Go's text form spells them.
const BY_NAME: &[(&str, State)] = &[
    ("chan send", State::ChanSend),
    ("chan receive", State::ChanReceive),
    ("chan send (nil chan)", State::NilSend),
    ("chan receive (nil chan)", State::NilReceive),
    ("select", State::Select),
    ("select (no cases)", State::SelectNothing),
    ("sync.Mutex.Lock", State::Mutex),
    ("sync.RWMutex.RLock", State::RwMutex),
    ("sync.RWMutex.Lock", State::RwMutex),
    ("sync.WaitGroup.Wait", State::WaitGroup),
    ("sync.Cond.Wait", State::Cond),
    ("semacquire", State::Semaphore),
    ("IO wait", State::Network),
    ("sleep", State::Sleep),
    ("syscall", State::Syscall),
    ("running", State::Running),
    ("runnable", State::Running),
    ("preempted", State::Running),
    ("copystack", State::Running),
];

impl State {
    /// The state that the text form spells so.
    pub(super) fn named(text: &str) -> Option<Self> {
        let known = BY_NAME.iter().find(|(name, _)| *name == text).map(|(_, state)| *state);
        (!text.is_empty()).then(|| known.unwrap_or(Self::Parked))
    }

    /// Its name for people and tools.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChanSend => "chan send",
            Self::ChanReceive => "chan receive",
            Self::ChanRange => "chan range",
            Self::Select => "select",
            Self::SelectNothing => "select {}",
            Self::NilSend => "nil chan send",
            Self::NilReceive => "nil chan receive",
            Self::Mutex => "mutex",
            Self::RwMutex => "rwmutex",
            Self::WaitGroup => "wait group",
            Self::Cond => "cond",
            Self::Semaphore => "semaphore",
            Self::Network => "network",
            Self::Sleep => "sleep",
            Self::Cgo => "cgo call",
            Self::Syscall => "syscall",
            Self::Running => "running",
            Self::Parked => "parked",
            Self::Unknown => "not told",
        }
    }
}

impl From<State> for &'static str {
    fn from(state: State) -> Self {
        state.name()
    }
}

/// What a stack, leaf first, says of it: the first frame that tells, as long as the frames are those of the runtime and
/// of what waits on behalf of others.
pub(super) fn state_of(names: &[&str]) -> State {
    let inner = names.iter().take_while(|name| is_plumbing(name));
    let told = |name: &&str| BY_FRAME.iter().find(|(known, _)| known == name).map(|(_, state)| *state);
    let states: Vec<State> = inner.filter_map(told).collect();
    let is_vague = |state: &State| *state == State::Semaphore;
    states.iter().find(|state| !is_vague(state)).or(states.first()).copied().unwrap_or(State::Unknown)
}

/// The position of the frame that waits: the first that is no plumbing. Reads and writes pass through the packages that
/// do them for others.
pub(super) fn blocking_frame(names: &[&str], state: State) -> Option<usize> {
    let reads = matches!(state, State::Network | State::Syscall);
    let passes_on = |name: &str| is_plumbing(name) || (reads && is_reading(name));
    let found = names.iter().position(|name| !passes_on(name));
    let no_runtime = || names.iter().position(|name| name::package(name) != "runtime");
    found.or_else(no_runtime).or((!names.is_empty()).then_some(0))
}

fn is_plumbing(name: &str) -> bool {
    let package = name::package(name);
    matches!(&*package, "runtime" | "sync" | "syscall") || package.starts_with("internal/") || name == "time.Sleep"
}

fn is_reading(name: &str) -> bool {
    matches!(&*name::package(name), "net" | "os" | "bufio" | "io" | "crypto/tls")
}
