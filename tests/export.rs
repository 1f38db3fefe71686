//! What is written for other tools, as those tools read it: inferno takes the folded stacks, our own loader and prost
//! the profile. That pprof reads it, too, is tested beside the other comparisons with pprof.

mod support;

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use leakdiff::export::{folded_name, unfolded};
use proptest::prelude::*;
use prost::Message;
use support::{Files, Profile, diff, fixture, json, run, wire};

/// Names that readers of folded stacks trip over.
const AWKWARD: &[&str] = &[
    "operator new(unsigned long)",
    "worker 12",
    "a;b;c",
    "# main",
    " padded ",
    "new\nline",
    "back\\slash",
    "1 2 3",
    "",
    "日本",
];

/// One stack for every name below a common root, each heavier than the one before.
fn awkward(value: i64) -> Profile {
    let mut profile = Profile::new().stack("leaf;main", [1, value, 1, value]);
    for (index, name) in AWKWARD.iter().enumerate() {
        let function = profile.function(name, "");
        profile = profile.edit(|proto| {
            let id = proto.location.len() as u64 + 1;
            let line = wire::Line { function_id: function, line: 1, column: 0 };
            proto.location.push(wire::Location { id, line: vec![line], ..Default::default() });
            let value = value * (index as i64 + 2);
            let sample = wire::Sample { location_id: vec![id, 2], value: vec![1, value, 1, value], label: vec![] };
            proto.sample.push(sample);
        });
    }
    profile
}

/// Reads folded stacks as any reader does: the counts off the end, then frames between semicolons.
fn parse_folded(text: &str) -> BTreeMap<Vec<String>, [i64; 2]> {
    let parse = |line: &str| {
        let (rest, after) = line.rsplit_once(' ').expect("a count");
        let (stack, before) = rest.rsplit_once(' ').expect("two counts");
        let names = stack.split(';').map(|frame| unfolded(frame).expect("our own escapes")).collect();
        (names, [before, after].map(|count| count.parse().expect("a count")))
    };
    text.lines().map(parse).collect()
}

#[test]
fn folded_stacks_keep_awkward_names() {
    let text = diff(&[&awkward(10), &awkward(30)], &["-f", "folded", "--exact-names"]).done().stdout;
    let stacks = parse_folded(&text);
    for (index, name) in AWKWARD.iter().enumerate() {
        let weight = index as i64 + 2;
        let shown = if name.is_empty() { "<unknown>" } else { name };
        let found = stacks.get(&vec!["main".to_owned(), shown.to_owned()]);
        assert_eq!(found, Some(&[10 * weight, 30 * weight]), "{name:?} in {text}");
    }
}

#[test]
fn folded_stacks_are_lines_in_the_order_of_their_bytes() {
    let (old, new) = (fixture("large/heap1.pb.gz"), fixture("large/heap3.pb.gz"));
    let inputs = [old.as_str(), &new, "--sample-index", "alloc_space"];
    let text = run(&[&inputs[..], &["-f", "folded"]].concat()).done().stdout;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 1000 && lines.is_sorted());
    let total = &json(&inputs)["total"];
    let sum = |at: usize| parse_folded(&text).values().map(|counts| counts[at]).sum::<i64>();
    assert_eq!((&total["before"], &total["after"]), (&sum(0).into(), &sum(1).into()));
}

#[test]
fn inferno_draws_the_folded_stacks() {
    for text in [
        run(&[&fixture("http-body/heap1.pb.gz"), &fixture("http-body/heap3.pb.gz"), "-f", "folded"]).done().stdout,
        diff(&[&awkward(10), &awkward(30)], &["-f", "folded"]).done().stdout,
    ] {
        let mut options = inferno::flamegraph::Options::default();
        options.no_sort = true;
        let mut svg = Vec::new();
        inferno::flamegraph::from_lines(&mut options, text.lines(), &mut svg).expect("inferno takes all lines");
        let svg = String::from_utf8(svg).expect("UTF-8");
        let after: i64 = parse_folded(&text).values().map(|counts| counts[1]).sum();
        let grouped = leakdiff::units::thousands(after);
        assert!(svg.contains(&format!("<title>all ({grouped} samples, 100%")), "{grouped}");
    }
}

#[test]
fn one_profile_has_one_count() {
    let text = run(&[&fixture("ticker/heap1.pb.gz"), "-f", "folded"]).done().stdout;
    let mut options = inferno::flamegraph::Options::default();
    inferno::flamegraph::from_lines(&mut options, text.lines(), std::io::sink()).expect("inferno takes all lines");
    assert!(text.lines().all(|line| line.rsplit_once(' ').is_some_and(|(_, count)| count.parse::<i64>().is_ok())));
}

#[test]
fn negative_values_have_no_place_in_folded_stacks() {
    let profile = |value| Profile::new().stack("f;main", [1, value, 1, value]);
    diff(&[&profile(1), &profile(-5)], &["-f", "folded"]).failed(&["cannot hold negative values", ".pb.gz"]);
    let after_others = |value| profile(1).stack("a;main", [1, 7, 1, 7]).stack("z;main", [1, value, 1, value]);
    diff(&[&after_others(1), &after_others(-5)], &["-f", "folded"]).failed(&["cannot hold negative values"]);
}

/// Decodes an exported profile with prost.
fn decode(path: &str) -> wire::Profile {
    let bytes = std::fs::read(path).expect("the profile");
    assert_eq!(bytes[..4], [0x1f, 0x8b, 8, 0], "a gzip stream without a name");
    assert_eq!(bytes[4..8], [0; 4], "and without a time");
    let mut raw = Vec::new();
    GzDecoder::new(&bytes[..]).read_to_end(&mut raw).expect("a gzip stream");
    wire::Profile::decode(&raw[..]).expect("a profile")
}

