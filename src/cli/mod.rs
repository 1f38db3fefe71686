//! The command line: arguments, then a request of domain values, then one short function per subcommand.
//!
//! In: arguments, standard streams, what is known of the terminal. Out: bytes on the streams or in a file, an exit code.
//! Invariant: the only room that knows clap; it holds no logic of the subject.

mod args;
mod beside;
mod bounded;
mod capture;
mod capture_args;
mod check;
mod check_args;
mod command_args;
mod dumps;
mod explain;
mod fetch_args;
mod fleet;
mod fleet_args;
mod gate;
mod gather;
mod goroutines;
mod holders;
mod holders_args;
mod inputs;
mod inspect;
mod interrupt;
mod limits;
mod links;
mod look_args;
mod offered;
mod output;
mod pattern;
mod peek;
mod process;
mod process_args;
mod progress;
mod quote;
mod read;
mod record;
mod request;
mod run;
mod single_dash;
mod target;
mod view_args;
mod wait;
mod wait_args;
mod waiting;
mod watch;
mod watch_args;
mod watched;

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::Path;

use clap::error::ErrorKind;

use crate::report::terminal;
use crate::source::Files;

/// The answer of a run to the shell that started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; a gate passed.
    Done = 0,
    /// A gate failed: a limit was exceeded, and the growth is real.
    Failed = 1,
    /// Usage, unreadable or malformed input, or nothing in common to compare.
    Error = 2,
    /// A gate is inconclusive: a limit was exceeded, but the samples cannot tell the growth from noise.
    Inconclusive = 3,
}

/// The standard streams and what is known of the terminal behind them.
pub struct Console<'a> {
    /// Standard input.
    pub stdin: Box<dyn Read + Send>,
    /// Standard output.
    pub stdout: &'a mut dyn Write,
    /// Standard error.
    pub stderr: &'a mut dyn Write,
    /// Columns of the terminal that standard output goes to; `None` when it goes to a file or a pipe.
    pub width: Option<usize>,
    /// Whether the environment asks for colour (`CLICOLOR_FORCE`), forbids it (`NO_COLOR`), or leaves it to us.
    pub color: Option<bool>,
    /// Whether the terminal follows links (OSC 8).
    pub has_links: bool,
    /// Whether somebody watches standard error: progress is shown there.
    pub is_attended: bool,
    /// Opens a file in the browser; `None` where nobody sits at a terminal.
    pub open: Option<fn(&Path) -> io::Result<()>>,
}

impl<'a> Console<'a> {
    /// One where nothing is a terminal, and standard input is empty.
    pub fn piped(stdout: &'a mut dyn Write, stderr: &'a mut dyn Write) -> Self {
        Self {
            stdin: Box::new(io::empty()),
            stdout,
            stderr,
            width: None,
            color: None,
            has_links: false,
            is_attended: false,
            open: None,
        }
    }
}

/// Parses the arguments (the first is the program's name) and runs.
pub fn main(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let command_line = quote::command_line(&arguments);
    let arguments = match single_dash::translate(&arguments, args::command) {
        Ok(arguments) => arguments,
        Err(refused) => return finish(Err(refused.into()), console),
    };
    match args::parse(arguments.iter().cloned(), console.width) {
        Ok(args) => {
            let files = Files::new(std::mem::replace(&mut console.stdin, Box::new(io::empty())));
            finish(run::run(args, command_line, &files, console), console)
        }
        Err(error) => {
            match pattern::is_missing(&arguments).filter(|_| error.kind() == ErrorKind::MissingRequiredArgument) {
                Some(missing) => finish(Err(missing), console),
                None => report_usage(&error, console),
            }
        }
    }
}

fn finish(result: anyhow::Result<Exit>, console: &mut Console<'_>) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(error) if is_closed_pipe(&error) => Exit::Done,
        Err(error) => {
            tell(&error, console);
            Exit::Error
        }
    }
}

/// Tells what went wrong, why, and what to do.
fn tell(error: &anyhow::Error, console: &mut Console<'_>) {
    let mut lines = vec![format!("error: {}", terminal(&error.to_string()))];
    let safe = |cause: String| cause.lines().map(|line| terminal(line).into_owned()).collect::<Vec<_>>();
    let causes = error.chain().skip(1).map(|cause| safe(cause.to_string()).join("\n    "));
    lines.extend(causes.map(|cause| format!("  because: {cause}")));
    lines.extend(run::hint(error).map(|hint| format!("  hint: {hint}")));
    // Nothing is left to tell it to when standard error is closed too.
    let _ = writeln!(console.stderr, "{}", lines.join("\n"));
}

/// A reader that has seen enough (`leakdiff ... | head`) is success.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    })
}

fn report_usage(error: &clap::Error, console: &mut Console<'_>) -> Exit {
    let is_error = error.use_stderr();
    let wants_color = console.color.unwrap_or(console.width.is_some());
    let text = error.render();
    let text = if wants_color { text.ansi().to_string() } else { text.to_string() };
    if is_error {
        // Nothing is left to tell it to where standard error is closed.
        let _ = console.stderr.write_all(text.as_bytes());
        return Exit::Error;
    }
    let shown = output::print(&mut console.stdout, |out| out.write_all(text.as_bytes()));
    finish(shown.map(|()| Exit::Done), console)
}
