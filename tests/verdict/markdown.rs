//! The section of a verdict in Markdown, read by a Markdown parser, and its length.

use leakdiff::report::{Outcome, Report};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::{hostile, render, world};

/// The HTML that is ours.
const OURS: &[&str] = &["<code>", "</code>", "<br>", "<details>", "</details>", "<summary>", "</summary>"];

/// What GitHub takes as the summary of a step.
const MOST: usize = 1 << 20;

/// The cells of the first table, row by row; nothing but our own markup may be read.
#[track_caller]
fn table(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut cell, mut tables) = (Vec::new(), None, 0);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Table(_)) => tables += 1,
            Event::Start(Tag::TableRow) if tables == 1 => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) if tables == 1 && !rows.is_empty() => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => rows.iter_mut().rev().take(1).for_each(|row| row.extend(cell.take())),
            Event::Text(text) | Event::Code(text) => cell.iter_mut().for_each(|cell| cell.push_str(&text)),
            Event::Html(html) | Event::InlineHtml(html) => assert_ours(&html),
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough) => panic!("markup in: {text}"),
            _ => {}
        }
    }
    rows
}

/// Whether HTML is made of our elements alone. Within an HTML block, text is escaped.
#[track_caller]
fn assert_ours(html: &str) {
    for part in html.split('<').skip(1) {
        let tag = format!("<{}", part.split_inclusive('>').next().unwrap_or(part));
        assert!(OURS.contains(&tag.as_str()), "{tag} in {html:?}");
    }
}

fn headings(text: &str) -> usize {
    Parser::new(text).filter(|event| matches!(event, Event::Start(Tag::Heading { .. }))).count()
}

#[test]
fn the_verdict_comes_first() {
    let text = render("markdown", &world::failed());
    assert!(text.starts_with("## ❌ leakdiff check failed: 3 of 4 limits exceeded"), "{text}");
    let rows = table(&text);
    let results: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(results, ["fail", "pass", "inconclusive", "fail"]);
    assert_eq!(
        rows[0],
        [
            "fail",
            "max-growth 5MiB|10%",
            "total",
            "inuse_space",
            "main",
            "+17.0 MiB",
            "+43%",
            "40.0 → 57.0 MiB",
            "",
            "5.0 MiB"
        ]
    );
    assert!(text.find("| limit |") < text.find("12 more rows"), "the comparison follows");
    assert!(render("markdown", &world::passed()).starts_with("## ✅ leakdiff check passed"));
    let open = render("markdown", &world::inconclusive(Outcome::Inconclusive));
    assert!(open.starts_with("## ⚠️ leakdiff check inconclusive"), "{open}");
    assert!(open.contains("would settle it"), "{open}");
}

#[test]
fn no_name_is_markup() {
    let expected = headings(&render("markdown", &world::failed()));
    for name in hostile::all() {
        let text = render("markdown", &world::hostile(&name));
        let rows = table(&text);
        assert_eq!(rows.len(), 4, "{name:?}");
        assert!(rows.iter().all(|row| row.len() == 10), "{name:?}: {rows:#?}");
        assert_eq!(headings(&text), expected, "{name:?}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name:?}");
    }
}

#[test]
fn the_summary_of_a_step_is_never_too_long() {
    let with_stacks = |frames: usize, name: &str, culprits: usize| {
        let mut report = world::crowd(culprits);
        for culprit in &mut report.verdict.as_mut().expect("a verdict").breaches[0].culprits {
            culprit.stack = vec![name.into(); frames];
        }
        report
    };
    let length = |report: &Report| render("markdown", report).len();
    let small = render("markdown", &with_stacks(256, "example.com/shop/cart.(*Cart).Add", 10));
    assert_eq!(small.matches("    example.com").count(), 10 * 256, "all frames where there is room");
    let shortened = render("markdown", &with_stacks(256, &"long/".repeat(200), 10));
    assert!(shortened.contains("... 224 more"), "fewer frames where there is little");
    assert!(shortened.len() < MOST, "{}", shortened.len());
    let bare = render("markdown", &with_stacks(256, &"long/".repeat(2_000), 10));
    assert!(!bare.contains("<details>") && !bare.contains("Cut off"), "no stacks where there is less");
    let cut = render("markdown", &with_stacks(2, "x", 20_000));
    assert!(cut.trim_end().ends_with("bytes long."), "the rest is cut off, and that is said");
    assert!(length(&with_stacks(2, "x", 20_000)) < MOST);
}

#[test]
fn without_a_verdict_nothing_is_cut() {
    let mut report = world::crowd(20_000);
    report.verdict = None;
    assert!(render("markdown", &report).starts_with("**HEAP "), "the comparison alone");
}
