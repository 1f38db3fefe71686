//! Which characters of a text that comes from outside can do harm where it is shown, and text for a shell.
//!
//! In: a character, or an argument. Out: yes or no; the argument as a POSIX shell reads it back. Knows nothing of where the text goes: each format escapes in its own way.

/// Control characters, line and paragraph separators, and the marks that hide text or change its direction.
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// An argument, quoted where a POSIX shell would read it otherwise.
///
/// ```
/// use leakdiff::model::text::shell_quoted;
/// assert_eq!(shell_quoted("heap1.pb.gz"), "heap1.pb.gz");
/// assert_eq!(shell_quoted("it's"), r"'it'\''s'");
/// ```
pub fn shell_quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:,@%+".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}
