//! A page of the manual: what a warning or a leak signature means.
//!
//! In: the source of the file that raises it. Out: its code, title and Markdown. Invariant: the documentation at the top
//! of that file is the page; there is no second copy. The first line is the title, the rest has a heading per section.
//! Knows nothing of how a page is shown.

/// A page: `Page::new("restart", include_str!("restart.rs"))`, inside of `restart.rs`.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The code that the page explains.
    pub code: &'static str,
    source: &'static str,
}

impl Page {
    /// The page about `code` that the source of a Rust file opens with.
    pub const fn new(code: &'static str, source: &'static str) -> Self {
        Self { code, source }
    }

    /// What it is about in a few words: the first line, without a full stop.
    pub fn title(&self) -> &'static str {
        self.lines().next().unwrap_or_default().trim_end_matches('.')
    }

    /// The sections under the title, in Markdown. Ends with a line end.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines().skip(1).skip_while(|line| line.is_empty()).collect();
        lines.join("\n") + "\n"
    }

    fn lines(&self) -> impl Iterator<Item = &'static str> {
        let documented = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        documented.map(|line| line.strip_prefix(' ').unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn a_page_is_the_documentation_of_its_file() {
        let page = Page::new("x", "//! A title.\n//!\n//! ## What\n//!\n//!   - kept\n\nuse std::io;\n//! not this\n");
        assert_eq!(page.title(), "A title");
        assert_eq!(page.text(), "## What\n\n  - kept\n");
    }

    #[test]
    fn a_file_without_documentation_is_an_empty_page() {
        let page = Page::new("x", "use std::io;\n");
        assert_eq!((page.title(), page.text().trim()), ("", ""));
    }
}
