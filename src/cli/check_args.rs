//! What the user may type after `leakdiff check`: clap's declarations and nothing else.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use clap::builder::PossibleValuesParser;

use super::fetch_args::FetchArgs;
use super::look_args::{LookArgs, formats};
use super::process_args::ProcessArgs;

pub(super) const USAGE: &str = "leakdiff check [OPTIONS] BASE NEW...\n       leakdiff check [OPTIONS] --before BASE... --after NEW...\n       \
     leakdiff check [OPTIONS] NEW --baseline FILE";

pub(super) const EXAMPLES: &str = "\
A LIMIT is a number of bytes (5MiB), a share of the value before (10%), a plain number in the unit of the metric \
(bytes, or a count), or several of them: 5MiB|10% is exceeded where one part is, 5MiB&10% where both are. With nothing \
before, any growth exceeds a share.

A limit fails when it is exceeded and the samples exclude that the growth is within: all limits together fail by chance \
with a probability of at most --alpha. Where the samples cannot exclude it the verdict is inconclusive, and says what \
would settle it, as it is where there was nothing to check. Counts are exact. Where the error of the samples is not \
known, growth is taken for real.

Of several runs a side (--before, --after) the means are compared, with all samples and with what the runs differ besides.

Options may stand in leakdiff.toml, in the current folder or one above, under the same names; paths there are relative \
to it. Options of the command line win.

Examples:
  leakdiff check base.pb.gz new.pb.gz --max-growth '5MiB|10%'
  leakdiff check --before base1.pb.gz base2.pb.gz base3.pb.gz --after new*.pb.gz --max-growth 5%
  leakdiff check base.pb.gz new.pb.gz --limit 'github.com/acme/**=2MiB' --per-stack 1MiB
  leakdiff check before.out after.out --metric alloc_space --per-op 1000 --max-growth 64
  leakdiff check goroutine1.out goroutine2.out --max-growth 0
  leakdiff check new.pb.gz --max-total 200MiB
  leakdiff check new.pb.gz --update-baseline heap.json
  leakdiff check new.pb.gz --baseline heap.json --max-growth 10% -o junit=heap.xml

Exit status: 0 passed, 1 failed, 2 error (usage, configuration, unreadable input), 3 inconclusive.";

const LIMITS: &str = "Limits";
const WHAT: &str = "What to compare";
const SETTINGS: &str = "Settings";
const OUTPUT: &str = "Output";

/// What to check against which limits.
#[derive(Debug, ClapArgs)]
pub(super) struct CheckArgs {
    /// Profiles, oldest first; the first is compared with the last. A path, a URL, label=path, or - for standard input
    #[arg(value_name = "PROFILE", required_unless_present_any = ["print_config", "after", "base"])]
    pub inputs: Vec<OsString>,
    /// The profile before all others, as pprof's users name it
    #[arg(long, value_name = "PROFILE", alias = "diff_base", hide = true, conflicts_with_all = ["before", "after"])]
    pub base: Option<OsString>,

    /// Maximum growth of the total
    #[arg(long, value_name = "LIMIT", help_heading = LIMITS)]
    pub max_growth: Option<String>,
    /// Maximum total (no percentage)
    #[arg(long, value_name = "LIMIT", help_heading = LIMITS)]
    pub max_total: Option<String>,
    /// Maximum growth of the number of objects
    #[arg(long, value_name = "LIMIT", help_heading = LIMITS)]
    pub max_objects: Option<String>,
    /// Maximum present rate of growth, such as 1MiB/h; per s, min, h or d. Needs three or more snapshots of one process
    #[arg(long, value_name = "RATE", help_heading = LIMITS)]
    pub max_slope: Option<String>,
    /// Maximum growth of what any one variable, goroutine or other root holds, by two heap dumps of Go: those of --dump, or
    /// BASE and NEW themselves
    #[arg(long, value_name = "SIZE", help_heading = LIMITS)]
    pub max_holder_growth: Option<String>,
    /// Maximum growth of any one stack
    #[arg(long, value_name = "LIMIT", help_heading = LIMITS)]
    pub per_stack: Option<String>,
    /// Maximum growth of all stacks through a function or package; * matches within an element of a path, ** across;
    /// repeatable
    #[arg(long, value_name = "GLOB=LIMIT", help_heading = LIMITS)]
    pub limit: Vec<String>,

