//! The manual: every code has a page, every page has its sections, and the message that a page shows as its example is
//! what the tool prints for profiles that are so.

#![allow(clippy::print_stderr, reason = "a skipped test has to be seen")]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use leakdiff::model::Code;
use support::{Files, Profile, run, run_with};
use unicode_width::UnicodeWidthStr;

/// The sections of a page about a warning, in their order.
const OF_WARNINGS: &[&str] = &["What was seen", "Why it matters", "What to do", "How it is decided", "Example"];

/// The codes under each heading of the list, with their titles.
fn contents() -> Vec<(String, Vec<(String, String)>)> {
    let mut chapters: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in run(&["explain"]).done().stdout.lines().take_while(|line| !line.starts_with("leakdiff")) {
        match line.strip_prefix("  ").and_then(|entry| entry.split_once("  ")) {
            Some((code, title)) => {
                let (_, entries) = chapters.last_mut().expect("a heading comes first");
                entries.push((code.to_owned(), title.trim().to_owned()));
            }
            None if line.is_empty() => {}
            None => chapters.push((line.to_owned(), Vec::new())),
        }
    }
    chapters
}

fn page(code: &str) -> String {
    run(&["explain", code]).done().stdout
}

/// The text under a heading of a page.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, text) = page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no {heading} in: {page}"));
    text.split_once("\n## ").map_or(text, |(text, _)| text).trim()
}

#[test]
fn every_code_has_a_page_and_no_page_lacks_a_code() {
    let contents = contents();
    let (_, warnings) = contents.iter().find(|(title, _)| title == "Warnings").expect("a list of warnings");
    let listed: Vec<&str> = warnings.iter().map(|(code, _)| code.as_str()).collect();
    let distinct: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(distinct.len(), listed.len(), "a code is listed twice: {listed:?}");
    assert_eq!(distinct, Code::ALL.iter().map(|code| code.as_str()).collect());
}

#[test]
fn every_page_has_all_sections() {
    for (_, entries) in contents().iter().filter(|(title, _)| title == "Warnings") {
        for (code, title) in entries {
            let page = page(code);
            assert!(page.starts_with(&format!("# {code}: {title}\n\n## ")), "{page}");
            let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
            assert_eq!(headings, OF_WARNINGS, "{code}");
            for heading in OF_WARNINGS {
                assert!(section(&page, heading).len() > 30, "{code}: {heading} says nothing");
            }
            assert_eq!(page.matches("```").count() % 2, 0, "{code}: code is not closed");
        }
    }
}

#[test]
fn every_page_fits_a_terminal_of_80_columns() {
    let escape = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern");
    for (_, entries) in contents() {
        for (code, _) in entries {
            for line in run_with(&[], Some(80), None, &["explain", &code]).done().stdout.lines() {
                let columns = escape.replace_all(line, "").width();
                assert!(columns <= 80, "{code}: {columns} columns: {line}");
            }
        }
    }
}

fn minutes(count: i64) -> i64 {
    count * 60_000_000_000 + 1_700_000_000_000_000_000
}

/// One sample of 512 KiB blocks is `1 / (1 - 1 / e)` of them.
fn heap(samples: i64) -> Profile {
    let size = 512 << 10;
    let scaled = |value: i64| (value as f64 / (1.0 - (-1_f64).exp())) as i64;
    let (objects, space) = (scaled(samples), scaled(samples * size));
    Profile::new().stack("store.Put;main.main", [objects, space, objects, space]).bytes(size)
}

/// A gate whose allow-list has an entry that expired and one that applies to nothing.
const GATE: &[&str] = &["check", "-c", "tests/explain/allow.toml", "--today", "2026-11-20"];

