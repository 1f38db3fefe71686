//! Ctrl-C while something is being waited for.
//!
//! In: the signals of the terminal and of who ends a service. Out: a [`Stop`] that is set by the first of them.
//! Invariant: the second ends the process at once. The only user of ctrlc.

use std::sync::OnceLock;

use crate::source::clock::Stop;

/// What a shell calls a process that was ended by Ctrl-C.
const INTERRUPTED: i32 = 130;

/// What is set by Ctrl-C from now on.
pub(super) fn listen() -> Stop {
    static STOP: OnceLock<Stop> = OnceLock::new();
    STOP.get_or_init(|| {
        let stop = Stop::default();
        let told = stop.clone();
        // Where it cannot be listened to, Ctrl-C ends the process as it always does.
        let _ = ctrlc::set_handler(move || {
            if told.set() {
                end();
            }
        });
        stop
    })
    .clone()
}

#[expect(clippy::exit, reason = "who asks twice does not want to wait for what is being done")]
fn end() {
    std::process::exit(INTERRUPTED);
}
