//! Which characters of a text that comes from outside can do harm where it is shown.
//!
//! In: a character. Out: yes or no. Knows nothing of where the text goes: each format escapes in its own way.

/// Control characters, line and paragraph separators, and the marks that hide text or change its direction.
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
