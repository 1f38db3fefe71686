//! A profile cannot inject markup or script: names, files, labels and titles come back from the file as text.

use proptest::prelude::*;

use crate::flame;
use crate::picture::Picture;
use crate::support::Profile;

/// Names that mean harm.
pub const HOSTILE: &[&str] = &[
    "</title></g><script>document.title='owned'</script>",
    "\"/><image href=\"http://example.com/x.png\" onerror=\"alert(1)\"/>",
    "]]></script><script>alert(1)</script>",
    "&lt;&amp;&#0;&x;",
    "javascript:alert(1)",
    "a' onclick='alert(1)",
    "line\nbreak\r\u{0}\u{1b}c\u{7f}\u{85}\u{2028}",
    "\u{202e}gnp.evil\u{feff}",
    "\u{fffe}\u{ffff}\u{10ffff}",
    "worker 12",
    "a;b 1 2",
    "名前のある関数",
    "",
];

/// A profile with one stack per name.
pub fn profile(names: &[&str], value: i64) -> Profile {
    let mut profile = Profile::new();
    for (index, name) in names.iter().enumerate() {
        let function = profile.function(name, &format!("/srv/{name}.go"));
        let index = index as i64 + 1;
        profile = profile.edit(|proto| {
            let id = proto.location.len() as u64 + 1;
            let line = crate::support::wire::Line { function_id: function, line: index, column: 0 };
            let location = crate::support::wire::Location { id, line: vec![line], ..Default::default() };
            proto.location.push(location);
            let value = value * index;
            let sample =
                crate::support::wire::Sample { location_id: vec![id], value: vec![1, value, 1, value], label: vec![] };
            proto.sample.push(sample);
        });
    }
    profile
}

/// The elements of a harmless picture and nothing else; no attribute that loads or runs something.
fn assert_harmless(picture: &Picture) {
    const KNOWN: &[&str] = &["svg", "title", "desc", "style", "defs", "pattern", "rect", "text", "g", "script"];
    for (element, count) in &picture.elements {
        assert!(KNOWN.contains(&element.as_str()), "<{element}>");
        assert!(element != "script" || *count == 1, "{count} scripts");
    }
    for (name, value) in &picture.attributes {
        assert!(!name.starts_with("on") && !name.contains("href") && name != "style", "{name}={value}");
    }
}

#[test]
fn hostile_names_are_text() {
    let picture = Picture::parse(&flame([&profile(HOSTILE, 1 << 10), &profile(HOSTILE, 1 << 12)], &[]));
    assert_harmless(&picture);
    assert_eq!(picture.frames.len(), HOSTILE.len() + 1);
    assert_eq!(picture.frame(HOSTILE[0]).sums[0], 1 << 10);
    assert_eq!(picture.frame("line\\nbreak\\r\\u{0}\\u{1b}c\\u{7f}\\u{85}\\u{2028}").sums[0], 7 << 10);
}

#[test]
fn hostile_labels_and_titles_are_text() {
    let path = crate::support::fixture("ticker/heap1.pb.gz");
    let input = format!("<script>alert(1)<script>={path}");
    let outcome = crate::support::run(&["flame", &input, &input, "--title", HOSTILE[2]]).done();
    assert_harmless(&Picture::parse(&outcome.stdout));
}

#[test]
fn a_name_without_end_is_cut() {
    let name = "x".repeat(1 << 20);
    let svg = flame([&profile(&[&name], 64), &profile(&[&name], 128)], &[]);
    assert!(svg.len() < 60_000, "{}", svg.len());
    assert!(Picture::parse(&svg).frames[1].title.contains("(1047576 more characters)"));
}

proptest! {
    #![proptest_config(crate::support::cases(64))]

    #[test]
    fn any_name_is_text(name in "(\\PC|[<>&\"'\\]\\[!;/\\-\u{0}-\u{1f}]){1,40}") {
        let picture = Picture::parse(&flame([&profile(&[&name], 64), &profile(&[&name], 128)], &[]));
        assert_harmless(&picture);
        prop_assert_eq!(picture.frames.len(), 2);
    }
}
