//! Texts of C and C++ allocators against what google/pprof and jeprof say of them (recorded in `fixtures/native`).

use std::collections::HashMap;

use crate::loaded::{load_fixture, load_one, stack, total, values};
use crate::support::{Files, fixture, json, row, run};

/// A row: values, and per frame the binary and the address in it.
type Row = (Vec<i64>, Vec<(String, u64)>);

/// The rows of `pprof -raw`, in order of size.
fn of_pprof(text: &str) -> (Vec<String>, i64, Vec<Row>) {
    let hex = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).expect("an address");
    let section = |name: &str| text.split_once(name).map_or("", |(_, rest)| rest.trim_start_matches('\n'));
    let mappings: HashMap<&str, (u64, &str)> = section("\nMappings")
        .lines()
        .filter_map(|line| {
            let (id, rest) = line.split_once(": ")?;
            let (range, file) = rest.split_once(' ')?;
            Some((id.trim(), (hex(range.split('/').next()?), file.trim())))
        })
        .collect();
    let locations: HashMap<&str, (String, u64)> = section("\nLocations")
        .lines()
        .take_while(|line| !line.starts_with("Mappings"))
        .filter_map(|line| {
            let (id, rest) = line.trim().split_once(": ")?;
            let (address, mapping) = rest.split_once(" M=")?;
            let (start, file) = mappings[mapping.trim()];
            Some((id, (file.to_owned(), hex(address) - start)))
        })
        .collect();
    let period = section("\nPeriod: ").lines().next().expect("a period").parse().expect("a number");
    let mut lines = section("\nSamples:").lines();
    let types = lines.next().expect("types").split_whitespace().map(|word| word.replace("[dflt]", "")).collect();
    let mut rows: Vec<Row> = lines
        .take_while(|line| !line.starts_with("Locations"))
        .filter(|line| !line.trim_start().starts_with("bytes:"))
        .map(|line| {
            let (values, stack) = line.split_once(": ").expect("values and stack");
            let values = values.split_whitespace().map(|word| word.parse().expect("a value")).collect();
            (values, stack.split_whitespace().map(|id| locations[id].clone()).collect())
        })
        .collect();
    rows.sort();
    (types, period, rows)
}

#[test]
fn tcmalloc_reads_as_in_pprof() {
    for name in ["exact1", "exact2", "sampled1", "sampled2", "growth1", "growth2"] {
        let text = std::fs::read_to_string(fixture(&format!("native/{name}.pprof.txt"))).expect("what pprof said");
        let (types, period, expected) = of_pprof(&text);
        let loaded = load_fixture(&format!("native/{name}.heap"));
        let snapshot = &loaded.snapshots[0];
        assert_eq!(snapshot.header.period, Some(period), "{name}");
        let metrics: Vec<String> = snapshot.metrics.iter().map(|it| format!("{}/{}", it.name, it.unit)).collect();
        assert_eq!(metrics, types, "{name}");
        let place = |id| {
            let location = loaded.symbols.location(id);
            let mapping = loaded.symbols.mapping(location.mapping.expect("a mapping"));
            (loaded.symbols.str(mapping.file).to_owned(), location.address)
        };
        let row = |row| (values(snapshot, row), snapshot.stack(row).iter().map(|id| place(*id)).collect());
        let mut rows: Vec<Row> = (0..snapshot.len()).map(row).collect();
        rows.sort();
        assert!(rows.len() >= 3, "{name}");
        assert_eq!(rows, expected, "{name}");
        assert_eq!(snapshot.header.binary, "/app/orders/orders");
        assert!(snapshot.header.memory_start > 0);
    }
}

#[test]
fn jemalloc_adds_up_as_in_jeprof() {
    for name in ["jemalloc1", "jemalloc2", "jemalloc-accum2"] {
        let loaded = load_fixture(&format!("native/{name}.heap"));
        let said = std::fs::read_to_string(fixture(&format!("native/{name}.jeprof.txt"))).expect("what jeprof said");
        for line in said.lines() {
            let (metric, rest) = line.split_once(" Total: ").expect("a total");
            let expected: i64 = rest.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a number");
            // jeprof truncates the sum, we truncate each record.
            let most = loaded.snapshots[0].len() as i64;
            let ours = total(&loaded, metric);
            assert!((expected - most..=expected).contains(&ours), "{name}: {metric} {ours}, jeprof {expected}");
        }
        let has_alloc = loaded.snapshots[0].metrics.iter().any(|it| it.name == "alloc_space");
        assert_eq!(has_alloc, name.contains("accum"), "{name}: allocations are counted only with prof_accum");
        assert_eq!(loaded.snapshots[0].header.period, Some(524_288));
        assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    }
}

#[test]
fn symbols_in_front_name_the_frames() {
    let texts = ["native/exact1.symbolized", "native/exact2.symbolized"].map(fixture);
    let report = json(&[&texts[0], &texts[1], "-n", "0"]);
    let inuse = |name: &str| total(&load_fixture(name), "inuse_space");
    assert_eq!(report["total"]["delta"], inuse("native/exact2.heap") - inuse("native/exact1.heap"));
    let keep = row(&report, "keep_order(int)");
    assert_eq!(keep["flat"]["delta"], 8000 * 232);
    assert_eq!(keep["cum"]["before"], 464_000 + 529_000 + 16_384);
    let loaded = load_fixture("native/exact2.symbolized");
    let plain = load_fixture("native/exact2.heap");
    assert_eq!(total(&loaded, "alloc_space"), total(&plain, "alloc_space"));
    // Inlined calls stand below their caller.
    let names = |row| stack(&loaded, row).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    let inlined =
        (0..loaded.snapshots[0].len()).map(names).find(|names| names.iter().any(|name| name == "handle(int)"));
    assert!(inlined.expect("a stack").last().is_some_and(|name| name == "_start"));
}

