//! Text from a profile, made safe for a line of folded stacks and for XML.
//!
//! In: any text. Out: text that is one frame of one line, or character data of one element or attribute.
//! Invariant: text without special characters comes back as it is; a folded frame can be told back.

use std::borrow::Cow;
use std::fmt::Write;

use crate::model::text::is_unsafe;

/// A name as one frame of a line of folded stacks.
///
/// Frames are separated by `;`, lines by newlines, and the counts follow the last space; readers trim lines, take
/// numbers off the end and skip lines that start with `#`. What would be misread is spelled with a backslash:
/// `\\` for a backslash, `\x3b` for `;`, `\x20` for a space at either end or before a number at the end, `\x23` for `#`
/// at the beginning, `\u{...}` for control characters and others that hide or reorder text, and `\e` for no name at
/// all. Spaces inside a name stay. [`unfolded`] is the way back.
pub fn folded(name: &str) -> Cow<'_, str> {
    if name.is_empty() {
        return Cow::Borrowed("\\e");
    }
    let before_number = name.rfind(' ').filter(|at| looks_like_a_number(&name[at + 1..]));
    let needs_escape = |(at, character): (usize, char)| match character {
        '\\' | ';' => true,
        '#' => at == 0,
        ' ' => at == 0 || at + 1 == name.len() || Some(at) == before_number,
        other => other.is_whitespace() || is_unsafe(other),
    };
    if !name.char_indices().any(needs_escape) {
        return Cow::Borrowed(name);
    }
    let mut safe = String::with_capacity(name.len() + 8);
    for (at, character) in name.char_indices() {
        match character {
            '\\' => safe.push_str("\\\\"),
            ';' | '#' | ' ' if needs_escape((at, character)) => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\x{:02x}", u32::from(character));
            }
            other if needs_escape((at, other)) => safe.extend(other.escape_unicode()),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// What readers of folded stacks take for a count: digits, perhaps with a dot among them.
fn looks_like_a_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// The name that [`folded`] made `frame` from; `None` when it is not of its making.
pub fn unfolded(frame: &str) -> Option<String> {
    if frame == "\\e" {
        return Some(String::new());
    }
    let mut name = String::with_capacity(frame.len());
    let mut rest = frame;
    while let Some((plain, escape)) = rest.split_once('\\') {
        name.push_str(plain);
        rest = match escape.chars().next()? {
            '\\' => {
                name.push('\\');
                &escape[1..]
            }
            'x' => {
                let digits = escape.get(1..3)?;
                name.push(char::from(u8::from_str_radix(digits, 16).ok()?));
                &escape[3..]
            }
            'u' => {
                let (digits, rest) = escape.get(1..)?.strip_prefix('{')?.split_once('}')?;
                name.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                rest
            }
            _ => return None,
        };
    }
    name.push_str(rest);
    Some(name)
}

/// A text as character data or attribute value of XML. Characters that XML forbids or that would hide or reorder text
/// are spelled out.
pub(super) fn xml(text: &str) -> Cow<'_, str> {
    let is_forbidden = |c: char| is_unsafe(c) || matches!(c, '\u{fffe}' | '\u{ffff}');
    let is_special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'') || is_forbidden(c);
    if !text.contains(is_special) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other if is_forbidden(other) => safe.extend(other.escape_default()),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["main.main", "store.(*Cache[...]).Put", "operator new(unsigned long)", "std::map<int, int>::at"] {
            assert_eq!(folded(name), name);
        }
        assert_eq!(xml("store.(*Cache[...]).Put"), "store.(*Cache[...]).Put");
    }

    #[test]
    fn what_a_reader_would_misread_is_spelled_out() {
        assert_eq!(folded("a;b"), "a\\x3bb");
        assert_eq!(folded("worker 12"), "worker\\x2012");
        assert_eq!(folded("# comment"), "\\x23 comment");
        assert_eq!(folded(" a\n"), "\\x20a\\u{a}");
        assert_eq!(folded(""), "\\e");
        assert_eq!(xml("</title><script>alert(1)</script>"), "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(xml("a\u{0}b\u{202e}"), "a\\u{0}b\\u{202e}");
    }

    proptest! {
        #[test]
        fn a_folded_name_can_be_told_back(name in any::<String>()) {
            prop_assert_eq!(unfolded(&folded(&name)), Some(name));
        }

        #[test]
        fn names_made_of_what_is_special_can_be_told_back(name in "[ ;#\\\\eux{}0-9.\n\t\r\u{85}\u{a0}]{0,12}") {
            let folded = folded(&name);
            prop_assert!(!folded.contains([';', '\n', '\r']) && !folded.starts_with('#'));
            prop_assert_eq!(folded.trim(), &*folded);
            prop_assert_eq!(unfolded(&folded), Some(name));
        }

        #[test]
        fn unfolding_any_text_is_total(text in any::<String>()) {
            unfolded(&text);
        }
    }
}
