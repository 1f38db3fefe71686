//! Ctrl-C while something is being waited for.
//!
//! In: the signals of the terminal and of who ends a service. Out: a [`Stop`] that is set by the first of them.
//! Invariant: the second ends the process at once. The only user of ctrlc.

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use crate::source::clock::{self, Stop};

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

/// Ends the process some time after it was told to stop, where it has not ended by then: reading from a terminal that is
/// gone never comes back.
pub(super) fn end_soon_after(stop: &Stop) {
    const HOUR: Duration = Duration::from_secs(3600);
    const GRACE: Duration = Duration::from_secs(2);
    let stop = stop.clone();
    thread::spawn(move || {
        while stop.wait_until(clock::now() + HOUR, |_| ()) {}
        Stop::default().wait_until(clock::now() + GRACE, |_| ());
        end();
    });
}

#[expect(clippy::exit, reason = "who asks twice does not want to wait for what is being done")]
fn end() {
    std::process::exit(INTERRUPTED);
}
