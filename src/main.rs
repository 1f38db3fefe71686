//! The `leakdiff` binary: looks at the terminal, runs the command line, exits with its answer.

use std::io::IsTerminal;
use std::process::ExitCode;

use leakdiff::cli::{Console, main as run};

fn main() -> ExitCode {
    let stdout = std::io::stdout();
    let width = stdout.is_terminal().then(terminal_width);
    let exit = run(
        std::env::args_os(),
        &mut Console {
            stdin: &mut std::io::stdin().lock(),
            stdout: &mut stdout.lock(),
            stderr: &mut std::io::stderr().lock(),
            width,
            color: color_from_environment(),
        },
    );
    ExitCode::from(exit as u8)
}

fn terminal_width() -> usize {
    const USUAL: usize = 80;
    let from_environment = || std::env::var("COLUMNS").ok()?.parse().ok();
    let size = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    size.or_else(from_environment).unwrap_or(USUAL)
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
