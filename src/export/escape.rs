//! Text from a profile, made safe for a line of folded stacks and for XML.
//!
//! In: any text. Out: text that is one frame of one line, or character data of one element or attribute.
//! Invariant: text without special characters comes back as it is; a folded frame can be told back.

use std::borrow::Cow;

use crate::model::text::is_unsafe;

pub use crate::model::folded::{folded, unfolded};

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