#[test]
fn the_profile_keeps_what_pprof_shows() {
    let profile = |value, time| {
        let frame = "0x401000 store.grow@/src/store/grow.go:5|store.Put@/src/store/put.go:19";
        Profile::new()
            .mapping("/srv/app", "build-1", 0x40_0000..0x80_0000)
            .mapping("/lib/libc.so", "build-2", 0x7f00_0000..0x7f10_0000)
            .stack(&format!("{frame};main.main@/src/main.go:9"), [value, value * 64, value, value * 64])
            .bytes(64)
            .label("tenant", "acme")
            .stack("unchanged;main.main@/src/main.go:9", [1, 64, 1, 64])
            .time(time)
            .comment("of the producer")
            .edit(|proto| proto.function[0].start_line = 3)
    };
    let files = Files::new();
    let out = files.path("d.pb.gz");
    let args = ["-o", &out, "--sample-index", "alloc_space"];
    diff(&[&profile(10, 1_700_000_000_000_000_000), &profile(4, 1_700_000_060_000_000_000)], &args).done();
    let read = decode(&out);
    let text = |index: i64| read.string_table[index as usize].as_str();

    let types: Vec<&str> = read.sample_type.iter().map(|value_type| text(value_type.r#type)).collect();
    assert_eq!(types, ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"]);
    assert_eq!(text(read.default_sample_type), "alloc_space");
    assert_eq!((read.time_nanos, read.duration_nanos), (1_700_000_060_000_000_000, 60_000_000_000));
    assert_eq!((read.period, text(read.period_type.expect("a type").r#type)), (512 << 10, "space"));

    assert_eq!(read.sample.len(), 1, "what did not change is left out");
    let sample = &read.sample[0];
    assert_eq!(sample.value, [-6, -384, -6, -384]);
    let labels: Vec<(&str, i64, &str)> =
        sample.label.iter().map(|label| (text(label.key), label.num, text(label.str))).collect();
    assert_eq!(labels, [("bytes", 64, ""), ("tenant", 0, "acme")]);

    let location = |id: u64| read.location.iter().find(|location| location.id == id).expect("a location");
    let lines: Vec<(&str, &str, i64, i64)> = sample
        .location_id
        .iter()
        .flat_map(|id| &location(*id).line)
        .map(|line| {
            let function = read.function.iter().find(|function| function.id == line.function_id).expect("a function");
            (text(function.name), text(function.filename), function.start_line, line.line)
        })
        .collect();
    let expected = [
        ("store.grow", "/src/store/grow.go", 3, 5),
        ("store.Put", "/src/store/put.go", 0, 19),
        ("main.main", "/src/main.go", 0, 9),
    ];
    assert_eq!(lines, expected);

    let mappings: Vec<(&str, &str)> = read.mapping.iter().map(|m| (text(m.filename), text(m.build_id))).collect();
    assert_eq!(mappings[0], ("/srv/app", "build-1"), "the main binary is first");
    let comments: Vec<&str> = read.comment.iter().map(|index| text(*index)).collect();
    assert_eq!(comments[0], "of the producer");
    assert!(comments[2].starts_with("before: ") && comments[2].ends_with("0.pb (2023-11-14 22:13:20 UTC)"));
    assert!(comments[3].starts_with("after: "));
}

#[test]
fn hidden_frames_are_not_exported() {
    let profile = |value| {
        Profile::new()
            .stack("a.Inner@/a.go:1|a.Hidden@/a.go:2|a.Outer@/a.go:3;a.Hidden@/a.go:4;main", [1, value, 1, value])
    };
    let files = Files::new();
    let out = files.path("d.pb.gz");
    diff(&[&profile(1), &profile(3)], &["-o", &out, "--hide", "Hidden"]).done();
    let read = decode(&out);
    let names: Vec<&str> = read.function.iter().map(|f| read.string_table[f.name as usize].as_str()).collect();
    assert_eq!(names, ["a.Inner", "a.Outer", "main"]);
    let lines: Vec<i64> = read.location.iter().flat_map(|location| &location.line).map(|line| line.line).collect();
    assert_eq!(lines, [1, 3, 0]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let files = Files::new();
    let inputs = [fixture("large/heap1.pb.gz"), fixture("large/heap3.pb.gz")];
    for ending in ["pb.gz", "folded", "svg"] {
        let [first, second] = ["first", "second"].map(|name| {
            let out = files.path(&format!("{name}.{ending}"));
            run(&[&inputs[0], &inputs[1], "-o", &out]).done();
            std::fs::read(out).expect("the export")
        });
        assert!(first == second && !first.is_empty(), "{ending}");
    }
}

#[test]
fn a_terminal_is_spared_the_profile() {
    let path = fixture("ticker/heap1.pb.gz");
    support::run_with(&[], Some(80), None, &[&path, "-f", "pprof"]).failed(&["not text", "-o"]);
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn a_reader_finds_any_name_where_it_was(name in any::<String>(), before in 0..1000_u32, after in 0..1000_u32) {
        let line = format!("root;{};leaf {before} {after}", folded_name(&name));
        let mut options = inferno::flamegraph::Options::default();
        let mut svg = Vec::new();
        let drawn = inferno::flamegraph::from_lines(&mut options, [line.as_str()], &mut svg);
        prop_assert!(drawn.is_ok() || after == 0);
        prop_assert_eq!(line.lines().count(), 1);
        prop_assert_eq!(line.split(';').count(), 3);
        let middle = line.split(';').nth(1).and_then(unfolded);
        prop_assert_eq!(middle, Some(name));
    }
}