/// Profiles that show what a code is about, and the options that make the tool speak of it.
fn shown_by(code: Code) -> (Vec<Profile>, &'static [&'static str]) {
    let invalid_name = |profile: &mut support::wire::Profile| profile.string_table.push("broken".to_owned());
    match code {
        Code::ReversedOrder => (vec![heap(2).time(minutes(40)), heap(1).time(minutes(0))], &[]),
        Code::StaleSnapshot => (vec![heap(2).time(minutes(0)), heap(2).time(minutes(1))], &[]),
        Code::Restart => (vec![heap(2), heap(1)], &[]),
        Code::DifferentPeriod => (vec![heap(1), Profile::new().period("space", "bytes", 64 << 10)], &[]),
        Code::DifferentBuild => (vec![heap(1).build_id("one"), heap(2).build_id("two")], &[]),
        Code::MetricMismatch => (vec![heap(1), heap(2).default_type("alloc_space")], &[]),
        Code::RawCounts => {
            let half = Profile::new().stack("store.Put", [1, 300 << 10, 1, 300 << 10]).bytes(512 << 10);
            (vec![half, heap(1)], &[])
        }
        Code::DeltaProfile => (vec![heap(1), heap(2).duration(30_000_000_000)], &[]),
        Code::InvalidText => (vec![heap(1).edit(invalid_name), heap(2)], &[]),
        Code::MissingMapping => {
            let undefined = |profile: &mut support::wire::Profile| {
                profile.location.iter_mut().for_each(|location| location.mapping_id = 9);
            };
            (vec![heap(1).edit(undefined), heap(2)], &[])
        }
        Code::InvalidPeriod => (vec![heap(1).period("space", "bytes", -(512 << 10)), heap(2)], &[]),
        Code::ImplausibleTime => (vec![heap(1).time(1_717_315_200_000), heap(2)], &[]),
        Code::ServerMerged => {
            let merged = || Profile::bare().types(&[("inuse_space", "bytes")]).stack("store.Put;main.main", [4096]);
            (vec![merged(), merged()], &[])
        }
        // See `in_order_of_names` and `with_notes`.
        Code::Reordered | Code::PassedOver => (Vec::new(), &[]),
        Code::InvalidFrameFilter => (vec![heap(1).drop_frames("(")], &[]),
        Code::NoMatch => (vec![heap(1), heap(2)], &["--focus", "nowhere"]),
        Code::Unsymbolized => {
            let nameless = Profile::new().stack("0x401000 ;0x402000 ", [1, 4096, 1, 4096]);
            (vec![nameless, heap(1)], &[])
        }
        Code::ProfilingOff => (vec![Profile::new().period("space", "bytes", 0); 2], &[]),
        // Their bytes are made in `encode`.
        Code::Incomplete | Code::TrailingBytes => (vec![Profile::new()], &[]),
        Code::Empty => (vec![Profile::new(), heap(1)], &[]),
        Code::AllowExpired | Code::AllowUnused => (vec![heap(1), heap(1)], GATE),
        Code::AllowRenamed => {
            let generic = Profile::new().stack("Shop.Stock`1[System.String].Add", [1, 4096, 1, 4096]);
            (vec![generic, heap(1)], GATE)
        }
        // See `with_goroutines`.
        Code::SameGoroutines | Code::MixedForms | Code::OtherProgram => (Vec::new(), &[]),
        // See `of_natives`.
        Code::BinaryMismatch | Code::NoDebugInfo | Code::UnstatedMetric => (Vec::new(), &[]),
        // See `of_dumps`.
        Code::DumpEndsEarly | Code::DumpWithoutProgram | Code::DumpWithoutSamples | Code::DumpsDiffer => {
            (Vec::new(), &[])
        }
    }
}

/// The arguments that show what a code about heap dumps is about.
fn of_dumps(code: Code, files: &Files) -> Option<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/heap_dump");
    let dump = |name: &str| {
        let records = std::fs::read(folder.join(name)).expect("records");
        files.write(name, [b"go1.7 heap dump\n".as_slice(), &records].concat())
    };
    let name = match code {
        Code::DumpEndsEarly => "two-spans",
        Code::DumpWithoutProgram | Code::DumpWithoutSamples | Code::DumpsDiffer => "list",
        _ => return None,
    };
    let before = (code == Code::DumpsDiffer).then(|| format!("before.dump={}", dump("graph")));
    Some(["holders".into()].into_iter().chain(before).chain([format!("after.dump={}", dump(name))]).collect())
}

/// The arguments that show what a code about native programs and other producers is about.
fn of_natives(code: Code, files: &Files) -> Option<Vec<String>> {
    let binary = |name: &str, label: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/symbols").join(name);
        files.write(label, std::fs::read(path).expect("a binary"))
    };
    let heap = |binary: &str, end: u64| {
        let text = format!(
            "heap_v2/1\n t*: 1: 4096 [0: 0]\n@ 0x401011\n t*: 1: 4096 [0: 0]\nMAPPED_LIBRARIES:\n\
             401000-{end:x} r-xp 00001000 00:00 0 /srv/{binary}\n"
        );
        files.write(&format!("{binary}.heap"), text)
    };
    match code {
        Code::BinaryMismatch => Some(vec![heap("server", 0x40_9000), "--bin".into(), binary("static", "server")]),
        Code::NoDebugInfo => Some(vec![heap("orders", 0x40_2000), "--bin".into(), binary("stripped", "orders")]),
        Code::UnstatedMetric => Some(vec![format!("heap1.folded={}", files.write("1", "main;store.Put 4096\n"))]),
        _ => None,
    }
}

