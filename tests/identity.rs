//! When two functions are one: names of every language, in one process and between builds, in every cut and format.

mod support;

use leakdiff::cli::Exit;
use serde_json::Value;
use support::{Profile, diff, diff_json, json, row};

const MIB: i64 = 1 << 20;

/// A profile with exact values: MiB by stack.
fn exact(stacks: &[(&str, i64)]) -> Profile {
    let bare = Profile::bare().types(&[("inuse_objects", "count"), ("inuse_space", "bytes")]);
    stacks
        .iter()
        .fold(bare.period("space", "bytes", 1), |profile, (stack, mib)| profile.stack(stack, [*mib, mib * MIB]))
}

/// Growth in MiB of each row that changed, by name and file.
fn changes(report: &Value) -> Vec<(String, String, i64)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = report["rows"].as_array().expect("rows").iter();
    let change =
        |row: &Value| (text(&row["name"]), text(&row["file"]), row["flat"]["delta"].as_i64().unwrap_or(0) / MIB);
    let mut changes: Vec<_> = rows.map(change).filter(|(.., delta)| *delta != 0).collect();
    changes.sort();
    changes
}

fn change(name: &str, file: &str, mib: i64) -> (String, String, i64) {
    (name.to_owned(), file.to_owned(), mib)
}

/// One name in two files: what moved from one to the other.
fn shifted() -> [Profile; 2] {
    let stacks = |orders: i64, images: i64| {
        exact(&[
            ("(anonymous)@/app/src/orders.js:3;run@/app/main.js:9", orders),
            ("(anonymous)@/app/src/images.js:3;run@/app/main.js:9", images),
        ])
    };
    [stacks(5, 30), stacks(25, 10)]
}

#[test]
fn a_name_without_a_package_is_one_only_in_its_file() {
    let [old, new] = shifted();
    let report = diff_json(&[&old, &new], &["-n", "0"]);
    let expected = [change("(anonymous)", "app/src/images.js", -20), change("(anonymous)", "app/src/orders.js", 20)];
    assert_eq!(changes(&report), expected);
    let stacks = diff_json(&[&old, &new], &["-n", "0", "--by", "stack"]);
    assert_eq!(changes(&stacks).len(), 2, "{stacks:#}");
    let fingerprint = |report: &Value, row: usize| report["rows"][row]["fingerprint"].clone();
    assert_ne!(fingerprint(&report, 0), fingerprint(&report, 1));
    assert_ne!(fingerprint(&stacks, 0), fingerprint(&stacks, 1));
}

#[test]
fn rows_of_one_name_show_their_files() {
    let [old, new] = shifted();
    let table = diff(&[&old, &new], &["-n", "0", "--columns", "80"]).done().stdout;
    assert!(table.contains("orders.js:3") && table.contains("images.js:3"), "{table}");
}

#[test]
fn rows_of_one_name_whose_files_end_alike_show_whole_paths() {
    let stacks = |orders: i64, images: i64| {
        exact(&[("handle@/app/orders/v1/index.js:3", orders), ("handle@/app/images/v1/index.js:3", images)])
    };
    let report = diff_json(&[&stacks(5, 30), &stacks(25, 10)], &["-n", "0"]);
    let expected = [change("handle", "/app/images/v1/index.js", -20), change("handle", "/app/orders/v1/index.js", 20)];
    assert_eq!(changes(&report), expected);
}

#[test]
fn a_limit_of_any_one_stack_sees_what_moved_between_files() {
    let [old, new] = shifted();
    let files = support::Files::new();
    let (old, new) = (files.write("1.pb", old.encode()), files.write("2.pb", new.encode()));
    let outcome = support::run(&["check", "--no-config", "--per-stack", "15MiB", &old, &new]);
    assert_eq!(outcome.exit, Exit::Failed, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("orders.js"), "{}", outcome.stdout);
}

