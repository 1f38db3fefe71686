//! The command line as text that can be pasted into a shell.
//!
//! In: arguments. Out: one line. Invariant: a POSIX shell splits it into the same arguments.

use std::ffi::{OsStr, OsString};

use crate::model::text::shell_quoted as quoted;

/// The arguments, quoted where a shell would read them otherwise; the first as the name of the program alone.
pub(super) fn command_line(arguments: &[OsString]) -> String {
    let program = arguments.first().map(std::path::Path::new);
    let name = program.and_then(|program| program.file_stem()).unwrap_or(OsStr::new("leakdiff"));
    let rest = arguments.iter().skip(1).map(|argument| quoted(&argument.to_string_lossy()));
    std::iter::once(quoted(&name.to_string_lossy())).chain(rest).collect::<Vec<_>>().join(" ")
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
}
