//! What the user may type after `leakdiff watch`: clap's declarations and nothing else.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::fetch_args::FetchArgs;
use super::look_args::LookArgs;

pub(super) const EXAMPLES: &str = "\
Of a URL a snapshot of heap and goroutines is taken ever and again; of a folder the heap*.pb.gz are shown, with the \
goroutine*.pb.gz where there are as many, and looked for anew. Press ? for the keys.

Examples:
  leakdiff watch host:6060 --every 30s
  leakdiff watch snapshots/
  leakdiff watch host:6060 --once --every 1m      what is growing, as text

Exit status: 0 done, 2 error.";

/// What to watch.
#[derive(Debug, ClapArgs)]
pub(super) struct WatchArgs {
    /// A running process (host:6060, or the URL of a heap profile), or a folder of snapshots
    #[arg(value_name = "URL|DIR")]
    pub input: OsString,
    /// Time from one snapshot to the next; of a folder, from one look to the next [default: 10s; 2s]
    #[arg(long, value_name = "TIME")]
    pub every: Option<String>,
    /// Compare the newest N snapshots
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub keep: usize,
    /// Print the table once, of a URL after the second snapshot, and leave
    #[arg(long)]
    pub once: bool,
    /// Metric to compare [default: live bytes]
    #[arg(long, value_name = "METRIC", alias = "sample_index")]
    pub sample_index: Option<String>,
    /// Where the report goes that a key writes [default: leakdiff-TIME.html here]
    #[arg(short = 'o', long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub look: LookArgs,
    #[command(flatten)]
    pub fetch: FetchArgs,
}
