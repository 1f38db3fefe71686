//! What the user may type: clap's declarations and nothing else.
//!
//! In: arguments. Out: [`Args`], validated one by one. What they mean together is decided in `request`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand, ValueHint};

use crate::diff::Width;
use crate::export::Style;
use crate::report;
use crate::rows::Sort;

use super::capture_args::{self, CaptureArgs};
use super::check_args::{self, CheckArgs};
use super::command_args::{INSPECT_EXAMPLES, InspectArgs, ManArgs, PEEK_EXAMPLES, PeekArgs};
use super::explain;
use super::fetch_args::FetchArgs;
use super::fleet_args::{self, FleetArgs};
use super::holders_args::{self, HoldersArgs};
use super::look_args::{LookArgs, formats};
use super::offered::{By, METRICS, Offered};
use super::process_args::ProcessArgs;
use super::view_args::ViewArgs;
use super::wait_args::WaitArgs;
use super::watch_args::{self, WatchArgs};

const ABOUT: &str = "Compare heap profiles in pprof format: what grew, is it real, and who is responsible";

/// Columns of help, where the terminal is wider.
const WIDEST_HELP: usize = 100;

const EXAMPLES: &str = "\
Examples:
  leakdiff heap1.out heap2.out                  what grew between two snapshots
  leakdiff heap1.out heap2.out --by line -n 20  ... line by line, twenty rows
  leakdiff monday=a.pb.gz friday=b.pb.gz        with labels of your own
  leakdiff heap*.pb.gz                          growth over a series
  leakdiff --before a1 a2 a3 --after b1 b2 b3   two builds by several runs each
  leakdiff heap2.out                            what one snapshot holds
  leakdiff a.pb.gz b.pb.gz -o growth.json       the format follows the ending
  leakdiff a.pb.gz b.pb.gz -o growth.svg        a flame graph
  leakdiff a.pb.gz b.pb.gz -o leak.html         a page for an incident report
  curl -s 'http://host:6060/debug/pprof/heap?gc=1' | leakdiff heap1.out -

Take snapshots with ?gc=1, some minutes apart, from the same process:
  curl -so heap1.out 'http://host:6060/debug/pprof/heap?gc=1'

Exit status: 0 done, 2 error (usage, unreadable or malformed input).";

const FLAME_EXAMPLES: &str = "\
Examples:
  leakdiff flame heap1.out heap2.out -o leak.svg  what grew and what shrank
  leakdiff flame heap*.out -o leak.svg --width after  what is there now
  leakdiff flame heap*.out -o leak.svg --inverted  allocators above their callers
  leakdiff flame heap*.out -o leak.svg --flame-root 'api.(*Server).Handle'
  leakdiff flame heap*.out -o leak.folded         stacks for other tools";

const LIST_EXAMPLES: &str = "\
Examples:
  leakdiff list 'Cache.*Put' heap1.out heap2.out   in the folder of the source
  leakdiff list Put heap1.out heap2.out --source-path ~/src/shop
  leakdiff list Put heap1.out heap2.out --trim-path /home/ci/build --source-path ~/src";

const GOROUTINES_EXAMPLES: &str = "\
Profiles in any form: /debug/pprof/goroutine, the same with ?debug=1, with ?debug=2 (which also tells who created \
goroutines and for how long they have been waiting), a crash, /debug/pprof/goroutineleak.

Examples:
  leakdiff goroutines goroutine1.out goroutine2.out   where more of them wait
  leakdiff goroutines goroutine2.out                  where they wait now
  leakdiff goroutines goroutine*.out -o waiting.md    over a series, for a ticket
  leakdiff heap1.out heap2.out --goroutines goroutine1.out goroutine2.out";

