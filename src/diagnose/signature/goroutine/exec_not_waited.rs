//! Wait is not called for started commands
//!
//! ## What it detects
//!
//! `os/exec` commands that are started with `Start` without a call of `Wait`, or that never exit.
//!
//! ## Why it grows
//!
//! `Wait` closes the pipes of a command and ends the goroutines that copy its input and output. Until then each
//! command retains about 0.5 KB, a goroutine and a buffer of at least 512 B for every writer that is not a file, and
//! its descriptors. A child that has exited stays in the process table as a zombie until `Wait`. A child that hangs
//! retains all of this, too.
//!
//! ## Evidence
//!
//! - Heap: `os/exec.Command`, in blocks of 384 to 416 B, and `os/exec.(*Cmd).Start`; the copies below
//!   `(*Cmd).writerDescriptor`.
//! - Goroutines: `os.(*File).Read` below `os/exec.(*Cmd).writerDescriptor`, one for each writer, and `(*Cmd).watchCtx` for
//!   commands with a context.
//!
//! ## What looks alike
//!
//! - *Long-running child processes*: their number stays constant.
//! - *Unclosed files* (`file-not-closed`) have no frame of `os/exec`.
//!
//! ## Fix
//!
//! Call `Wait` for every started command, and give it a context with a timeout. `WaitDelay` ends the wait if
//! grandchildren keep a pipe open.
//!
//! ```go
//! ctx, cancel := context.WithTimeout(ctx, time.Minute)
//! defer cancel()
//! cmd := exec.CommandContext(ctx, "convert", in, out)
//! cmd.WaitDelay = 5 * time.Second
//! err := cmd.Run() // Start and Wait
//! ```
//!
//! ## How to confirm
//!
//! `ps --ppid PID` lists the children: `<defunct>` are zombies; the others hang.

use crate::model::Page;

use crate::diagnose::signature::{Counted, Frames, Signature, Unit};

pub(crate) const SIGNATURE: Signature = Signature {
    page: Page::new("exec-not-waited", include_str!("exec_not_waited.rs")),
    heap: Frames {
        any: &[
            "os/exec.Command",
            "os/exec.(*Cmd).Start",
            "os/exec.(*Cmd).Start.func",
            "os/exec.(*Cmd).writerDescriptor.func",
        ],
        with: &["runtime.malg"],
        ..Frames::NONE
    },
    goroutines: Frames { any: &["os/exec.(*Cmd).Start.func", "os/exec.(*Cmd).watchCtx"], ..Frames::NONE },
    blame: &["os/exec.Command << @app", "os/exec.(*Cmd).Start << @app"],
    unit: Some(Unit { leaf: &["^ os/exec.Command"], objects: 1, counted: Counted::Command }),
    fix: "call Wait for every started command, or use Run; pass a context with a timeout",
    ..Signature::DEFAULT
};
