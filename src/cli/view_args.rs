//! What may be typed beside what is compared: how pprof's users name the base, what stands below rows, what is done with
//! what was written. clap's declarations and nothing else.

use std::ffi::OsString;

use clap::{Args as ClapArgs, ValueHint};

/// Further options of a comparison.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct ViewArgs {
    /// The profile before all others, as pprof's users name it
    #[arg(long, value_name = "PROFILE", alias = "diff_base", hide = true, value_hint = ValueHint::FilePath,
          conflicts_with_all = ["before", "after"])]
    pub base: Option<OsString>,
    /// Print the heaviest stack below each row, or the N heaviest
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "1",
          help_heading = "Which rows")]
    pub stacks: Option<usize>,
    /// JSON of at most 3 kB: the headline, the suspects, what to do next
    #[arg(long, help_heading = "Output")]
    pub brief: bool,
    /// Open what is written in the browser
    #[arg(long, requires = "output", help_heading = "Output")]
    pub open: bool,
}
