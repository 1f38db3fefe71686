//! Every format says the same of a suspect, and no text of a profile is markup there.

use unicode_width::UnicodeWidthStr;

use crate::support::{Profile, diff, fixture, json, run, run_with};

fn http() -> [String; 2] {
    [1, 3].map(|number| fixture(&format!("http-body/heap{number}.pb.gz")))
}

#[test]
fn a_table_begins_with_its_suspects() {
    let [before, after] = http();
    for width in [60, 80, 120] {
        let table = run_with(&[], Some(width), None, &[&before, &after, "--color", "never"]).done().stdout;
        let (_, end) = table.split_once("\n\nLIKELY LEAKS\n").expect("suspects");
        let (end, _) = end.split_once("\n\nGROWTH BY FUNCTION").expect("rows below");
        let words = end.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            "1 +37.6 MiB likely upstream.(*Client).Price",
            "medium HTTP response bodies are not closed: ≈ 2,827 ± 892 connections fix: defer resp.Body.Close()",
            "leakdiff explain http-body-not-closed",
        ] {
            assert!(words.contains(part), "{width}: no {part:?} in {words}");
        }
        assert!(end.lines().all(|line| line.width() <= width), "{width}: {end}");
    }
}

#[test]
fn json_has_the_keys_of_the_contract() {
    let [before, after] = http();
    let report = json(&[&before, &after]);
    let suspect = report["suspects"][0].as_object().expect("a suspect");
    for key in [
        "code",
        "title",
        "kind",
        "confidence",
        "delta",
        "objects",
        "kept_ratio",
        "units",
        "responsible",
        "rows",
        "explanation",
        "fix",
        "raise",
        "found",
        "fingerprint",
    ] {
        assert!(suspect.contains_key(key), "no {key}");
    }
    assert_eq!(suspect["kind"], "leak");
    assert_eq!(suspect["confidence"], "medium");
    let rows = suspect["rows"].as_array().expect("rows");
    let deltas: Vec<i64> = rows.iter().map(|row| row["delta"].as_i64().expect("a number")).collect();
    assert!(!deltas.is_empty() && deltas.windows(2).all(|pair| pair[0] >= pair[1]), "{deltas:?}");
    assert!(rows.iter().all(|row| row["stack"][0] == row["name"]));
    let unchanged = json(&[&before, &before]);
    assert_eq!(unchanged["suspects"], serde_json::json!([]));
}

#[test]
fn markdown_and_pages_tell_it_in_words() {
    let [before, after] = http();
    let markdown = run(&[&before, &after, "--format", "markdown"]).done().stdout;
    let (before_table, _) = markdown.split_once("| growth |").expect("a table");
    let page = run(&["report", &before, &after]).done().stdout;
    let (section, _) = page.split_once("<section class=\"rows\"").expect("rows");
    for text in [before_table, section] {
        assert!(text.contains("HTTP response bodies are not closed"), "{text}");
        assert!(text.contains("leakdiff explain http-body-not-closed"));
        assert!(text.contains("Two snapshots cannot tell"));
    }
}

#[test]
fn hostile_names_stay_text() {
    let heap = |blocks: i64| {
        let stack = "evil.com/<script>alert(1)</script>.F\x1b[31m;main.main";
        Profile::new()
            .period("space", "bytes", 1)
            .stack(stack, [blocks, blocks << 24, blocks, blocks << 24])
            .bytes(1 << 24)
    };
    let (before, after) = (heap(1), heap(9));
    let out = |format: &str| diff(&[&before, &after], &["--format", format]).done().stdout;
    assert!(!out("html").contains("<script>alert"));
    assert!(!out("markdown").split("<details>").next().expect("a start").contains("<script>"));
    for format in ["table", "markdown", "html", "json"] {
        assert!(!out(format).contains('\x1b'), "{format}");
    }
}
