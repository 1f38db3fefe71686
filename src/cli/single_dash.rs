//! Options that pprof has and leakdiff does not, and words after a single dash, as Go's flags are written.
//!
//! In: arguments. Out: the first that would be misread, with what to type instead. Invariant: a word after a single dash
//! is never read as a cluster of letters (`-http` as `-h`, which prints help).

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::Command;
use thiserror::Error;

/// An argument that is refused.
#[derive(Debug, Error)]
#[error("{argument} is no option of leakdiff")]
pub(super) struct Refused {
    argument: String,
    /// What to type instead.
    pub hint: String,
}

/// Options of pprof that are written differently here, and how; `NAME` stands for the option's own name.
const OF_PPROF: &[(&[&str], &str)] = &[
    (&["base", "diff_base"], "name the older profile first: leakdiff BASE NEW"),
    (&["top", "text"], "leakdiff BASE NEW prints the table of what grew; -n 20 shows twenty rows"),
    (
        &["http", "no_browser", "web", "gv", "evince", "eog"],
        "for a page to explore in a browser: leakdiff report BASE NEW -o leak.html",
    ),
    (
        &["svg", "dot", "gif", "pdf", "png", "ps", "callgrind", "kcachegrind"],
        "for a flame graph: leakdiff flame BASE NEW -o leak.svg",
    ),
    (&["proto", "topproto", "raw"], "for a profile that pprof reads: leakdiff BASE NEW -o diff.pb.gz"),
    (&["list", "weblist", "disasm"], "for source code: leakdiff list REGEX BASE NEW"),
    (&["peek"], "for callers: leakdiff BASE NEW --focus REGEX --sort cum"),
    (&["traces", "tree"], "for whole stacks: leakdiff BASE NEW --by stack"),
    (
        &["inuse_space", "inuse_objects", "alloc_space", "alloc_objects", "contentions"],
        "write leakdiff BASE NEW --sample-index NAME",
    ),
    (&["total_delay", "mean_delay"], "write leakdiff BASE NEW --sample-index delay"),
    (&["flat", "cum"], "write leakdiff BASE NEW --sort NAME"),
    (&["functions", "filefunctions"], "write leakdiff BASE NEW --by function"),
    (&["lines"], "write leakdiff BASE NEW --by line"),
    (&["files"], "write leakdiff BASE NEW --by file"),
    (&["addresses"], "write leakdiff BASE NEW --by address"),
    (&["granularity"], "write leakdiff BASE NEW --by function, or line, file, address"),
    (&["nodefraction", "edgefraction", "trim"], "-n ROWS sets the number of rows, 0 for all"),
    (&["normalize", "divide_by", "mean"], "leave it out: leakdiff never scales growth"),
    (
        &[
            "add_comment",
            "all_frames",
            "buildid",
            "call_tree",
            "comments",
            "compact_labels",
            "drop_negative",
            "intel_syntax",
            "noinlines",
            "prune_from",
            "relative_percentages",
            "seconds",
            "showcolumns",
            "symbolize",
            "taghide",
            "tagleaf",
            "tagroot",
            "tags",
            "tagshow",
            "timeout",
            "tls_ca",
            "tls_cert",
            "tls_key",
            "tools",
        ],
        "leakdiff has no equivalent of this pprof option; leakdiff --help lists all options",
    ),
];

/// Refuses the first argument that would be misread.
///
/// # Errors
/// When there is one.
pub(super) fn refuse(arguments: &[OsString], command: impl FnOnce() -> Command) -> Result<(), Refused> {
    let own = LazyCell::new(|| names(&command()));
    let options = arguments.iter().skip(1).filter_map(|argument| argument.to_str()).take_while(|text| *text != "--");
    let hint = |text: &str| hint(text, |name| own.contains(name));
    let refused = options.filter_map(|text| Some(Refused { argument: text.to_owned(), hint: hint(text)? })).next();
    refused.map_or(Ok(()), Err)
}

/// What to type instead of an argument that would be misread. `is_own` says whether an option has this long name here.
fn hint(text: &str, is_own: impl Fn(&str) -> bool) -> Option<String> {
    let word = text.strip_prefix('-')?;
    let (is_double, word) = word.strip_prefix('-').map_or((false, word), |word| (true, word));
    let name = word.split('=').next().unwrap_or(word);
    let of_pprof = OF_PPROF.iter().find(|(names, _)| names.contains(&name)).map(|(_, hint)| hint.replace("NAME", name));
    match of_pprof {
        Some(hint) => (!is_double || !is_own(name)).then_some(hint),
        // One letter is an option of one letter, and `-help` asks for what `-h` prints.
        None if is_double || name.len() < 2 || name == "help" => None,
        None if is_own(name) => Some(format!("write --{word}")),
        // What takes no value cannot be followed by one.
        None => word.starts_with(['h', 'V']).then(|| "leakdiff --help lists all options".to_owned()),
    }
}

/// The long names of all options of all commands.
fn names(command: &Command) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["help".to_owned(), "version".to_owned()]);
    for command in std::iter::once(command).chain(command.get_subcommands()) {
        for option in command.get_arguments() {
            names.extend(option.get_long().map(str::to_owned));
            names.extend(option.get_all_aliases().unwrap_or_default().into_iter().map(str::to_owned));
        }
    }
    names
}
