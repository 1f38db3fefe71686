//! `leakdiff peek`. That its numbers are pprof's is shown in `tests/pprof`.

use super::support::{Files, Profile, fixture, run, run_with};
use unicode_width::UnicodeWidthStr;

fn pair() -> [String; 2] {
    [1, 3].map(|moment| fixture(&format!("http-body/heap{moment}.pb.gz")))
}

#[test]
fn a_function_stands_between_its_callers_and_its_callees() {
    let [base, new] = pair();
    let text = run(&["peek", "Client.*Price", &base, &new]).done().stdout;
    let lines: Vec<&str> = text.lines().collect();
    let at =
        |words: &str| lines.iter().position(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {text}"));
    let function = at("own +1.0 MiB");
    assert_eq!(at("from example.com/shop/http-body/api.(*API).price"), function - 1);
    assert!(at("to net/http.(*Client).Do") > function && at("to net/http.Header.Set") > function);
    assert!(lines[function].contains("+7.0 MiB") && lines[function - 1].contains("100%"), "{text}");
    let json = run(&["peek", "Client.*Price", &base, &new, "-f", "json"]).done().json();
    assert_eq!(json["functions"][0]["callers"][0]["weight"]["delta"], 7_350_757);
    assert_eq!((&json["schema_version"], &json["metric"]["name"]), (&2.into(), &"inuse_space".into()));
}

#[test]
fn a_recursion_counts_once_and_is_no_caller_of_its_own() {
    let files = Files::new();
    let heap = |objects: i64| {
        let values = [objects, objects * 64, objects, objects * 64];
        files.write(
            &format!("{objects}"),
            Profile::new().stack("main.f;main.g;main.f;main.f;main.main", values).encode(),
        )
    };
    let json = run(&["peek", "^main.f$", &heap(1), &heap(3), "-f", "json"]).done().json();
    let function = &json["functions"][0];
    assert_eq!(function["cum"]["delta"], 128);
    let names = |what: &str| -> Vec<&str> {
        let calls = function[what].as_array().expect("calls").iter();
        calls.map(|call| call["name"].as_str().expect("a name")).collect()
    };
    assert_eq!((names("callers"), names("callees")), (vec!["main.g", "main.main"], vec!["main.g"]));
}

#[test]
fn one_profile_has_values_and_no_growth() {
    let [_, new] = pair();
    let text = run(&["peek", "Client.*Price", &new]).done().stdout;
    assert!(text.contains("CUM  SHARE") && !text.contains("+7") && text.contains("own 1.0 MiB"), "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal_and_long_lists_end() {
    let [base, new] = [1, 3].map(|moment| fixture(&format!("large/heap{moment}.pb.gz")));
    for width in [60, 80, 100, 140] {
        for color in [false, true] {
            let text =
                run_with(&[], Some(width), Some(color), &["peek", "runtime.main|Handle", &base, &new]).done().stdout;
            let plain: String = text
                .split('\u{1b}')
                .enumerate()
                .map(|(at, part)| if at == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) })
                .collect();
            for line in plain.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
    let few = run(&["peek", "ServeHTTP", &base, &new, "-n", "2"]).done().stdout;
    assert!(few.contains("more callees (-n 0)"), "{few}");
    assert!(!run(&["peek", "ServeHTTP", &base, &new, "-n", "0"]).done().stdout.contains("(-n 0)"));
}

#[test]
fn what_it_cannot_do_is_an_error_that_says_what_to_type() {
    let [base, new] = pair();
    run(&["peek", &base, &new]).failed(&["is a file", "leakdiff peek REGEX BASE NEW"]);
    run(&["peek"]).failed(&["peek takes a pattern for functions", "leakdiff peek REGEX BASE NEW"]);
    run(&["peek", "nowhere", &base, &new]).failed(&["no function that holds inuse_space matches nowhere"]);
    run(&["peek", "(", &base, &new]).failed(&["REGEX is not a valid pattern"]);
    run(&["peek", ".", &base, &new, "--by", "package"]).failed(&["functions, lines or addresses"]);
    run(&["peek", ".", &base, &new, "-o", "leak.svg"]).failed(&["table or json"]);
    run(&["list", &base, &new]).failed(&["is a file", "leakdiff list REGEX BASE NEW"]);
    run(&["list"]).failed(&["list takes a pattern for functions"]);
}

#[test]
fn names_move_no_cursor() {
    let files = Files::new();
    let path = files.write("a", Profile::new().stack("main.f\u{1b}[31m;main.main", [1, 64, 1, 64]).encode());
    for format in ["table", "json"] {
        let text = run(&["peek", ".", &path, "-f", format]).done().stdout;
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}
