//! The `leakdiff` binary: looks at the terminal, runs the command line, exits with its answer.

use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use leakdiff::cli::{Console, main as run};
use leakdiff::report::Ascii;

fn main() -> ExitCode {
    let stdout = io::stdout();
    let width = stdout.is_terminal().then(terminal_width);
    let mut stdout: Box<dyn Write> = match width {
        _ if STDOUT_IS_CLOSED.load(Ordering::Relaxed) => Box::new(Closed),
        Some(_) if !locale_is_unicode() => Box::new(Ascii::new(stdout.lock())),
        _ => Box::new(stdout.lock()),
    };
    let exit = run(
        std::env::args_os(),
        &mut Console {
            stdin: Box::new(Awaited { stdin: io::stdin(), is_told: false }),
            stdout: &mut stdout,
            // Not locked: who reads standard input may have to say so.
            stderr: &mut io::stderr(),
            width,
            color: color_from_environment(),
            has_links: width.is_some() && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            is_attended: io::stderr().is_terminal(),
            open: width.map(|_| open_in_browser as fn(&Path) -> io::Result<()>),
        },
    );
    ExitCode::from(exit as u8)
}

/// Whether the process began without a standard output. Rust's runtime opens `/dev/null` in its place, where all that is
/// written is lost without an error, so that it has to be asked before.
static STDOUT_IS_CLOSED: AtomicBool = AtomicBool::new(false);

#[cfg(unix)]
#[ctor::ctor(unsafe)]
fn look_at_stdout() {
    use std::os::fd::AsFd;
    STDOUT_IS_CLOSED.store(io::stdout().as_fd().try_clone_to_owned().is_err(), Ordering::Relaxed);
}

/// Standard input, which at a terminal says what it waits for.
struct Awaited {
    stdin: io::Stdin,
    is_told: bool,
}

impl Read for Awaited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !std::mem::replace(&mut self.is_told, true) && self.stdin.is_terminal() {
            let text = "leakdiff waits for a profile on standard input: curl -s URL | leakdiff ... - (Ctrl-C ends it)";
            writeln!(io::stderr(), "{text}")?;
        }
        self.stdin.read(buffer)
    }
}

fn open_in_browser(path: &Path) -> io::Result<()> {
    open::that_detached(path)
}

/// A standard output that is not there.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::other("it is closed"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn terminal_width() -> usize {
    const USUAL: usize = 80;
    let from_environment = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|width| *width > 0);
    let size = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0);
    size.or_else(from_environment).unwrap_or(USUAL)
}

/// Whether the locale has characters beyond ASCII: the first of its variables that is set decides. One that says nothing
/// of characters, as none does in most containers, is no reason to do without.
fn locale_is_unicode() -> bool {
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let Some(name) = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(|name| is_set(name)) else { return true };
    let locale = std::env::var(name).unwrap_or_default().to_ascii_lowercase();
    match locale.split_once('.') {
        Some((_, charset)) => charset.starts_with("utf-8") || charset.starts_with("utf8"),
        None => !matches!(&*locale, "c" | "posix"),
    }
}

/// <https://no-color.org> and <https://bixense.com/clicolors>: set and not empty forbids, forced and not 0 asks for it.
fn color_from_environment() -> Option<bool> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match (no_color, is_set("CLICOLOR_FORCE")) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        (false, false) => None,
    }
}
