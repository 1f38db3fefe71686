//! pprof as it is installed with Go.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use crate::list::{Lines, TRIMMED};
use crate::peek::{Calls, Function};
use crate::rows::{Pair, Rows, without_zeros};
use crate::support::fixture;

/// pprof as it is installed.
#[derive(Clone)]
pub struct Pprof(Vec<String>);

impl Pprof {
    /// Finds it with `$GO`, else with the `go` in the path. On a build server (`CI=true`) it has to be there.
    ///
    /// Asked once: `go tool` may have to build pprof, and a file that is being written cannot be executed.
    pub fn find() -> Option<Self> {
        static FOUND: OnceLock<Option<Pprof>> = OnceLock::new();
        FOUND.get_or_init(Self::look).clone()
    }

    fn look() -> Option<Self> {
        let go = std::env::var("GO").ok().filter(|go| !go.is_empty()).unwrap_or_else(|| "go".to_owned());
        let tool = Command::new(&go).args(["tool", "-n", "pprof"]).env("GOTOOLCHAIN", "local").output();
        let found = tool.ok().filter(|output| output.status.success());
        if found.is_none() {
            let is_server = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!is_server, "CI=true and no Go: set GO=/path/to/go, or put go in the path");
            eprintln!("skipped: no Go to compare with; set GO=/path/to/go, or put go in the path");
        }
        let path = String::from_utf8(found?.stdout).expect("a path").trim().to_owned();
        let is_built = Path::new(&path).is_file();
        Some(Self(if is_built { vec![path] } else { vec![go, "tool".to_owned(), "pprof".to_owned()] }))
    }

    /// The rows of `-top` for the difference of two profiles, each under the key that `key` makes of its name; rows with
    /// one key are added up.
    pub fn top(&self, base: &str, new: &str, metric: &str, args: &[String], key: fn(&str) -> String) -> Rows {
        let more = [format!("-sample_index={metric}"), format!("-diff_base={base}"), new.to_owned()];
        self.rows(&[args, &more].concat(), key)
    }

    /// The rows of `-top` for one profile, with the metric that it wants shown first.
    pub fn top_of(&self, profile: &str, args: &[String]) -> Rows {
        self.rows(&[args, &[profile.to_owned()]].concat(), str::to_owned)
    }

    fn rows(&self, args: &[String], key: fn(&str) -> String) -> Rows {
        const ALL: &str = "-top -unit=B -trim=false -nodefraction=0 -edgefraction=0 -nodecount=0 -symbolize=none";
        let mut rows = Rows::new();
        for line in self.run(ALL, args).lines() {
            let Some((name, (flat, cum))) = parse_row(line) else { continue };
            let sum = rows.entry(key(&name)).or_insert((0, 0));
            *sum = (sum.0 + flat, sum.1 + cum);
        }
        without_zeros(rows)
    }

    /// The lines of `-list` that changed, of every function, with files found below `source`.
    /// Beside them the last line that it prints of each function in each file.
    pub fn list(&self, base: &str, new: &str, metric: &str, source: &str) -> (Lines, BTreeMap<(String, String), i64>) {
        let args = [
            format!("-source_path={source}"),
            format!("-trim_path={}", TRIMMED.join(":")),
            format!("-sample_index={metric}"),
            format!("-diff_base={base}"),
            new.to_owned(),
        ];
        let (mut lines, mut last) = (Lines::new(), BTreeMap::new());
        let mut routine = (String::new(), String::new());
        for line in self.run("-list=. -unit=B -symbolize=none", &args).lines() {
            assert!(!line.contains("Error:"), "{routine:?}: {line}");
            if let Some(head) = line.strip_prefix("ROUTINE ======================== ") {
                let (name, file) = head.rsplit_once(" in ").expect("a file");
                routine = (name.to_owned(), file.to_owned());
            } else if let Some((number, flat, cum)) = parse_line(line) {
                last.insert(routine.clone(), number);
                if (flat, cum) != (0, 0) {
                    lines.insert((routine.0.clone(), routine.1.clone(), number), (flat, cum));
                }
            }
        }
        (lines, last)
    }

    /// What `-peek` says of every function: its flat and cumulative change, then those of the calls to it and from it.
    pub fn peek(&self, base: &str, new: &str, metric: &str) -> Calls {
        let args = [format!("-sample_index={metric}"), format!("-diff_base={base}"), new.to_owned()];
        let mut calls = Calls::new();
        let (mut callers, mut last) = (Vec::new(), None);
        for line in self.run("-peek=. -unit=B -symbolize=none", &args).lines() {
            let Some((cells, name)) = line.split_once('|') else {
                (callers, last) = (Vec::new(), None);
                continue;
            };
            let cells: Vec<&str> = cells.split_whitespace().collect();
            let number = |at: usize| cells[at].strip_suffix('B').unwrap_or(cells[at]).parse::<i64>().expect(line);
            let name = name.trim_start();
            let name =
                name.strip_suffix(" (inline)").or_else(|| name.strip_suffix(" (partial-inline)")).unwrap_or(name);
            let function = match (cells.len(), &last) {
                (2, None) => {
                    callers.push((name.to_owned(), number(0)));
                    continue;
                }
                (2, Some(function)) => {
                    let entry: &mut Function = calls.get_mut(function).expect("a function");
                    entry.callees.insert(name.to_owned(), number(0));
                    continue;
                }
                _ => name.to_owned(),
            };
            let sums = Function {
                change: (number(0), number(3)),
                callers: callers.drain(..).collect(),
                ..Function::default()
            };
            calls.insert(function.clone(), sums);
            last = Some(function);
        }
        calls
    }

    fn run(&self, options: &str, args: &[String]) -> String {
        let mut command = Command::new(&self.0[0]);
        let options = options.split(' ');
        command.args(&self.0[1..]).args(options).args(args).current_dir(fixture("")).env("GOTOOLCHAIN", "local");
        let output = command.output().expect("pprof runs");
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

/// `         .   -524448B     17:    return x`: number, flat and cum.
fn parse_line(line: &str) -> Option<(i64, i64, i64)> {
    let mut cells = line.split_once(':')?.0.split_whitespace();
    let value = |text: &str| if text == "." { Some(0) } else { text.strip_suffix('B').unwrap_or(text).parse().ok() };
    let (flat, cum) = (value(cells.next()?)?, value(cells.next()?)?);
    Some((cells.next()?.parse().ok()?, flat, cum))
}

/// `  -524448B  7.68% 510.26%   -524448B  7.68%  main.run (inline)`: name, flat and cum.
fn parse_row(line: &str) -> Option<(String, Pair)> {
    let mut rest = line;
    let mut cells = [""; 5];
    for cell in &mut cells {
        (*cell, rest) = rest.trim_start().split_once(' ')?;
    }
    let number = |text: &str| text.strip_suffix('B').unwrap_or(text).parse().ok();
    let name = rest.trim_start();
    let name = name.strip_suffix(" (inline)").or_else(|| name.strip_suffix(" (partial-inline)")).unwrap_or(name);
    Some((name.to_owned(), (number(cells[0])?, number(cells[3])?)))
}

#[test]
fn lines_of_pprof_are_read() {
    assert_eq!(parse_line("         .   -524448B     17:    a: b"), Some((17, 0, -524_448)));
    assert_eq!(parse_line("      512B       512B      9:"), Some((9, 512, 512)));
    for line in ["Total: 5MB", "      512B       512B (flat, cum) 1.2% of Total", ""] {
        assert_eq!(parse_line(line), None, "{line}");
    }
}

#[test]
fn rows_of_pprof_are_read() {
    let row = |line| parse_row(line).expect("a row");
    let line = " -524448B  7.68% 510.26%   -524448B  7.68%  a.(*T[go.shape.struct { x int }]).Run (partial-inline)";
    assert_eq!(row(line), ("a.(*T[go.shape.struct { x int }]).Run".to_owned(), (-524_448, -524_448)));
    assert_eq!(row("         0     0%   100%        -17 18.31%  main.run"), ("main.run".to_owned(), (0, -17)));
    for line in ["      flat  flat%   sum%        cum   cum%", "Type: inuse_space", "Time: 2026-11-20 11:13:52 UTC", ""]
    {
        assert_eq!(parse_row(line), None, "{line}");
    }
}
