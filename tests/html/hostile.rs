//! A profile cannot inject markup or script: names, files and labels come back from the page as text.

use proptest::prelude::*;
use regex::Regex;

use crate::page::{data, without_code};
use crate::report;
use crate::support::{Profile, wire};

/// Names that mean harm.
pub const HOSTILE: &[&str] = &[
    "</script><script>document.title='owned'</script>",
    "<!--<script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "]]></style><style>*{display:none}</style>",
    "&lt;&amp;&#0;&x;",
    "javascript:alert(1)",
    "line\nbreak\r\u{0}\u{1b}c\u{7f}\u{85}\u{2028}\u{2029}",
    "\u{202e}gnp.evil\u{feff}",
    "\u{fffe}\u{10ffff}",
    "${alert(1)}`",
    "__proto__",
    "名前のある関数",
    "",
];

/// A profile with one stack per name.
pub fn profile(names: &[impl AsRef<str>], value: i64) -> Profile {
    let mut profile = Profile::new();
    for (index, name) in names.iter().map(AsRef::as_ref).enumerate() {
        let function_id = profile.function(name, &format!("/srv/{name}.go"));
        let index = index as i64 + 1;
        profile = profile.edit(|proto| {
            let id = proto.location.len() as u64 + 1;
            let line = wire::Line { function_id, line: index, column: 0 };
            proto.location.push(wire::Location { id, line: vec![line], ..Default::default() });
            let value = vec![1, value * index, 1, value * index];
            proto.sample.push(wire::Sample { location_id: vec![id], value, label: vec![] });
        });
    }
    profile
}

/// The elements of a harmless page and nothing else; no attribute that loads or runs something.
#[track_caller]
fn assert_harmless(html: &str) {
    const ELEMENTS: &str = "html head meta title style body header main section search h1 h2 p dl div dt dd small strong \
                            b code pre span wbr ul ol li label input output select option button svg rect polyline \
                            polygon table thead tbody tfoot tr th td script";
    const ATTRIBUTES: &str = "lang charset http-equiv content name class id hidden for type placeholder autocomplete \
                              spellcheck aria-describedby aria-labelledby aria-label aria-hidden aria-sort role value \
                              disabled tabindex viewBox preserveAspectRatio width height y points vector-effect scope \
                              title data-row data-v";
    let scripts = html.matches("<script").count();
    assert_eq!((scripts, html.matches("</script").count(), html.matches("<style").count()), (2, 2, 1));
    let html = without_code(html);
    let (head, rest) = html.split_once("id=\"data\">").expect("data");
    let (island, tail) = rest.split_once("</script>").expect("the end of the data");
    assert!(!island.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{island}");
    let tag = Regex::new(r#"<(/?)([a-zA-Z0-9]*)((?:[^>"]|"[^"]*")*)>?"#).expect("a pattern");
    let attribute = Regex::new(r#"([^\s="]+)(="[^"]*")?"#).expect("a pattern");
    for found in tag.captures_iter(head.strip_prefix("<!DOCTYPE html>").expect("a page")).chain(tag.captures_iter(tail))
    {
        assert!(ELEMENTS.split(' ').any(|known| known == &found[2]), "{}", &found[0]);
        for found in attribute.captures_iter(&found[3]).filter(|found| &found[0] != "/") {
            assert!(ATTRIBUTES.split(' ').any(|known| known == &found[1]), "{}", &found[0]);
        }
    }
}

#[test]
fn hostile_names_are_text() {
    let (old, new) = (profile(HOSTILE, 1 << 10), profile(HOSTILE, 1 << 12));
    for by in ["function", "line", "file", "package", "stack", "address"] {
        assert_harmless(&report(&[&old, &new], &["--by", by]));
    }
}

#[test]
fn labels_and_build_ids_are_text() {
    let label = "<script>alert(1)<!--";
    let old = profile(&["main.f"], 1).build_id(label);
    let files = crate::support::Files::new();
    let path = files.write("a.pb", old.encode());
    let labelled = format!("{label}={path}");
    let html = crate::support::run(&["report", &labelled, &path]).done().stdout;
    assert_harmless(&html);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;!--"));
}

#[test]
fn the_policy_lets_only_the_pages_own_code_run() {
    let html = report(&[&profile(&["f"], 1), &profile(&["f"], 2)], &[]);
    let policy = crate::page::text_of(&html, r#"Content-Security-Policy" content="([^"]*)""#);
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

proptest! {
    #![proptest_config(crate::support::cases(64))]

    #[test]
    fn whatever_the_names_they_are_text(
        names in prop::collection::vec(prop_oneof![
            "[ -Z\\^-~]{1,40}",
            "(</?(script|style|img|svg|title|!--)[ />]?|[\"'&;=]|on[a-z]{4}=|alert\\(1\\)){1,6}",
            "\\PC{1,20}",
        ], 1..8),
    ) {
        let (old, new) = (profile(&names, 1 << 10), profile(&names, 1 << 12));
        let html = report(&[&old, &new], &["--exact-names"]);
        assert_harmless(&html);
        let data = data(&html);
        let texts: Vec<&str> = data["texts"].as_array().expect("texts").iter().filter_map(|text| text.as_str()).collect();
        let is_plain = |name: &&String| name.chars().all(|c| (' '..='~').contains(&c));
        for name in names.iter().filter(is_plain) {
            prop_assert!(texts.contains(&name.as_str()), "{name:?} in {texts:?}");
        }
    }
}
