//! Text in a given number of columns: names and paths shortened where they say least, sentences broken between words.
//!
//! In: text that is safe for a terminal. Out: text no wider than asked for, as long as one character and a mark fit.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

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
    let head = &text[..fitting(text.chars(), keep / 3)];
    let tail = fitting(text.chars().rev(), keep - head.width().min(keep));
    format!("{head}…{}", &text[text.len() - tail..])
}

/// Text in `room` columns, without its end where that does not fit.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    format!("{}…", &text[..fitting(text.chars(), room.saturating_sub(1))])
}

/// The length in bytes of the first characters that fit in `room` columns. Each is looked at once: a name may hold a
/// million marks that take no column at all.
fn fitting(characters: impl Iterator<Item = char>, room: usize) -> usize {
    const WIDENS: char = '\u{fe0f}';
    let mut used = 0;
    let fits = |character: &char| {
        used += if *character == WIDENS { 1 } else { character.width().unwrap_or(0) };
        used <= room
    };
    characters.take_while(fits).map(char::len_utf8).sum()
}

/// Text with spaces up to a width.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A sentence in `width` columns, broken between words; lines after the first are indented by two. Words that are wider
/// than that are mostly paths.
pub(super) fn wrap(text: &str, width: Option<usize>) -> String {
    const INDENT: usize = 2;
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(INDENT));
    let words: Vec<String> = text.split(' ').map(|word| fit_path(word, room)).collect();
    join(words.iter().map(String::as_str), " ", width, INDENT)
}

/// A sentence that stands behind an indent, as do its other lines.
pub(super) fn wrap_below(text: &str, width: Option<usize>, indent: usize) -> String {
    let room = width.map(|width| width.saturating_sub(indent));
    let words: Vec<String> = text.split(' ').map(|word| fit_path(word, room.unwrap_or(usize::MAX))).collect();
    let text = join(words.iter().map(String::as_str), " ", room, 0);
    text.replace('\n', &format!("\n{}", " ".repeat(indent)))
}

/// Pieces with `between` them, or where the line would be wider than `width` a new line and an indent.
pub(super) fn join<'a>(
    pieces: impl IntoIterator<Item = &'a str>,
    between: &str,
    width: Option<usize>,
    indent: usize,
) -> String {
    let width = width.unwrap_or(usize::MAX);
    let mut text = String::new();
    let mut used = 0;
    for piece in pieces {
        if used > 0 && used + between.width() + piece.width() > width {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indent));
            used = indent;
        } else if used > 0 {
            text.push_str(between);
            used += between.width();
        }
        text.push_str(piece);
        used += piece.width();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_name_are_kept() {
        assert_eq!(shorten("example.com/shop.Put", 20), "example.com/shop.Put");
        assert_eq!(shorten("example.com/shop.Put", 13), "exam…shop.Put");
        assert_eq!(fit_path("example.com/shop/cache.go:7", 16), "shop/cache.go:7");
    }

    #[test]
    fn wide_characters_and_marks_are_measured() {
        for text in [
            "内存泄漏内存泄漏内存泄漏",
            "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
            "❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}",
        ] {
            for room in 1..12 {
                assert!(shorten(text, room).width() <= room, "{text} in {room}");
            }
        }
    }

    #[test]
    fn a_million_marks_take_no_time() {
        let name = format!("{}{}", "a".repeat(100), "\u{301}".repeat(1_000_000));
        assert!(shorten(&name, 20).starts_with("aaaaaa…"));
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", Some(8)), "one two\n  three");
        assert_eq!(wrap("in /a/long/way/heap.out: here", Some(12)), "in heap.out:\n  here");
        assert_eq!(wrap("one two three", None), "one two three");
        assert_eq!(join(["+1 MiB", "+2 MiB per hour"], "   ", Some(20), 8), "+1 MiB\n        +2 MiB per hour");
    }
}