/// Everything the user typed.
#[derive(Debug, Parser)]
#[command(name = "leakdiff", version, about = ABOUT, after_help = EXAMPLES)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
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
    /// Draw a differential flame graph
    #[command(after_help = FLAME_EXAMPLES, override_usage = "leakdiff flame [OPTIONS] BASE NEW... [-o FILE]")]
    Flame(Box<FlameArgs>),
    /// Write one HTML page for an incident report
    #[command(override_usage = "leakdiff report [OPTIONS] BASE NEW... -o FILE")]
    Report(Box<DiffArgs>),
    /// Compare goroutine profiles by wait reason and location
    #[command(after_help = GOROUTINES_EXAMPLES, override_usage = "leakdiff goroutines [OPTIONS] BEFORE AFTER...")]
    Goroutines(Box<DiffArgs>),
    /// Print the source of functions with the growth of each line beside it
    #[command(after_help = LIST_EXAMPLES, override_usage = "leakdiff list [OPTIONS] REGEX BASE NEW...")]
    List(Box<ListArgs>),
    /// Print callers and callees of functions with their growth
    #[command(after_help = PEEK_EXAMPLES, override_usage = "leakdiff peek [OPTIONS] REGEX BASE NEW...")]
    Peek(Box<PeekArgs>),
    /// Print what a profile is, what it counts, and what is missing in it
    #[command(after_help = INSPECT_EXAMPLES, override_usage = "leakdiff inspect [OPTIONS] PROFILE...")]
    Inspect(Box<InspectArgs>),
    /// Tell who holds what grew, from heap dumps of Go
    #[command(after_help = holders_args::EXAMPLES, override_usage = holders_args::USAGE)]
    Holders(Box<HoldersArgs>),
    /// Rank growth over the profiles of many hosts
    #[command(after_help = fleet_args::EXAMPLES, override_usage = fleet_args::USAGE)]
    Fleet(Box<FleetArgs>),
    /// Print the manual page of a warning or a suspect; without a code, the list of all
    Explain {
        /// Code of a warning, such as restart, or of a suspect, such as http-body-not-closed
        #[arg(value_name = "CODE", value_parser = Offered::new(explain::codes()), hide_possible_values = true)]
        codes: Vec<String>,
    },
    /// Fail the build when growth exceeds a limit: a gate for scripts and CI
    #[command(after_help = check_args::EXAMPLES, override_usage = check_args::USAGE)]
    Check(Box<CheckArgs>),
    /// Take a series of snapshots of running processes, as files
    #[command(after_help = capture_args::EXAMPLES, override_usage = "leakdiff capture [OPTIONS] URL... -o DIR")]
    Capture(Box<CaptureArgs>),
    /// Watch what is growing in a running process or a folder, on the whole terminal
    #[command(after_help = watch_args::EXAMPLES, override_usage = "leakdiff watch [OPTIONS] URL|DIR")]
    Watch(Box<WatchArgs>),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write those of all commands
    Man(ManArgs),
    /// Print the version
    Version,
}

impl Args {
    /// How URLs are fetched, for a command that has inputs.
    pub fn fetch(&self) -> Option<&FetchArgs> {
        match &self.command {
            None => Some(&self.diff.fetch),
            Some(Command::Diff(args) | Command::Report(args) | Command::Goroutines(args)) => Some(&args.fetch),
            Some(Command::Flame(args)) => Some(&args.diff.fetch),
            Some(Command::List(args)) => Some(&args.diff.fetch),
            Some(Command::Check(args)) => Some(&args.fetch),
            Some(Command::Capture(args)) => Some(&args.fetch),
            Some(Command::Watch(args)) => Some(&args.fetch),
            Some(Command::Peek(args)) => Some(&args.diff.fetch),
            Some(
                Command::Inspect(_)
                | Command::Holders(_)
                | Command::Fleet(_)
                | Command::Explain { .. }
                | Command::Completions { .. }
                | Command::Man(_)
                | Command::Version,
            ) => None,
        }
    }
}

