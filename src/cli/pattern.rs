//! The pattern for functions that stands before the profiles of `list` and `peek`.
//!
//! In: what the user typed. Out: the pattern, or in words that there is none. Invariant: a profile is never taken for it in
//! silence.

use std::ffi::OsString;

use anyhow::{Context, Result, anyhow, bail};
use regex::Regex;

use crate::source;

use super::args::DiffArgs;

/// The commands that take one.
const COMMANDS: &[&str] = &["list", "peek"];

/// The pattern of a command, which is not left out.
pub(super) fn pattern(command: &str, text: &str, args: &DiffArgs) -> Result<Regex> {
    if text.is_empty() {
        bail!("the pattern is empty; a dot stands for every function");
    }
    let profiles = args.inputs.len() + args.view.base.iter().len() + args.after.len();
    if profiles < 2 && source::is_file_at(text.as_ref()) {
        return Err(anyhow!("{text} is a file, and {}", wanted(command)));
    }
    Regex::new(text).context("REGEX is not a valid pattern")
}

/// The error where a pattern matches no function that holds anything.
pub(super) fn no_match(command: &str, pattern: &Regex, metric: &str) -> anyhow::Error {
    let file = source::is_file_at(pattern.as_str().as_ref());
    let wanted = if file { format!("; it is a file, and {}", wanted(command)) } else { String::new() };
    anyhow!("no function that holds {metric} matches {pattern}{wanted}")
}

/// The error where clap misses something of a command that takes a pattern.
pub(super) fn is_missing(arguments: &[OsString]) -> Option<anyhow::Error> {
    let command = COMMANDS.iter().find(|command| arguments.get(1).is_some_and(|word| word == **command))?;
    Some(anyhow!("{}", wanted(command)))
}

fn wanted(command: &str) -> String {
    format!(
        "{command} takes a pattern for functions, then the profiles: leakdiff {command} REGEX BASE NEW (a dot stands for \
         every function)"
    )
}