#[test]
fn a_picture_has_a_frame_for_each_file() {
    let [old, new] = shifted();
    let svg = diff(&[&old, &new], &["-f", "svg"]).done().stdout;
    assert!(svg.contains("+20.0 MiB") && svg.contains("-20.0 MiB"), "{svg}");
}

#[test]
fn another_checkout_or_release_folder_leaves_rows_and_fingerprints() {
    let stacks = |root: &str, orders: i64| {
        let handle = |module: &str| format!("handle@{root}/lib/{module}/index.js:3");
        exact(&[(&handle("orders"), orders), (&handle("images"), 7)])
    };
    let [here, there, released] = ["/home/ci/a/shop", "/srv/shop", "/opt/releases/20261126/shop"];
    let base = diff_json(&[&stacks(here, 4), &stacks(here, 10)], &["-n", "0"]);
    for (old, new) in [(here, there), (there, released), (released, here)] {
        for by in ["function", "stack"] {
            let report = diff_json(&[&stacks(old, 4), &stacks(new, 10)], &["-n", "0", "--by", by]);
            let rows = report["rows"].as_array().expect("rows");
            assert!(rows.iter().all(|row| row["status"] == "grown" || row["status"] == "same"), "{report:#}");
            assert_eq!(rows[0]["fingerprint"], base["rows"][0]["fingerprint"], "{old} {new}");
            let file = rows[0]["file"].as_str().expect("a file");
            assert!(file.ends_with("orders/index.js"), "{file}");
        }
    }
}

#[test]
fn moved_lines_of_another_checkout_are_no_new_rows_by_file_and_line() {
    let stacks = |root: &str, mib: i64| exact(&[(&format!("keep@{root}/src/cache.c:9"), mib)]);
    for by in ["file", "line"] {
        let report = diff_json(&[&stacks("/home/ci/a", 4), &stacks("/builds/b", 10)], &["-n", "0", "--by", by]);
        assert_eq!(report["rows"].as_array().map(Vec::len), Some(1), "{report:#}");
        assert_eq!(report["rows"][0]["flat"]["delta"], 6 * MIB);
    }
}

#[test]
fn a_placeholder_of_a_file_that_is_gone_is_not_that_of_a_new_one() {
    let old = exact(&[("(anonymous)@/app/a/list.js:1", 30), ("main@/app/main.js:1", 1)]);
    let new = exact(&[("(anonymous)@/app/b/tree.js:1", 31), ("main@/app/main.js:1", 1)]);
    let report = diff_json(&[&old, &new], &["-n", "0"]);
    let expected = [change("(anonymous)", "a/list.js", -30), change("(anonymous)", "b/tree.js", 31)];
    assert_eq!(changes(&report), expected);
    // A name that says something moved with its file.
    let [old, new] =
        [("a/list.js", 30), ("b/tree.js", 31)].map(|(file, mib)| exact(&[(&format!("render@/app/{file}:1"), mib)]));
    assert_eq!(changes(&diff_json(&[&old, &new], &["-n", "0"])), [change("render", "b/tree.js", 1)]);
}

/// Two closures of one function, without a build id.
fn closures(first: i64, second: i64, numbers: [u32; 2]) -> Profile {
    let closure =
        |number: u32| format!("example.com/shop/api.Routes.func{number}@/build/api/routes.go:{}", 10 + number);
    exact(&[(&closure(numbers[0]), first), (&closure(numbers[1]), second)])
}

#[test]
fn closures_that_both_builds_have_are_not_merged() {
    let report = diff_json(&[&closures(5, 30, [1, 2]), &closures(25, 10, [1, 2])], &["-n", "0"]);
    let deltas: Vec<i64> = changes(&report).into_iter().map(|(.., delta)| delta).collect();
    assert_eq!(deltas, [20, -20], "{report:#}");
}