/// The arguments that show what a code about goroutines is about.
fn with_goroutines(code: Code, files: &Files) -> Option<Vec<String>> {
    let goroutines = || Profile::bare().types(&[("goroutine", "count")]).stack("runtime.gopark;main.wait", [3]);
    let text = "goroutine 1 [chan receive]:\nmain.main()\n\t/srv/main.go:7 +0x1\n\n";
    let file = |label: &str, bytes: Vec<u8>| format!("{label}={}", files.write(label, bytes));
    let binary = |label: &str| file(label, goroutines().build_id("two").encode());
    let dump = |label: &str| file(label, text.into());
    let one = |label: &str| file(label, heap(1).build_id("one").encode());
    match code {
        Code::SameGoroutines => Some(vec!["goroutines".into(), dump("goroutine1.txt"), dump("goroutine2.txt")]),
        Code::MixedForms => Some(vec!["goroutines".into(), binary("goroutine1.pb.gz"), dump("goroutine2.txt")]),
        Code::OtherProgram => Some(vec![
            one("heap1.pb.gz"),
            one("heap2.pb.gz"),
            "--goroutines".into(),
            binary("goroutine1.pb.gz"),
            binary("goroutine2.pb.gz"),
        ]),
        _ => None,
    }
}

/// Three profiles as a shell sorts them.
fn in_order_of_names(files: &Files) -> Vec<String> {
    let named = [(1, 0), (10, 20), (2, 10)];
    let write =
        |(number, at): (i64, i64)| files.write(&format!("heap{number}.pb.gz"), heap(number).time(minutes(at)).encode());
    named.map(write).to_vec()
}

/// Two profiles, and a file that is none.
fn with_notes(files: &Files) -> Vec<String> {
    let heaps = [1, 2].map(|number| files.write(&format!("heap{number}.pb.gz"), heap(number).encode()));
    [&heaps[..], &[files.write("notes.txt", "took these at noon")]].concat()
}

/// The bytes of a profile; where the name is not to be UTF-8, its last byte is damaged.
fn encode(code: Code, profile: &Profile) -> Vec<u8> {
    if code == Code::Incomplete {
        return b"goroutine profile: total 3\n2 @ 0x401000\n#\t0x401000\tmain.main+0x0\t/srv/main.go:7\n\n".to_vec();
    }
    if code == Code::TrailingBytes {
        return [profile.gzip(), b"\n".to_vec()].concat();
    }
    let mut bytes = profile.encode();
    if code == Code::InvalidText
        && let Some(at) = bytes.windows(6).position(|window| window == b"broken")
    {
        bytes[at + 5] = 0xff;
    }
    bytes
}

#[test]
fn the_example_of_a_page_is_what_the_tool_prints() {
    let files = Files::new();
    for code in Code::ALL {
        let (profiles, options) = shown_by(*code);
        let mut arguments = Vec::new();
        for (number, profile) in profiles.iter().enumerate() {
            let name = if *code == Code::ReversedOrder { 3 - 2 * number } else { number + 1 };
            let path = files.write(&format!("{}-{number}.pb", code.as_str()), encode(*code, profile));
            arguments.push(format!("heap{name}.pb.gz={path}"));
        }
        let options = options.iter().map(|option| (*option).to_owned());
        // The name of a subcommand comes first.
        let at = if options.clone().next().is_some_and(|first| !first.starts_with('-')) { 0 } else { arguments.len() };
        arguments.splice(at..at, options);
        let special = with_goroutines(*code, &files).or_else(|| of_natives(*code, &files));
        let arguments = special.or_else(|| of_dumps(*code, &files)).unwrap_or(arguments);
        let arguments = match code {
            Code::Reordered => in_order_of_names(&files),
            Code::PassedOver => with_notes(&files),
            _ => arguments,
        };
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        // What has a label is not reordered: the names of these are those of files.
        let printed = run(&arguments).done().stdout.replace(&files.path(""), "");

        let page = page(code.as_str());
        let example = section(&page, "Example").trim_start_matches("```text").trim_end_matches("```").trim();
        let example = example.strip_suffix("...").unwrap_or(example);
        assert!(example.starts_with(&format!("warning[{}]: ", code.as_str())), "{example}");
        assert!(printed.contains(example), "{example}\nis not in\n{printed}");
        let explained = printed.lines().find_map(|line| line.strip_prefix("for more: leakdiff explain "));
        let explained: Vec<&str> = explained.expect(&printed).split(' ').collect();
        assert!(explained.contains(&code.as_str()), "{explained:?}");
    }
}