/// What to compare and how to show it.
#[derive(Debug, ClapArgs)]
pub(super) struct DiffArgs {
    /// Profiles, oldest first: a path, a URL or HOST:PORT of a running process, label=path, or - for standard input
    #[arg(value_name = "PROFILE", required_unless_present_any = ["after", "base"], value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<OsString>,
    /// Runs of the build before; means are compared
    #[arg(long, value_name = "PROFILE", num_args = 1.., conflicts_with = "inputs", requires = "after",
          help_heading = "What to compare")]
    pub before: Vec<OsString>,
    /// Runs of the build after
    #[arg(long, value_name = "PROFILE", num_args = 1.., requires = "before", help_heading = "What to compare",
          conflicts_with_all = ["inputs", "same_process", "goroutines"])]
    pub after: Vec<OsString>,

    /// Metric to compare: inuse_space, inuse_objects, alloc_space, alloc_objects, ... or an index [default: live bytes,
    /// else allocated bytes, else counts, else what the profiles state]
    #[arg(long, value_name = "METRIC", alias = "sample_index", help_heading = "What to compare",
          value_parser = Offered::new(METRICS.iter().copied()), hide_possible_values = true)]
    pub sample_index: Option<String>,
    /// Group rows by
    #[arg(long, value_name = "WHAT", default_value = "function", help_heading = "What to compare",
          value_parser = By)]
    pub by: String,
    /// Compare function names byte by byte, as pprof does
    #[arg(long, help_heading = "What to compare")]
    pub exact_names: bool,
    /// The profiles are snapshots of one process, whatever the files say
    #[arg(long, conflicts_with = "independent", help_heading = "What to compare")]
    pub same_process: bool,
    /// The profiles are of different processes, whatever the files say
    #[arg(long, help_heading = "What to compare")]
    pub independent: bool,

    /// Goroutine profiles of the same moments, in any form, one by one, a folder, or a quoted pattern: they name what is
    /// blocked and show leaks that the heap does not; repeatable
    #[arg(long, value_names = ["BEFORE", "AFTER"], num_args = 1..=2, help_heading = "What to compare")]
    pub goroutines: Vec<OsString>,

    /// Say when the total and each suspect reach this size at their present rate
    #[arg(long, value_name = "SIZE", help_heading = "What to compare")]
    pub reaches: Option<String>,

    /// Packages or functions that are your code, such as 'github.com/acme/**'; repeatable [default: all but the standard
    /// library and dependencies]
    #[arg(long, value_name = "GLOB", help_heading = "What to compare")]
    pub app: Vec<String>,

    #[command(flatten)]
    pub process: ProcessArgs,

    /// Rows to show; 0 shows all, also those that did not grow [default: 10; in a page 200]
    #[arg(short = 'n', long, value_name = "ROWS", alias = "nodecount", help_heading = "Which rows")]
    pub top: Option<usize>,
    /// Sort rows by
    #[arg(long, value_name = "ORDER", default_value = "growth", help_heading = "Which rows",
          value_parser = PossibleValuesParser::new(Sort::ALL.iter().map(|(name, _)| *name)))]
    pub sort: String,
    /// Rank rows that may be sampling noise among the others, not below them
    #[arg(long, help_heading = "Which rows")]
    pub all: bool,

    /// Only stacks with a matching function, file or binary
    #[arg(long, value_name = "REGEX", help_heading = "Which stacks and frames")]
    pub focus: Option<String>,
    /// Only stacks without a match
    #[arg(long, value_name = "REGEX", help_heading = "Which stacks and frames")]
    pub ignore: Option<String>,
    /// Hide matching frames
    #[arg(long, value_name = "REGEX", help_heading = "Which stacks and frames")]
    pub hide: Option<String>,
    /// Show only matching frames
    #[arg(long, value_name = "REGEX", help_heading = "Which stacks and frames")]
    pub show: Option<String>,
    /// Start stacks at the outermost matching frame
    #[arg(long, value_name = "REGEX", alias = "show_from", help_heading = "Which stacks and frames")]
    pub show_from: Option<String>,
    /// Only samples with a matching label: [key=]REGEX, or a range such as bytes=32kb:64kb
    #[arg(long, value_name = "LABEL", help_heading = "Which stacks and frames")]
    pub tagfocus: Option<String>,
    /// Only samples without a matching label
    #[arg(long, value_name = "LABEL", help_heading = "Which stacks and frames")]
    pub tagignore: Option<String>,

    /// Output format; also of files, instead of their endings
    #[arg(short = 'f', long, value_name = "FORMAT", help_heading = "Output",
          value_parser = PossibleValuesParser::new(formats(false)))]
    pub format: Option<String>,
    /// Write a file, in the format of its ending (.txt .json .md .csv .html .prom .svg .folded .pb.gz) or in the one named;
    /// repeatable
    #[arg(short = 'o', long, value_name = "[FORMAT=]FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub output: Vec<OsString>,
    #[command(flatten)]
    pub view: ViewArgs,
    #[command(flatten)]
    pub look: LookArgs,
    #[command(flatten)]
    pub wait: WaitArgs,
    #[command(flatten)]
    pub fetch: FetchArgs,
}

