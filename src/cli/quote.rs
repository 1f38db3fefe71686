//! The command line as text that can be pasted into a shell.
//!
//! In: arguments. Out: one line. Invariant: a POSIX shell splits it into the same arguments, but for what is secret in them,
//! which is left out: the line stands in reports that are passed on.

use std::ffi::{OsStr, OsString};

use super::fetch_args::SECRET;
use crate::model::text::shell_quoted as quoted;

/// The arguments, quoted where a shell would read them otherwise; the first as the name of the program alone.
pub(super) fn command_line(arguments: &[OsString]) -> String {
    let program = arguments.first().map(std::path::Path::new);
    let name = program.and_then(|program| program.file_stem()).unwrap_or(OsStr::new("leakdiff"));
    let shown = arguments.iter().enumerate().skip(1).map(|(at, argument)| {
        let before = arguments[at - 1].to_string_lossy();
        quoted(&without_secret(&before, &argument.to_string_lossy()))
    });
    std::iter::once(quoted(&name.to_string_lossy())).chain(shown).collect::<Vec<_>>().join(" ")
}

/// What stands in the place of a secret.
const HIDDEN: &str = "...";

/// An argument without the secret in it: a password in a URL, the value of an option that has one.
fn without_secret(before: &str, argument: &str) -> String {
    if SECRET.contains(&before) {
        return HIDDEN.to_owned();
    }
    let option = SECRET.iter().find(|option| option.starts_with("--") && argument.starts_with(&format!("{option}=")));
    if let Some(option) = option {
        return format!("{option}={HIDDEN}");
    }
    if argument.starts_with("-H") && argument != "-H" {
        return format!("-H{HIDDEN}");
    }
    let place = argument.find("://").map_or(0, |scheme| scheme + "://".len());
    let end = argument[place..].find('/').map_or(argument.len(), |end| place + end);
    match argument[place..end].rfind('@') {
        Some(at) if place > 0 || argument[..at].contains(':') => {
            format!("{}{HIDDEN}{}", &argument[..place], &argument[place + at..])
        }
        _ => argument.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_it_is_quoted() {
        let line = |words: &[&str]| command_line(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(line(&["/usr/bin/leakdiff", "a.pb.gz", "-n", "5"]), "leakdiff a.pb.gz -n 5");
        assert_eq!(line(&["leakdiff", "a b", "it's", ""]), r"leakdiff 'a b' 'it'\''s' ''");
        assert_eq!(line(&["leakdiff", "http://h:1/x?gc=1"]), "leakdiff 'http://h:1/x?gc=1'");
    }

    #[test]
    fn secrets_are_left_out() {
        let line = |words: &[&str]| command_line(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(
            line(&["leakdiff", "--user", "me:pw", "https://me:pw@h:1/x"]),
            "leakdiff --user ... https://...@h:1/x"
        );
        assert_eq!(line(&["leakdiff", "--header=A: b", "-H", "A: b", "-HA: b"]), "leakdiff --header=... -H ... -H...");
        assert_eq!(line(&["leakdiff", "me:pw@host:6060", "a@b.pb.gz"]), "leakdiff ...@host:6060 a@b.pb.gz");
    }
}
