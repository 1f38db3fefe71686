//! What is written, where and in which format.
//!
//! In: `-f`, `-o` and what goes with them. Out: [`Target`]s. Nothing is opened.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use crate::source::split_once;
use crate::{export, report};

/// One thing that is written.
pub(super) struct Target {
    /// The file; `None` for standard output.
    pub path: Option<PathBuf>,
    pub format: Format,
}

impl Target {
    /// Whether it is a file that a browser shows.
    pub fn is_for_browser(&self) -> bool {
        self.path.is_some() && self.format.is_for_browser()
    }

    /// Where it is written to, by a path.
    pub fn destination(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new("/dev/stdout"))
    }
}

/// How it is written.
#[derive(Clone, Copy)]
pub(super) enum Format {
    /// A report for people.
    Report(&'static report::Format),
    /// The diff for other tools.
    Export(&'static export::Format),
}

impl Format {
    /// Whether it is text for a terminal.
    pub fn is_text(&self) -> bool {
        self.name() == report::FORMATS[0].name
    }

    /// Whether a browser shows it, and a terminal does not.
    pub fn is_for_browser(&self) -> bool {
        ["html", "svg"].contains(&self.name())
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Report(format) => format.name,
            Self::Export(format) => format.name,
        }
    }
}

/// What is written: the files of `-o`, or where there are none standard output, for which `-` stands as well. What `-f`
/// names is the format of all that do not name their own.
pub(super) fn targets(name: Option<&str>, outputs: &[OsString], default: &str) -> Result<Vec<Target>> {
    let target = |output: &OsString| {
        let (own, path) = named_format(output, false);
        let name = own.or(name);
        let is_file = !is_standard(path);
        let name = name.or((!is_file).then_some(default));
        Ok(Target { path: is_file.then(|| path.into()), format: format(name, Some(path), false)? })
    };
    let standard = [OsString::from("-")];
    let targets: Vec<Target> =
        if outputs.is_empty() { &standard } else { outputs }.iter().map(target).collect::<Result<_>>()?;
    if targets.iter().filter(|target| target.path.is_none()).count() > 1 {
        bail!("-o -: standard output is written only once");
    }
    Ok(targets)
}

/// What is written, where `--brief` and `--open` are taken into account.
pub(super) fn checked(mut targets: Vec<Target>, has_format: bool, brief: bool, open: bool) -> Result<Vec<Target>> {
    if brief {
        let is_json = |target: &Target| target.format.name() == "json";
        // Where nothing is said of a format, it is that of this option.
        let is_free = !has_format && targets.iter().all(|target| target.path.is_none());
        let mut wanted = targets.iter_mut().filter(|target| is_free || is_json(target)).peekable();
        if wanted.peek().is_none() {
            bail!("--brief is a form of JSON: leave -f out, write -f json --brief, or -o brief=FILE");
        }
        let brief = format(Some("brief"), None, false)?;
        wanted.for_each(|target| target.format = brief);
    }
    if open && !targets.iter().any(Target::is_for_browser) {
        bail!("--open: nothing that a browser shows is written; name a page or a picture: -o leak.html, -o leak.svg");
    }
    Ok(targets)
}

/// Whether an output is standard output. Opened anew by its path, what is printed there would be overwritten.
pub(super) fn is_standard(path: &OsStr) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == *name)
}

/// The name of a format before a `=`, if there is one, and the path after it.
pub(super) fn named_format(output: &OsStr, has_verdict: bool) -> (Option<&str>, &OsStr) {
    let named = split_once(output, '=')
        .filter(|(name, path)| !path.is_empty() && formats(has_verdict).any(|(known, ..)| known == *name));
    named.map_or((None, output), |(name, path)| (Some(name), path))
}

/// All formats with their names and endings, with those of a verdict or without. The first is the default.
pub(super) fn formats(has_verdict: bool) -> impl Iterator<Item = (&'static str, &'static [&'static str], Format)> {
    let reports = report::FORMATS.iter().filter(move |format| has_verdict || !format.needs_verdict);
    let reports = reports.map(|format| (format.name, format.endings, Format::Report(format)));
    reports.chain(export::FORMATS.iter().map(|format| (format.name, format.endings, Format::Export(format))))
}

/// The format asked for, else the one the file's ending stands for, else the first.
pub(super) fn format(name: Option<&str>, output: Option<&OsStr>, has_verdict: bool) -> Result<Format> {
    let formats = || formats(has_verdict);
    let chosen = |found: Option<(_, _, Format)>| found.map(|(_, _, format)| format);
    if let Some(name) = name {
        return chosen(formats().find(|(known, ..)| *known == name))
            .ok_or_else(|| anyhow!("no format is called {name}"));
    }
    let Some(output) = output.filter(|output| !is_standard(output)) else {
        return Ok(Format::Report(&report::FORMATS[0]));
    };
    let output = output.to_string_lossy();
    let file = output.rsplit(['/', '\\']).next().unwrap_or(&output);
    let fits = |ending: &&&str| file == **ending || file.ends_with(&format!(".{ending}"));
    let longest = |endings: &[&str]| endings.iter().filter(fits).map(|ending| ending.len()).max();
    let fitting = formats().filter(|(_, endings, _)| longest(endings).is_some());
    // The first of those that fit equally well.
    let best = fitting.reduce(|best, other| if longest(other.1) > longest(best.1) { other } else { best });
    chosen(best).ok_or_else(|| {
        let endings: Vec<String> =
            formats().flat_map(|(_, endings, _)| endings).map(|ending| format!(".{ending}")).collect();
        let otherwise = if has_verdict { "" } else { " or give --format" };
        anyhow!(
            "-o {output}: its ending names no format; use {} or write -o FORMAT=FILE{otherwise}",
            endings.join(", ")
        )
    })
}
