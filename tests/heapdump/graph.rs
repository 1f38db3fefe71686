//! Which root an object belongs to, on graphs made by hand.

use super::dump::{Dump, holder, holders};

const HEAP: u64 = 0x00c0_0000_0000;

#[test]
fn an_object_belongs_to_the_variable_that_leads_to_it() {
    let dump = Dump::new()
        .object(HEAP, 64, &[(0, HEAP + 0x100)])
        .object(HEAP + 0x100, 128, &[])
        .object(HEAP + 0x200, 32, &[])
        .variables(&[(16, HEAP)]);
    let report = holders(&[&dump], &[]);
    let found = holder(&report, "data+0x10");
    assert_eq!((found["bytes"].as_i64(), found["objects"].as_i64()), (Some(192), Some(2)));
    assert_eq!(report["reachable"]["after"], 192, "what nothing leads to is not counted");
    assert_eq!(found["freed_if_cleared"], 192);
    let hops: Vec<&str> =
        found["path"].as_array().expect("a path").iter().map(|hop| hop["name"].as_str().expect("a name")).collect();
    assert_eq!(hops, ["64 B", "128 B"]);
}

#[test]
fn a_pointer_into_an_object_holds_all_of_it() {
    for inside in [1, 8, 100, 3071] {
        let dump = Dump::new().object(HEAP, 3072, &[]).object(HEAP + 3072, 3072, &[]).variables(&[(0, HEAP + inside)]);
        assert_eq!(holder(&holders(&[&dump], &[]), "data+0x0")["bytes"], 3072, "{inside}");
    }
    let past =
        Dump::new().object(HEAP, 64, &[]).object(HEAP + 4096, 64, &[]).variables(&[(0, HEAP + 64), (8, HEAP + 4096)]);
    assert_eq!(holders(&[&past], &[])["reachable"]["after"], 64, "the end of an object is not in it");
}

#[test]
fn large_objects_are_found_across_the_stretches_of_the_index() {
    const LARGE: usize = 150 << 20;
    let dump = Dump::new()
        .object(HEAP, 64, &[])
        .object(HEAP + 0x1000, LARGE, &[])
        .object(HEAP + 0x1000 + LARGE as u64 + 0x2000, 64, &[])
        .variables(&[(0, HEAP + 0x1000 + LARGE as u64 - 1), (8, HEAP + 0x1000 + (100 << 20))]);
    let report = holders(&[&dump], &[]);
    assert_eq!(holder(&report, "data+0x0")["bytes"], LARGE as i64);
    assert_eq!(report["holders"].as_array().map(Vec::len), Some(1), "both lead to it, and the first has it");
}

#[test]
fn circles_and_lists_end() {
    let mut dump = Dump::new().variables(&[(0, HEAP)]);
    let count = 20_000;
    for index in 0..count {
        let next = HEAP + (index + 1) % count * 32;
        dump = dump.object(HEAP + index * 32, 32, &[(0, next), (8, HEAP)]);
    }
    let found = holders(&[&dump], &[]);
    let found = holder(&found, "data+0x0");
    assert_eq!(found["objects"], count);
    assert_eq!(found["path"].as_array().map(Vec::len), Some(1), "elements of a list are one hop: {found}");
}

#[test]
fn variables_come_before_goroutines_and_what_is_sure_before_what_is_not() {
    let object = |dump: Dump| dump.object(HEAP, 64, &[]);
    let both = object(Dump::new()).goroutine("main.run", "select", &[(0, HEAP)], &[]).variables(&[(0, HEAP)]);
    let report = holders(&[&both], &[]);
    assert_eq!(report["holders"][0]["kind"], "global");
    assert_eq!(report["holders"][0]["freed_if_cleared"], 0);
    assert_eq!(report["holders"][0]["also_held_by"], "goroutine [select] in main.run");
    let sure = object(Dump::new()).goroutine("main.idle", "select", &[], &[(8, HEAP)]).goroutine(
        "main.run",
        "select",
        &[(0, HEAP)],
        &[],
    );
    let report = holders(&[&sure], &[]);
    assert_eq!(report["holders"][0]["root"], "goroutine [select] in main.run");
    assert_eq!(report["holders"][0]["freed_if_cleared"], 64, "what may be a pointer keeps nothing that is another's");
    let unsure = object(Dump::new()).goroutine("main.idle", "sleep", &[], &[(8, HEAP)]);
    assert_eq!(holders(&[&unsure], &[])["holders"][0]["root"], "goroutine [sleep] in main.idle");
    let finalizer = object(Dump::new()).variables(&[]).finalizer(HEAP);
    assert_eq!(holders(&[&finalizer], &[])["holders"][0]["kind"], "finalizer");
}

