//! `leakdiff list`: source code with the growth of each line beside it.

mod support;

use support::{Files, Outcome, Profile, fixture, json, run, run_with};

/// Two profiles of a function that allocates at two lines, in a file that the profiles name as `file`.
fn profiles(file: &str) -> [Profile; 2] {
    let of = |first: i64, second: i64| {
        let stack = |line: i64| format!("example.com/shop/store.(*Cache).Put@{file}:{line};main.main@main.go:3");
        Profile::new().stack(&stack(3), [1, first, 1, first]).stack(&stack(8), [1, second, 1, second])
    };
    [of(1024, 4096), of(3072, 1024)]
}

const SOURCE: &str =
    "package store\nfunc (c *Cache) Put() {\n\tx := make([]byte, 1) // \u{1b}[31m\n\n\n\n\n\treturn\n}\n";

/// Lists these profiles.
fn list(files: &Files, pattern: &str, profiles: &[Profile], options: &[&str]) -> Outcome {
    let write = |(index, profile): (usize, &Profile)| files.write(&format!("{index}.pb"), profile.encode());
    let paths: Vec<String> = profiles.iter().enumerate().map(write).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    run(&[&["list", pattern], &paths[..], options].concat())
}

/// The heading and the rows of a listing of one function, without blanks at either end.
fn rows(text: &str) -> Vec<&str> {
    let from_heading = text.lines().skip_while(|line| !line.ends_with("  LINE"));
    from_heading.take_while(|line| !line.is_empty()).map(str::trim).collect()
}

#[test]
fn growth_stands_beside_the_line() {
    let files = Files::new();
    files.write("put.go", SOURCE);
    let text = list(&files, "Put", &profiles("example.com/shop/store/put.go"), &["--source-path", &files.path("")]);
    let text = text.done().stdout;
    assert!(
        text.contains("\nexample.com/shop/store.(*Cache).Put\nin example.com/shop/store/put.go, read from "),
        "{text}"
    );
    assert!(text.contains("\nflat -1.0 KiB, cum -1.0 KiB\n"), "{text}");
    let rows = rows(&text);
    assert_eq!(rows[0], "FLAT Δ     CUM Δ  LINE");
    assert_eq!(rows[1], ".         .     1  package store");
    assert_eq!(rows[3], "+2.0 KiB  +2.0 KiB     3      x := make([]byte, 1) // \\u{1b}[31m");
    assert_eq!(rows[8], "-3.0 KiB  -3.0 KiB     8      return");
    assert_eq!(rows[9], ".         .     9  }");
    assert_eq!(rows.len(), 10);
}

#[test]
fn lines_at_the_ends_of_the_numbers_are_listed() {
    let files = Files::new();
    let stack = |line: i64| format!("example.com/shop/store.Put@put.go:{line};main.main@main.go:3");
    let profile = [i64::MIN, -1, 0, i64::MAX]
        .iter()
        .fold(Profile::new(), |profile, line| profile.stack(&stack(*line), [1, 64, 1, 64]));
    let text = list(&files, "Put", &[profile], &[]).done().stdout;
    assert_eq!(rows(&text).len(), 5, "{text}");
}

#[test]
fn names_match_as_they_are_shown() {
    let files = Files::new();
    let generic = "example.com/shop/store.(*Cache[go.shape.string]).Put@put.go:3";
    let profile = [Profile::new().stack(generic, [1, 64, 1, 64])];
    for pattern in [r"^example.com/shop/store\.", r"^store\.\(\*Cache", r"go\.shape\.string", r"Put$"] {
        list(&files, pattern, &profile, &[]).done();
    }
    list(&files, "^Cache", &profile, &[]).failed(&["no function that holds inuse_space matches ^Cache"]);
    list(&files, "", &profile, &[]).failed(&["the pattern is empty"]);
    list(&files, "(", &profile, &[]).failed(&["REGEX is not a valid pattern", "unclosed group"]);
}

#[test]
fn what_holds_nothing_of_the_metric_is_not_listed() {
    let freed = Profile::new().stack("store.Put@put.go:3", [1, 64, 0, 0]);
    let files = Files::new();
    list(&files, "Put", &[freed.clone(), freed.clone()], &[]).failed(&["no function that holds inuse_space"]);
    list(&files, "Put", &[freed.clone(), freed], &["--sample-index", "alloc_space"]).done();
}

