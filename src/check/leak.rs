//! Suppressions of a leak sanitizer: lines such as `leak:libssl.so` or `leak:^main.*Cache$`.
//!
//! In: the text of a suppressions file. Out: entries of the allow-list.
//! Invariant: matches as LeakSanitizer does: a pattern stands anywhere in the name of a function, source file or binary
//! unless `^` or `$` ties it to an end; `*` stands for anything.

use super::config::Malformed;
use super::{Allow, Matcher};

/// Reads the text of a file; `file` is what errors call it.
///
/// # Errors
/// The first line that is neither empty, a comment nor a suppression.
pub fn suppressions(text: &str, file: &str) -> Result<Vec<Allow>, Malformed> {
    let mut entries = Vec::new();
    for (index, line) in text.lines().enumerate().map(|(index, line)| (index, line.trim())) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let malformed =
            |problem: &str| Malformed { file: file.to_owned(), line: index + 1, problem: problem.to_owned() };
        let template = line.strip_prefix("leak:").ok_or_else(|| malformed("a suppression begins with 'leak:'"))?;
        let pattern =
            Template::new(template).ok_or_else(|| malformed("a suppression needs a pattern after 'leak:'"))?;
        let reason = format!("suppressed in {file}:{}", index + 1);
        entries.push(Allow { matcher: Matcher::Leak { text: template.to_owned(), pattern }, reason, expires: None });
    }
    Ok(entries)
}

/// A pattern of a suppression: its pieces, between which anything may stand. Thousands of them cost next to nothing, as
/// they would not as regular expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<String>,
    /// Whether the first piece stands at the beginning.
    is_start: bool,
    /// Whether the last piece stands at the end.
    is_end: bool,
}

impl Template {
    /// Reads a pattern; `None` where there is nothing to look for.
    pub fn new(text: &str) -> Option<Self> {
        let (is_start, rest) = text.strip_prefix('^').map_or((false, text), |rest| (true, rest));
        let (rest, is_end) = rest.strip_suffix('$').map_or((rest, false), |rest| (rest, true));
        let pieces: Vec<String> = rest.split('*').map(str::to_owned).collect();
        let has_text = pieces.iter().any(|piece| !piece.is_empty());
        has_text.then_some(Self { pieces, is_start, is_end })
    }

    /// Whether a name has the pieces in their order.
    pub fn matches(&self, name: &str) -> bool {
        let mut rest = name;
        let mut pieces = self.pieces.as_slice();
        if let (true, [first, further @ ..]) = (self.is_start, pieces) {
            let Some(behind) = rest.strip_prefix(first) else { return false };
            (rest, pieces) = (behind, further);
            if pieces.is_empty() {
                return !self.is_end || rest.is_empty();
            }
        }
        let last = if self.is_end { pieces.split_last() } else { None };
        let (last, between) = last.map_or((None, pieces), |(last, between)| (Some(last), between));
        for piece in between {
            let Some((_, behind)) = rest.split_once(piece.as_str()) else { return false };
            rest = behind;
        }
        last.is_none_or(|last| rest.ends_with(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(template: &str, name: &str) -> bool {
        Template::new(template).expect("a pattern").matches(name)
    }

    #[test]
    fn a_pattern_stands_anywhere_unless_it_is_tied() {
        assert!(matches("Cache", "main.(*Cache).Put"));
        assert!(!matches("^Cache", "main.(*Cache).Put"));
        assert!(matches("^main.*Put$", "main.(*Cache).Put"));
        assert!(!matches("Put$", "main.PutAll"));
        assert!(matches("lib*.so", "/usr/lib/libssl.so.3"));
        assert!(!matches("a.b", "axb"), "a dot is a dot");
        assert!(matches("^main.Put$", "main.Put") && !matches("^main.Put$", "main.PutAll"));
        assert!(matches("^*Put*$", "main.Put") && matches("^Put", "PutAll"));
        assert!(!matches("^aba*ba$", "aba") && matches("^aba*ba$", "ababa"), "no character counts twice");
    }

    #[test]
    fn lines_are_suppressions_or_comments() {
        let text = "# known\n\n leak:libssl.so \nleak:^main.main$\n";
        let entries = suppressions(text, "lsan.supp").expect("suppressions");
        let texts: Vec<String> = entries.iter().map(|entry| entry.matcher.to_string()).collect();
        assert_eq!(texts, ["leak:libssl.so", "leak:^main.main$"]);
        assert_eq!(entries[1].reason, "suppressed in lsan.supp:4");
        let error = suppressions("leak:x\nrace:y\n", "lsan.supp").expect_err("no leak");
        assert_eq!(error.to_string(), "lsan.supp:2: a suppression begins with 'leak:'");
        assert!(suppressions("leak:*\n", "lsan.supp").is_err());
        let many = "leak:^main.*Cache*.Put$\n".repeat(100_000);
        assert_eq!(suppressions(&many, "lsan.supp").map(|entries| entries.len()), Ok(100_000));
    }
}
