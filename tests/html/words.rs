//! The sentences at the top: what grew, how fast, since when, where; and honest ones where nothing did.

use crate::page::{summary, text_of};
use crate::support::{Profile, fixture, run};
use crate::{MINUTE, NOON, report, service};

#[test]
fn growth_is_told_with_rate_time_and_place() {
    let html = report(&[&service(0), &service(2)], &[]);
    assert_eq!(text_of(&html, "<h1>(.*?)</h1>"), "Live heap grew by 50.1 MiB (+385%)");
    assert_eq!(
        summary(&html),
        "inuse_space grew from 13.0 to 63.1 MiB in 10 min (since 2026-11-20 12:00:00 UTC), +300.4 MiB per hour. \
         96% of the growth (+48.0 MiB) was allocated in pages.Rendered (pages/cache.go:47), called for example from \
         api.page (api/api.go:21). Almost nothing allocated there since was freed (100% kept)."
    );
}

#[test]
fn a_series_says_in_how_many_intervals_it_grew() {
    let html = report(&[&service(0), &service(1), &service(2)], &[]);
    assert!(summary(&html).contains("It grew in each of the 2 intervals."), "{}", summary(&html));
    assert_eq!(text_of(&html, "<h2>(Total over[^<]*)</h2>"), "Total over 3 snapshots");
}

#[test]
fn a_caller_is_named_where_a_library_allocates() {
    let paths = [1, 3].map(|number| fixture(&format!("http-body/heap{number}.pb.gz")));
    let html = run(&["report", &paths[0], &paths[1]]).done().stdout;
    let summary = summary(&html);
    assert!(summary.contains("% of the growth (+35.1 MiB) was likely allocated on behalf of"), "{summary}");
    assert!(
        summary.contains("upstream.(*Client).Price (upstream/client.go:52), the largest part of it in"),
        "{summary}"
    );
}

#[test]
fn nothing_grew() {
    let html = report(&[&service(0), &service(0)], &[]);
    assert_eq!(text_of(&html, "<h1>(.*?)</h1>"), "Live heap did not grow");
    assert_eq!(
        summary(&html),
        "inuse_space is 13.0 MiB before and after, both taken at the same time. No function grew."
    );
}

#[test]
fn shrinkage_is_told_as_such() {
    let html = report(&[&service(2), &service(0)], &[]);
    assert_eq!(text_of(&html, "<h1>(.*?)</h1>"), "Live heap shrank by 50.1 MiB (-79%)");
    let summary = summary(&html);
    assert!(summary.contains("growth is read backwards"), "{summary}");
    assert!(summary.contains("The largest growth, +2.0 MiB, was allocated in sessions.Open"), "{summary}");
}

#[test]
fn one_profile_shows_no_growth() {
    let html = report(&[&service(2)], &[]);
    assert_eq!(text_of(&html, "<h1>(.*?)</h1>"), "Live heap: 63.1 MiB in one profile");
    assert!(summary(&html).contains("One profile cannot show growth"));
    assert!(!html.contains("Before → after"));
}

#[test]
fn no_times_no_rate() {
    let profile = |value| Profile::new().stack("main.leak", [1, value, 1, value]);
    let html = report(&[&profile(1 << 20), &profile(1 << 22)], &[]);
    assert!(summary(&html).contains("do not say when they were taken, so the rate of growth is not known"));
    assert!(text_of(&html, r#"<dl class="totals">(.*?)</dl>"#).contains("Ratenot known"));
}

#[test]
fn no_samples() {
    let html = report(&[&Profile::new(), &Profile::new()], &[]);
    assert_eq!(text_of(&html, "<h1>(.*?)</h1>"), "Live heap: nothing to compare");
    assert!(html.contains("There is nothing to show: no samples."));
}

#[test]
fn allocations_are_no_leak() {
    let html = report(&[&service(0), &service(2)], &["--sample-index", "alloc_space"]);
    assert!(summary(&html).contains("It counts everything ever allocated, freed or not"), "{}", summary(&html));
}

#[test]
fn how_it_was_made() {
    let old = service(0).build_id("abc123");
    let html = report(&[&old, &service(2).build_id("def456")], &["--by", "line"]);
    assert_eq!(text_of(&html, "<pre><code>(.*?)</code>"), "leakdiff report old=old.pb new=new.pb --by line");
    let about = text_of(&html, r#"<section class="about">(.*?)</section>"#);
    for fact in ["abc123", "def456", "524,288", "2026-11-20 12:00:00 UTC", "10 min later", env!("CARGO_PKG_VERSION")] {
        assert!(about.contains(fact), "no {fact} in {about}");
    }
    let warnings = text_of(&html, r#"<section class="warnings">(.*?)</section>"#);
    assert!(warnings.contains("different-build"), "{warnings}");
}

#[test]
fn the_rate_is_in_the_unit_of_the_span() {
    let at = |value: i64, minutes: i64| Profile::new().time(NOON + minutes * MINUTE).stack("m.f", [1, value, 1, value]);
    for (minutes, words) in [(1, "per minute"), (30, "per hour"), (600, "per day")] {
        let html = report(&[&at(1 << 20, 0), &at(1 << 30, minutes)], &[]);
        assert!(summary(&html).contains(words), "{}", summary(&html));
    }
}

#[test]
fn what_is_not_allocated_is_not_said_to_be() {
    let paths = [1, 3].map(|number| fixture(&format!("goroutine-blocked/goroutine{number}.pb.gz")));
    let html = run(&["report", &paths[0], &paths[1]]).done().stdout;
    assert!(!summary(&html).contains("alloc"), "{}", summary(&html));
    assert_eq!(text_of(&html, r#"<h2 id="rows-title">(.*?)</h2>"#), "Functions goroutine");
}
