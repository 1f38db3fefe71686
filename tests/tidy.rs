//! The rules of the house that can be read off the source: which room may use which, one foreign crate in one place, no
//! printing or reading outside the rooms made for it, size and opening of files, no loose ends, no paths of a machine.
//!
//! Each rule is a function from a file's path and text to what is wrong with it, so that it can be shown to fail.

use std::path::{Path, PathBuf};

use regex::Regex;

/// What a file breaks, line by line.
type Findings = Vec<String>;
type Rule = fn(path: &str, text: &str) -> Findings;

/// Rules for the source.
const SOURCE: &[(&str, Rule)] =
    &[("imports", imports), ("foreign crates", foreign_crates), ("the outside world", outside), ("opening", opening)];
/// Rules for all Rust files.
const RUST: &[(&str, Rule)] = &[("size", size), ("names", names), ("loose ends", loose_ends)];
/// Rules for all committed text.
const TEXT: &[(&str, Rule)] = &[("paths of a machine", machine_paths), ("named files", named_files)];

/// The rooms, what each may use of the others, and single types that are handed over. All may use model and units.
const ARROWS: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("model", &[]),
    ("load", &[]),
    ("source", &["load::Input"]),
    ("symbolize", &["load::Loaded"]),
    ("diff", &["load::Loaded"]),
    ("stats", &["diff"]),
    ("heapdump", &["load::heap_dump", "stats"]),
    ("rows", &["stats", "diff"]),
    ("warnings", &["rows", "stats", "diff"]),
    ("diagnose", &["warnings", "rows", "stats", "diff"]),
    ("compare", &["diagnose", "warnings", "rows", "stats", "diff"]),
    ("fleet", &["load::Loaded", "compare", "diagnose", "rows", "diff"]),
    ("check", &["heapdump", "diagnose", "rows", "stats", "diff"]),
    ("flame", &[]),
    ("report", &["flame", "fleet", "heapdump", "check", "compare", "diagnose", "warnings", "rows", "stats", "diff"]),
    ("export", &["flame", "diff", "load::proto"]),
    ("watch", &["report", "stats"]),
    (
        "cli",
        &[
            "source",
            "load",
            "symbolize",
            "diff",
            "stats",
            "rows",
            "warnings",
            "diagnose",
            "heapdump",
            "fleet",
            "compare",
            "check",
            "report",
            "export",
            "watch",
        ],
    ),
];
const FOR_ALL: &[&str] = &["model", "units"];

/// Foreign crates and where they may be used: paths begin so.
const CRATES: &[(&str, &[&str])] = &[
    ("prost", &["src/load/", "src/export/pprof"]),
    ("inferno", &["src/export/classic.rs"]),
    ("flate2", &["src/load/", "src/export/pprof.rs"]),
    ("comfy_table", &["src/report/table/", "src/report/goroutines/table.rs"]),
    ("object", &["src/symbolize/", "src/heapdump/binary.rs", "src/heapdump/types/dwarf.rs"]),
    ("gimli", &["src/heapdump/types/dwarf.rs", "src/symbolize/frames.rs"]),
    ("addr2line", &["src/symbolize/frames.rs"]),
    ("quick_junit", &["src/report/junit.rs"]),
    ("sha2", &["src/report/html/"]),
    ("toml", &["src/check/config/"]),
    ("clap", &["src/cli/"]),
    ("clap_complete", &["src/cli/"]),
    ("clap_mangen", &["src/cli/"]),
    ("rustc_demangle", &["src/model/name/demangle.rs"]),
    ("cpp_demangle", &["src/model/name/demangle.rs"]),
    ("foldhash", &["src/model/hash.rs"]),
    ("strsim", &["src/check/config/", "src/check/unmatched.rs", "src/cli/"]),
    ("anyhow", &["src/cli/", "src/main.rs"]),
    ("terminal_size", &["src/main.rs"]),
    ("supports_hyperlinks", &["src/main.rs"]),
    ("indicatif", &["src/cli/progress.rs", "src/cli/waiting.rs"]),
    ("open", &["src/main.rs"]),
    ("anstyle", &["src/report/paint.rs"]),
    ("ureq", &["src/source/http.rs"]),
    ("rustls_native_certs", &["src/source/http.rs"]),
    ("ctrlc", &["src/cli/interrupt.rs"]),
    ("ratatui", &["src/watch/", "src/cli/watch.rs"]),
];

