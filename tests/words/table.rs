//! The tables of text and of pages, read back.

use regex::Regex;

/// The cells of a right-aligned column of a table in one line a row, top to bottom: as it stands under its heading.
#[track_caller]
pub fn column(text: &str, heading: &str) -> Vec<String> {
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let is_head = |line: &Vec<char>| {
        let line: String = line.iter().collect();
        line.trim_end().ends_with("FUNCTION") && line.contains("GROWTH  ")
    };
    let head = lines.iter().position(is_head).expect("a line with headings");
    let text: String = lines[head].iter().collect();
    let at = text.find(heading).unwrap_or_else(|| panic!("no {heading} in {text}"));
    let end = text[..at + heading.len()].chars().count();
    let start = text[..at].trim_end().chars().count();
    let rows = lines[head + 1..].iter().take_while(|line| !line.is_empty());
    rows.map(|line| line[start.min(line.len())..end.min(line.len())].iter().collect::<String>().trim().to_owned())
        .collect()
}

/// What stands in the cells of a class in the rows of a page, and the numbers they are sorted by.
pub fn cells(html: &str, class: &str) -> Vec<(String, String)> {
    let rows = Regex::new(r#"(?s)<tr data-row="\d+"[^>]*>(.*?)</tr>"#).expect("a pattern");
    let cell = format!(r#"(?s)<t[dh][^>]*class="{class}" data-v="([^"]*)"[^>]*>(.*?)</t[dh]>"#);
    let cell = Regex::new(&cell).expect("a pattern");
    let markup = Regex::new(r"(?s)<[^>]*>").expect("a pattern");
    let read = |row: regex::Captures<'_>| {
        let found = cell.captures(row.get(1)?.as_str())?;
        Some((markup.replace_all(&found[2], "").into_owned(), found[1].to_owned()))
    };
    rows.captures_iter(html).filter_map(read).collect()
}

/// Bytes as `--unit B` prints them: `~ +1,234 B`.
pub fn bytes(text: &str) -> i64 {
    let is_mark = |character: &char| matches!(character, ',' | '+' | ' ' | 'B' | '~' | '\\');
    let digits: String = text.chars().filter(|character| !is_mark(character)).collect();
    digits.parse().unwrap_or_else(|_| panic!("{text}: no bytes"))
}
