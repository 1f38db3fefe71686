//! Text in a given number of columns: names and paths shortened where they say least, sentences broken between words.
//!
//! In: text that is safe for a terminal. Out: text no wider than asked for, as long as one character and a mark fit.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::model::name;

/// A function name in `room` columns: whole, else without its import path, else with its middle left out.
pub(super) fn fit_name(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let (mark, bare) = match text.rsplit_once("← likely ").or_else(|| text.rsplit_once("← ")) {
        Some((_, bare)) => (&text[..text.len() - bare.len()], bare),
        None => ("", text),
    };
    shorten(&format!("{mark}{}", name::short(bare)), room)
}

/// A path in `room` columns: whole, else its last elements.
pub(super) fn fit_path(path: &str, room: usize) -> String {
    if path.width() <= room {
        return path.to_owned();
    }
    let fitting = path.match_indices('/').map(|(slash, _)| &path[slash + 1..]).find(|tail| tail.width() <= room);
    fitting.map_or_else(|| shorten(path, room), str::to_owned)
}

/// Text in `room` columns, with its middle left out where it does not fit: both ends of a name tell it apart.
pub(super) fn shorten(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let keep = room.saturating_sub(1);
    let (mut head, mut tail) = (String::new(), String::new());
    for character in text.chars() {
        head.push(character);
        if head.width() > keep / 3 {
            head.pop();
            break;
        }
    }
    for character in text.chars().rev() {
        tail.insert(0, character);
        if tail.width() > keep - head.width() {
            tail.remove(0);
            break;
        }
    }
    format!("{head}…{tail}")
}

/// Text with spaces up to a width.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Writes a sentence, broken between words.
pub(super) fn write_wrapped(text: &str, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let width = width.unwrap_or(usize::MAX);
    let mut used = 0;
    for word in text.split(' ') {
        if used > 0 && used + 1 + word.width() > width {
            write!(out, "\n  ")?;
            used = 2;
        } else if used > 0 {
            write!(out, " ")?;
            used += 1;
        }
        write!(out, "{word}")?;
        used += word.width();
    }
    writeln!(out)
}