#[test]
fn two_runs_compare_by_binary_whatever_their_addresses() {
    let texts = ["native/jemalloc1.heap", "native/jemalloc-accum1.heap"].map(fixture);
    let report = json(&[&texts[0], &texts[1], "-n", "0"]);
    // The allocator's own frames are left out; those of the program are where they were in it.
    let names = report["rows"].as_array().expect("rows").iter().map(|row| row["name"].as_str().expect("a name"));
    assert!(!names.clone().any(|name| name.contains("libjemalloc")), "{:?}", names.collect::<Vec<_>>());
    let kept = row(&report, "orders+0x2462");
    assert!(
        kept["flat"]["before"] == kept["flat"]["after"] && kept["flat"]["before"].as_i64() > Some(3 << 20),
        "{kept}"
    );
}

#[test]
fn symbols_may_stand_before_jemalloc_too() {
    let text = "--- symbol\nbinary=/bin/app\n0x1233 main::run--alloc::push\n0x2000 main\n---\n--- heap\nheap_v2/1\n  \
                t*: 3: 48 [0: 0]\n  t0: 3: 48 [0: 0]\n@ 0x1234 0x2000\n  t*: 3: 48 [0: 0]\n  t0: 3: 48 [0: 0]\n";
    let loaded = load_one(text.as_bytes().to_vec());
    let names: Vec<String> = stack(&loaded, 0).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["alloc::push", "main::run", "main"]);
    assert_eq!(total(&loaded, "inuse_space"), 48);
    assert_eq!(loaded.snapshots[0].header.binary, "/bin/app");
}

/// Symbols of a large program do not fit in what is read ahead.
#[test]
fn symbols_in_front_may_be_long() {
    let symbol = |number: usize| format!("{:#x} app::{}{number}\n", 0x10_0000 + number, "very_long_name_".repeat(40));
    let symbols: String = (0..1000).map(symbol).collect();
    assert!(symbols.len() > 400_000);
    let records = "heap_v2/1\n  t*: 3: 48 [0: 0]\n@ 0x100008 0x100009\n  t*: 3: 48 [0: 0]\n";
    let text = format!("--- symbol\nbinary=/bin/app\n{symbols}---\n--- heap\n{records}");
    let loaded = load_one(text.into_bytes());
    assert!(stack(&loaded, 0)[0].0.ends_with('7'), "{:?}", stack(&loaded, 0));
    assert_eq!(total(&loaded, "inuse_space"), 48);
}

fn warned(text: &str) -> Vec<&'static str> {
    load_one(text.as_bytes().to_vec()).warnings.iter().map(|warning| warning.code.as_str()).collect()
}

/// jemalloc 5.3 states numbers that add up only once they are scaled up (`opt.prof_unbias`): the records of these whole
/// texts have 4 and 43 objects fewer than their headers.
#[test]
fn records_of_jemalloc_5_3_never_add_up_and_are_whole() {
    for (name, fewer) in [("1", 4), ("2", 43)] {
        let text = std::fs::read_to_string(fixture(&format!("field/jemalloc-unbiased/{name}.heap"))).expect("a text");
        let counts = |line: &str| line.trim().strip_prefix("t*: ")?.split(':').next()?.parse::<i64>().ok();
        let counts: Vec<i64> = text.lines().filter_map(counts).collect();
        assert_eq!(counts[0] - counts[1..].iter().sum::<i64>(), fewer, "{counts:?}");
        assert_eq!(warned(&text), [""; 0], "{name}");
    }
}

/// Of the same text, what is cut off is missed but for the last stack, which is smaller than what rounding may hide.
#[test]
fn records_of_jemalloc_that_are_missing_are_noticed() {
    let text = std::fs::read_to_string(fixture("field/jemalloc-unbiased/2.heap")).expect("a text");
    let at: Vec<usize> = text.match_indices("\n@ ").map(|(at, _)| at + 1).collect();
    assert_eq!(at.len(), 25);
    for kept in 1..24 {
        assert_eq!(warned(&text[..at[kept]]), ["incomplete"], "{kept} stacks are left");
    }
}

#[test]
fn records_of_go_that_are_missing_are_counted() {
    let text = "heap profile: 3: 48 [3: 48] @ heap/1\n2: 32 [2: 32] @ 0x1000\n#\t0xfff\tmain.f+0x1\t/src/f.go:3\n\n";
    let loaded = load_one(text.into());
    let [warning] = &loaded.warnings[..] else { panic!("{:?}", loaded.warnings) };
    let words = "its records add up to 2 objects in use, but its header says 3";
    assert!(warning.message.contains(words), "{}", warning.message);
}

#[test]
fn a_text_of_go_that_is_cut_says_where() {
    let files = Files::new();
    let text = "heap profile: 2: 32 [2: 32] @ heap/1\n2: 32 [2: 32] @ 0x1000\n#\t0xfff\tmain.f+0x1\t/f.go:3\n";
    let cut = files.write("cut.txt", text);
    run(&[&cut]).failed(&["cut.txt", "line 3", "the text ends in the middle of a record"]);
}
