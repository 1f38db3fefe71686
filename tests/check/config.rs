//! `leakdiff.toml`: where it is found, what wins, what is wrong with it and where.

use std::path::Path;
use std::process::{Command, Output};

use leakdiff::check::Config;
use leakdiff::cli::Exit;

use crate::support::Files;
use crate::{check, exact};

const FULL: &str = include_str!("configs/full.toml");

fn in_folder(folder: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
    command.arg("check").args(args).current_dir(folder).output().expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn it_is_found_upwards_and_its_paths_are_relative_to_it() {
    let files = Files::new();
    let below = files.path("a/b");
    std::fs::create_dir_all(&below).expect("folders");
    files.write(
        "leakdiff.toml",
        "max-growth = 7\nbaseline = \"ci/heap.json\"\noutput = [\"out.md\", \"json=out.txt\"]\n",
    );
    let printed = text(&in_folder(&below, &["--print-config"]).stdout);
    assert!(
        printed.contains("max-growth = \"7\"") && printed.contains("baseline = \"../../ci/heap.json\""),
        "{printed}"
    );
    assert!(printed.contains("output = [\"../../out.md\", \"json=../../out.txt\"]"), "{printed}");
    files.write("a/leakdiff.toml", "max-growth = 8\n");
    assert!(text(&in_folder(&below, &["--print-config"]).stdout).contains("max-growth = \"8\""), "the nearest counts");
    assert!(!text(&in_folder(&below, &["--print-config", "--no-config"]).stdout).contains("max-growth"));
}

#[test]
fn a_run_in_a_folder_with_a_configuration() {
    let files = Files::new();
    files.write("base.pb", exact(&[("main.f", 1, 1024)]).encode());
    files.write("new.pb", exact(&[("main.f", 9, 1024)]).encode());
    files.write("leakdiff.toml", "max-growth = \"4KiB\"\noutput = \"verdict.json\"\n");
    let run = in_folder(&files.path(""), &["base.pb", "new.pb"]);
    assert_eq!(run.status.code(), Some(1), "{}", text(&run.stderr));
    assert!(text(&run.stdout).starts_with("FAIL  base.pb → new.pb: 1 of 1 limit exceeded\n"), "{}", text(&run.stdout));
    assert!(Path::new(&files.path("verdict.json")).is_file());
    let run = in_folder(&files.path(""), &["base.pb", "new.pb", "--max-growth", "8KiB"]);
    assert_eq!(run.status.code(), Some(0), "options win");
}

#[test]
fn options_win_and_lists_are_replaced() {
    let files = Files::new();
    let config = files.write("gate.toml", FULL);
    let print = |args: &[&str]| check(&[&["-c", &*config, "--print-config"], args].concat()).done().stdout;
    let printed = print(&[
        "--max-growth",
        "1",
        "--metric",
        "alloc_space",
        "--limit",
        "main.*=3",
        "--limit",
        "new.*=4",
        "--alpha",
        "0.01",
    ]);
    for line in
        ["max-growth = \"1\"", "metric = [\"alloc_space\"]", "\"main.*\" = \"3\"", "\"new.*\" = \"4\"", "alpha = 0.01"]
    {
        assert!(printed.contains(line), "no {line} in {printed}");
    }
    assert!(printed.contains("\"github.com/acme/**\" = \"2MiB\""), "the other limits stay: {printed}");
    assert!(!printed.contains("\"main.*\" = \"100\""), "{printed}");
}

#[test]
fn what_is_printed_reads_back_as_the_same() {
    let once = Config::parse(FULL, "full.toml").expect("a configuration").to_toml();
    assert_eq!(Config::parse(&once, "printed").expect("TOML").to_toml(), once);
    for line in FULL.lines().filter(|line| line.contains(" = ")) {
        let key = line.split(" = ").next().expect("a key");
        assert!(once.lines().any(|printed| printed.split(" = ").next() == Some(key)), "{key} is lost in {once}");
    }
    let files = Files::new();
    let first = check(&["-c", &files.write("a.toml", FULL), "--print-config"]).done().stdout;
    let second = check(&["-c", &files.write("b.toml", &first), "--print-config"]).done().stdout;
    // Paths are those from here, and stay what they are.
    assert_eq!(second.lines().count(), first.lines().count());
}

#[test]
fn hostile_text_is_printed_as_toml() {
    let config = "metric = [\"a\\\"b\\\\\", \"\\u0007\\n\"]\n[limits]\n\"a=\\\"]\" = 1\n";
    let once = Config::parse(config, "x").expect("a configuration").to_toml();
    let twice = Config::parse(&once, "y").expect("TOML");
    assert_eq!(twice.to_toml(), once);
    assert_eq!(twice.metric, ["a\"b\\", "\u{7}\n"]);
    assert_eq!(twice.limits[0].0.text(), "a=\"]");
}

#[test]
fn a_pattern_of_several_lines_is_printed_as_a_key() {
    let once = Config::parse("[limits]\n\"a\\nb\\u007f'\\\"\" = 1\n", "x").expect("a configuration").to_toml();
    let twice = Config::parse(&once, "y").unwrap_or_else(|error| panic!("{error}: {once}"));
    assert_eq!(twice.limits[0].0.text(), "a\nb\u{7f}'\"");
}

#[test]
fn what_is_wrong_is_named_with_file_line_and_what_to_write() {
    for (config, words) in [
        ("\n\nmax-grwoth = \"5MiB\"\n", &["3: unknown key 'max-grwoth'", "did you mean 'max-growth'?"][..]),
        ("max_growth = 1", &["1: unknown key 'max_growth'", "'max-growth'"]),
        ("colour = true", &["1: unknown key 'colour'", "known are max-growth, max-total"]),
        ("max-growth = true", &["1: max-growth: this is true or false", "5MiB"]),
        ("# x\nmax-growth = \"lots\"", &["2: max-growth: 'lots' is no limit"]),
        ("max-growth = 1.5", &["1: max-growth: this is a number"]),
        ("max-growth = -1", &["1: max-growth: '-1' is no limit"]),
        ("metric = 3", &["1: metric: this is a whole number", "list"]),
        ("metric = [1]", &["1: metric: this is a whole number"]),
        ("per-op = 0", &["1: per-op: ", "1 or more"]),
        ("alpha = 2.0", &["1: alpha: ", "below 0.5"]),
        ("alpha = \"low\"", &["1: alpha: this is a text"]),
        ("on-inconclusive = \"maybe\"", &["1: on-inconclusive: ", "\"fail\" or \"pass\""]),
        ("baseline = []", &["1: baseline: this is a list"]),
        ("output = {}", &["1: output: this is a table"]),
        ("limits = 1", &["1: limits: ", "[limits]"]),
        ("[limits]\n\"a\" = \"x\"", &["2: limits: 'x' is no limit"]),
        ("[limits]\n\"\" = 1", &["2: limits: '' is no pattern"]),
        ("[limits]\na = 1\n\" a\" = 2", &["3: limits: 'a' is given twice"]),
        ("allow = 1", &["1: allow: ", "[[allow]]"]),
        ("[[allow]]\npattern = \"a\"\nreson = \"x\"", &["3: allow: unknown key 'reson'", "'reason'"]),
        ("[[allow]]\npattern = \"a\"", &["1: allow: an entry needs a reason"]),
        ("[[allow]]\npattern = \"a\"\nreason = \" \"", &["an entry needs a reason"]),
        ("[[allow]]\nreason = \"x\"", &["1: allow: an entry needs either a fingerprint or a pattern"]),
        ("[[allow]]\nreason = \"x\"\npattern = \"a\"\nfingerprint = \"0123456789abcdef\"", &["either"]),
        ("[[allow]]\nreason = \"x\"\nfingerprint = \"12\"", &["3: allow: a fingerprint has 16 hexadecimal digits"]),
        (
            "[[allow]]\nreason = \"x\"\npattern = \"a\"\nexpires = \"2027-01-31\"",
            &["4: allow: expires: this is a text", "without quotes"],
        ),
        ("max-growth = \"1\"\nmax-growth = \"2\"", &["2: duplicate key"]),
        ("max-growth = ", &["1: "]),
        ("[limits", &["1: "]),
    ] {
        let error = Config::parse(config, "gate.toml").expect_err(config).to_string();
        assert!(error.starts_with("gate.toml:"), "{error}");
        for word in words {
            assert!(error.contains(word), "no {word:?} in {error:?} of {config:?}");
        }
    }
}

#[test]
fn a_value_out_of_range_is_named_with_what_is_allowed() {
    let allow = |expires: &str| format!("[[allow]]\nreason = \"x\"\npattern = \"a\"\nexpires = {expires}");
    let (day, work) =
        ("a date without a time and without quotes: 2027-01-31", "a whole number of units of work, 1 or more");
    let share = "a probability above 0 and below 0.5";
    for (config, is, wanted) in [
        (allow("2027-01-31T00:00:00Z"), "4: allow: expires: this is 2027-01-31T00:00:00Z", day),
        (allow("2027-01-31 07:30:00"), "4: allow: expires: this is 2027-01-31", day),
        (allow("07:30:00"), "4: allow: expires: this is 07:30:00", day),
        ("per-op = 0".to_owned(), "1: per-op: this is 0", work),
        ("per-op = -5".to_owned(), "1: per-op: this is -5", work),
        ("alpha = 1".to_owned(), "1: alpha: this is 1", share),
        ("alpha = 0".to_owned(), "1: alpha: this is 0", share),
        ("alpha = 0.5".to_owned(), "1: alpha: this is 0.5", share),
        ("alpha = nan".to_owned(), "1: alpha: this is nan", share),
        ("on-inconclusive = \"maybe\"".to_owned(), "1: on-inconclusive: this is 'maybe'", "\"fail\" or \"pass\""),
    ] {
        let error = Config::parse(&config, "gate.toml").expect_err(&config).to_string();
        assert!(error.starts_with(&format!("gate.toml:{is}")), "{error}");
        assert!(error.ends_with(&format!("; wanted is {wanted}")), "{error}");
    }
}

#[test]
fn metrics_in_one_text_mean_what_they_mean_on_the_command_line() {
    let metrics = |config: &str| Config::parse(config, "gate.toml").expect(config).metric;
    for config in [
        "metric = \"inuse_space,inuse_objects\"",
        "metric = \"inuse_space, inuse_objects\"",
        "metric = [\"inuse_space\", \"inuse_objects\"]",
        "metric = [\"inuse_space,inuse_objects\"]",
    ] {
        assert_eq!(metrics(config), ["inuse_space", "inuse_objects"], "{config}");
    }
    let files = Files::new();
    let base = files.write("base.pb", exact(&[("main.f", 1, 1024)]).encode());
    let config = files.write("gate.toml", "max-growth = 0\nmetric = \"inuse_space,inuse_objects\"\n");
    let of_file = check(&[&base, &base, "-c", &config]).done().stdout;
    let of_file = of_file.replace(&format!("      with the configuration {config}\n"), "");
    let of_option = check(&[&base, &base, "--max-growth", "0", "--metric", "inuse_space,inuse_objects"]).done().stdout;
    assert_eq!(of_file, of_option);
}

#[test]
fn a_configuration_that_is_not_there_or_not_text() {
    let files = Files::new();
    check(&["a", "b", "-c", &files.path("none.toml")]).failed(&["none.toml: no such file"]);
    check(&["a", "b", "-c", &files.write("x.toml", [0xff, 0xfe])]).failed(&["x.toml", "UTF-8"]);
    check(&["a", "b", "-c", &files.path("")]).failed(&["directory"]);
    let outcome = check(&["a", "b", "-c", "x.toml", "--no-config"]);
    assert_eq!(outcome.exit, Exit::Error);
}

#[test]
fn no_profile_is_needed_to_print() {
    check(&["--print-config", "--max-growth", "5MiB"]).done();
    assert_eq!(check(&["--max-growth", "5MiB"]).exit, Exit::Error);
}
