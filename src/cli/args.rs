//! What the user may type: clap's declarations and nothing else.
//!
//! In: arguments. Out: [`Args`], validated one by one. What they mean together is decided in `request`.

use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand};

use crate::analyze::Sort;
use crate::diff::Granularity;
use crate::report::FORMATS;

const ABOUT: &str = "Compare heap profiles in pprof format: what grew, is it real, and who is responsible";

const EXAMPLES: &str = "\
Examples:
  leakdiff heap1.out heap2.out                    what grew between two snapshots
  leakdiff heap1.out heap2.out --by line -n 20    ... line by line, twenty rows
  leakdiff monday=a.pb.gz friday=b.pb.gz          with labels of your own
  leakdiff heap*.pb.gz                            growth over a series, first to last
  leakdiff heap2.out                              the largest allocators of one snapshot
  leakdiff a.pb.gz b.pb.gz -o growth.json         the format follows the ending
  leakdiff report a.pb.gz b.pb.gz -o leak.html    one page for an incident report
  curl -s 'http://host:6060/debug/pprof/heap?gc=1' | leakdiff heap1.out -

Take snapshots with ?gc=1, some minutes apart, from the same process:
  curl -so heap1.out 'http://host:6060/debug/pprof/heap?gc=1'

Exit status: 0 done, 2 error (usage, unreadable or malformed input).";

/// Everything the user typed.
#[derive(Debug, Parser)]
#[command(name = "leakdiff", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, disable_help_subcommand = true)]
#[command(override_usage = "leakdiff [OPTIONS] BASE NEW...\n       leakdiff COMMAND")]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub diff: DiffArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the top growing allocators (the default command)
    #[command(after_help = EXAMPLES, override_usage = "leakdiff diff [OPTIONS] BASE NEW...")]
    Diff(Box<DiffArgs>),
    /// Write one self-contained HTML page for an incident report
    #[command(override_usage = "leakdiff report [OPTIONS] BASE NEW... -o leak.html")]
    Report(Box<DiffArgs>),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// What to compare and how to show it.
#[derive(Debug, ClapArgs)]
pub(super) struct DiffArgs {
    /// Profiles, oldest first: a path, label=path, or - for standard input
    #[arg(value_name = "PROFILE", required = true)]
    pub inputs: Vec<String>,

    /// Metric to compare: inuse_space, inuse_objects, alloc_space, alloc_objects, ... or an index
    #[arg(long, value_name = "METRIC", alias = "sample_index", help_heading = "What to compare")]
    pub sample_index: Option<String>,
    /// What a row stands for
    #[arg(long, value_name = "WHAT", default_value = "function", help_heading = "What to compare",
          value_parser = PossibleValuesParser::new(Granularity::ALL.iter().map(|(name, _)| *name)))]
    pub by: String,
    /// Compare function names byte by byte, without allowing for closures, type arguments, vendoring and Go versions
    #[arg(long, help_heading = "What to compare")]
    pub exact_names: bool,

    /// Show at most this many rows; 0 shows all, also those that did not grow [default: 10; 200 in HTML]
    #[arg(short = 'n', long, value_name = "ROWS", alias = "nodecount", help_heading = "Which rows")]
    pub top: Option<usize>,
    /// Order of the rows
    #[arg(long, value_name = "ORDER", default_value = "growth", help_heading = "Which rows",
          value_parser = PossibleValuesParser::new(Sort::ALL.iter().map(|(name, _)| *name)))]
    pub sort: String,

    /// Only stacks with a function, file or binary that matches
    #[arg(long, value_name = "REGEX", help_heading = "Which stacks and frames")]
    pub focus: Option<String>,
    /// Only stacks without one that matches
    #[arg(long, value_name = "REGEX", help_heading = "Which stacks and frames")]
    pub ignore: Option<String>,
    /// Leave out frames that match
    #[arg(long, value_name = "REGEX", help_heading = "Which stacks and frames")]
    pub hide: Option<String>,
    /// Leave out frames that do not match
    #[arg(long, value_name = "REGEX", help_heading = "Which stacks and frames")]
    pub show: Option<String>,
    /// Leave out the callers of the outermost frame that matches
    #[arg(long, value_name = "REGEX", alias = "show_from", help_heading = "Which stacks and frames")]
    pub show_from: Option<String>,
    /// Only samples with a label that matches: [key=]REGEX, or a range such as bytes=32kb:64kb
    #[arg(long, value_name = "LABEL", help_heading = "Which stacks and frames")]
    pub tagfocus: Option<String>,
    /// Only samples without a label that matches
    #[arg(long, value_name = "LABEL", help_heading = "Which stacks and frames")]
    pub tagignore: Option<String>,

    /// Output format
    #[arg(short = 'f', long, value_name = "FORMAT", help_heading = "Output",
          value_parser = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name)))]
    pub format: Option<String>,
    /// Write to a file; its ending gives the format (.txt .json .md .csv .html)
    #[arg(short = 'o', long, value_name = "FILE", alias = "output", help_heading = "Output")]
    pub output: Option<String>,
    /// Unit of values for people: auto, B, KiB, MiB, GiB, ...
    #[arg(long, value_name = "UNIT", default_value = "auto", help_heading = "Output")]
    pub unit: String,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output",
          value_parser = ["auto", "always", "never"])]
    pub color: String,
    /// Columns of the table (default: those of the terminal; as many as needed when piped)
    #[arg(long, value_name = "COLUMNS", help_heading = "Output")]
    pub columns: Option<usize>,

    /// Most memory one profile may need once decompressed
    #[arg(long, value_name = "SIZE", default_value = "2GiB", help_heading = "Limits")]
    pub max_inflated: String,
}

/// Parses the arguments, the first being the program's name.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Args, clap::Error> {
    Args::try_parse_from(arguments)
}

/// The declarations, for completions and the manual page.
pub(super) fn command() -> clap::Command {
    Args::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn declarations_are_consistent() {
        super::command().debug_assert();
    }
}