#[test]
fn a_code_is_referred_to_once() {
    let files = Files::new();
    let first = files.write("1.pb", heap(3).encode());
    let second = files.write("2.pb", heap(2).default_type("alloc_space").encode());
    let third = files.write("3.pb", heap(1).encode());
    let text = run(&[&first, &second, &third]).done().stdout;
    assert_eq!(text.matches("warning[restart]").count(), 2, "{text}");
    assert_eq!(text.lines().last(), Some("for more: leakdiff explain restart metric-mismatch"));
    assert_eq!(text.matches("leakdiff explain").count(), 1, "{text}");
    run(&["explain", "restart", "metric-mismatch"]).done();
}

#[test]
fn other_formats_refer_to_the_pages_too() {
    let files = Files::new();
    let (old, new) = (files.write("1.pb", heap(3).encode()), files.write("2.pb", heap(2).encode()));
    let markdown = run(&[&old, &new, "-f", "markdown"]).done().stdout;
    assert!(markdown.contains("\nFor more: `leakdiff explain restart`\n"), "{markdown}");
    let html = run(&[&old, &new, "-f", "html"]).done().stdout;
    assert!(html.contains("<code>leakdiff explain restart</code>"));
    let folded = run(&[&old, &new, "-f", "folded"]).done().stderr;
    assert!(folded.ends_with("for more: leakdiff explain restart\n"), "{folded}");
    let quiet = run(&[&files.write("3.pb", heap(1).encode()), &old]).done().stdout;
    assert!(!quiet.contains("explain"), "{quiet}");
}

#[test]
fn an_unknown_code_is_an_error_with_the_nearest_one() {
    run(&["explain", "stale"]).failed(&["no page is called stale", "did you mean stale-snapshot?"]);
    run(&["explain", "Restart"]).failed(&["did you mean restart?"]);
    run(&["explain", "restart", "xyzzy"]).failed(&["no page is called xyzzy; leakdiff explain lists all of them"]);
}

/// gofmt as it is installed beside Go, which `$GO` names. On a build server (`CI=true`) it has to be there.
fn gofmt() -> Option<PathBuf> {
    let go = std::env::var("GO").ok().filter(|go| !go.is_empty()).unwrap_or_else(|| "go".to_owned());
    let root = Command::new(go).args(["env", "GOROOT"]).env("GOTOOLCHAIN", "local").output().ok();
    let root = root.and_then(|output| String::from_utf8(output.stdout).ok());
    let found = root.map(|root| Path::new(root.trim()).join("bin/gofmt")).filter(|gofmt| gofmt.is_file());
    if found.is_none() {
        let is_server = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!is_server, "CI=true and no gofmt: set GO=/path/to/go, or put go in the path");
        eprintln!("skipped: no gofmt; set GO=/path/to/go, or put go in the path");
    }
    found
}

#[test]
fn the_go_of_every_page_parses() {
    let Some(gofmt) = gofmt() else { return };
    let files = Files::new();
    let mut blocks = 0;
    for (code, _) in contents().into_iter().flat_map(|(_, entries)| entries) {
        let page = page(&code);
        for block in page.split("```go\n").skip(1) {
            let (block, _) = block.split_once("```").expect("an end");
            let wrapped = |block: &str| format!("package page\n\nfunc snippet() error {{\n{block}\n}}\n");
            // Declarations of functions stand by themselves.
            let is_declared = block.starts_with("func ") || block.starts_with("type ");
            let source = if is_declared { format!("package page\n\n{block}") } else { wrapped(block) };
            let path = files.write("page.go", source);
            let output = Command::new(&gofmt).args(["-e", &path]).output().expect("gofmt");
            assert!(output.status.success(), "{code}: {}\n{block}", String::from_utf8_lossy(&output.stderr));
            blocks += 1;
        }
    }
    assert!(blocks > 20, "only {blocks} pages show Go");
}