/// What reaches the world outside the process, and where it may stand.
const OUTSIDE: &[(&str, &[&str])] = &[
    (r"\be?print(ln)?!|\bdbg!|\bio::(stdout|stderr)\(", &["src/main.rs"]),
    (r"\bprocess::(exit|abort)\b", &["src/main.rs", "src/cli/interrupt.rs"]),
    (r"\bio::stdin\(", &["src/main.rs"]),
    (r"\bstd::env\b|\benv::(var|args|vars|current_dir|temp_dir)", &["src/main.rs", "src/source/"]),
    (r"\bfs::write\(|\bFile::create(_new)?\(", &["src/cli/output.rs"]),
    (r"\bfs::(rename|metadata|remove_file)", &["src/source/", "src/cli/output.rs"]),
    (r"\bfs::(read|read_to_string|read_dir|create_dir)|\bFile::open\(", &["src/source/", "src/cli/output.rs"]),
    (r"\b(SystemTime|Instant)\b|\bthread::sleep\b", &["src/source/"]),
    (r"\bstd::net\b|\bTcpStream\b", &["src/source/"]),
];

const MOST_LINES: usize = 400;

/// Source without comments and without what stands in quotes, line by line as it was.
fn code_of(text: &str) -> String {
    let token = Regex::new(concat!(
        r##"(?s)(?<comment>//[^\n]*|/\*.*?\*/)|(?<raw>r#+".*?"#+|r"[^"]*")"##,
        r##"|(?<quoted>"(?:\\.|[^"\\])*")|(?<character>'(?:\\[^']+|\\'|[^'\\])')"##
    ));
    let blank = |found: &regex::Captures<'_>| -> String {
        found[0].chars().filter(|character| *character == '\n').collect::<String>() + "\"\""
    };
    token.expect("a pattern").replace_all(text, blank).into_owned()
}

/// The lines of the code on which a pattern is found, with what was found.
fn lines_with(text: &str, pattern: &str) -> Vec<(usize, String)> {
    let pattern = Regex::new(pattern).expect("a pattern");
    let number = |at: usize| text[..at].matches('\n').count() + 1;
    pattern.find_iter(text).map(|found| (number(found.start()), found.as_str().to_owned())).collect()
}

fn room_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let room = inside.split(['/', '.']).next()?;
    (!matches!(inside, "lib.rs" | "main.rs")).then_some(room)
}

/// The items of other rooms that a file names, as `room::item`.
fn named_rooms(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let path =
        Regex::new(r"\b(?:crate|super::super)::(?:\{(?<group>[^;]*?)\}\s*;|(?<one>\w+(?:::\w+)?))").expect("a pattern");
    let item = Regex::new(r"^\s*(\w+(?:::\w+)?)").expect("a pattern");
    for captures in path.captures_iter(code) {
        let line = code[..captures.get(0).map_or(0, |whole| whole.start())].matches('\n').count() + 1;
        let items = match captures.name("group") {
            Some(group) => split_group(group.as_str()),
            None => vec![captures["one"].to_owned()],
        };
        found.extend(items.iter().filter_map(|text| Some((line, item.captures(text)?[1].to_owned()))));
    }
    found
}

/// The elements of `a::B, c::{D, E}, f`.
fn split_group(group: &str) -> Vec<String> {
    let (mut depth, mut elements) = (0, vec![String::new()]);
    for character in group.chars() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        match character {
            ',' if depth == 0 => elements.push(String::new()),
            other => elements.last_mut().expect("an element").push(other),
        }
    }
    elements
}

fn imports(path: &str, text: &str) -> Findings {
    let Some(room) = room_of(path) else { return Vec::new() };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{path}: the room {room} has no arrows in tests/tidy.rs")];
    };
    let is_room = |name: &str| ARROWS.iter().any(|(room, _)| *room == name);
    let is_allowed = |item: &str| {
        let name = item.split("::").next().unwrap_or(item);
        name == room || !is_room(name) || FOR_ALL.contains(&name) || allowed.contains(&name) || allowed.contains(&item)
    };
    let named = named_rooms(&code_of(text));
    let wrong = named.into_iter().filter(|(_, item)| !is_allowed(item));
    wrong.map(|(line, item)| format!("{path}:{line}: {room} may not use {item}")).collect()
}

fn foreign_crates(path: &str, text: &str) -> Findings {
    let code = code_of(text);
    let mut findings = Vec::new();
    for (name, places) in CRATES.iter().filter(|(_, places)| !places.iter().any(|place| path.starts_with(place))) {
        let uses = lines_with(&code, &format!(r"\b{name}::|\buse {name}\b"));
        findings.extend(uses.iter().map(|(line, _)| format!("{path}:{line}: {name} belongs in {}", places.join(", "))));
    }
    findings
}

