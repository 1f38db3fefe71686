//! The page stays small enough to be attached to a ticket, however large the profiles are.

use crate::page::{data, rows};
use crate::report;
use crate::support::{Profile, fixture, run};

fn page_of(scenario: &str) -> String {
    let paths = [1, 3].map(|number| fixture(&format!("{scenario}/heap{number}.pb.gz")));
    run(&["report", &paths[0], &paths[1]]).done().stdout
}

#[test]
fn a_typical_page_is_small() {
    for scenario in ["http-body", "ticker", "large", "healthy"] {
        let size = page_of(scenario).len();
        assert!(size < 1 << 20, "{scenario}: {size} bytes");
    }
}

/// Many stacks, all of them growing, with long names.
fn wide(value: i64) -> Profile {
    let mut profile = Profile::new();
    for stack in 0..20_000_usize {
        let frame = |depth: usize| {
            let function = (stack >> depth.min(14)) * 31 + depth;
            let module = function % 97;
            format!(
                "example.com/company/product/module{module}/service.(*Service{module}).Method{function}@/s/m{module}.go:{depth}"
            )
        };
        let names: Vec<String> = (0..20).map(frame).collect();
        let value = value * (1 + stack as i64 % 7);
        profile = profile.stack(&names.join(";"), [value / 64, value, value / 64, value]).bytes(64);
    }
    profile
}

#[test]
fn a_page_of_many_stacks_is_bounded() {
    let html = report(&[&wide(1 << 10), &wide(1 << 12)], &[]);
    assert!(html.len() < 6 << 20, "{} bytes", html.len());
    assert_eq!(rows(&html).len(), 200);
    let data = data(&html);
    for tree in data["trees"].as_array().expect("trees") {
        assert!(tree["frame"].as_array().expect("frames").len() <= 8_001);
    }
}

#[test]
fn a_deep_stack_is_cut_and_counted() {
    let stack = |leaf: &str| {
        let frames: Vec<String> = (0..20_000).map(|depth| format!("deep.f{depth}@/s/deep.go:{depth}")).collect();
        format!("{leaf};{}", frames.join(";"))
    };
    let profile = |value| Profile::new().stack(&stack("leaf.f"), [1, value, 1, value]);
    let html = report(&[&profile(1 << 10), &profile(1 << 12)], &[]);
    assert!(html.len() < 1 << 20, "{} bytes", html.len());
    assert_eq!(data(&html)["rows"][0]["more"], 19_501);
}

#[test]
fn the_number_of_rows_is_the_users() {
    let (old, new) = (crate::service(0), crate::service(2));
    assert_eq!(rows(&report(&[&old, &new], &["-n", "2"])).len(), 2);
    let all = rows(&report(&[&old, &new], &["-n", "0"]));
    assert!(all.iter().any(|(class, _)| class == "same"), "0 shows all, also those that did not change");
}

#[test]
fn trees_hold_the_totals_of_every_metric() {
    let html = report(&[&crate::service(0), &crate::service(2)], &[]);
    let data = data(&html);
    let names: Vec<&str> =
        data["metrics"].as_array().expect("metrics").iter().filter_map(|m| m["name"].as_str()).collect();
    assert_eq!(names, ["inuse_space", "inuse_objects", "alloc_space", "alloc_objects"]);
    for tree in data["trees"].as_array().expect("trees") {
        let totals = (0..4).map(|metric| [&tree["before"][metric][0], &tree["after"][metric][0]]);
        let totals: Vec<[i64; 2]> = totals.map(|pair| pair.map(|value| value.as_i64().expect("a number"))).collect();
        assert_eq!(totals[0], [13 << 20, (63 << 20) + (64 << 10)]);
        assert_eq!(totals[0].map(|bytes| bytes / 64), totals[1]);
        assert_eq!(totals[2].map(|bytes| bytes / 64), totals[3]);
    }
}

#[test]
fn a_page_does_not_go_to_the_terminal() {
    let path = fixture("ticker/heap1.pb.gz");
    let outcome = crate::support::run_with(&[], Some(80), None, &["report", &path]);
    outcome.failed(&["-o"]);
    run(&["report", &path, "-f", "json"]).done().json();
}

#[test]
fn the_ending_and_the_format_give_a_page_too() {
    let [old, new] = [1, 3].map(|number| fixture(&format!("ticker/heap{number}.pb.gz")));
    let files = crate::support::Files::new();
    let path = files.path("leak.html");
    run(&[&old, &new, "-o", &path]).done();
    let pages = [
        std::fs::read_to_string(&path).expect("a page"),
        run(&[&old, &new, "-f", "html"]).done().stdout,
        run(&["report", &old, &new]).done().stdout,
    ];
    let body = |page: &str| {
        let (head, rest) = page.split_once("<pre><code>").expect("a command line");
        format!("{head}{}", rest.split_once("</code>").expect("its end").1)
    };
    assert!(pages.iter().all(|page| body(page) == body(&pages[0])));
}
