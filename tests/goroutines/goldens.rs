//! Tables as they were last looked at. `LEAKDIFF_BLESS=1 cargo test --test goroutines` writes them anew; read the diff.

use std::path::Path;

use unicode_width::UnicodeWidthStr;

use crate::support::{fixture, run_with};

#[track_caller]
fn assert_golden(name: &str, width: Option<usize>, args: &[&str]) {
    let text = run_with(&[], width, None, args).done().stdout;
    let text = text.replace(&format!("{}/", env!("CARGO_MANIFEST_DIR")), "");
    if let Some(width) = width {
        assert!(text.lines().all(|line| without_color(line).width() <= width), "{name}: wider than {width}\n{text}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goroutines/golden").join(name);
    if std::env::var_os("LEAKDIFF_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = golden.lines().zip(text.lines()).find(|(a, b)| a != b);
    assert!(golden == text, "{name} is not as it was (LEAKDIFF_BLESS=1 writes it anew); first: {differing:#?}");
}

fn without_color(line: &str) -> String {
    let mut parts = line.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(|part| part.split_once('m').map_or("", |(_, text)| text)).collect::<String>()
}

/// Labels, so that no path of this machine decides what fits.
fn labelled(scenario: &str, kind: &str, forms: [&str; 2]) -> [String; 2] {
    [("before", 1, forms[0]), ("after", 3, forms[1])]
        .map(|(label, moment, form)| format!("{label}={}", fixture(&format!("{scenario}/{kind}{moment}.{form}"))))
}

#[test]
fn goroutines_at_80_and_120_columns() {
    for (scenario, forms) in [("http-body", ["pb.gz"; 2]), ("goroutine-blocked", ["debug2.txt", "debug2.txt.gz"])] {
        let [before, after] = labelled(scenario, "goroutine", forms);
        for width in [80, 120] {
            let args = ["goroutines", &before, &after, "--color", "never"];
            assert_golden(&format!("{scenario}-{width}.txt"), Some(width), &args);
        }
        assert_golden(&format!("{scenario}.md"), None, &["goroutines", &before, &after, "-f", "markdown"]);
        assert_golden(
            &format!("{scenario}-color.txt"),
            Some(80),
            &["goroutines", &before, &after, "--color", "always"],
        );
    }
}

#[test]
fn a_heap_with_its_goroutines_and_its_memory() {
    let [heap1, heap3] = labelled("http-body", "heap", ["debug1.txt", "debug1.txt.gz"]);
    let [before, after] = labelled("http-body", "goroutine", ["pb.gz"; 2]);
    for width in [80, 120] {
        let args = [&heap1, &heap3, "--goroutines", &before, &after, "-n", "3", "--color", "never"];
        assert_golden(&format!("beside-{width}.txt"), Some(width), &args);
    }
}
