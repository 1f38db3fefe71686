//! Text in quotes as Go writes it (`%q`).
//!
//! In: text that begins with a quote. Out: what it stands for, and what follows. Knows nothing of labels.

/// Reads one quoted text; `None` where there is none or it does not end.
pub(in crate::load) fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut bytes = Vec::new();
    let mut characters = inside.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((String::from_utf8_lossy(&bytes).into_owned(), &inside[at + 1..])),
            '\\' => {
                let (after, kind) = characters.next()?;
                let digits = match kind {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                };
                let code = inside.get(after + 1..after + 1 + digits)?;
                escaped(kind, code, &mut bytes)?;
                if digits > 0 {
                    characters.nth(digits - 1);
                }
            }
            plain => push(plain, &mut bytes),
        }
    }
    None
}

fn escaped(kind: char, code: &str, bytes: &mut Vec<u8>) -> Option<()> {
    match kind {
        'a' => bytes.push(7),
        'b' => bytes.push(8),
        'f' => bytes.push(12),
        'n' => bytes.push(b'\n'),
        'r' => bytes.push(b'\r'),
        't' => bytes.push(b'\t'),
        'v' => bytes.push(11),
        'x' => bytes.push(u8::from_str_radix(code, 16).ok()?),
        'u' | 'U' => push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?, bytes),
        plain => push(plain, bytes),
    }
    Some(())
}

fn push(character: char, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_go() {
        assert_eq!(quoted(r#""a\"b\\c\n\tö\u00e9\x41\U0001f600":1"#), Some(("a\"b\\c\n\töéA😀".to_owned(), ":1")));
        assert_eq!(quoted(r#""\xff""#), Some(("\u{fffd}".to_owned(), "")));
        for open in ["", "a", "\"a", "\"\\", "\"\\x4", "\"\\x4é\"", "\"\\ud800\""] {
            assert_eq!(quoted(open), None, "{open}");
        }
    }
}
