//! Text from a profile, made safe for the place it goes to.
//!
//! In: any text. Out: text that cannot move the cursor, change colours, break a table or run in a spreadsheet.
//! Invariant: text without special characters comes back as it is.

use std::borrow::Cow;

use crate::model::text::is_unsafe;

/// For a terminal: control characters and those that reorder or hide text are spelled out.
pub(crate) fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_unsafe(character) { safe.extend(character.escape_default()) } else { safe.push(character) }
    }
    Cow::Owned(safe)
}

/// For a cell of a Markdown table outside code: what Markdown or HTML would read is escaped.
pub(super) fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in terminal(text).chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' | '@' => safe.extend(['\\', character]),
            other => safe.push(other),
        }
    }
    safe
}

/// For JSON, already encoded: what its encoder leaves as it is and [`is_unsafe`] names, apart from the line ends of the
/// layout. All of these have four hexadecimal digits.
pub(super) fn json(text: &str) -> Cow<'_, str> {
    let is_unsafe = |character: char| character != '\n' && is_unsafe(character);
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match u32::from(character) {
            code if is_unsafe(character) => safe.push_str(&format!("\\u{code:04x}")),
            _ => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// For HTML, in an element or in a quoted attribute: nothing is read as markup, nothing hides or reorders text.
pub(super) fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in terminal(text).chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// For JSON inside a `<script>` of HTML: outside its strings JSON has none of these characters.
pub(super) fn json_in_html(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + json.len() / 64);
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => safe.push(other),
        }
    }
    safe
}

/// For a CSV cell: text that a spreadsheet would run as a formula is marked as text.
pub(super) fn spreadsheet(text: &str) -> Cow<'_, str> {
    let safe = terminal(text);
    if safe.starts_with(['=', '+', '-', '@']) { Cow::Owned(format!("'{safe}")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_spelled_out() {
        assert_eq!(terminal("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\n");
        assert_eq!(terminal("store.(*Cache).Put"), "store.(*Cache).Put");
        assert_eq!(terminal("x\u{202e}y"), "x\\u{202e}y");
    }

    #[test]
    fn markdown_cannot_be_injected() {
        assert_eq!(markdown("<b>|`x`"), "&lt;b&gt;\\|\\`x\\`");
    }

    #[test]
    fn html_cannot_be_injected() {
        assert_eq!(html("<img src='x' onerror=\"y\">&"), "&lt;img src=&#39;x&#39; onerror=&quot;y&quot;&gt;&amp;");
        assert_eq!(json_in_html(r#"["</script>&"]"#), r#"["\u003c/script\u003e\u0026"]"#);
        assert_eq!(html("main.(*Cache).Put"), "main.(*Cache).Put");
    }

    #[test]
    fn formulas_are_text() {
        assert_eq!(spreadsheet("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(spreadsheet("main.main"), "main.main");
    }
}