#[test]
fn what_two_roots_hold_is_freed_by_none_of_them_alone() {
    let shared = HEAP + 0x400;
    let dump = Dump::new()
        .object(HEAP, 64, &[(0, shared)])
        .object(HEAP + 0x200, 64, &[(8, shared)])
        .object(shared, 1024, &[])
        .variables(&[(0, HEAP), (8, HEAP + 0x200)]);
    let report = holders(&[&dump], &[]);
    let (first, second) = (holder(&report, "data+0x0"), holder(&report, "data+0x8"));
    assert_eq!((first["bytes"].as_i64(), second["bytes"].as_i64()), (Some(1088), Some(64)));
    assert_eq!((first["freed_if_cleared"].as_i64(), second["freed_if_cleared"].as_i64()), (Some(64), Some(64)));
    assert_eq!(first["also_held_by"], "global data+0x8");
}

#[test]
fn holders_are_matched_by_name_not_by_address() {
    let at = |base: u64, count: u64| {
        let cache: Vec<(usize, u64)> =
            (0..count).map(|index| (index as usize * 8, base + 0x10000 + index * 128)).collect();
        let mut dump = Dump::new().object(base, 4096, &cache).variables(&[(24, base)]);
        for (_, address) in &cache {
            dump = dump.object(*address, 128, &[]);
        }
        dump
    };
    let report = holders(&[&at(HEAP, 100), &at(HEAP + (1 << 33), 300)], &[]);
    let found = holder(&report, "data+0x18");
    assert_eq!(found["delta"], 200 * 128);
    assert_eq!(found["objects_delta"], 200);
    assert_eq!(report["reachable"]["delta"], 200 * 128);
}

#[test]
fn the_order_of_records_changes_nothing() {
    let mut dump = Dump::new().variables(&[(0, HEAP), (8, HEAP + 0x500)]);
    for index in 0..100 {
        dump = dump.object(HEAP + index * 256, 256, &[(16, HEAP + (index * 7 % 100) * 256)]);
    }
    let strip = |report: serde_json::Value| report["holders"].clone();
    assert_eq!(strip(holders(&[&dump], &[])), strip(holders(&[&dump.clone().reordered()], &[])));
}

#[test]
fn three_dumps_tell_whether_it_goes_on() {
    const SECOND: u64 = 1_000_000_000;
    let with = |growing: u64, filled: u64, minute: u64| {
        let list: Vec<(usize, u64)> =
            (0..growing).map(|index| (index as usize * 8, HEAP + 0x10_0000 + index * 1024)).collect();
        let cache: Vec<(usize, u64)> =
            (0..filled).map(|index| (index as usize * 8, HEAP + 0x20_0000 + index * 1024)).collect();
        let mut dump = Dump::new()
            .object(HEAP, 8192, &list)
            .object(HEAP + 0x4000, 8192, &cache)
            .variables(&[(0, HEAP), (8, HEAP + 0x4000)])
            .collected((1_700_000_000 + minute * 60) * SECOND);
        for (_, address) in list.iter().chain(&cache) {
            dump = dump.object(*address, 1024, &[]);
        }
        dump
    };
    let dumps = [with(100, 100, 0), with(300, 600, 10), with(500, 602, 20), with(700, 601, 30)];
    let report = holders(&dumps.each_ref(), &[]);
    assert_eq!(holder(&report, "data+0x0")["trend"]["verdict"], "growing");
    assert_eq!(holder(&report, "data+0x8")["trend"]["verdict"], "stopped");
    assert_eq!(holder(&report, "data+0x0")["steps"].as_array().map(Vec::len), Some(4));
    let two = holders(&[&dumps[0], &dumps[1]], &[]);
    assert_eq!(holder(&two, "data+0x0").get("trend"), None, "two cannot tell");
}

#[test]
fn samples_behind_the_header_of_a_slot_are_found() {
    let calls = [("main.keep", "example.com/app/main.go", 7), ("main.main", "example.com/app/main.go", 3)];
    let dump = Dump::new()
        .object(HEAP, 1024, &[(0, 0x60_0000), (8, HEAP + 0x1000)])
        .object(HEAP + 0x1000, 64, &[])
        .variables(&[(0, HEAP + 8)])
        .bucket(3, 1016, &calls, &[HEAP + 8]);
    let report = holders(&[&dump], &[]);
    let found = holder(&report, "data+0x0");
    assert_eq!(found["allocated_at"]["function"], "main.keep");
    assert_eq!(found["allocated_at"]["line"], 7);
    assert_eq!((found["samples"]["through"].as_i64(), found["samples"]["of"].as_i64()), (Some(1), Some(1)));
}

#[test]
fn the_goroutine_that_writes_the_dump_holds_nothing_back() {
    let dump = Dump::new()
        .object(HEAP, 64, &[])
        .goroutine("main.handler", "dumping heap", &[(0, HEAP)], &[])
        .variables(&[(0, HEAP)]);
    let report = holders(&[&dump], &[]);
    assert_eq!(holder(&report, "data+0x0")["freed_if_cleared"], 64);
}
