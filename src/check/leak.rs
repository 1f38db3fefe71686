//! Suppressions of a leak sanitizer: lines such as `leak:libssl.so` or `leak:^main.*Cache$`.
//!
//! In: the text of a suppressions file. Out: entries of the allow-list.
//! Invariant: matches as LeakSanitizer does: a pattern stands anywhere in the name of a function, source file or binary
//! unless `^` or `$` ties it to an end; `*` stands for anything.

use regex::Regex;

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
        let pattern = compile(template).map_err(malformed)?;
        let reason = format!("suppressed in {file}:{}", index + 1);
        entries.push(Allow { matcher: Matcher::Leak { text: template.to_owned(), pattern }, reason, expires: None });
    }
    Ok(entries)
}

fn compile(template: &str) -> Result<Regex, &'static str> {
    let (start, rest) = template.strip_prefix('^').map_or(("", template), |rest| ("^", rest));
    let (rest, end) = rest.strip_suffix('$').map_or((rest, ""), |rest| (rest, "$"));
    let pieces: Vec<String> = rest.split('*').map(regex::escape).collect();
    if pieces.iter().all(String::is_empty) {
        return Err("a suppression needs a pattern after 'leak:'");
    }
    let pattern = Regex::new(&format!("(?s){start}{}{end}", pieces.join(".*")));
    pattern.map_err(|_| "the pattern of this suppression is too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(template: &str, name: &str) -> bool {
        compile(template).expect("a pattern").is_match(name)
    }

    #[test]
    fn a_pattern_stands_anywhere_unless_it_is_tied() {
        assert!(matches("Cache", "main.(*Cache).Put"));
        assert!(!matches("^Cache", "main.(*Cache).Put"));
        assert!(matches("^main.*Put$", "main.(*Cache).Put"));
        assert!(!matches("Put$", "main.PutAll"));
        assert!(matches("lib*.so", "/usr/lib/libssl.so.3"));
        assert!(!matches("a.b", "axb"), "a dot is a dot");
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
        let error = suppressions(&format!("leak:{}\n", "long".repeat(1 << 20)), "lsan.supp").expect_err("no pattern");
        assert_eq!(error.to_string(), "lsan.supp:1: the pattern of this suppression is too long");
    }
}