#[test]
fn a_missing_file_leaves_the_numbers() {
    let text = list(&Files::new(), "Put", &profiles("example.com/lost/put.go"), &[]).done().stdout;
    assert!(text.contains("in example.com/lost/put.go, which was not found: --source-path DIR"), "{text}");
    assert_eq!(rows(&text)[1..], ["+2.0 KiB  +2.0 KiB     3", "-3.0 KiB  -3.0 KiB     8"]);
    let nowhere = list(&Files::new(), "Put", &[Profile::new().stack("a.Put", [1, 64, 1, 64])], &[]).done().stdout;
    assert!(nowhere.contains("in a file that the profile does not name"), "{nowhere}");
    assert_eq!(rows(&nowhere)[1..], ["64 B  64 B     ?"]);
}

#[test]
fn absolute_paths_are_read_below_the_source_path_only_and_prefixes_come_off() {
    let files = Files::new();
    let path = files.write("put.go", SOURCE);
    let text = list(&files, "Put", &profiles(&path), &["--source-path", &files.path("")]).done().stdout;
    assert!(text.contains(&format!("\nin {path}\n")) && text.contains("x := make"), "{text}");
    let text = list(&files, "Put", &profiles(&path), &[]).done().stdout;
    assert!(text.contains(&format!("in {path}, which was not found: --source-path DIR")), "{text}");
    let elsewhere = profiles("/home/ci/build-9/put.go");
    let options = ["--trim-path", "/home/ci/build-9", "--source-path", &files.path("")];
    let text = list(&files, "Put", &elsewhere, &options).done().stdout;
    assert!(text.contains("in /home/ci/build-9/put.go, read from") && text.contains("x := make"), "{text}");
}

#[test]
fn an_installation_or_a_module_cache_that_a_profile_names_has_to_be_one() {
    let files = Files::new();
    let write = |name: &str| {
        let path = files.path(name);
        std::fs::create_dir_all(std::path::Path::new(&path).parent().expect("a folder")).expect("a folder");
        files.write(name, SOURCE)
    };
    let cases = [
        ("net/http.Put", "go/src/net/http/put.go", &["go/VERSION", "go/src/runtime/proc.go"][..]),
        ("github.com/a/lib.Put", "me/pkg/mod/github.com/a/lib@v1.2.3/put.go", &["me/pkg/mod/cache/download/x"]),
    ];
    for (function, file, marks) in cases {
        let stack = format!("{function}@{}:3;main.main@main.go:3", write(file));
        let is_read = || {
            let profile = [Profile::new().stack(&stack, [1, 64, 1, 64])];
            list(&files, "Put", &profile, &["--source-path", &files.path("none")]).done().stdout.contains("x := make")
        };
        assert!(!is_read(), "{file}: nothing shows what it is");
        marks.iter().for_each(|mark| drop(write(mark)));
        assert!(is_read(), "{file}");
    }
}

#[test]
fn a_device_that_a_profile_names_is_not_read() {
    let text = list(&Files::new(), "Put", &profiles("/dev/zero"), &[]).done().stdout;
    assert!(text.contains("in /dev/zero, which was not found"), "{text}");
}

#[test]
fn another_version_of_the_file_is_noticed() {
    let files = Files::new();
    let declared = |line: i64| {
        profiles("put.go").map(|profile| {
            profile.edit(|proto| proto.function.iter_mut().for_each(|function| function.start_line = line))
        })
    };
    let options = ["--source-path", &files.path("")];
    files.write("put.go", SOURCE);
    let fitting = list(&files, "Put", &declared(2), &options).done().stdout;
    assert!(!fitting.contains("warning: "), "{fitting}");
    assert_eq!(rows(&fitting)[1], ".         .     2  func (c *Cache) Put() {", "begins with the function");
    let moved = list(&files, "Put", &declared(3), &options).done().stdout;
    assert!(
        moved.contains("warning: line 3 does not declare Put: this is another version, or another file"),
        "{moved}"
    );
    files.write("put.go", "package store\n");
    let short = list(&files, "Put", &declared(2), &options).done().stdout;
    assert!(short.contains("warning: this file has 1 lines only"), "{short}");
    assert_eq!(rows(&short)[1..], ["+2.0 KiB  +2.0 KiB     3", "-3.0 KiB  -3.0 KiB     8"]);
}

