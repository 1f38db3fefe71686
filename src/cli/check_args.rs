//! What the user may type after `leakdiff check`: clap's declarations and nothing else.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use clap::builder::PossibleValuesParser;

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

/// What to hold against which limits.
#[derive(Debug, ClapArgs)]
pub(super) struct CheckArgs {
    /// Profiles, oldest first: the first is compared with the last. A path, label=path, or - for standard input
    #[arg(value_name = "PROFILE", required_unless_present_any = ["print_config", "after"])]
    pub inputs: Vec<OsString>,

    /// Growth of the total may be at most this
    #[arg(long, value_name = "LIMIT", help_heading = LIMITS)]
    pub max_growth: Option<String>,
    /// The total after may be at most this; no share
    #[arg(long, value_name = "LIMIT", help_heading = LIMITS)]
    pub max_total: Option<String>,
    /// Growth of the number of objects may be at most this
    #[arg(long, value_name = "LIMIT", help_heading = LIMITS)]
    pub max_objects: Option<String>,
    /// The present rate of growth may be at most this, such as 1MiB/h; units of time are s, min, h and d. Takes three
    /// snapshots of one process or more
    #[arg(long, value_name = "RATE", help_heading = LIMITS)]
    pub max_slope: Option<String>,
    /// Growth of any one stack may be at most this
    #[arg(long, value_name = "LIMIT", help_heading = LIMITS)]
    pub per_stack: Option<String>,
    /// Growth of all stacks through a function or package may be at most this; * stands for anything within an element
    /// of a path, ** also across; repeatable
    #[arg(long, value_name = "GLOB=LIMIT", help_heading = LIMITS)]
    pub limit: Vec<String>,

    /// Runs of the build before: their means are compared with those of --after
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
    /// Units of work done between the profiles: limits of growth that are no shares are for each of them
    #[arg(long, value_name = "N", help_heading = WHAT)]
    pub per_op: Option<u64>,
    /// Take the profiles as snapshots of one process, whatever the files say
    #[arg(long, conflicts_with = "independent", help_heading = WHAT)]
    pub same_process: bool,
    /// Take the profiles as those of different processes, whatever the files say
    #[arg(long, help_heading = WHAT)]
    pub independent: bool,
    /// Goroutine profiles at the moments of the profiles, one by one or as a folder or a quoted pattern: they decide
    /// between suspects that look alike; may be repeated
    #[arg(long, value_names = ["BEFORE", "AFTER"], num_args = 1..=2, help_heading = WHAT)]
    pub goroutines: Vec<OsString>,
    /// Compare with a recorded baseline, also beside BASE: slow growth over many changes is seen
    #[arg(long, value_name = "FILE", help_heading = WHAT)]
    pub baseline: Option<PathBuf>,
    /// Record the newest profile as a baseline, after the verdict if there are limits
    #[arg(long, value_name = "FILE", help_heading = WHAT)]
    pub update_baseline: Option<PathBuf>,

    #[command(flatten)]
    pub process: ProcessArgs,

    /// Probability that any limit fails though all growth is within [default: 0.001]
    #[arg(long, value_name = "P", help_heading = SETTINGS)]
    pub alpha: Option<f64>,
    /// What an inconclusive verdict counts as
    #[arg(long, value_name = "VERDICT", value_parser = ["fail", "pass"], help_heading = SETTINGS)]
    pub on_inconclusive: Option<String>,
    /// What a --limit does whose pattern matches no function of any profile [default: warn]
    #[arg(long, value_name = "WHAT", value_parser = ["warn", "fail"], help_heading = SETTINGS)]
    pub unmatched: Option<String>,
    /// Known leaks that count for no limit: a suppressions file of LeakSanitizer (leak: lines)
    #[arg(long, value_name = "FILE", help_heading = SETTINGS)]
    pub suppressions: Option<PathBuf>,
    /// The configuration [default: leakdiff.toml in this folder or one above]
    #[arg(short, long, value_name = "FILE", conflicts_with = "no_config", help_heading = SETTINGS)]
    pub config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, help_heading = SETTINGS)]
    pub no_config: bool,
    /// Print the configuration that is in effect, as TOML
    #[arg(long, help_heading = SETTINGS)]
    pub print_config: bool,
    /// The day on which entries of the allow-list may have expired
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
}
