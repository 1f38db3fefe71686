//! What may be typed after `fleet`: clap's declarations and nothing else.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueHint};

use super::look_args::LookArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  leakdiff fleet profiles/ --labels '{service}/{host}/{time}'   profiles/cart/pod-7/heap.1200.pb.gz ...
  leakdiff fleet profiles/                                      the folder of a profile is its host
  leakdiff fleet profiles/ --max-growth-per-host-hour 1MiB      a gate: exit status 1 where it is exceeded

Exit status: 0 done or passed, 1 the limit is exceeded, 2 error, 3 it may be exceeded by chance.";

pub(super) const USAGE: &str = "leakdiff fleet [OPTIONS] DIR...";

/// Which fleet to look at.
#[derive(Debug, ClapArgs)]
pub(super) struct FleetArgs {
    /// Folders with heap profiles of many hosts, at any depth
    #[arg(value_name = "DIR", required = true, value_hint = ValueHint::DirPath)]
    pub folders: Vec<PathBuf>,
    /// Where the labels stand in the path below DIR, without the ending: {host}, {service}; {time} and others are passed
    /// over, as profiles state their time [default: the folder is the host, the one above it the service]
    #[arg(long, value_name = "PATTERN")]
    pub labels: Option<String>,
    /// Rows to show; 0 shows all
    #[arg(short = 'n', long, value_name = "ROWS", default_value_t = 10)]
    pub top: usize,
    /// Maximum growth of any function per hour of a host: exit status 1 where it is exceeded, 3 where chance may be why
    #[arg(long, value_name = "SIZE")]
    pub max_growth_per_host_hour: Option<String>,
    /// Format
    #[arg(short = 'f', long, value_name = "FORMAT", value_parser = ["table", "json", "markdown", "csv"],
          help_heading = "Output")]
    pub format: Option<String>,
    /// Write a file, whose name ends in .txt, .json, .md or .csv
    #[arg(short = 'o', long, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub look: LookArgs,
}
