//! `--stacks`: the heaviest stacks of each row.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::support::{Files, Profile, fixture, run, run_with};

/// Two heaps in which one function grows below three callers.
fn pair(files: &Files) -> [String; 2] {
    let heap = |name: &str, scale: i64| {
        let stack = |profile: Profile, caller: &str, count: i64, size: i64| {
            profile
                .stack(&format!("store.Put;main.{caller};main.main"), [count, count * size, count, count * size])
                .bytes(size)
        };
        let heap = stack(Profile::new(), "a", scale, 1 << 20);
        // Blocks of two sizes are of one stack.
        let heap = stack(stack(heap, "b", scale, 1 << 20), "b", 2 * scale, 1 << 20 | 64);
        files.write(name, stack(heap, "c", 1, 1 << 20).encode())
    };
    [heap("base", 1), heap("new", 4)]
}

fn stacks(row: &Value) -> Vec<(i64, Vec<&str>)> {
    let stacks = row["stacks"].as_array().expect("stacks").iter();
    stacks
        .map(|stack| {
            let names = stack["stack"].as_array().expect("names").iter().map(|name| name.as_str().expect("a name"));
            (stack["value"]["delta"].as_i64().expect("a number"), names.collect())
        })
        .collect()
}

#[test]
fn the_heaviest_come_first_and_blocks_of_all_sizes_are_of_one_stack() {
    let files = Files::new();
    let [base, new] = pair(&files);
    let report = run(&[&base, &new, "--stacks=2", "-f", "json"]).done().json();
    let expected = [
        (3 * (1 << 20) + 6 * (1 << 20 | 64), vec!["store.Put", "main.b", "main.main"]),
        (3 << 20, vec!["store.Put", "main.a", "main.main"]),
    ];
    assert_eq!(stacks(&report["rows"][0]), expected);
    let one = run(&[&base, &new, "--stacks", "-f", "json"]).done().json();
    assert_eq!(stacks(&one["rows"][0]), expected[..1]);
    assert_eq!(one["rows"][0]["stack"], json!(expected[0].1));
    let none = run(&[&base, &new, "-f", "json"]).done().json();
    assert_eq!(none["rows"][0]["stacks"], Value::Null);
}

#[test]
fn rows_that_allocate_nothing_have_the_stacks_below_them() {
    let files = Files::new();
    let [base, new] = pair(&files);
    let report = run(&[&base, &new, "--stacks=9", "--sort", "cum", "-n", "0", "-f", "json"]).done().json();
    let row = report["rows"].as_array().expect("rows").iter().find(|row| row["name"] == "main.main").expect("a row");
    let stacks = stacks(row);
    assert_eq!(stacks.len(), 3);
    assert_eq!(stacks.iter().map(|(delta, _)| delta).sum::<i64>(), row["cum"]["delta"].as_i64().expect("a number"));
}

#[test]
fn the_table_shows_them_whatever_rows_stand_for() {
    let [base, new] = [1, 3].map(|moment| fixture(&format!("http-body/heap{moment}.pb.gz")));
    for by in ["function", "line", "file", "package", "stack", "address", "label:bytes"] {
        for width in [60, 80, 120] {
            let arguments = [&*base, &new, "--stacks=2", "--by", by, "-n", "3"];
            let text = run_with(&[], Some(width), Some(false), &arguments).done().stdout;
            let (_, stacks) = text.split_once("HEAVIEST STACKS").expect("stacks");
            // An address stands before each name.
            let frames: Vec<&str> = stacks.lines().filter(|line| line.starts_with("    ")).collect();
            let is_called = |pair: &[&str]| pair[0].contains("bufio.NewWriterSize") && pair[1].contains("dialConn");
            assert!(frames.windows(2).any(is_called), "{by}: {text}");
            for line in text.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
    let alone = run(&[&new, "--stacks", "-n", "1"]).done().stdout;
    assert!(alone.contains("HEAVIEST STACKS") && !alone.contains("  +"), "{alone}");
}
