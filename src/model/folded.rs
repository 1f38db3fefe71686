//! The spelling of a frame in folded stacks, for who writes them and who reads them.
//!
//! In: any text. Out: text that is one frame of one line, and the way back. Invariant: text without special characters comes
//! back as it is.

use std::borrow::Cow;
use std::fmt::Write;

use super::text::is_unsafe;

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