#[test]
fn closures_that_were_renumbered_are_found_again_unless_it_is_one_process() {
    let (old, new) = (closures(5, 30, [1, 2]), closures(25, 30, [3, 4]));
    let between = diff_json(&[&old, &new], &["-n", "0"]);
    let grown: Vec<i64> = changes(&between).into_iter().map(|(.., delta)| delta).collect();
    assert_eq!(grown, [20], "{between:#}");
    let one = diff_json(&[&old, &new], &["-n", "0", "--same-process"]);
    assert_eq!(changes(&one).len(), 4, "{one:#}");
}

#[test]
fn a_closure_inlined_into_another_package_is_of_the_one_named_like_its_directory() {
    // Three packages say that they lie in it: whichever is met first, it is one row of one name.
    let closure = |package: &str| format!("{package}.NewHub.func1@/build/shop/events/hub.go:12");
    let own = "example.com/shop/events.Publish@/build/shop/events/publish.go:5";
    let [callers, home] =
        [["main", "example.com/shop/api"].map(closure), [own.to_owned(), closure("example.com/shop/events")]];
    let heap = |stacks: [&String; 2], mib: i64| exact(&stacks.map(|stack| (stack.as_str(), mib)));
    for (old, new) in [
        ([&callers[0], &home[0]], [&home[1], &home[0]]),
        ([&home[0], &callers[0]], [&callers[1], &home[0]]),
        ([&callers[1], &home[0]], [&callers[0], &home[0]]),
        ([&home[1], &home[0]], [&callers[1], &home[0]]),
    ] {
        let report = diff_json(&[&heap(old, 4), &heap(new, 10)], &["-n", "0"]);
        let grown: Vec<_> = changes(&report).into_iter().map(|(name, _, mib)| (name, mib)).collect();
        let expected = ["NewHub.func", "Publish"].map(|name| (format!("example.com/shop/events.{name}"), 6));
        assert_eq!(grown, expected, "{old:?} {new:?}");
    }
}

#[test]
fn files_that_tell_of_one_process_keep_closures_apart() {
    // Counters of all that was ever allocated rise for every stack: the second closure was not called before.
    let heap = |first: [i64; 4], second: Option<[i64; 4]>| {
        let profile = Profile::new().stack("example.com/shop/api.Routes.func1@/b/api/routes.go:10", first);
        match second {
            Some(values) => profile.stack("example.com/shop/api.Routes.func2@/b/api/routes.go:20", values),
            None => profile,
        }
    };
    let old = heap([40, 40 * MIB, 40, 40 * MIB], None).time(1_780_000_000_000_000_000);
    let new = heap([50, 50 * MIB, 0, 0], Some([40, 40 * MIB, 40, 40 * MIB])).time(1_780_000_060_000_000_000);
    let report = diff_json(&[&old, &new], &["-n", "0"]);
    assert_eq!(row(&report, "example.com/shop/api.Routes.func2")["status"], "new", "{report:#}");
    assert_eq!(row(&report, "example.com/shop/api.Routes.func1")["status"], "gone");
}

#[test]
fn classes_of_a_virtual_machine_lose_their_numbers_only_between_processes() {
    let heap = |lambda: &str, mib: i64| exact(&[(&format!("com.shop.Cart$$Lambda${lambda}.apply@Cart.java:0"), mib)]);
    let (old, new) = (heap("27/0x8000a440", 4), heap("31/0x8010b8c38", 10));
    let between = diff_json(&[&old, &new], &["-n", "0"]);
    assert_eq!(row(&between, "com.shop.Cart$$Lambda.apply")["flat"]["delta"], 6 * MIB);
    let one = diff_json(&[&old, &new], &["-n", "0", "--same-process"]);
    assert_eq!(changes(&one).len(), 2, "{one:#}");
}

#[test]
fn instances_of_a_generic_function_of_rust_stay_apart_in_one_build() {
    let stack = |hash: &str| format!("_ZN3app5Store3put17h{hash}E@src/store.rs:4");
    let heap = |first: i64, second: i64| {
        let stacks = [(stack("0123456789abcdef"), first), (stack("fedcba9876543210"), second)];
        exact(&stacks.each_ref().map(|(stack, mib)| (stack.as_str(), *mib)))
    };
    let report = diff_json(&[&heap(5, 30), &heap(25, 10)], &["-n", "0", "--same-process"]);
    let expected = [
        change("app::Store::put::h0123456789abcdef", "src/store.rs", 20),
        change("app::Store::put::hfedcba9876543210", "src/store.rs", -20),
    ];
    assert_eq!(changes(&report), expected);
}

