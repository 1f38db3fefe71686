//! Limits whose pattern matches no function: they are never held in silence.

use leakdiff::cli::Exit;

use crate::support::{Files, Profile};
use crate::{check, exact, exit, gate, verdict};

fn heap() -> Profile {
    exact(&[
        ("github.com/acme/cart.(*Cart).Add;main.main", 4, 16),
        ("github.com/acme/store.(*Cache).Put;main.main", 1, 16),
    ])
}

const LIMITS: &[&str] =
    &["--limit", "github.com/acm/cart=1MiB", "--limit", "github.com/acme/**=1MiB", "--max-growth", "1MiB"];

#[test]
fn the_verdict_line_says_which_and_what_is_near() {
    let outcome = gate(&[&heap(), &heap()], LIMITS).done();
    let expected = "PASS, but 1 of 3 limits matched nothing: 'github.com/acm/cart' (nearest";
    assert!(outcome.stdout.starts_with(expected), "{}", outcome.stdout);
    let first = outcome.stdout.lines().next().expect("a line");
    assert!(first.contains("github.com/acme/cart"), "{first}");
    assert!(outcome.stdout.contains("all 2 other limits hold"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("warning[no-match]: --limit 'github.com/acm/cart=1MiB'"), "{}", outcome.stdout);
}

#[test]
fn the_name_of_a_method_is_near_without_its_path() {
    let nearest = |pattern: &str| {
        let found = verdict(&[&heap(), &heap()], &["--limit", &format!("{pattern}=1MiB")]);
        found["unmatched"][0]["nearest"][0].as_str().unwrap_or("").to_owned()
    };
    assert_eq!(nearest("store.(*Cache).Puts"), "github.com/acme/store.(*Cache).Put");
    assert_eq!(nearest("github.com/acmee/**"), "github.com/acme");
    assert_eq!(nearest("org.example.Something"), "", "nothing is near");
}

#[test]
fn up_to_a_third_of_the_letters_may_be_wrong() {
    let heap = exact(&[("a/b.Put;main.main", 4, 16)]);
    let nearest = |pattern: &str| {
        let found = verdict(&[&heap, &heap], &["--limit", &format!("{pattern}=1MiB")]);
        found["unmatched"][0]["nearest"].clone()
    };
    // Three of ten letters too many, and four of eleven.
    assert_eq!(nearest("a/b.Putabc"), serde_json::json!(["a/b.Put"]));
    assert_eq!(nearest("a/b.Putabcd"), serde_json::json!([]));
}

#[test]
fn a_verdict_that_does_not_pass_says_it_too() {
    let grown = exact(&[("github.com/acme/cart.(*Cart).Add;main.main", 4_000_000, 16)]);
    let outcome = gate(&[&heap(), &grown], LIMITS);
    assert_eq!(outcome.exit, Exit::Failed);
    let first = outcome.stdout.lines().next().expect("a line");
    assert!(first.starts_with("FAIL  "), "{first}");
    assert!(first.contains(": 2 of 2 other limits exceeded; 1 of 3 limits matched nothing: "), "{first}");
}

#[test]
fn it_fails_where_that_is_asked_for() {
    let with = |args: &[&str]| exit(&heap(), &heap(), &[LIMITS, args].concat());
    assert_eq!(with(&[]), Exit::Done);
    assert_eq!(with(&["--unmatched", "warn"]), Exit::Done);
    assert_eq!(with(&["--unmatched", "fail"]), Exit::Failed);
    assert_eq!(exit(&heap(), &heap(), &["--limit", "main.*=1MiB", "--unmatched", "fail"]), Exit::Done);
    let files = Files::new();
    let path = files.write("heap.pb", heap().encode());
    let config = |what: &str| {
        let text = format!("unmatched = \"{what}\"\n[limits]\n\"github.com/acm/cart\" = 1\n");
        check(&[&path, &path, "-c", &files.write("gate.toml", text)])
    };
    assert_eq!((config("warn").exit, config("fail").exit), (Exit::Done, Exit::Failed));
    config("never").failed(&["unmatched: this is 'never'", "\"warn\" or \"fail\""]);
    let breach = &verdict(&[&heap(), &heap()], &[LIMITS, &["--unmatched", "fail"]].concat())["breaches"][0];
    assert_eq!((&breach["reason"], &breach["outcome"]), (&"unmatched".into(), &"fail".into()), "{breach}");
}

#[test]
fn it_is_skipped_in_junit_and_stands_in_every_format() {
    let junit = gate(&[&heap(), &heap()], &[LIMITS, &["-f", "junit"]].concat()).done().stdout;
    assert_eq!(junit.matches("<skipped").count(), 1, "{junit}");
    assert_eq!(junit.matches("<failure").count(), 0, "{junit}");
    for format in ["junit", "markdown", "html", "github", "sarif", "json"] {
        let text = gate(&[&heap(), &heap()], &[LIMITS, &["-f", format]].concat()).done().stdout;
        assert!(text.replace("<wbr>", "").contains("github.com/acm/cart"), "{format}: {text}");
        assert!(format == "json" || text.contains("matched nothing"), "{format}: {text}");
    }
    let check = &verdict(&[&heap(), &heap()], LIMITS)["checks"][1];
    assert_eq!((&check["reason"], &check["outcome"]), (&"unmatched".into(), &"pass".into()), "{check}");
}
