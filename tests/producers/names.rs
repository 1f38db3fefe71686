//! Native addresses get names from the binary that the user names, and from no other file.

use std::path::Path;

use leakdiff::cli::Exit;

use crate::support::{Files, Outcome, fixture, json, row, run};
use crate::{codes, first, leak_line};

const CPP: &str = "shop::Audit::remember(shop::Basket const&)";

fn cpp(name: &str) -> String {
    fixture(&format!("native/cpp/{name}"))
}

fn rust(name: &str) -> String {
    fixture(&format!("native/rust/{name}"))
}

/// A folder as a user has it: the binary, a profile whose mappings name that binary, and the debug file in it at a place.
fn installed(debug_file: &str) -> (Files, String, [String; 2]) {
    let files = Files::new();
    let binary = files.path("basket");
    std::fs::copy(cpp("basket"), &binary).expect("a copy");
    let debug = files.path(debug_file);
    std::fs::create_dir_all(Path::new(&debug).parent().expect("a folder")).expect("folders");
    std::fs::copy(cpp("debug/basket.debug"), debug).expect("a copy");
    let heap = |name: &str| {
        let text = std::fs::read_to_string(cpp(name)).expect("a text");
        files.write(name, text.replace("/app/basket/basket", &binary))
    };
    let heaps = ["a1.heap", "a3.heap"].map(heap);
    (files, binary, heaps)
}

#[test]
fn the_first_suspect_in_cpp_is_the_function_that_leaks() {
    let (bin, folder) = (cpp("basket"), cpp("debug"));
    for heaps in [["a1.heap", "a2.heap", "a3.heap"], ["b1.heap", "b2.heap", "b3.heap"]] {
        let heaps = heaps.map(cpp);
        let report = json(&[&heaps[0], &heaps[1], &heaps[2], "--bin", &bin, "--debug-dir", &folder]);
        assert_eq!(first(&report), (CPP, "basket/basket.cc", leak_line("native/cpp/basket.cc")));
        assert_eq!(report["suspects"][0]["trend"]["verdict"], "growing");
        assert_eq!(codes(&report), [""; 0]);
    }
}

#[test]
fn the_first_suspect_in_rust_is_the_function_that_leaks() {
    let bin = rust("basket");
    for ending in ["heap", "pb.gz"] {
        let heaps = [1, 2, 3].map(|step| rust(&format!("jemalloc{step}.{ending}")));
        let report = json(&[&heaps[0], &heaps[1], &heaps[2], "--bin", &bin]);
        let (function, file, line) = first(&report);
        assert_eq!((function, file), ("remember", "basket-rust/src/main.rs"), "{ending}");
        assert_eq!(line, leak_line("native/rust/src/main.rs"), "{ending}");
        let growth = |part: &str| report[part]["delta"].as_i64().expect("a number");
        let suspect = report["suspects"][0]["delta"].as_i64().expect("a number");
        assert!(suspect * 10 > growth("total") * 8, "{suspect} of {}", report["total"]);
    }
}

#[test]
fn inlined_calls_are_frames_and_outermost_names_have_their_crate() {
    let [old, new] = [1, 3].map(|step| rust(&format!("jemalloc{step}.heap")));
    let outcome = run(&["flame", &old, &new, "--bin", &rust("basket"), "-f", "folded"]).done();
    let line = outcome.stdout.lines().find(|line| line.contains(";remember;")).expect("an inlined call");
    // `remember` is inlined into `handle`, whose symbol has the crate that short debug information lacks.
    assert!(
        line.contains("basket::main;basket::shop::Server>::handle;remember;") || line.contains("::handle;remember;"),
        "{line}"
    );
    assert!(!outcome.stdout.contains("_R") && !outcome.stdout.contains("_ZN"), "all names are demangled");
}

#[test]
fn two_address_spaces_are_one_program() {
    let heaps = ["a3.heap", "b3.heap"].map(cpp);
    let plain = json(&[&heaps[0], &heaps[1], "-n", "0"]);
    let rows = plain["rows"].as_array().expect("rows");
    let own: Vec<&serde_json::Value> =
        rows.iter().filter(|row| row["name"].as_str().is_some_and(|name| name.starts_with("basket+0x"))).collect();
    assert!(own.len() > 3, "{rows:?}");
    // The heaviest are in both, under one name.
    let kept = own.iter().filter(|row| row["flat"]["before"].as_i64() > Some(1 << 20));
    assert!(kept.clone().count() > 1 && kept.clone().all(|row| row["flat"]["after"].as_i64() > Some(1 << 20)));
    let named = json(&[&heaps[0], &heaps[1], "-n", "0", "--bin", &cpp("basket"), "--debug-dir", &cpp("debug")]);
    assert_eq!(named["total"], plain["total"]);
    // What no binary was given for stays an address in its own.
    assert!(named["rows"].as_array().expect("rows").iter().all(|row| row["name"] != "<unknown>"));
}

#[test]
fn what_a_profile_names_is_opened_only_where_the_user_says_so() {
    let (_files, binary, [old, new]) = installed("basket.debug");
    let unnamed = json(&[&old, &new]);
    assert!(codes(&unnamed).contains(&"unsymbolized"), "{:?}", codes(&unnamed));
    assert_ne!(first(&unnamed).0, CPP);
    assert_eq!(first(&json(&[&old, &new, "--bin", "auto"])).0, CPP);
    assert_eq!(first(&json(&[&old, &new, "--binary", &binary])).0, CPP);
}

