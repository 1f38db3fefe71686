//! The page as it was last looked at, without style and script. `LEAKDIFF_BLESS=1 cargo test --test html` writes it
//! anew; read the diff, and open the page.

use std::path::Path;

use crate::page::{rows, text_of, without_code};
use crate::{hostile, report, service};

#[track_caller]
fn assert_golden(name: &str, html: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html/golden").join(name);
    let html = without_code(html);
    if std::env::var_os("LEAKDIFF_BLESS").is_some() {
        std::fs::write(&path, &html).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = golden.lines().zip(html.lines()).find(|(a, b)| a != b);
    assert!(golden == html, "{name} is not as it was (LEAKDIFF_BLESS=1 writes it anew); first: {differing:#?}");
}

#[test]
fn new_grown_shrunk_gone_and_unchanged() {
    let (old, new) = (service(0), service(2));
    assert_golden("pair.html", &report(&[&old, &new], &[]));
    assert_golden("series.html", &report(&[&old, &service(1), &new], &[]));
    assert_golden("single.html", &report(&[&new], &[]));
    assert_golden("unchanged.html", &report(&[&old, &old], &[]));
}

#[test]
fn hostile_names() {
    let profiles = [hostile::profile(hostile::HOSTILE, 1 << 10), hostile::profile(hostile::HOSTILE, 1 << 12)];
    assert_golden("hostile.html", &report(&[&profiles[0], &profiles[1]], &[]));
}

#[test]
fn rows_are_ordered_by_growth_and_show_what_shrank() {
    let html = report(&[&service(0), &service(2)], &[]);
    let rows = rows(&html);
    let classes: Vec<&str> = rows.iter().map(|(class, _)| class.as_str()).collect();
    assert_eq!(classes, ["grown", "new", "new", "gone", "shrunk"]);
    let growth: Vec<&str> = rows.iter().map(|(_, cells)| cells[1].as_str()).collect();
    assert_eq!(growth, ["+48.00 MiB", "+5.00 MiB", "+0.06 MiB", "-1.00 MiB", "-2.00 MiB"]);
    assert_eq!(text_of(&html, r#"<tr class="rest">(.*?)</tr>"#), "4 more rows (-n 0 shows all)00%8.00 MiB8.00 MiB");
    assert!(text_of(&html, r#"<tr class="total">(.*?)</tr>"#).starts_with("TOTAL+50.06 MiB+385%13.00 MiB63.06 MiB"));
}

#[test]
fn the_same_profiles_give_the_same_bytes() {
    let page = || report(&[&service(0), &service(1), &service(2)], &[]);
    assert!(page() == page(), "two runs differ");
}
