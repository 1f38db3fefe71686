//! Text of a profile cannot steer a terminal, break a table, or run in a spreadsheet, in any output format.

use crate::support::Files;
use crate::support::{Profile, diff, json, run};

const FORMATS: [&str; 4] = ["table", "json", "markdown", "csv"];

/// Escape sequences, line ends, C1 controls, characters that reorder or hide text.
const HOSTILE: &[char] = &[
    '\u{1b}', '\u{7}', '\u{8}', '\r', '\n', '\t', '\0', '\u{7f}', '\u{85}', '\u{9b}', '\u{9d}', '\u{61c}', '\u{200b}',
    '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{feff}',
];

/// A profile with `text` wherever a profile can have text.
fn profile_of(text: &str) -> Profile {
    let name = |part: &str| format!("{part}{text}{part}");
    let mut profile = Profile::bare()
        .types(&[(&name("objects"), "count"), (&name("space"), &name("unit"))])
        .mapping(&name("/bin/app"), &name("build"), 0..0x1000)
        .comment(&name("comment"))
        .default_type(&name("objects"))
        .drop_frames(&name("("))
        .stack("leaf;root", [1, 1])
        .stack("0x10", [5, 5])
        .label(&name("key"), &name("value"));
    for function in [&name("a.Leaf"), &name("main.Root")] {
        let id = profile.function(function, &name("/src/file.go"));
        profile.proto.location[id as usize - 3].line[0].function_id = id;
    }
    profile
}

/// The characters that may not stand raw in an output, but for the line ends of the format itself.
fn raw_hostile(output: &str) -> Option<char> {
    let is_hostile = |character: &char| HOSTILE.contains(character) && *character != '\n';
    output.chars().find(is_hostile)
}

#[test]
fn control_and_direction_characters_never_come_out_raw() {
    let harmless = profile_of("");
    for character in HOSTILE {
        let hostile = profile_of(&character.to_string());
        for format in FORMATS {
            for by in ["function", "file", "stack", "address"] {
                let args = ["-n", "0", "--format", format, "--by", by];
                let out = diff(&[&hostile, &hostile], &args).done().stdout;
                let found = raw_hostile(&out);
                assert_eq!(found, None, "{character:?} in {format} by {by}: {out:?}");
                let lines = diff(&[&harmless, &harmless], &args).done().stdout.lines().count();
                assert_eq!(out.lines().count(), lines, "{character:?} adds a line to {format} by {by}: {out}");
            }
        }
    }
}

#[test]
fn errors_do_not_carry_them_either() {
    let hostile = "\u{1b}[31m\u{202e}\n";
    let space = Profile::bare().types(&[(&format!("space{hostile}"), "bytes")]).stack("a", [1]);
    let other = Profile::bare().types(&[(&format!("other{hostile}"), "bytes")]).stack("a", [1]);
    let units = Profile::bare().types(&[(&format!("space{hostile}"), &format!("u{hostile}"))]).stack("a", [1]);
    let outcomes = [
        diff(&[&space, &other], &[]),
        diff(&[&space, &units], &[]),
        diff(&[&space], &["--sample-index", "none"]),
        run(&[&format!("no{hostile}such.pb")]),
    ];
    for outcome in outcomes {
        let stderr = outcome.failed(&[]).stderr;
        assert_eq!(raw_hostile(&stderr), None, "{stderr:?}");
        assert_eq!(stderr.lines().count(), 1, "{stderr:?}");
    }
}

#[test]
fn labels_of_inputs_are_escaped_too() {
    let files = Files::new();
    let path = files.write("a.pb", Profile::new().stack("a.F", [1, 8, 1, 8]).encode());
    for format in FORMATS {
        let outcome = run(&[&format!("old\u{1b}[2J\u{202e}={path}"), &path, "--format", format]).done();
        assert_eq!(raw_hostile(&outcome.stdout), None, "{format}: {:?}", outcome.stdout);
    }
}

#[test]
fn json_keeps_the_text() {
    let name = "a.F\u{1b}\n\u{202e}\u{9b}\"\\";
    let mut profile = Profile::new().stack("x", [1, 8, 1, 8]);
    profile.proto.function[0].name = profile.string(name);
    let files = Files::new();
    let report = json(&[&files.write("a.pb", profile.encode())]);
    assert_eq!(report["rows"][0]["name"], name);
}

#[test]
fn a_spreadsheet_runs_nothing() {
    for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=HYPERLINK(\"http://x\",\"y\")"] {
        let mut profile = Profile::new().stack("x", [1, 8, 1, 8]);
        profile.proto.function[0].name = profile.string(name);
        let csv = diff(&[&profile], &["--format", "csv"]).done().stdout;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let record = reader.records().next().expect("a record").expect("valid CSV");
        assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r']), "{name:?} became {:?}", &record[0]);
    }
}

#[test]
fn markdown_stays_a_table() {
    let hostile =
        ["a|b", "`x`", "<script>alert(1)</script>", "[x](javascript:1)", "![x](http://x)", "a\\|b", "</code>"];
    for name in hostile {
        let mut profile = Profile::new().stack("x;main.main", [1, 8, 1, 8]);
        profile.proto.function[0].name = profile.string(name);
        let text = diff(&[&profile, &profile], &["--format", "markdown", "-n", "0"]).done().stdout;
        let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        let bars = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        assert!(table.iter().all(|line| bars(line) == bars(table[0])), "{name}: {text}");
        assert!(table.iter().all(|line| !line.contains("<script")), "{name}: {text}");
        assert!(table.iter().all(|line| line.matches("</code>").count() == line.matches("<code>").count()), "{text}");
    }
}