#[test]
fn recursion_counts_once() {
    let stack = "a.F@f.go:2;a.F@f.go:2;a.F@f.go:5;main.main@main.go:1";
    let text = list(&Files::new(), "a.F", &[Profile::new().stack(stack, [1, 100, 1, 100])], &[]).done().stdout;
    assert!(text.contains("\nflat 100 B, cum 100 B\n"), "{text}");
    assert_eq!(rows(&text)[1..], ["100 B  100 B     2", ".  100 B     5"]);
}

#[test]
fn a_series_is_first_against_last() {
    let of = |bytes: i64| Profile::new().stack("a.F@f.go:2", [1, bytes, 1, bytes]);
    let text = list(&Files::new(), "a.F", &[of(100), of(9000), of(300)], &[]).done().stdout;
    assert_eq!(rows(&text)[1..], ["+200 B  +200 B     2"]);
    let unchanged = list(&Files::new(), "a.F", &[of(100), of(300), of(100)], &[]).done().stdout;
    assert_eq!(rows(&unchanged)[1..], ["0 B    0 B     2"], "no growth is not the same as nothing");
}

#[test]
fn filters_hold_for_lines_too() {
    let both = || Profile::new().stack("a.F@f.go:2;b.One@b.go:1", [1, 100, 1, 100]);
    let profile = [both().stack("a.F@f.go:2;b.Two@b.go:2", [1, 30, 1, 30])];
    let text = list(&Files::new(), "a.F", &profile, &["--focus", "Two"]).done().stdout;
    assert_eq!(rows(&text)[1..], ["30 B  30 B     2"]);
}

#[test]
fn sums_are_those_of_the_table() {
    let (old, new) = (fixture("http-body/heap1.pb.gz"), fixture("http-body/heap3.pb.gz"));
    let table = json(&[&old, &new, "--exact-names", "-n", "0"]);
    let listing = run(&["list", ".", &old, &new, "--exact-names", "--unit", "B"]).done().stdout;
    let mut compared = 0;
    for row in table["rows"].as_array().expect("rows") {
        let name = row["name"].as_str().expect("a name");
        let Some((_, rest)) = listing.split_once(&format!("\n{name}\nin ")) else { continue };
        let signed = |value: &serde_json::Value| {
            let delta = value["delta"].as_i64().expect("an integer");
            leakdiff::units::format_signed(delta, "bytes", leakdiff::units::Scale::Fixed("B"))
        };
        let expected = format!("flat {}, cum {}", signed(&row["flat"]), signed(&row["cum"]));
        assert_eq!(rest.lines().nth(1), Some(expected.as_str()), "{name}");
        compared += 1;
    }
    assert!(compared > 50, "only {compared} functions");
}

#[test]
fn a_file_takes_the_listing() {
    let files = Files::new();
    let out = files.path("put.txt");
    let printed = list(&files, "Put", &profiles("put.go"), &["-o", &out]).done().stdout;
    assert_eq!(printed, "");
    assert!(std::fs::read_to_string(out).expect("a file").contains("store.(*Cache).Put"));
    list(&files, "Put", &profiles("put.go"), &["-f", "json"]).failed(&["a listing is written as text"]);
}

#[test]
fn the_rest_of_a_wide_line_is_cut_off() {
    let files = Files::new();
    files.write("put.go", SOURCE.replace("return", &format!("return \"{}\"", "内".repeat(200))));
    let path = files.write("1.pb", profiles("put.go")[0].encode());
    let text = run_with(&[], Some(60), None, &["list", "Put", &path, "--source-path", &files.path("")]).done().stdout;
    assert!(
        text.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 60 || line.contains('\u{1b}')),
        "{text}"
    );
    assert!(text.contains("内…"), "{text}");
}

#[test]
fn growth_is_red_and_shrinking_blue() {
    let files = Files::new();
    let [old, new] = profiles("put.go").map(|profile| profile.encode());
    let (old, new) = (files.write("1.pb", old), files.write("2.pb", new));
    let text = run_with(&[], Some(80), Some(true), &["list", "Put", &old, &new]).done().stdout;
    assert!(text.contains("\u{1b}[91m+2.0 KiB\u{1b}[0m") && text.contains("\u{1b}[94m-3.0 KiB\u{1b}[0m"), "{text}");
    let alone = run_with(&[], Some(80), Some(true), &["list", "Put", &new]).done().stdout;
    assert!(!alone.contains("\u{1b}[9"), "what one profile holds is no growth: {alone}");
}
