//! A diff for other tools and other eyes: flame graph, folded stacks, pprof profile. One file per format, one table.
//!
//! In: a [`Diff`] and [`Options`]. Out: bytes in any of [`FORMATS`]. Invariant: same input, same bytes.
//! Opens no files, asks no clock; knows nothing of analysis: what it shows are sums, not judgements.

mod baseline;
#[cfg(feature = "classic")]
mod classic;
mod escape;
mod folded;
mod pprof;
mod svg;

pub use baseline::{BASELINE_VERSION, write_baseline};

use std::io::{self, Write};

pub use escape::{folded as folded_name, unfolded};

use crate::diff::{Diff, Width};
use crate::model::Warning;
use crate::units::Scale;

/// Whose ways a flame graph follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Style {
    /// What is compared stands on top; callers have the colour of all that changed below them.
    #[default]
    Leakdiff,
    /// FlameGraph's: the root at the bottom, widths are values after, only the last function of a stack has a colour.
    #[cfg(feature = "classic")]
    Classic,
}

impl Style {
    /// All of them with the names users give them.
    pub const ALL: &[(&str, Style)] = &[
        ("leakdiff", Style::Leakdiff),
        #[cfg(feature = "classic")]
        ("classic", Style::Classic),
    ];
}

/// How an export is to look. A format leaves aside what it has no use for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Whose ways a flame graph follows.
    pub style: Style,
    /// What the width of a frame stands for at first.
    pub width: Width,
    /// Whether the tree starts at the allocating frames, with their callers below.
    pub inverted: bool,
    /// What to write above it; `None` for the metric and the inputs.
    pub title: Option<String>,
    /// The unit of values for people.
    pub scale: Scale,
    /// What the reader should know before trusting the numbers.
    pub warnings: Vec<Warning>,
    /// How many bytes it may take: a picture folds what is too much, all else is an error.
    pub most_bytes: u64,
}

/// 2 GiB, as much as an input may take: the stacks of the largest profile seen in practice, spelled out.
pub const MOST_BYTES: u64 = 2 << 30;

impl Default for Options {
    fn default() -> Self {
        Self {
            style: Style::Leakdiff,
            width: Width::Growth,
            inverted: false,
            title: None,
            scale: Scale::Auto,
            warnings: Vec::new(),
            most_bytes: MOST_BYTES,
        }
    }
}

/// The error for what takes more bytes than it may.
pub fn too_long(most: u64) -> io::Error {
    io::Error::other(format!("the output takes more than the limit of {most} bytes; raise it with --max-output"))
}

/// An output format.
pub struct Format {
    /// Its name for `--format`.
    pub name: &'static str,
    /// Endings of files in this format.
    pub endings: &'static [&'static str],
    /// Whether it is no text: nothing for a terminal.
    pub is_binary: bool,
    /// Writes a diff.
    pub write: fn(&Diff, &Options, &mut dyn Write) -> io::Result<()>,
}

/// All output formats.
pub const FORMATS: &[Format] = &[
    Format { name: "svg", endings: &["svg"], is_binary: false, write: svg::write },
    Format { name: "folded", endings: &["folded"], is_binary: false, write: folded::write },
    Format { name: "pprof", endings: &["pb.gz"], is_binary: true, write: pprof::write },
];
