//! What may be typed after `peek`, `inspect` and `man`: clap's declarations and nothing else.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueHint};

use super::args::DiffArgs;
use super::look_args::LookArgs;

pub(super) const PEEK_EXAMPLES: &str = "\
Examples:
  leakdiff peek 'Cache.*Put' heap1.out heap2.out   who calls it, and what it calls
  leakdiff peek bytes.growSlice heap*.out -n 5     of each function five callers and five callees
  leakdiff peek . heap1.out heap2.out -f json      the whole call graph";

pub(super) const INSPECT_EXAMPLES: &str = "\
Examples:
  leakdiff inspect heap.pb.gz            what it is, what it counts, what is missing
  leakdiff inspect profiles/ -f json     of each file of a folder
  curl -s 'http://host:6060/debug/pprof/heap' | leakdiff inspect -";

/// Which functions to look at.
#[derive(Debug, ClapArgs)]
pub(super) struct PeekArgs {
    /// Functions: a regular expression
    #[arg(value_name = "REGEX")]
    pub pattern: String,
    #[command(flatten)]
    pub diff: DiffArgs,
}

/// What to look at.
#[derive(Debug, ClapArgs)]
pub(super) struct InspectArgs {
    /// Profiles: a path, label=path, a folder, a quoted pattern, or - for standard input
    #[arg(value_name = "PROFILE", required = true, value_hint = ValueHint::FilePath)]
    pub inputs: Vec<OsString>,
    /// Format
    #[arg(short = 'f', long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"],
          help_heading = "Output")]
    pub format: String,
    #[command(flatten)]
    pub look: LookArgs,
}

/// Where to write manual pages.
#[derive(Debug, ClapArgs)]
pub(super) struct ManArgs {
    /// Write the pages of all commands into this folder, as leakdiff.1, leakdiff-check.1, ...
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
}
