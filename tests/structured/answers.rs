//! What every answer must be: an exit code with what belongs to it on the streams, and a document that its readers take.
//!
//! In: a command and what it left behind. Out: nothing, or a panic that says which promise was broken.

use leakdiff::cli::Exit;
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::commands::Command;
use crate::support::{Outcome, run};
use crate::{contract, readers, schema};

/// The HTML in Markdown that is ours.
const OURS: &[&str] = &["<code>", "</code>", "<br>", "<details>", "</details>", "<summary>", "</summary>"];

/// Holds an answer against the promises.
#[track_caller]
pub fn hold(command: &Command, outcome: &Outcome) {
    if outcome.exit == Exit::Error {
        return hold_error(outcome);
    }
    let is_gate = command.args[0] == "check";
    assert!(is_gate || outcome.exit == Exit::Done, "only a gate fails: {:?}", outcome.exit);
    assert_printable(&outcome.stderr, false);
    match &command.output {
        Some(path) => return hold_profile(command, path),
        // A gate whose inputs have nothing in common has nothing to report on.
        None if is_gate && outcome.stderr.contains("nothing was checked") && outcome.stdout.is_empty() => return,
        // What is empty has no stacks.
        None if command.format == "folded" && outcome.stdout.is_empty() => return,
        None => assert!(!outcome.stdout.is_empty(), "an answer says something"),
    }
    read(command.format, &outcome.stdout, command.width.is_some());
}

/// One clear error, and nothing else.
#[track_caller]
fn hold_error(outcome: &Outcome) {
    let Outcome { stdout, stderr, .. } = outcome;
    assert_eq!(stdout, "", "an error prints nothing on standard output: {stderr}");
    // Warnings may stand above.
    assert_eq!(stderr.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{stderr}");
    assert!(stderr.len() < 20_000, "{} bytes of error", stderr.len());
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert_printable(stderr, false);
}

/// No control character but what is ours.
#[track_caller]
fn assert_printable(text: &str, is_colored: bool) {
    let is_bad = |c: char| c.is_control() && c != '\n' && !(is_colored && c == '\u{1b}');
    let is_odd = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let bad = text.chars().find(|c| is_bad(*c) || is_odd(*c));
    assert_eq!(bad, None, "{text:?}");
}

/// Reads a document with a reader of its format.
#[track_caller]
fn read(format: &str, text: &str, is_colored: bool) {
    match format {
        "json" => contract::hold(text),
        "goroutines" => contract::hold_goroutines(text),
        "csv" => read_csv(text),
        "markdown" => read_markdown(text),
        "html" => readers::read_html(text),
        "svg" => readers::read_xml(text),
        "junit" => {
            readers::read_xml(text);
            quick_junit::Report::deserialize_from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        }
        "sarif" => drop(schema::hold_sarif(text)),
        "gitlab" => drop(schema::hold_gitlab(text)),
        "github" => assert!(text.lines().all(|line| line.starts_with("::")), "{text}"),
        "folded" => read_folded(text),
        _ => assert_printable(text, is_colored),
    }
}

#[track_caller]
fn read_csv(text: &str) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let width = reader.headers().expect("headings").len();
    for record in reader.records() {
        let record = record.unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(record.len(), width, "{record:?}");
        // A cell that a spreadsheet would take for a formula.
        let is_formula = |cell: &str| cell.starts_with(['=', '@', '+']) && cell.parse::<f64>().is_err();
        assert!(!record.iter().any(is_formula), "{record:?}");
    }
}

#[track_caller]
fn read_markdown(text: &str) {
    assert_printable(text, false);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                for part in html.split('<').skip(1) {
                    let tag = format!("<{}", part.split_inclusive('>').next().unwrap_or(part));
                    assert!(OURS.contains(&tag.as_str()), "{tag} in {html:?}");
                }
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough) => panic!("markup in: {text}"),
            _ => {}
        }
    }
}

#[track_caller]
fn read_folded(text: &str) {
    let mut options = inferno::flamegraph::Options::default();
    let is_zero = |line: &str| line.rsplit_once(' ').is_some_and(|(_, count)| count == "0");
    if !text.lines().all(is_zero) {
        inferno::flamegraph::from_lines(&mut options, text.lines(), std::io::sink())
            .unwrap_or_else(|error| panic!("{error}: {text}"));
    }
}

/// The profile that was written reads back with the growth as its total.
#[track_caller]
fn hold_profile(command: &Command, path: &str) {
    let at = command.args.iter().position(|arg| arg == "--format").expect("the format");
    let args: Vec<&str> = command.args[..at].iter().map(String::as_str).collect();
    let of_inputs = run(&[&args[..], &["--format", "json"]].concat()).done().json();
    let metric = of_inputs["metric"]["name"].as_str().expect("a name");
    let read = run(&[path, "--exact-names", "--sample-index", metric, "--format", "json"]).done().json();
    assert_eq!(read["total"]["after"], of_inputs["total"]["delta"], "{read:#}");
}