fn outside(path: &str, text: &str) -> Findings {
    // `use std::{fs, io}` and `use std::fs` are spelled out, so that the patterns above need only know the last part.
    let code = code_of(text);
    let mut findings = Vec::new();
    for (pattern, places) in OUTSIDE.iter().filter(|(_, places)| !places.iter().any(|place| path.starts_with(place))) {
        let uses = lines_with(&code, pattern);
        findings.extend(
            uses.iter().map(|(line, found)| format!("{path}:{line}: {found} belongs in {}", places.join(", "))),
        );
    }
    let groups = lines_with(&code, r"\buse std::(\{[^;]*\b(fs|env|net|process)\b[^;]*\}|fs|net);");
    if !path.starts_with("src/source/") && path != "src/main.rs" {
        findings.extend(groups.iter().map(|(line, found)| format!("{path}:{line}: {found} hides what it is used for")));
    }
    findings
}

fn opening(path: &str, text: &str) -> Findings {
    if text.starts_with("//!") { Vec::new() } else { vec![format!("{path}:1: does not open with what it is (//!)")] }
}

fn size(path: &str, text: &str) -> Findings {
    let lines = text.lines().count();
    if lines > MOST_LINES { vec![format!("{path}: {lines} lines; the most is {MOST_LINES}")] } else { Vec::new() }
}

fn names(path: &str, _: &str) -> Findings {
    let is_vague = |part: &str| {
        let stem = part.split('.').next().unwrap_or(part);
        ["util", "utils", "helper", "helpers", "common", "misc"].contains(&stem)
    };
    if path.split('/').any(is_vague) { vec![format!("{path}: a name that says nothing")] } else { Vec::new() }
}

fn loose_ends(path: &str, text: &str) -> Findings {
    // Put together, so that this file does not find itself.
    let words = [concat!(r"\bTO", r"DO\b"), concat!(r"\bFIX", r"ME\b"), concat!(r"\bX", r"XX\b")];
    let code = [concat!(r"#\[ig", "nore"), concat!("unimpl", "emented!"), concat!(r"\bto", "do!")];
    let ends = lines_with(text, &[words, code].concat().join("|"));
    ends.iter().map(|(line, found)| format!("{path}:{line}: {found}")).collect()
}

/// Sources of crates as container images write them into profiles are no path of ours.
const IN_PROFILES: &str = ".cargo/";

fn machine_paths(path: &str, text: &str) -> Findings {
    let roots = ["work", "tmp", "root"].join("|");
    // Not after another element: `https://host/tmp/` and `shop/work/` are no such path.
    let found = lines_with(text, &format!(r"(?m)(^|[^\w./:\n-])/({roots})/[\w.]*/?"));
    let own = found.iter().filter(|(_, found)| !found.ends_with(IN_PROFILES));
    own.map(|(line, found)| format!("{path}:{line}: {}", found.trim())).collect()
}

/// All files below `folder` whose names end so, relative to the package.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() && name != "target" {
                folders.push(path);
            } else if endings.is_empty() || endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn hold(paths: impl IntoIterator<Item = PathBuf>, rules: &[(&str, Rule)]) {
    let (mut findings, mut count) = (Vec::new(), 0);
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let path = path.strip_prefix(".").unwrap_or(&path).to_string_lossy().replace('\\', "/");
        count += 1;
        findings.extend(
            rules.iter().flat_map(|(name, rule)| {
                rule(&path, &text).into_iter().map(move |finding| format!("{name}: {finding}"))
            }),
        );
    }
    assert!(count > 10, "only {count} files were read");
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

/// What documents and the openings of files call a source file is one.
fn named_files(path: &str, text: &str) -> Findings {
    let named = Regex::new(r"[\w./-]*\w/\w+\.rs\b").expect("a pattern");
    let is_document = path.ends_with(".md");
    let lines = text.lines().filter(|line| is_document || line.starts_with("//!"));
    let names = lines.flat_map(|line| named.find_iter(line)).map(|name| name.as_str().trim_start_matches("./"));
    let folders = ["src", "tests", "benches", "fuzz"];
    let is_file = |name: &str| {
        let ending = format!("/{name}");
        folders
            .iter()
            .flat_map(|folder| files(folder, &[".rs"]))
            .any(|path| format!("/{}", path.display()).ends_with(&ending))
    };
    let missing = names.filter(|name| !name.contains("NAME") && !is_file(name));
    missing.map(|name| format!("{path}: there is no {name}")).collect()
}

#[test]
fn the_source_keeps_the_rules() {
    hold(files("src", &[".rs"]), SOURCE);
}

#[test]
fn rust_files_keep_the_rules() {
    hold(
        ["src", "tests", "benches", "fuzz/src", "fuzz/fuzz_targets"].iter().flat_map(|folder| files(folder, &[".rs"])),
        RUST,
    );
}

