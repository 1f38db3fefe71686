//! Where a verdict goes: standard output in one format, files in others, and the exit code whatever happens to them.

use std::io::{self, Write};

use leakdiff::cli::{self, Console, Exit};

use crate::support::Files;
use crate::{check, exact};

struct Pair {
    files: Files,
    base: String,
    new: String,
}

fn pair() -> Pair {
    let files = Files::new();
    let base = files.write("base.pb", exact(&[("main.f", 1, 1024)]).encode());
    let new = files.write("new.pb", exact(&[("main.f", 9, 1024)]).encode());
    Pair { files, base, new }
}

#[test]
fn several_files_in_one_run() {
    let Pair { files, base, new } = pair();
    let names = ["a.json", "b.md", "c.csv", "d.html", "e.txt", "f.svg", "g.pb.gz"];
    let paths: Vec<String> = names.iter().map(|name| files.path(name)).collect();
    let mut args = vec![&*base, &*new, "--max-growth", "1KiB", "-f", "json"];
    paths.iter().for_each(|path| args.extend(["-o", path]));
    let named = format!("json={}", files.path("no-ending"));
    args.extend(["-o", &named]);
    let outcome = check(&args);
    assert_eq!(outcome.exit, Exit::Failed);
    assert_eq!(outcome.json()["verdict"]["result"], "fail");
    let read = |name: &str| std::fs::read(files.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let text = |name: &str| String::from_utf8(read(name)).expect("UTF-8");
    for name in ["a.json", "no-ending"] {
        let report: serde_json::Value = serde_json::from_str(&text(name)).expect("JSON");
        assert_eq!(report["verdict"]["breaches"][0]["option"], "max-growth", "{name}");
        assert_eq!(report["rows"][0]["name"], "main.f");
    }
    assert!(text("e.txt").starts_with("FAIL  "));
    assert!(text("d.html").contains("FAIL"), "the page says how it ended");
    let place = |part: &str| text("d.html").find(part).unwrap_or_else(|| panic!("no {part}"));
    assert!(place("class=\"limits\"") < place("class=\"summary\""), "limits come first");
    assert!(text("c.csv").contains("main.f") && text("b.md").contains("main.f") && text("f.svg").contains("<svg"));
    assert_eq!(read("g.pb.gz")[..2], [0x1f, 0x8b]);
}

#[test]
fn what_one_format_shows_does_not_depend_on_the_others() {
    let files = Files::new();
    let [base, new] = [1, 3].map(|number| crate::support::fixture(&format!("http-body/heap{number}.pb.gz")));
    let args = ["--max-growth", "1MiB", "-f", "json"];
    let alone = check(&[&[&*base, &*new], &args[..]].concat());
    // A page has more rows than JSON, a picture has none.
    for name in ["a.html", "a.svg"] {
        let path = files.path(name);
        let beside = check(&[&[&*base, &*new], &args[..], &["-o", &*path]].concat());
        assert!(alone.stdout == beside.stdout, "{name}");
    }
    let report = alone.json();
    let sum = |key: &str| -> i64 {
        let rows = report["rows"].as_array().expect("rows").iter();
        rows.filter_map(|row| row["flat"][key].as_i64()).sum()
    };
    assert_eq!(report["rows"].as_array().map(Vec::len), Some(10));
    for key in ["before", "after", "delta"] {
        assert_eq!(sum(key) + report["remainder"][key].as_i64().expect("a number"), report["total"][key], "{key}");
    }
}

#[test]
fn pages_and_markdown_list_every_limit_with_its_figures() {
    let Pair { base, new, files: _files } = pair();
    let limits = ["--max-growth", "1MiB&10%", "--max-total", "10KiB", "--limit", "main.f=4KiB", "--limit", "gone.*=1"];
    for format in ["html", "markdown"] {
        let text = check(&[&[&*base, &*new], &limits[..], &["-f", format]].concat()).stdout;
        let row = |limit: &str| {
            let limit = limit.replace('&', "&amp;");
            let mut lines = text.lines().map(|line| line.replace("</td><td>", " | "));
            let line = lines.find(|line| line.starts_with(['<', '|']) && line.contains(&limit));
            line.unwrap_or_else(|| panic!("{format}: no {limit} in {text}"))
        };
        // Growth, share, values, the least that it can be, and what is allowed.
        for figure in ["pass", "+8.0 KiB", "+800%", "1.0 → 9.0 KiB", "1.0 MiB"] {
            assert!(row("max-growth 1MiB&10%").contains(figure), "{format}: no {figure} in {text}");
        }
        assert!(row("max-total 10KiB").contains("9.0 KiB | 9.0 KiB | 10.0 KiB"), "{format}: {text}");
        assert!(row("limit 4KiB").contains("fail") && row("limit 4KiB").contains("4.0 KiB"), "{format}: {text}");
        assert!(row("limit 1 ").contains("matched nothing"), "{format}: {text}");
    }
}

#[test]
fn what_stands_before_an_equals_sign_is_a_format_only_if_it_is_one() {
    let Pair { files, base, new } = pair();
    let path = files.path("a=b.json");
    check(&[&base, &new, "--max-growth", "1MiB", "-o", &path]).done();
    assert!(std::path::Path::new(&path).is_file());
    check(&[&base, &new, "--max-growth", "1MiB", "-o", &files.path("x.unknown")]).failed(&["x.unknown", "ending"]);
    check(&[&base, &new, "--max-growth", "1MiB", "-o", "-"]).failed(&["-f"]);
    check(&[&base, &new, "--max-growth", "1MiB", "-o", "json=-"]).failed(&["-f"]);
}

#[test]
fn an_unknown_ending_is_answered_with_what_the_option_takes() {
    let Pair { files, base, new } = pair();
    let path = files.path("report.unknown");
    let args = ["--max-growth", "1MiB", "-o", &*path];
    let outcome = check(&[&[&*base, &*new], &args[..]].concat()).failed(&["write -o FORMAT=FILE"]);
    assert!(!outcome.stderr.contains("--format"), "that is standard output's: {}", outcome.stderr);
    check(&[&base, &new, "--max-growth", "1MiB", "-o", &format!("json={path}")]).done();
    let diff = crate::support::run(&[&base, &new, "-o", &files.path("other.unknown")]);
    diff.failed(&["give --format"]);
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_and_the_others_are_written() {
    let Pair { files, base, new } = pair();
    let (bad, worse) = (files.path("no/such/folder/a.json"), files.path("nowhere/b.json"));
    let (good, baseline) = (files.path("c.md"), files.path("heap.json"));
    let outputs = ["-o", &*bad, "-o", &*good, "-o", &*worse, "--update-baseline", &*baseline];
    let outcome = check(&[&[&*base, &*new, "--max-growth", "1KiB"], &outputs[..]].concat());
    assert_eq!(outcome.exit, Exit::Error);
    assert!(outcome.stdout.starts_with("FAIL  "), "the verdict is there: {}", outcome.stdout);
    for (path, is_written) in [(&bad, false), (&good, true), (&worse, false), (&baseline, true)] {
        assert_eq!(std::path::Path::new(path).is_file(), is_written, "{path}");
        assert_eq!(outcome.stderr.contains(&format!("error: {path}: cannot be written")), !is_written, "{path}");
    }
}

/// Standard output whose reader has gone.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_verdict_stands_when_nobody_reads_it() {
    let Pair { base, new, files: _files } = pair();
    let exit = |limit: &str| {
        let args = ["leakdiff", "check", &base, &new, "--no-config", "--max-growth", limit].map(Into::into);
        let (mut closed, mut stderr) = (Closed, Vec::new());
        cli::main(args, &mut Console::piped(&mut closed, &mut stderr))
    };
    assert_eq!((exit("1KiB"), exit("1MiB")), (Exit::Failed, Exit::Done));
}

#[test]
fn diff_has_no_verdict() {
    let Pair { base, new, files: _files } = pair();
    assert_eq!(crate::support::json(&[&base, &new])["verdict"], serde_json::Value::Null);
}