#[test]
fn debug_files_are_found_where_distributions_put_them() {
    let places = ["basket.debug", ".debug/basket.debug", "d/.build-id/", "d/basket.debug"];
    for place in places {
        let by_id = build_id(&cpp("basket"));
        let place = if place.ends_with('/') {
            format!("{place}{}/{}.debug", &by_id[..2], &by_id[2..])
        } else {
            place.to_owned()
        };
        let (files, binary, [old, new]) = installed(&place);
        let folder = files.path("d");
        std::fs::create_dir_all(&folder).expect("a folder");
        let report = json(&[&old, &new, "--bin", &binary, "--debug-dir", &folder]);
        assert_eq!(first(&report).0, CPP, "{place}");
        assert_eq!(codes(&report), [""; 0], "{place}");
    }
}

/// The build id of a binary, read with another reader than the tool's: the note's name is `GNU`.
fn build_id(path: &str) -> String {
    let bytes = std::fs::read(path).expect("a binary");
    // Length of the name, of the id (20), the type (3), then the name.
    let note = b"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0";
    let at = bytes.windows(note.len()).position(|window| window == note).expect("a note") + note.len();
    bytes[at..at + 20].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_folder_alone_has_binaries_by_their_build_id() {
    let files = Files::new();
    let id = build_id(&rust("basket"));
    let folder = files.path(&format!(".build-id/{}", &id[..2]));
    std::fs::create_dir_all(&folder).expect("folders");
    std::fs::copy(rust("basket"), format!("{folder}/{}", &id[2..])).expect("a copy");
    let [old, new] = [1, 3].map(|step| rust(&format!("jemalloc{step}.pb.gz")));
    let report = json(&[&old, &new, "--debug-dir", &files.path("")]);
    assert_eq!(first(&report).0, "remember");
}

#[test]
fn a_binary_of_another_build_names_nothing() {
    // The profile states its build id, the binary is another one of the same name.
    let [old, new] = [1, 3].map(|step| rust(&format!("jemalloc{step}.pb.gz")));
    let report = json(&[&old, &new, "--bin", &cpp("basket"), "-n", "0"]);
    assert!(codes(&report).contains(&"binary-mismatch"), "{:?}", codes(&report));
    let plain = json(&[&old, &new, "-n", "0"]);
    assert_eq!(report["rows"], plain["rows"]);
    let message = report["warnings"][0]["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("another build") && message.contains(&build_id(&rust("basket"))), "{message}");
}

#[test]
fn a_text_of_another_binary_is_told_by_the_lengths_of_its_parts() {
    let heaps = [1, 3].map(|step| rust(&format!("jemalloc{step}.heap")));
    let report = json(&[&heaps[0], &heaps[1], "--bin", &cpp("basket"), "-n", "0"]);
    assert!(codes(&report).contains(&"binary-mismatch"), "{:?}", codes(&report));
}

#[test]
fn a_binary_without_debug_information_says_where_that_may_be() {
    let (files, _, [old, new]) = installed("elsewhere/basket.debug");
    std::fs::create_dir_all(files.path("bin")).expect("a folder");
    let alone = files.path("bin/basket");
    std::fs::copy(cpp("basket"), &alone).expect("a copy");
    let report = json(&[&old, &new, "--bin", &alone]);
    let said = report["warnings"].as_array().expect("warnings").iter().find(|it| it["code"] == "no-debug-info");
    let message = said.expect("a warning")["message"].as_str().expect("a message");
    assert!(message.contains("split off to basket.debug") && message.contains("--debug-dir"), "{message}");
}

#[test]
fn what_is_named_wrongly_is_an_error() {
    let heap = cpp("a1.heap");
    run(&[&heap, "--bin", "no-such-file"]).failed(&["no-such-file", "no such file"]);
    run(&[&heap, "--bin", &fixture("native")]).failed(&["directory"]);
    run(&[&heap, "--debug-dir", "no-such-folder"]).failed(&["no-such-folder"]);
}

#[test]
fn a_gate_names_what_it_fails_for() {
    let heaps = ["a1.heap", "a3.heap"].map(cpp);
    let limit = ["check", "--no-config", &heaps[0], &heaps[1], "--limit", "shop::**=1MiB", "--same-process"];
    let named = ["--bin", &cpp("basket"), "--debug-dir", &cpp("debug")];
    let Outcome { exit, stdout, .. } = run(&[&limit[..], &named].concat());
    assert_eq!(exit, Exit::Failed, "{stdout}");
    assert!(stdout.contains("shop::Audit::remember"), "{stdout}");
    // Without names the limit matches nothing, which is said.
    let plain = run(&limit);
    assert!(format!("{}{}", plain.stdout, plain.stderr).contains("shop::**"), "{}", plain.stdout);
}

#[test]
fn a_binary_of_a_gigabyte_costs_no_more_than_its_symbols() {
    let (files, _, [old, new]) = installed("basket.debug");
    let large = files.path("large/basket");
    std::fs::create_dir_all(files.path("large")).expect("a folder");
    std::fs::copy(cpp("basket"), &large).expect("a copy");
    std::fs::copy(cpp("debug/basket.debug"), files.path("large/basket.debug")).expect("a copy");
    let file = std::fs::OpenOptions::new().write(true).open(&large).expect("the copy");
    file.set_len(1 << 30).expect("room for holes");
    let report = json(&[&old, &new, "--bin", &large]);
    assert_eq!(first(&report).0, CPP);
    assert_eq!(
        row(
            &report,
            "std::__detail::_MakeUniq<shop::Basket>::__single_object std::make_unique<shop::Basket, shop::Basket const&>(shop::Basket const&)"
        )["responsible"]["function"],
        CPP
    );
}
