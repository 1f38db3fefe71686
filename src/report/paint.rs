//! Colours and weights of a terminal.
//!
//! In: text that is safe for a terminal. Out: the same with the sequences that colour it, or as it was.
//! Invariant: what is seen takes as many columns as before.

use anstyle::AnsiColor;

use super::Style;

/// How a text is to stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Red,
    Yellow,
    Green,
    Blue,
    Cyan,
}

/// The text in that ink, where the style has colours.
pub(super) fn paint(text: &str, ink: Ink, style: &Style) -> String {
    if !style.color || text.is_empty() {
        return text.to_owned();
    }
    let ink = match ink {
        Ink::Plain => return text.to_owned(),
        Ink::Bold => anstyle::Style::new().bold(),
        Ink::Dim => anstyle::Style::new().dimmed(),
        Ink::Red => AnsiColor::BrightRed.on_default(),
        Ink::Yellow => AnsiColor::BrightYellow.on_default(),
        Ink::Green => AnsiColor::BrightGreen.on_default(),
        Ink::Blue => AnsiColor::BrightBlue.on_default(),
        Ink::Cyan => AnsiColor::BrightCyan.on_default(),
    };
    format!("{ink}{text}{ink:#}")
}

/// The text as a link to a file, as terminals read it (OSC 8).
pub(super) fn link(text: &str, path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let encoded =
        path.bytes().map(|byte| if is_plain(byte) { char::from(byte).into() } else { format!("%{byte:02X}") });
    format!("\u{1b}]8;;file://{}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\", encoded.collect::<String>())
}