    /// Runs of the build before; means are compared
    #[arg(long, value_name = "PROFILE", num_args = 1.., conflicts_with = "inputs", requires = "after",
          help_heading = WHAT)]
    pub before: Vec<OsString>,
    /// Runs of the build after
    #[arg(long, value_name = "PROFILE", num_args = 1.., help_heading = WHAT,
          conflicts_with_all = ["inputs", "same_process", "goroutines", "update_baseline"])]
    pub after: Vec<OsString>,
    /// Metrics to check, separated by commas; repeatable [default: that of diff]
    #[arg(long, value_name = "METRIC", value_delimiter = ',', alias = "sample-index", alias = "sample_index",
          help_heading = WHAT)]
    pub metric: Vec<String>,
    /// Divide growth by this many units of work (limits in per cent stay)
    #[arg(long, value_name = "N", help_heading = WHAT)]
    pub per_op: Option<u64>,
    /// The profiles are snapshots of one process, whatever the files say
    #[arg(long, conflicts_with = "independent", help_heading = WHAT)]
    pub same_process: bool,
    /// The profiles are of different processes, whatever the files say
    #[arg(long, help_heading = WHAT)]
    pub independent: bool,
    /// Goroutine profiles of the same moments, one by one, a folder, or a quoted pattern: they name what is blocked;
    /// repeatable
    #[arg(long, value_names = ["BEFORE", "AFTER"], num_args = 1..=2, help_heading = WHAT)]
    pub goroutines: Vec<OsString>,
    /// Compare with a recorded baseline, also beside BASE: shows slow growth over many changes
    #[arg(long, value_name = "FILE", help_heading = WHAT)]
    pub baseline: Option<PathBuf>,
    /// Record the newest profile as a baseline, after the verdict if there are limits
    #[arg(long, value_name = "FILE", help_heading = WHAT)]
    pub update_baseline: Option<PathBuf>,

    #[command(flatten)]
    pub process: ProcessArgs,

    /// False-alarm probability of all limits together [default: 0.001]
    #[arg(long, value_name = "P", help_heading = SETTINGS)]
    pub alpha: Option<f64>,
    /// What an inconclusive verdict counts as
    #[arg(long, value_name = "VERDICT", value_parser = ["fail", "pass"], help_heading = SETTINGS)]
    pub on_inconclusive: Option<String>,
    /// What to do about a --limit that matches no function [default: warn]
    #[arg(long, value_name = "WHAT", value_parser = ["warn", "fail"], help_heading = SETTINGS)]
    pub unmatched: Option<String>,
    /// Suppressions file of LeakSanitizer (leak: lines): known leaks that count for no limit
    #[arg(long, value_name = "FILE", help_heading = SETTINGS)]
    pub suppressions: Option<PathBuf>,
    /// Configuration file [default: leakdiff.toml in this folder or one above]
    #[arg(short, long, value_name = "FILE", conflicts_with = "no_config", help_heading = SETTINGS)]
    pub config: Option<PathBuf>,
    /// Ignore configuration files
    #[arg(long, help_heading = SETTINGS)]
    pub no_config: bool,
    /// Print the configuration in effect, as TOML
    #[arg(long, help_heading = SETTINGS)]
    pub print_config: bool,
    /// The day to check expiry dates against
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    pub today: Option<String>,

    /// Format of standard output [default: table]
    #[arg(short = 'f', long, value_name = "FORMAT", help_heading = OUTPUT,
          value_parser = PossibleValuesParser::new(formats(true)))]
    pub format: Option<String>,
    /// Also write a file, in the format of its ending or in the one named; repeatable
    #[arg(short = 'o', long, value_name = "[FORMAT=]FILE", help_heading = OUTPUT)]
    pub output: Vec<OsString>,
    #[command(flatten)]
    pub look: LookArgs,
    #[command(flatten)]
    pub fetch: FetchArgs,
}
