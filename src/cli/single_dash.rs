//! The habits of pprof's users: its options, with one dash or two, and words after a single dash, as Go's flags are written.
//!
//! In: arguments as typed. Out: arguments as `args` declares them, by one table; or the first that cannot be had, with what
//! to type instead. Invariant: a word after a single dash is never read as a cluster of letters (`-http` as `-h`, which
//! prints help); a letter with its value (`-n20`, `-ofile`) stays what it is.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

use clap::Command;
use thiserror::Error;

use crate::source::{is_there, split_once};

/// An argument that is refused.
#[derive(Debug, Error)]
pub(super) enum Refused {
    /// An option that nothing stands for.
    #[error("{argument} is no option of leakdiff")]
    Option {
        /// As it was typed.
        argument: String,
        /// What to type instead.
        hint: String,
    },
    /// An option whose value is missing.
    #[error("{argument} takes a value")]
    NoValue {
        /// As it was typed.
        argument: String,
        /// What to type instead.
        hint: String,
    },
    /// What is no command, and no file either.
    #[error("{word}: there is no such command and no such file")]
    Command {
        /// As it was typed.
        word: String,
        /// What to type instead.
        hint: String,
    },
}

impl Refused {
    /// What to type instead.
    pub fn hint(&self) -> &str {
        match self {
            Self::Option { hint, .. } | Self::NoValue { hint, .. } | Self::Command { hint, .. } => hint,
        }
    }
}

/// What stands here for an option of pprof. `NAME` is the option's own name, `VALUE` what was given with it; an option
/// whose words have no `VALUE` takes none.
#[derive(Debug, Clone, Copy)]
enum Here {
    /// This option.
    Option(&'static str),
    /// This option, if a whole number was given; else nothing, as it is the default.
    Number(&'static str),
    /// Nothing, as it is the default.
    Default,
    /// This command, with its first argument if it has one.
    Command(&'static [&'static str]),
    /// The option that the value stands for.
    ByValue(&'static [(&'static str, &'static str)]),
    /// Nothing: what to type instead.
    Hint(&'static str),
}

use Here::{ByValue, Command as Run, Default, Hint, Number, Option as Means};

const GRANULARITIES: &[(&str, &str)] = &[
    ("functions", "--by=function"),
    ("filefunctions", "--by=function"),
    ("lines", "--by=line"),
    ("files", "--by=file"),
    ("addresses", "--by=address"),
];

const PICTURE: &str = "for a flame graph: leakdiff flame BASE NEW -o leak.svg";
const PAGE: &str = "for a page to explore in a browser: leakdiff report BASE NEW -o leak.html";
const GRAPH: &str =
    "for callers and callees: leakdiff peek REGEX BASE NEW; for a picture: leakdiff flame BASE NEW -o leak.svg";
const ROWS: &str = "leave it out; -n ROWS says how many rows are shown, 0 for all";
const SCALED: &str = "leave it out: growth is never scaled here";
const NONE: &str = "leave it out: pprof has it, and nothing stands for it here; leakdiff --help lists all options";

/// Options of pprof that are called otherwise here. Those with the same name are no part of it.
const OF_PPROF: &[(&[&str], Here)] = &[
    (&["diff_base"], Means("--base=VALUE")),
    (&["top"], Number("--top=VALUE")),
    (&["text"], Default),
    (&["inuse_space", "inuse_objects", "alloc_space", "alloc_objects", "contentions"], Means("--sample-index=NAME")),
    (&["total_delay"], Means("--sample-index=delay")),
    (&["flat", "cum"], Means("--sort=NAME")),
    (&["functions", "filefunctions"], Means("--by=function")),
    (&["lines"], Means("--by=line")),
    (&["files"], Means("--by=file")),
    (&["addresses"], Means("--by=address")),
    (&["granularity"], ByValue(GRANULARITIES)),
    (&["tagroot"], Means("--by=label:VALUE")),
    (&["traces"], Means("--by=stack")),
    (&["proto"], Means("--format=pprof")),
    (&["peek"], Run(&["peek", "VALUE"])),
    (&["tree"], Run(&["peek", "."])),
    (&["list"], Run(&["list", "VALUE"])),
    (&["svg"], Run(&["flame"])),
    (&["http", "no_browser", "web", "gv", "evince", "eog"], Hint(PAGE)),
    (&["dot", "callgrind", "kcachegrind"], Hint(GRAPH)),
    (&["gif", "pdf", "png", "ps"], Hint(PICTURE)),
    (&["topproto", "raw"], Hint("for a profile that pprof reads: leakdiff BASE NEW -o diff.pb.gz")),
    (&["weblist", "disasm"], Hint("for source code: leakdiff list REGEX BASE NEW")),
    (&["nodefraction", "edgefraction", "trim"], Hint(ROWS)),
    (&["normalize", "divide_by", "mean", "mean_delay"], Hint(SCALED)),
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
            "tags",
            "tagshow",
            "tools",
        ],
        Hint(NONE),
    ),
];

/// The declarations, which take longer to make than a small comparison: made where a word may be one of them.
type Declared = LazyCell<Command, fn() -> Command>;

/// The arguments as `command` declares them; the first is the name of the program.
///
/// # Errors
/// The first that nothing stands for.
pub(super) fn translate(arguments: &[OsString], command: fn() -> Command) -> Result<Vec<OsString>, Refused> {
    let command = &LazyCell::new(command);
    let own = LazyCell::new(|| names(command));
    let mut translated = Translated { is_own: &|name| own.contains(name), options: Vec::new(), command: None };
    let (program, typed) = arguments.split_at(arguments.len().min(1));
    let (options, rest) = typed.split_at(typed.iter().position(|argument| argument == "--").unwrap_or(typed.len()));
    let (own_command, options) = match options.split_first() {
        Some((first, after)) if is_command(command, first) => (Some(first), after),
        Some((first, _)) => (misspelt(command, first)?, options),
        None => (None, options),
    };
    let mut options = options.iter().peekable();
    while let Some(argument) = options.next() {
        translated.take(argument, &mut options)?;
    }
    let Translated { options, command: habit, .. } = translated;
    let command = match (own_command, habit) {
        (Some(own), Some((argument, words))) => return Err(two_commands(own, argument, &words)),
        (Some(own), None) => vec![own.clone()],
        (None, Some((_, words))) => words,
        (None, None) => Vec::new(),
    };
    Ok([program, &command, &options, rest].concat())
}

/// What was translated so far.
struct Translated<'a> {
    /// Whether an option of some command has this long name.
    is_own: &'a dyn Fn(&str) -> bool,
    options: Vec<OsString>,
    /// The command that an option stands for, as it was typed and as it is written here.
    command: Option<(String, Vec<OsString>)>,
}

