//! Texts changed line by line.
//!
//! In: a text. Out: the bytes of one in which one to five lines differ. Invariant: it grows to twice its size at most,
//! but for one long line.

use crate::random::Random;
use crate::strings;

/// A change of the line at this place, if there is one.
type Change = fn(&mut Random, &mut Vec<String>, usize);

const CHANGES: &[Change] = &[
    |_, lines, at| drop(lines.remove(at)),
    |_, lines, at| {
        let line = lines[at].clone();
        lines.insert(at, line);
    },
    |random, lines, at| lines.insert(at, strings::any(random)),
    |random, lines, at| {
        let other = random.below(lines.len());
        lines.swap(at, other);
    },
    |_, lines, at| lines.truncate(at + 1),
    |random, lines, at| number(random, lines, at),
    |random, lines, at| number(random, lines, at),
    |random, lines, at| word(random, lines, at),
    |random, lines, at| name(random, lines, at),
    |random, lines, at| name(random, lines, at),
    |random, lines, at| name(random, lines, at),
    |random, lines, at| name(random, lines, at),
    |random, lines, at| name(random, lines, at),
    |random, lines, at| name(random, lines, at),
    |random, lines, at| name(random, lines, at),
    |random, lines, at| name(random, lines, at),
    |random, lines, at| lines[at] = lines[at].repeat(random.pick(&[2, 3, 500])),
    |random, lines, at| {
        let end = random.below(lines[at].len()).min(ascii(&lines[at]));
        lines[at].truncate(end);
    },
    |_, lines, at| lines[at].clear(),
    |_, lines, at| lines[at].push('\r'),
    |_, lines, at| lines[at].insert_str(0, "    "),
    |_, lines, at| lines[at] = lines[at].trim().to_owned(),
];

/// The text in `bytes`, changed.
pub fn change(random: &mut Random, bytes: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes);
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for _ in 0..random.pick(&[1, 1, 1, 2, 4]) {
        let at = random.below(lines.len());
        if at < lines.len() {
            random.pick(CHANGES)(random, &mut lines, at);
        }
    }
    let end = if random.one_in(12) { "\r\n" } else { "\n" };
    lines.join(end).into_bytes()
}

/// How many characters of one byte a text begins with.
fn ascii(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii).count()
}

/// One of the numbers of the line is another.
fn number(random: &mut Random, lines: &mut [String], at: usize) {
    let number = regex::Regex::new(r"-?\d+").expect("a pattern");
    let found: Vec<_> = number.find_iter(&lines[at]).map(|found| found.range()).collect();
    if let Some(range) = found.get(random.below(found.len())) {
        let new = match random.below(4) {
            0 => "99999999999999999999999".to_owned(),
            1 => String::new(),
            _ => random.extreme().to_string(),
        };
        lines[at].replace_range(range.clone(), &new);
    }
}

/// One of the words of the line is another.
fn word(random: &mut Random, lines: &mut [String], at: usize) {
    replace(random, &mut lines[at], r"[^\s:@\[\],]+");
}

/// One of the names of the text is another, from this line on.
fn name(random: &mut Random, lines: &mut [String], at: usize) {
    let name = r"[A-Za-z_][\w/]*\.[\w./()*\[\]<>:$-]+|\w+::[\w:<>]+";
    let is_named = regex::Regex::new(name).expect("a pattern");
    if let Some(line) = lines.iter_mut().skip(at).find(|line| is_named.is_match(line)) {
        replace(random, line, name);
    }
}

/// One of the places that the pattern finds becomes a text that may stand anywhere.
fn replace(random: &mut Random, line: &mut String, pattern: &str) {
    let pattern = regex::Regex::new(pattern).expect("a pattern");
    let found: Vec<_> = pattern.find_iter(line).map(|found| found.range()).collect();
    if let Some(range) = found.get(random.below(found.len())) {
        line.replace_range(range.clone(), &escaped(strings::any(random), line.starts_with('{')));
    }
}

/// A text within one line, or within a text of JSON.
fn escaped(text: String, is_json: bool) -> String {
    if is_json {
        return serde_json::to_string(&text).expect("JSON").trim_matches('"').to_owned();
    }
    text.replace('\n', " ")
}