#[test]
fn exact_names_are_those_of_the_profile_and_tell_no_files_apart() {
    let [old, new] = shifted();
    assert_eq!(changes(&diff_json(&[&old, &new], &["-n", "0", "--exact-names"])), []);
    let mangled = exact(&[("_ZN5store5Cache3putEi", 4)]);
    let report = diff_json(&[&mangled, &mangled], &["-n", "0", "--exact-names"]);
    assert_eq!(report["rows"][0]["name"], "_ZN5store5Cache3putEi");
}

#[test]
fn filters_see_names_as_they_are_shown() {
    let old = exact(&[("_ZN5store5Cache3putEi", 4), ("main", 1)]);
    let new = exact(&[("_ZN5store5Cache3putEi", 9), ("main", 2)]);
    let report = diff_json(&[&old, &new], &["--focus", "store::Cache"]);
    assert_eq!(report["total"]["delta"], 5 * MIB);
}

#[test]
fn most_addresses_without_names_are_rows_of_their_own() {
    let heap = |first: i64, second: i64| {
        let mapped = exact(&[]).mapping("/srv/bin/gateway", "", 0x40_0000..0x80_0000);
        mapped.stack("0x401000 ", [first, first * MIB]).stack("0x402000 ", [second, second * MIB])
    };
    let report = diff_json(&[&heap(10, 50), &heap(50, 10)], &["-n", "0"]);
    assert_eq!(row(&report, "gateway+0x1000")["flat"]["delta"], 40 * MIB);
    let merged = diff_json(&[&heap(10, 50), &heap(50, 10)], &["-n", "0", "--exact-names"]);
    assert_eq!(row(&merged, "[gateway]")["flat"]["delta"], 0);
}

#[test]
fn a_baseline_knows_functions_by_their_files() {
    let [old, new] = shifted();
    let files = support::Files::new();
    let (old, new) = (files.write("1.pb", old.encode()), files.write("2.pb", new.encode()));
    let baseline = files.path("base.baseline");
    support::run(&["check", "--no-config", &old, "--update-baseline", &baseline]).done();
    let outcome = support::run(&["check", "--no-config", "--per-stack", "15MiB", "--baseline", &baseline, &new]);
    assert_eq!(outcome.exit, Exit::Failed, "{}", outcome.stdout);
    assert!(json(&[&baseline, &old])["total"]["delta"] == 0);
}

#[test]
fn what_moved_to_another_file_is_one_function_and_two_files() {
    let heap = |file: &str, mib: i64| exact(&[(&format!("render@/app/{file}.js:3;run@/app/main.js:9"), mib)]);
    let [old, new] = [heap("cart", 5), heap("order", 25)];
    assert_eq!(changes(&diff_json(&[&old, &new], &["-n", "0"])), [change("render", "app/order.js", 20)]);
    for (by, names) in [("line", ["render"; 2]), ("file", ["app/cart.js", "app/order.js"])] {
        let expected = [change(names[0], "app/cart.js", -5), change(names[1], "app/order.js", 25)];
        assert_eq!(changes(&diff_json(&[&old, &new], &["-n", "0", "--by", by])), expected, "{by}");
    }
    // Another checkout is no other file.
    let [old, new] = [("old", 5), ("new", 25)].map(|(checkout, mib)| {
        exact(&[(&format!("render@/{checkout}/app/cart.js:3;run@/{checkout}/app/main.js:9"), mib)])
    });
    for by in ["function", "file", "line"] {
        assert_eq!(changes(&diff_json(&[&old, &new], &["-n", "0", "--by", by])).len(), 1, "{by}");
    }
}
