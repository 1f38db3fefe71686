//! The real binary under limits of the system: what it answered, how long it computed, how much memory it took.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4;

use crate::support::Files;

/// What a run of the binary left behind.
pub struct Measured {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    pub stderr: String,
    /// The time of all processors together, which does not depend on what else they do.
    pub time: Duration,
    /// The most memory it had at a time, in bytes.
    pub memory: u64,
}

/// Runs the binary with so many kilobytes of address space, threads and all; `feed` is a command of the shell whose
/// output it reads. What it prints is thrown away.
pub fn measure(files: &Files, kilobytes: u64, feed: &str, args: &[&str]) -> Measured {
    let stderr = files.path("stderr");
    let feed = if feed.is_empty() { String::new() } else { format!("{feed} | ") };
    // The pipe is outside: the shell becomes the binary, so that what is measured is the binary alone.
    let script = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    if feed.is_empty() {
        command.args(["-c", &script, env!("CARGO_BIN_EXE_leakdiff")]).args(args).stdin(Stdio::null());
    } else {
        let mut feeding = Command::new("sh");
        let source = feeding.args(["-c", feed.trim_end_matches(" | ")]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut source = source.spawn().expect("a shell");
        let output = source.stdout.take().expect("its output is a pipe");
        std::thread::spawn(move || source.wait());
        command.args(["-c", &script, env!("CARGO_BIN_EXE_leakdiff")]).args(args).stdin(output);
    }
    let mut child = command
        .stdout(Stdio::null())
        .stderr(File::create(&stderr).expect("a file for messages"))
        .spawn()
        .expect("a shell");
    let ended = child.wait4().expect("it ends");
    drop(command);
    Measured {
        code: ended.status.code(),
        stderr: String::from_utf8_lossy(&std::fs::read(&stderr).expect("messages")).into_owned(),
        time: ended.rusage.utime + ended.rusage.stime,
        memory: ended.rusage.maxrss,
    }
}