impl Translated<'_> {
    /// Takes an argument, and what follows it where that is its value.
    fn take<'a>(
        &mut self,
        argument: &OsStr,
        rest: &mut std::iter::Peekable<impl Iterator<Item = &'a OsString>>,
    ) -> Result<(), Refused> {
        let Some(Word { is_double, name, given }) = Word::read(argument) else {
            self.options.push(argument.to_owned());
            return Ok(());
        };
        let refuse = |hint: String| Refused::Option { argument: argument.to_string_lossy().into_owned(), hint };
        let of_pprof = OF_PPROF.iter().find(|(names, _)| names.contains(&name)).map(|(_, here)| *here);
        let is_own = (self.is_own)(name);
        let here = match of_pprof {
            Some(here) if !is_own || matches!(here, Number(_)) => here,
            _ if !is_double && is_own => {
                self.options.push([OsStr::new("-"), argument].into_iter().collect());
                return Ok(());
            }
            // What takes no value cannot be followed by one.
            _ if !is_double && name.starts_with(['h', 'V']) => {
                return Err(refuse("leakdiff --help lists all options".to_owned()));
            }
            _ => {
                self.options.push(argument.to_owned());
                return Ok(());
            }
        };
        let fill = |words: &str, value: &OsStr| filled(words, name, value);
        let mut value = |hint: &str| match given {
            Some(given) => Ok(given.to_owned()),
            None => rest.next().cloned().ok_or_else(|| Refused::NoValue {
                argument: argument.to_string_lossy().into_owned(),
                hint: hint.to_owned(),
            }),
        };
        match here {
            Hint(hint) => return Err(refuse(hint.to_owned())),
            Means(words) if words.contains("VALUE") => {
                let value = value(&format!("write it as {}", words.replace("VALUE", "NAME")))?;
                self.options.push(fill(words, &value));
            }
            Run(words) if words.contains(&"VALUE") => {
                let value = value(&format!("write it as leakdiff {} REGEX BASE NEW", words[0]))?;
                self.run(argument, words.iter().map(|word| fill(word, &value)).collect());
            }
            ByValue(table) => {
                let names = || table.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
                let value = value(&format!("it is one of {}", names()))?;
                let known = table.iter().find(|(name, _)| value == *name);
                let (_, words) = known.ok_or_else(|| refuse(format!("it is one of {}", names())))?;
                self.options.push((*words).into());
            }
            Number(words) => {
                let is_number = |text: &OsStr| text.to_str().is_some_and(|text| text.parse::<usize>().is_ok());
                let next = rest.peek().filter(|next| given.is_none() && is_number(next) && !is_there(next.as_ref()));
                let number = given.map(OsStr::to_owned).or_else(|| next.map(|next| (**next).clone()));
                if given.is_none() && number.is_some() {
                    rest.next();
                }
                self.options.extend(number.filter(|_| is_on(given) != Some(true)).map(|number| fill(words, &number)));
            }
            // Those without a value, which Go's flags may be given as `-cum=true`.
            Means(_) | Run(_) | Default => match (given, is_on(given)) {
                (None, _) | (_, Some(true)) => match here {
                    Means(words) => self.options.push(fill(words, OsStr::new(""))),
                    Run(words) => self.run(argument, words.iter().map(OsString::from).collect()),
                    _ => {}
                },
                (_, Some(false)) => {}
                _ => return Err(refuse(format!("-{name} takes no value"))),
            },
        }
        Ok(())
    }

    fn run(&mut self, argument: &OsStr, words: Vec<OsString>) {
        self.command.get_or_insert((argument.to_string_lossy().into_owned(), words));
    }
}