#[test]
fn committed_text_names_no_machine() {
    let folders = ["src", "tests", "benches", "docs", ".ci", "fuzz/fuzz_targets", "fuzz/src"];
    let below = folders.iter().flat_map(|folder| files(folder, &[]));
    let top = std::fs::read_dir(".").expect("the package").flatten().map(|entry| entry.path());
    let pages = top.filter(|path| path.extension().is_some_and(|ending| ending == "md" || ending == "toml"));
    hold(below.chain(pages).chain(files("fixtures", &[".json"])), TEXT);
}

/// Each rule with a file that keeps it and one that breaks it.
#[test]
fn every_rule_can_fail() {
    let good =
        "//! What it is.\nuse crate::model::Line;\nlet text = \"println! prost::x crate::cli\"; // std::env::var\n";
    for (name, rule) in SOURCE.iter().chain(RUST).chain(TEXT) {
        assert_eq!(rule("src/diff/key.rs", good), Findings::new(), "{name}");
    }
    let breaks: &[(Rule, &str, &str)] = &[
        (imports, "src/load/fold.rs", "use crate::diff::Diff;"),
        (imports, "src/diff/key.rs", "use crate::load::Limits;"),
        (imports, "src/report/csv.rs", "use crate::{rows::Sort, cli::{Exit, main}};"),
        (imports, "src/units.rs", "fn f() -> crate::source::Error {}"),
        (imports, "src/rows/rank.rs", "use super::super::report::Row;"),
        (imports, "src/attic/old.rs", ""),
        (foreign_crates, "src/diff/key.rs", "use prost::Message;"),
        (foreign_crates, "src/report/json.rs", "comfy_table::Table::new()"),
        (foreign_crates, "src/main.rs", "use clap::Parser;"),
        (outside, "src/diff/key.rs", "println!(\"x\")"),
        (outside, "src/cli/run.rs", "std::process::exit(1)"),
        (outside, "src/cli/run.rs", "std::fs::read(path)"),
        (outside, "src/report/html.rs", "std::fs::write(path, text)"),
        (outside, "src/rows/rank.rs", "let now = Instant::now();"),
        (outside, "src/cli/args.rs", "std::env::var(\"HOME\")"),
        (outside, "src/diff/mod.rs", "use std::{fs, io};"),
        (opening, "src/diff/key.rs", "use std::io;\n//! Late."),
        (names, "src/diff/utils.rs", ""),
        (names, "tests/common/mod.rs", ""),
        (loose_ends, "src/lib.rs", concat!("// TO", "DO: later")),
        (loose_ends, "tests/laws.rs", concat!("#[ig", "nore = \"slow\"]")),
        (machine_paths, "README.md", concat!("$ leakdiff /tm", "p/heap1.pb.gz")),
        (named_files, "docs/ci.md", "It is run by tests/ci_attic.rs."),
        (named_files, "src/load/mod.rs", "//! See `load/attic.rs`."),
        (machine_paths, "tests/x.rs", concat!("let path = \"/wo", "rk/main/x\";")),
    ];
    for (rule, path, text) in breaks {
        assert_eq!(rule(path, text).len(), 1, "{path}: {text}: {:?}", rule(path, text));
    }
    assert_eq!(size("src/a.rs", &"\n".repeat(401)).len(), 1);
    assert_eq!(size("src/a.rs", &"\n".repeat(400)), Findings::new());
}

#[test]
fn handed_over_types_and_other_paths_are_allowed() {
    let allowed: &[(Rule, &str, &str)] = &[
        (imports, "src/diff/mod.rs", "use crate::load::Loaded;"),
        (imports, "src/source/mod.rs", "use crate::{load::Input, units};"),
        (imports, "src/report/fit.rs", "use crate::model::name; use crate::rows::{Sort, Via};"),
        (imports, "src/lib.rs", "pub use crate::cli::main;"),
        (outside, "src/cli/output.rs", "std::fs::write(path, &bytes)"),
        (outside, "src/report/resolve.rs", "env!(\"CARGO_PKG_VERSION\")"),
        (machine_paths, "src/a.rs", concat!("\"/ro", "ot/.cargo/registry/src/x\"")),
        (machine_paths, "src/a.rs", concat!("\"https://host/tm", "p/x\" and shop/wo", "rk/x.go")),
    ];
    for (rule, path, text) in allowed {
        assert_eq!(rule(path, text), Findings::new(), "{text}");
    }
}

#[test]
fn comments_and_texts_are_no_code() {
    let code = code_of("a // b\n\"c \\\" d\" e '\"' f /* g\nh */ i r#\"j\"k\"# l 'm' <'n>");
    let words: Vec<&str> =
        code.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    assert_eq!(words, ["a", "e", "f", "i", "l", "n"]);
    assert_eq!(code.lines().count(), 3);
    assert!(Path::new("src/lib.rs").exists(), "tests run in the package root");
}
