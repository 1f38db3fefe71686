//! What may be typed of the process that the profiles are of: clap's declarations and nothing else.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args as ClapArgs;

const HEADING: &str = "What is known beside the profiles";

/// Where names and further numbers of the process come from.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct ProcessArgs {
    /// The program, or a library of it, that names native addresses: the one that ran, with debug information; may be
    /// repeated. "auto" opens what the profiles name
    #[arg(long, value_name = "APP", alias = "binary", help_heading = HEADING)]
    pub bin: Vec<PathBuf>,
    /// Folder with binaries or debug files, as they lay where the program ran or by build id; may be repeated
    #[arg(long, value_name = "DIR", alias = "debug_dir", help_heading = HEADING)]
    pub debug_dir: Vec<PathBuf>,
    /// Heap dump of Go of the moment of the last profile (runtime/debug.WriteHeapDump), or one before and one after: each
    /// suspect is told who holds its objects. With --bin APP variables and types have names
    #[arg(long, value_names = ["DUMP", "LATER"], num_args = 1..=2, help_heading = HEADING)]
    pub dump: Vec<OsString>,
    /// More metrics of the same moments, as Pyroscope and Parca give them out one by one: a profile for each of the
    /// profiles compared, in their order; may be repeated for a further metric
    #[arg(long, value_name = "PROFILE", num_args = 1.., help_heading = HEADING)]
    pub also: Vec<OsString>,
    /// Memory of the process as the system counts it, for each profile in their order: a copy of /proc/PID/smaps_rollup,
    /// of /proc/PID/status or of a control group's memory.stat; or the PID of a process that runs here
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = HEADING)]
    pub rss: Vec<OsString>,
}