/// A word after one dash or two, with what stands after a `=`.
struct Word<'a> {
    is_double: bool,
    name: &'a str,
    given: Option<&'a OsStr>,
}

impl<'a> Word<'a> {
    /// `None` for what is no word after a dash, and for a single letter, which is an option of one letter.
    fn read(argument: &'a OsStr) -> Option<Self> {
        let (whole, given) = match split_once(argument, '=') {
            Some((name, given)) => (name, Some(given)),
            None => (argument.to_str()?, None),
        };
        let word = whole.strip_prefix('-')?;
        let (is_double, name) = word.strip_prefix('-').map_or((false, word), |word| (true, word));
        (name.len() > 1).then_some(Self { is_double, name, given })
    }
}

/// The text of a switch of Go.
fn is_on(given: Option<&OsStr>) -> Option<bool> {
    match given?.to_str()? {
        "true" | "t" | "T" | "TRUE" | "True" => Some(true),
        "false" | "f" | "F" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Words of the table with what stands for `NAME` and `VALUE`.
fn filled(words: &str, name: &str, value: &OsStr) -> OsString {
    let words = words.replace("NAME", name);
    match words.split_once("VALUE") {
        Some((before, after)) => [OsStr::new(before), value, OsStr::new(after)].into_iter().collect(),
        None => words.into(),
    }
}

fn two_commands(own: &OsStr, argument: String, words: &[OsString]) -> Refused {
    let own = own.to_string_lossy();
    let command = words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    Refused::Option {
        argument,
        hint: format!("it is a command of its own, not an option of {own}: leakdiff {command} BASE NEW"),
    }
}

fn is_command(command: &Declared, word: &OsStr) -> bool {
    letters(word).is_some_and(|word| word == "help" || command.find_subcommand(word).is_some())
}

/// A word of letters only, as all commands are.
fn letters(word: &OsStr) -> Option<&str> {
    word.to_str().filter(|text| text.chars().all(|letter| letter.is_ascii_alphabetic()))
}

/// Refuses a word that is no file and is most likely a command that was misspelt.
fn misspelt<'a>(command: &Declared, word: &OsStr) -> Result<Option<&'a OsString>, Refused> {
    /// Letters that are added, missing, wrong or exchanged.
    const MOST_WRONG: usize = 2;
    let Some(text) = letters(word) else { return Ok(None) };
    let wrong = |name: &&str| strsim::damerau_levenshtein(name, &text.to_lowercase());
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set()).map(Command::get_name);
    let nearest = commands.chain(["help"]).min_by_key(wrong);
    match nearest.filter(|name| wrong(name) <= MOST_WRONG.min(text.len() / 2) && !is_there(word.as_ref())) {
        Some(name) => Err(Refused::Command { word: text.to_owned(), hint: format!("did you mean leakdiff {name}?") }),
        None => Ok(None),
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