/// What to draw and how.
#[derive(Debug, ClapArgs)]
pub(super) struct FlameArgs {
    /// Width of a frame: what changed below it, the value after, the value before, or the larger [default: growth]
    #[arg(long, value_name = "WIDTH", help_heading = "Flame graph",
          value_parser = PossibleValuesParser::new(Width::ALL.iter().map(|(name, _)| *name)))]
    pub width: Option<String>,
    /// Draw as leakdiff does, or as Brendan Gregg's FlameGraph does
    #[arg(long, value_name = "STYLE", default_value = "leakdiff", help_heading = "Flame graph",
          value_parser = PossibleValuesParser::new(Style::ALL.iter().map(|(name, _)| *name)))]
    pub style: String,
    /// Start at this function, without its callers and without other stacks
    #[arg(long, value_name = "FRAME", conflicts_with = "show_from", help_heading = "Flame graph")]
    pub flame_root: Option<String>,
    /// Allocating functions first, their callers below
    #[arg(long, help_heading = "Flame graph")]
    pub inverted: bool,
    /// Title of the picture
    #[arg(long, value_name = "TEXT", help_heading = "Flame graph")]
    pub title: Option<String>,
    #[command(flatten)]
    pub diff: DiffArgs,
}

/// What to list and where its source is.
#[derive(Debug, ClapArgs)]
pub(super) struct ListArgs {
    /// Functions to list: a regular expression
    #[arg(value_name = "REGEX")]
    pub pattern: String,
    /// Folder of the source code; repeatable [default: the current one]
    #[arg(long, value_name = "DIR", alias = "source_path", help_heading = "Source code",
          value_hint = ValueHint::DirPath)]
    pub source_path: Vec<PathBuf>,
    /// Prefix to take off the paths in the profiles; repeatable
    #[arg(long, value_name = "PREFIX", alias = "trim_path", help_heading = "Source code")]
    pub trim_path: Vec<String>,
    #[command(flatten)]
    pub diff: DiffArgs,
}

/// Parses the arguments, the first being the program's name. Help is wrapped to `width` columns, or where it is not
/// known to the most that reads well.
pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>, width: Option<usize>) -> Result<Args, clap::Error> {
    let mut command = command().term_width(width.unwrap_or(WIDEST_HELP).min(WIDEST_HELP));
    let matches = command.try_get_matches_from_mut(arguments)?;
    Args::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// The options of a table, which a picture has no use for. They are understood there, and not advertised.
const OF_TABLES: &[&str] = &[
    "top",
    "sort",
    "all",
    "same_process",
    "independent",
    "columns",
    "ascii",
    "color",
    "goroutines",
    "reaches",
    "stacks",
    "brief",
];

/// The options of a table that a listing has no use for.
const OF_ROWS: &[&str] = &["top", "sort", "all", "by", "format", "goroutines", "reaches", "stacks", "brief", "open"];

/// The options of a table that callers and callees have no use for.
const OF_ROWS_ALONE: &[&str] = &["sort", "all", "goroutines", "reaches", "stacks", "brief", "open", "app"];

/// The options of a table of bytes that one of goroutines has no use for.
const OF_HEAPS: &[&str] =
    &["sample_index", "by", "sort", "all", "same_process", "independent", "goroutines", "stacks", "brief"];

/// The declarations, for parsing, completions and the manual page.
pub(super) fn command() -> clap::Command {
    let hide = |options: &'static [&'static str]| {
        move |command: clap::Command| {
            options.iter().fold(command, |command, option| command.mut_arg(option, |option| option.hide(true)))
        }
    };
    let of_goroutines = |command: clap::Command| {
        let formats = report::goroutines::FORMATS.iter().map(|format| format.name);
        hide(OF_HEAPS)(command)
            .mut_arg("format", |format| format.value_parser(PossibleValuesParser::new(formats)))
            .mut_arg("output", |output| {
                output
                    .help("Write a file, in the format of its ending (.txt .json .md) or in the one named; repeatable")
            })
    };
    let commands = Args::command().mut_subcommand("flame", hide(OF_TABLES)).mut_subcommand("goroutines", of_goroutines);
    let commands = commands.mut_subcommand("peek", |peek| {
        let formats = PossibleValuesParser::new(["table", "json"]);
        hide(OF_ROWS_ALONE)(peek)
            .mut_arg("format", |format| format.value_parser(formats))
            .mut_arg("output", |output| output.help("Write a file, whose name ends in .txt or .json; repeatable"))
            .mut_arg("top", |top| {
                top.help("Show at most this many callers and callees of a function; 0 shows all [default: 10]")
            })
    });
    commands.mut_subcommand("list", |list| {
        hide(OF_ROWS)(list).mut_arg("output", |output| output.help("Write a file, whose name ends in .txt; repeatable"))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn declarations_are_consistent() {
        super::command().debug_assert();
    }
}
