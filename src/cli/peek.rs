//! `leakdiff peek`: callers and callees of functions.
//!
//! In: what the user typed. Out: text or JSON. Invariant: only what is a call of the functions asked for is shown.

use anyhow::{Result, bail};
use regex::Regex;

use crate::report::{self, Peek, Report, write_peek, write_peek_json};
use crate::source::Files;
use crate::{compare, diff, rows};

use super::command_args::PeekArgs;
use super::output::write_all;
use super::pattern::{no_match, pattern};
use super::read::read;
use super::request::Request;
use super::target::Format;
use super::{Console, Exit};

/// One look at a call graph, ready to run.
struct PeekRequest {
    pattern: Regex,
    request: Request,
}

/// How many callers and callees of a function are shown where the user does not say.
const MOST: usize = 10;

impl PeekRequest {
    /// Checks the arguments together.
    fn new(args: PeekArgs) -> Result<Self> {
        let PeekArgs { pattern: text, diff: args } = args;
        let pattern = pattern("peek", &text, &args)?;
        let mut request = Request::new(args)?;
        use diff::Granularity::{Address, Function, Line};
        if !matches!(request.diff.by, Function | Line | Address) {
            bail!("--by: callers and callees are those of functions, lines or addresses");
        }
        for target in &request.targets {
            if !["table", "json"].contains(&target.format.name()) {
                bail!("callers and callees are written as table or json, not as {}", target.format.name());
            }
        }
        // What is shown of the report stands around the functions.
        request.analyze.sort = rows::Sort::Cum;
        Ok(Self { pattern, request })
    }
}

/// Prints the functions that match, between their callers and callees.
pub(super) fn run_peek(args: PeekArgs, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    let PeekRequest { pattern, request } = PeekRequest::new(args)?;
    let (diff, _) = read(&request, files, console)?;
    let functions = rows::peek::peek(&diff, &pattern);
    if functions.is_empty() {
        return Err(no_match("peek", &pattern, &diff.metric().name));
    }
    let one = compare::Options { top: Some(1), ..request.rows_of(&report::FORMATS[0]) };
    let report = Report::new(&diff, &compare::compare(&diff, None, one));
    let peek = Peek::new(&diff, &report, &functions);
    let most = request.top.map_or(MOST, |top| if top == 0 { usize::MAX } else { top });
    let written =
        write_all(&request.targets, &request.look, files, console, |target, style, out| match target.format {
            Format::Report(format) if format.name == "json" => write_peek_json(&peek, out),
            _ => write_peek(&peek, most, style, out),
        });
    std::mem::forget(diff);
    written.map(|()| Exit::Done)
}
