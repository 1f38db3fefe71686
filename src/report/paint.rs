//! Colours and weights of a terminal.
//!
//! In: text that is safe for a terminal. Out: the same with the sequences that colour it, or as it was.
//! Invariant: what is seen takes as many columns as before.

use super::Style;

/// How a text is to stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Red,
    Yellow,
    Blue,
    Cyan,
}

/// The text in that ink, where the style has colours.
pub(super) fn paint(text: &str, ink: Ink, style: &Style) -> String {
    let (on, off) = match ink {
        Ink::Plain => return text.to_owned(),
        Ink::Bold => ("1", "22"),
        Ink::Dim => ("2", "22"),
        Ink::Red => ("38;5;9", "39"),
        Ink::Yellow => ("38;5;11", "39"),
        Ink::Blue => ("38;5;12", "39"),
        Ink::Cyan => ("38;5;14", "39"),
    };
    if style.color && !text.is_empty() { format!("\u{1b}[{on}m{text}\u{1b}[{off}m") } else { text.to_owned() }
}
