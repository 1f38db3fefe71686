//! What may be typed after `holders`: clap's declarations and nothing else.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueHint};

use super::look_args::LookArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  leakdiff holders before.dump after.dump --bin ./app   who holds what grew
  leakdiff holders after.dump.gz --bin app.debug        who holds most
  leakdiff holders *.dump --bin ./app                   three or more: also whether it goes on
  leakdiff heap1.out heap2.out --dump after.dump --bin ./app

A dump holds every secret of the process: write it to a disk that you trust, and delete it. How to take one:
  runtime.GC(); debug.WriteHeapDump(file.Fd())";

pub(super) const USAGE: &str = "leakdiff holders [OPTIONS] DUMP [LATER...] [--bin APP]";

/// Which dumps to look at.
#[derive(Debug, ClapArgs)]
pub(super) struct HoldersArgs {
    /// Heap dumps of Go (runtime/debug.WriteHeapDump), oldest first, gzipped or not: a path, label=path, or -
    #[arg(value_name = "DUMP", required = true, value_hint = ValueHint::FilePath)]
    pub dumps: Vec<OsString>,
    /// The program that wrote them, or what objcopy --only-keep-debug makes of it: it names variables, closures and types
    #[arg(long, value_name = "APP", alias = "binary", value_hint = ValueHint::FilePath)]
    pub bin: Option<PathBuf>,
    /// Heap profile of the moment of the last dump: it has the right names of inlined calls
    #[arg(long, value_name = "PROFILE", value_hint = ValueHint::FilePath)]
    pub heap: Option<OsString>,
    /// Holders to show; 0 shows all
    #[arg(short = 'n', long, value_name = "HOLDERS", default_value_t = 10)]
    pub top: usize,
    /// Leave out what grew by less; of one dump what holds less
    #[arg(long, value_name = "SIZE", default_value = "64KiB")]
    pub min: String,
    /// For so many holders, work out what clearing them would free and who else holds it
    #[arg(long, value_name = "HOLDERS", default_value_t = 3)]
    pub what_if: usize,
    /// Format
    #[arg(short = 'f', long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"],
          help_heading = "Output")]
    pub format: String,
    /// Write a file, whose name ends in .txt or .json
    #[arg(short = 'o', long, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub look: LookArgs,
}
