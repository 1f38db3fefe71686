//! Frames of allocators and of the profilers in them: left out at the leaf whatever form a profile has, kept with
//! `--exact-names`, and never who is responsible.

mod support;

use serde_json::Value;
use support::{Profile, diff_json, json, row};

/// What jemalloc records below a function that allocates.
const JEMALLOC: &str =
    "prof_backtrace_impl@src/prof_sys.c:103;je_prof_tctx_create;prof_alloc_prep;imalloc_body.isra.0;malloc";

/// A heap without block sizes, as native profilers write them: 1 MiB for each object.
fn heap(stacks: &[(&str, i64)]) -> Profile {
    let profile = Profile::bare().types(&[("inuse_objects", "count"), ("inuse_space", "bytes")]);
    let profile = profile.period("space", "bytes", 512 << 10);
    stacks.iter().fold(profile, |profile, (stack, count)| profile.stack(stack, [*count, count << 20]))
}

/// The rows of the growth from nothing to `stacks`: name and bytes.
fn rows(stacks: &[(&str, i64)], options: &[&str]) -> Vec<(String, i64)> {
    let report = diff_json(&[&heap(&[("start", 1)]), &heap(stacks)], &[options, &["-n", "0"]].concat());
    let rows = report["rows"].as_array().expect("rows").iter();
    let named = rows.map(|row| (row["name"].as_str().expect("a name").to_owned(), row["flat"]["after"].as_i64()));
    let mut named: Vec<_> =
        named.filter_map(|(name, after)| Some((name, after.filter(|after| *after > 0)? >> 20))).collect();
    named.sort();
    named
}

fn names(rows: &[(String, i64)]) -> Vec<(&str, i64)> {
    rows.iter().map(|(name, count)| (name.as_str(), *count)).collect()
}

#[test]
fn a_run_at_the_leaf_is_left_out() {
    for run in [
        JEMALLOC,
        "malloc",
        "_Znwm",
        "operator new(unsigned long)",
        "_rjem_je_prof_backtrace;_rjem_malloc;__rdl_alloc;__rust_alloc;alloc::alloc::exchange_malloc",
        "tcmalloc::allocate_full_malloc_oom(unsigned long);std::allocator<char>::allocate(unsigned long)",
        // A stripped allocator below its own entry.
        "0x7f0010 ;0x7f0020 ;calloc",
    ] {
        let rows = rows(&[(&format!("{run};svc::Cache::put@/s/c.cc:5;main"), 9)], &[]);
        assert_eq!(names(&rows), [("svc::Cache::put", 9)], "{run}");
    }
}

#[test]
fn inlined_parts_of_a_run_go_and_others_stay() {
    let inlined = "malloc;operator new(unsigned long)|svc::Cache::put@/s/c.cc:5|svc::serve@/s/s.cc:1;main";
    assert_eq!(names(&rows(&[(inlined, 9)], &[])), [("svc::Cache::put", 9)]);
    // The same location where it is not at the leaf keeps all its lines.
    let called = "svc::Hook::run;operator new(unsigned long)|svc::Cache::put@/s/c.cc:5|svc::serve@/s/s.cc:1;main";
    let found = rows(&[(called, 9), (inlined, 2)], &["--by", "stack", "--sort", "name"]);
    assert_eq!(found.iter().map(|(_, count)| count).sum::<i64>(), 11);
    assert_eq!(names(&rows(&[(called, 9)], &[])), [("svc::Hook::run", 9)]);
}

#[test]
fn what_stands_elsewhere_stays() {
    let middle = "svc::Pool::refill;operator new(unsigned long);svc::Cache::put;main";
    assert_eq!(names(&rows(&[(middle, 9)], &[])), [("svc::Pool::refill", 9)]);
    let report = diff_json(&[&heap(&[("start", 1)]), &heap(&[(middle, 9)])], &["-n", "0", "--sort", "cum"]);
    assert_eq!(row(&report, "operator new(unsigned long)")["cum"]["after"], 9 << 20);
}

#[test]
fn a_stack_of_nothing_else_stays() {
    assert_eq!(names(&rows(&[(JEMALLOC, 9)], &[])), [("prof_backtrace_impl", 9)]);
    assert_eq!(names(&rows(&[("malloc", 9), ("malloc;main", 2)], &[])), [("main", 2), ("malloc", 9)]);
}

#[test]
fn a_binary_that_is_an_allocator_is_left_out_whatever_its_names() {
    let in_library = |profile: Profile| {
        let profile = profile.mapping("/usr/lib/libjemalloc.so.2", "", 0x10_0000..0x20_0000);
        let leaf = profile.stack("0x100010 ;0x100020 malloc_usable_size", [1, 1 << 20]);
        leaf.mapping("/srv/app", "", 0x40_0000..0x50_0000)
    };
    let mut profile = in_library(heap(&[]));
    let put = profile.location("0x400010 svc::Cache::put");
    profile.proto.sample[0].location_id.push(put);
    let report = diff_json(&[&heap(&[("start", 1)]), &profile], &["-n", "0"]);
    assert_eq!(row(&report, "svc::Cache::put")["flat"]["after"], 1 << 20);
}

#[test]
fn exact_names_keep_every_frame_but_the_profiler_is_not_responsible() {
    let grown = |put: i64| {
        let stack = format!("{JEMALLOC};svc::Cache::put@/srv/svc/cache.cc:5;main@/srv/svc/m.cc:1");
        heap(&[(stack.as_str(), put)])
    };
    let report = diff_json(&[&grown(9), &grown(900)], &["--exact-names", "-n", "0"]);
    let leaf = row(&report, "prof_backtrace_impl");
    assert_eq!(leaf["flat"]["delta"], 891_i64 << 20);
    assert_eq!(leaf["responsible"]["function"], "svc::Cache::put", "{leaf:#}");
    for suspect in report["suspects"].as_array().expect("suspects") {
        assert_eq!(suspect["responsible"]["function"], "svc::Cache::put", "{suspect:#}");
    }
    assert!(!report["suspects"].as_array().expect("suspects").is_empty());
}

/// One table for both forms: what a text leaves out, the same stacks in binary form leave out too.
#[test]
fn text_and_binary_form_leave_out_the_same() {
    let files = support::Files::new();
    for leaf in
        ["imalloc_body", "je_malloc", "operator new[](unsigned long)", "tc_new", "_Znam", "svc::put(int)", "free_page"]
    {
        let text = format!(
            "--- symbol\nbinary=/srv/app\n0x100f {leaf}\n0x200f svc::caller(int)\n0x300f main\n---\n--- heap\nheap profile: 1: \
             4096 [1: 4096] @ heapprofile\n1: 4096 [1: 4096] @ 0x1010 0x2010 0x3010\n"
        );
        let text = files.write("text", text);
        let binary = Profile::bare().types(&[("objects", "count"), ("space", "bytes")]).period("space", "bytes", 1);
        let binary = files.write("binary", binary.stack(&format!("{leaf};svc::caller(int);main"), [1, 4096]).encode());
        for by in ["function", "stack"] {
            for exact in [&[][..], &["--exact-names"]] {
                let named = |path: &str| -> Vec<Value> {
                    let report = json(&[&[path, "-n", "0", "--by", by], exact].concat());
                    let rows = report["rows"].as_array().expect("rows").iter();
                    rows.map(|row| serde_json::json!([row["name"], row["stack"], row["flat"]["after"]])).collect()
                };
                assert_eq!(named(&text), named(&binary), "{leaf} by {by} {exact:?}");
            }
        }
    }
}
