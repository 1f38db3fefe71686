//! Goroutines of the program that wait, by what they wait for: one table of states.
//!
//! In: nothing. Out: a signature for each state. Invariant: every one needs its goroutines; in a heap it is seen only where
//! waiting allocates, with a descriptor for each.

use crate::diagnose::signature::{Confidence, Counted, DESCRIPTOR, Frames, Signature, Unit};
use crate::model::Page;

/// The descriptors of goroutines.
const DESCRIPTORS: &[&str] = &[DESCRIPTOR];

/// Goroutines in a state, by the frames that park them.
const fn state(page: Page, any: &'static [&'static str], fix: &'static str) -> Signature {
    Signature { page, goroutines: Frames { any, ..Frames::NONE }, needs_goroutines: true, fix, ..Signature::DEFAULT }
}

/// The same where waiting allocates, by the frames that do; `leaf` are those of one block for each goroutine.
const fn allocating(any: &'static [&'static str], leaf: &'static [&'static str], state: Signature) -> Signature {
    Signature {
        heap: Frames { any, all: DESCRIPTORS, with: DESCRIPTORS, ..Frames::NONE },
        unit: Some(Unit { leaf, objects: 1, counted: Counted::Goroutine }),
        ..state
    }
}

pub(crate) const MUTEX: Signature = allocating(
    &["internal/sync.runtime_SemacquireMutex", "sync.runtime_SemacquireRWMutexR", "sync.runtime_SemacquireRWMutex"],
    &[
        "^ internal/sync.runtime_SemacquireMutex",
        "^ sync.runtime_SemacquireRWMutexR",
        "^ sync.runtime_SemacquireRWMutex",
    ],
    state(
        Page::new("goroutine-mutex", include_str!("goroutine_mutex.rs")),
        &[
            "internal/sync.runtime_SemacquireMutex << @app",
            "sync.runtime_SemacquireRWMutexR << @app",
            "sync.runtime_SemacquireRWMutex << @app",
        ],
        "release it on every path: defer mu.Unlock() on the line after Lock",
    ),
);
pub(crate) const WAITGROUP: Signature = allocating(
    &["sync.runtime_SemacquireWaitGroup", "sync.runtime_Semacquire < sync.(*WaitGroup).Wait"],
    &["^ sync.runtime_SemacquireWaitGroup", "^ sync.runtime_Semacquire < sync.(*WaitGroup).Wait"],
    state(
        Page::new("goroutine-waitgroup", include_str!("goroutine_waitgroup.rs")),
        &["sync.(*WaitGroup).Wait << @app"],
        "call Done on every path: start the goroutine with defer group.Done()",
    ),
);
pub(crate) const COND: Signature = allocating(
    &["sync.runtime_notifyListWait < sync.(*Cond).Wait"],
    &["^ sync.runtime_notifyListWait"],
    state(
        Page::new("goroutine-cond", include_str!("goroutine_cond.rs")),
        &["sync.(*Cond).Wait << @app", "sync.(*Cond).Wait < @dep"],
        "call Broadcast on every path that ends the wait, or use a channel and <-ctx.Done()",
    ),
);
pub(crate) const SLEEP: Signature = allocating(
    &["time.Sleep"],
    &["^ time.Sleep"],
    state(
        Page::new("goroutine-sleep", include_str!("goroutine_sleep.rs")),
        &["time.Sleep << @app"],
        "replace time.Sleep with a select on a timer and <-ctx.Done()",
    ),
);
pub(crate) const CHAN_SEND: Signature = state(
    Page::new("goroutine-chan-send", include_str!("goroutine_chan_send.rs")),
    &["runtime.chansend1 < @app", "runtime.chansend1 < @dep"],
    "let the sender give up: use a buffered channel, or select with <-ctx.Done()",
);
pub(crate) const CHAN_RECEIVE: Signature = state(
    Page::new("goroutine-chan-receive", include_str!("goroutine_chan_receive.rs")),
    &["runtime.chanrecv1 < @app", "runtime.chanrecv1 < @dep"],
    "close the channel on every path of the sender, or select with <-ctx.Done()",
);
pub(crate) const CHAN_RANGE: Signature = state(
    Page::new("goroutine-chan-range", include_str!("goroutine_chan_range.rs")),
    &["runtime.chanrecv2 < @app", "runtime.chanrecv2 < @dep"],
    "close the channel in the sender; with a ticker, select on <-ctx.Done() and stop the ticker",
);
pub(crate) const SELECT: Signature = Signature {
    with_goroutines: Confidence::Medium,
    ..state(
        Page::new("goroutine-select", include_str!("goroutine_select.rs")),
        &["runtime.selectgo < @app", "runtime.selectgo < @dep"],
        "look at the cases, which no profile shows; if none ends the wait, add case <-ctx.Done(): return",
    )
};
pub(crate) const SELECT_EMPTY: Signature = state(
    Page::new("goroutine-select-empty", include_str!("goroutine_select_empty.rs")),
    &["runtime.block < @app", "runtime.block < @dep << @app"],
    "replace select {} with <-ctx.Done()",
);
pub(crate) const NETWORK_READ: Signature = state(
    Page::new("goroutine-network-read", include_str!("goroutine_network_read.rs")),
    &[
        "net.(*conn).Read < @app",
        "net.(*conn).Read < @dep << @app",
        "net.(*conn).Read < bufio.(*Reader).fill << @app",
        "net.(*conn).Read < bufio.(*Reader).Read << @app",
        "net.(*conn).Read < bufio.(*Scanner).Scan << @app",
        "net.(*conn).Read < io.ReadAtLeast << @app",
    ],
    "set a deadline before each read: conn.SetReadDeadline",
);
pub(crate) const CGO: Signature = state(
    Page::new("goroutine-cgo", include_str!("goroutine_cgo.rs")),
    &["runtime.cgocall << @app"],
    "give the C call a timeout, and limit concurrent calls",
);
