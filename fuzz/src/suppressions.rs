//! Any text as the suppressions of a leak sanitizer: every line is an entry, a comment or an error that names it, and
//! what LeakSanitizer's own matching suppresses is suppressed here.
//!
//! Below an empty line stands a name to hold the patterns against.

use leakdiff::check::{Allow, Matcher, suppressions};

/// Reads the text.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (text, name) = text.split_once("\n\n").unwrap_or((text, "main.(*Cache).Put"));
    match suppressions(text, "lsan.supp") {
        Ok(entries) => {
            let is_entry = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with('#');
            assert_eq!(entries.len(), text.lines().filter(is_entry).count());
            entries.iter().for_each(|entry| assert_suppresses(entry, name));
        }
        Err(error) => assert!((1..=text.lines().count()).contains(&error.line), "{error}"),
    }
}

fn assert_suppresses(entry: &Allow, name: &str) {
    let Matcher::Leak { text, pattern } = &entry.matcher else { panic!("no suppression: {entry:?}") };
    // A dollar elsewhere than at the end ends a pattern there, which nobody means.
    let inner = text.strip_suffix('$').unwrap_or(text);
    if !name.is_empty() && !inner.contains('$') && template_match(text.as_bytes(), name.as_bytes()) {
        assert!(pattern.matches(name), "{text:?} on {name:?}");
    }
}

/// `TemplateMatch` of LLVM's `sanitizer_common.cpp`, for patterns with a dollar at most at their end.
fn template_match(template: &[u8], name: &[u8]) -> bool {
    let (mut template, mut name) = (template, name);
    let mut is_start = template.first() == Some(&b'^');
    template = &template[usize::from(is_start)..];
    let mut is_after_star = false;
    while let Some(first) = template.first() {
        match first {
            b'*' => {
                (template, is_start, is_after_star) = (&template[1..], false, true);
                continue;
            }
            b'$' => return name.is_empty() || is_after_star,
            _ if name.is_empty() => return false,
            _ => {}
        }
        let end = template.iter().position(|byte| matches!(byte, b'*' | b'$')).unwrap_or(template.len());
        let piece = &template[..end];
        let Some(at) = name.windows(piece.len()).position(|window| window == piece) else { return false };
        if is_start && at != 0 {
            return false;
        }
        (name, template) = (&name[at + piece.len()..], &template[end..]);
        (is_start, is_after_star) = (false, false);
    }
    true
}
