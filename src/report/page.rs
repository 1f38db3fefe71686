//! Pages of the manual, and the list of them.
//!
//! In: pages in Markdown. Out: for a pipe or a file the Markdown itself; for a terminal its headings, paragraphs, lists
//! and code in the width of the terminal. Invariant: no word of a page is lost.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::model::Page;

use super::Style;
use super::fit::{join, pad};
use super::paint::{Ink, paint};

/// Columns before what stands under a heading.
const INDENT: usize = 2;

/// Pages of one kind.
pub struct Chapter {
    /// What they are about.
    pub title: &'static str,
    /// The pages.
    pub pages: Vec<Page>,
}

/// Writes the codes of all pages with their titles.
///
/// # Errors
/// Those of `out`.
pub fn write_contents(chapters: &[Chapter], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    const GAP: usize = 2;
    let codes = chapters.iter().flat_map(|chapter| &chapter.pages).map(|page| page.code.width());
    let longest = codes.max().unwrap_or(0);
    for chapter in chapters {
        writeln!(out, "{}", paint(chapter.title, Ink::Bold, style))?;
        for page in &chapter.pages {
            let title = indented(page.title(), INDENT + longest + GAP, style.width);
            let code = paint(&pad(page.code, longest), Ink::Cyan, style);
            writeln!(out, "{:INDENT$}{code}{:GAP$}{}", "", "", title.trim_start())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "leakdiff explain CODE prints the page about one.")
}

/// Writes one page.
///
/// # Errors
/// Those of `out`.
pub fn write_page(page: &Page, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.width.is_none() {
        return write!(out, "# {}: {}\n\n{}", page.code, page.title(), page.text());
    }
    let title = join(format!("{}: {}", page.code, page.title()).split(' '), " ", style.width, 0);
    writeln!(out, "{}\n", paint(&title, Ink::Bold, style))?;
    let text = page.text();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            write_code(lines.by_ref().take_while(|line| *line != "```"), language == "text", style, out)?;
        } else if let Some(heading) = line.strip_prefix("## ") {
            writeln!(out, "{}", paint(heading, Ink::Bold, style))?;
            // What follows a heading stands right under it.
            lines.next_if(|line| line.is_empty());
        } else if line.is_empty() || line.starts_with('|') {
            writeln!(out, "{}", if line.is_empty() { String::new() } else { format!("{:INDENT$}{line}", "") })?;
        } else {
            let mut paragraph = line.to_owned();
            while let Some(more) = lines.next_if(|line| !begins_something(line)) {
                paragraph += " ";
                paragraph += more.trim_start();
            }
            writeln!(out, "{}", with_code(&item(&paragraph, style.width), style))?;
        }
    }
    Ok(())
}

/// Lines as they are, but for output that is wider than the terminal.
fn write_code<'a>(
    lines: impl Iterator<Item = &'a str>,
    is_output: bool,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for line in lines {
        let line = &line.replace('\t', "    ");
        let line = if is_output {
            indented(line, 2 * INDENT, style.width)
        } else {
            format!("{:1$}{line}", "", if line.is_empty() { 0 } else { 2 * INDENT })
        };
        writeln!(out, "{}", paint(&line, Ink::Cyan, style))?;
    }
    Ok(())
}

/// Whether a line of Markdown is no continuation of the one before it.
fn begins_something(line: &str) -> bool {
    line.is_empty() || ["```", "## ", "|"].iter().any(|mark| line.starts_with(mark)) || marker(line) > 0
}

/// The length of the mark that an item of a list begins with: `- `, `12. `.
fn marker(line: &str) -> usize {
    let line = line.trim_start();
    let digits = line.len() - line.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    match &line[digits..] {
        rest if digits == 0 && (rest.starts_with("- ") || rest.starts_with("* ")) => 2,
        rest if digits > 0 && rest.starts_with(". ") => digits + 2,
        _ => 0,
    }
}

/// A paragraph or an item of a list, whose later lines stand under the text of the first.
fn item(text: &str, width: Option<usize>) -> String {
    let depth = text.len() - text.trim_start().len();
    let mark = &text.trim_start()[..marker(text)];
    let body = indented(&text[depth + mark.len()..], INDENT + depth + mark.len(), width);
    format!("{:1$}{mark}{2}", "", INDENT + depth, body.trim_start())
}

/// Words in the width, each line after so many spaces.
fn indented(text: &str, indent: usize, width: Option<usize>) -> String {
    let mut words = text.split(' ');
    let first = format!("{:indent$}{}", "", words.next().unwrap_or_default());
    join(std::iter::once(&*first).chain(words), " ", width, indent)
}

/// Colours what stands between backticks.
fn with_code(text: &str, style: &Style) -> String {
    let mut painted = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            painted += &paint(&format!("`{part}`"), Ink::Cyan, style);
        } else {
            painted += part;
        }
    }
    painted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Scale;

    const PAGE: Page = Page::new(
        "a-code",
        "//! A title\n//!\n//! ## Seen\n//!\n//! One two three four\n//! five six.\n//!\n//! - an item that is long\n//! - `b`\n//!\n\
         //! ```sh\n//! leakdiff a.pb.gz b.pb.gz\n//! ```\n//!\n//! ```text\n//! a message that is long\n//! ```\n",
    );

    fn shown(width: Option<usize>) -> String {
        let mut out = Vec::new();
        write_page(&PAGE, &Style { width, color: false, scale: Scale::Auto }, &mut out).expect("memory takes it");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_terminal_gets_lines_of_its_width() {
        let expected = "a-code: A title\n\nSeen\n  One two three\n  four five six.\n\n  - an item that\n    is long\n  - `b`\n\n    \
                        leakdiff a.pb.gz b.pb.gz\n\n    a message\n    that is long\n";
        assert_eq!(shown(Some(16)), expected);
    }

    #[test]
    fn a_pipe_gets_markdown() {
        assert!(shown(None).starts_with("# a-code: A title\n\n## Seen\n\nOne two three four\nfive six.\n"));
        assert!(shown(None).ends_with("```text\na message that is long\n```\n"));
    }
}
