//! What the user may type after `leakdiff capture`: clap's declarations and nothing else.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::fetch_args::FetchArgs;

pub(super) const EXAMPLES: &str = "\
Each round takes heap.TIME.pb.gz, goroutine.TIME.pb.gz and memstats.TIME.json (from /debug/vars), the heap first; what a \
server does not have is left out with a warning. With several URLs each process has a folder of its own in DIR, HOST-PORT. \
Ctrl-C ends it with what there is; the same command then goes on where it was interrupted.

Examples:
  leakdiff capture host:6060 -n 6 --every 10m -o snapshots
  leakdiff capture app-1:6060 app-2:6060 -n 0 --every 1h --keep 48 -o snapshots
  leakdiff snapshots/

Exit status: 0 done, also where it was interrupted; 2 error.";

/// What to take, how often, and where to.
#[derive(Debug, ClapArgs)]
pub(super) struct CaptureArgs {
    /// Processes: host:6060, or the URL of a heap profile
    #[arg(value_name = "URL", required = true)]
    pub urls: Vec<String>,
    /// Folder of the snapshots
    #[arg(short = 'o', long, value_name = "DIR")]
    pub output: PathBuf,
    /// How many rounds; 0 for as many as until it is interrupted
    #[arg(short = 'n', long, value_name = "ROUNDS", default_value_t = 6)]
    pub count: u64,
    /// Time from one round to the next
    #[arg(long, value_name = "TIME", default_value = "10m")]
    pub every: String,
    /// Keep only the newest N of each kind and process, removing older ones from DIR
    #[arg(long, value_name = "N")]
    pub keep: Option<usize>,
    #[command(flatten)]
    pub fetch: FetchArgs,
}
